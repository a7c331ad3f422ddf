#include "tests/targets/codelistdialect.h"

#include <QJsonDocument>
#include <QJsonObject>

#include "models/targets/targetanswers.h"

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

QJsonObject objectOf(const QByteArray& body) {
    return QJsonDocument::fromJson(body).object();
}

HttpStep request(HttpStep::Method method, const QUrl& url, const QByteArray& body = {}) {
    HttpStep step;
    step.method = method;
    step.url = url;
    step.body = body;
    step.writes = method != HttpStep::Method::Get;
    return step;
}

PushVerdict notTaken(const StepAnswer& answer, bool writes) {
    if (answer.error) {
        return target::unanswered(answer, writes);
    }
    const Error error = target::errorOf(answer, u"The list"_s, target::wordsOf(answer.body));
    if (answer.status >= 500) {
        return writes ? target::unclear(error) : target::waiting(error);
    }
    return target::saysLater(answer.status) ? target::waiting(error) : target::refused(error);
}

class CodeSteps final : public PushSteps {
 public:
    CodeSteps(QUrl url, QByteArray frozen) : m_url(std::move(url)), m_frozen(std::move(frozen)) {}

    PushStep first() override { return request(HttpStep::Method::Get, m_url); }
    PushStep next(const StepAnswer& answer) override {
        if (answer.error || answer.status != 200) {
            return notTaken(answer, m_isWritten);
        }
        if (m_isWritten || objectOf(answer.body)[u"disposition_id"_s] == objectOf(m_frozen)[u"disposition_id"_s]) {
            return target::accepted(u"call at the list"_s);
        }
        m_isWritten = true;
        return request(HttpStep::Method::Put, m_url, m_frozen);
    }

 private:
    QUrl m_url;
    QByteArray m_frozen;
    bool m_isWritten = false;
};

class CodeTest final : public PushSteps {
 public:
    explicit CodeTest(QUrl url) : m_url(std::move(url)) {}
    PushStep first() override { return request(HttpStep::Method::Get, m_url); }
    PushStep next(const StepAnswer& answer) override {
        return !answer.error && answer.status == 200 ? target::accepted(u"The list of codes can be read."_s)
                                                     : notTaken(answer, false);
    }

 private:
    QUrl m_url;
};

QUrl under(QUrl base, const QString& path) {
    base.setPath(path);
    return base;
}

}  // namespace

TargetCapabilities CodeListDialect::capabilities(const Account&) const {
    TargetCapabilities can;
    can.notes = false;
    can.vocabulary.kind = Vocabulary::Kind::FixedList;
    can.vocabulary.codes = {{u"11"_s, u"Sold"_s}, {u"12"_s, u"Call again"_s}};
    return can;
}

Result<QByteArray> CodeListDialect::compose(const Account&, const OutgoingReview& review) const {
    for (const FieldChange& change : review.delivery.changes) {
        if (change.field == ReviewField::Disposition) {
            const QJsonValue id = change.to ? QJsonValue(*change.to) : QJsonValue();
            return QJsonDocument(QJsonObject{{u"disposition_id"_s, id}}).toJson(QJsonDocument::Compact);
        }
    }
    return failure(ErrorKind::NotSupported, u"The list takes dispositions only."_s);
}

std::unique_ptr<PushSteps> CodeListDialect::push(const Account&, const OutgoingReview& review, const QByteArray& frozen,
                                                 const QByteArray&, bool, Moment) const {
    return std::make_unique<CodeSteps>(under(m_base, u"/calls/"_s + review.delivery.key.remoteId), frozen);
}

std::unique_ptr<PushSteps> CodeListDialect::test(const Account&, const QByteArray&, Moment) const {
    return std::make_unique<CodeTest>(under(m_base, u"/dispositions"_s));
}

}  // namespace earmark::test
