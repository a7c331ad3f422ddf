#include "models/targets/webhookdialect.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageAuthenticationCode>
#include <QUuid>

#include "models/domain/textfold.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/targetanswers.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

PushVerdict noSecret(const QString& account) {
    Error error = makeError(ErrorKind::NoKey, Text::tr("No secret is known for the webhook of %1.").arg(account));
    error.next = Text::tr("Set it again with --secret-stdin, or set %1, then send again.")
                     .arg(u"EARMARK_TARGET_SECRET_%1"_s.arg(QString(account).toUpper().replace(u'-', u'_')));
    return target::waiting(error);
}

PushVerdict movedAway(const StepAnswer& answer, const QString& host) {
    Error error = target::errorOf(answer, host, Text::tr("it sends to another address, which is not followed"));
    error.next = Text::tr("Set the address where the receiver really is.");
    return target::refused(error);
}

/// {"current": {"disposition": "...", "notes": null}} of a 409, for the fields that were sent.
std::vector<TheirValue> theirs(const QByteArray& body, const std::vector<FieldChange>& changes) {
    std::vector<TheirValue> found;
    const QJsonObject current = QJsonDocument::fromJson(body).object()[u"current"_s].toObject();
    for (const FieldChange& change : changes) {
        const QJsonValue value = current[word(change.field)];
        if (value.isString() || value.isNull()) {
            found.push_back({change.field, value.isString() ? std::optional(value.toString()) : std::nullopt});
        }
    }
    return found;
}

/// One signed POST and what its answer means; the two uses differ only in that.
class SignedPost : public PushSteps {
 public:
    SignedPost(const Account& account, QByteArray key, QByteArray body, QByteArray secret, Moment now)
        : m_account(account),
          m_key(std::move(key)),
          m_body(std::move(body)),
          m_secret(std::move(secret)),
          m_timestamp(QByteArray::number(toMs(now) / 1000)) {}

    PushStep first() override {
        if (m_secret.isEmpty()) {
            return noSecret(m_account.name);
        }
        HttpStep step;
        step.method = HttpStep::Method::Post;
        step.url = m_account.target.url;
        step.body = m_body;
        step.headers = {{"Content-Type"_ba, "application/json"_ba},
                        {"Idempotency-Key"_ba, m_key},
                        {"X-Earmark-Timestamp"_ba, m_timestamp},
                        {"X-Earmark-Signature"_ba, webhookSignature(m_secret, m_timestamp, m_body)}};
        step.writes = true;
        return step;
    }

    PushStep next(const StepAnswer& answer) override {
        if (answer.error || answer.status < 200) {
            return target::unanswered(answer, true);
        }
        const QString host = m_account.target.url.host();
        if (target::isRedirect(answer.status)) {
            return movedAway(answer, host);
        }
        return meaningOf(answer, host, target::errorOf(answer, host, target::wordsOf(answer.body, m_secret)));
    }

 protected:
    [[nodiscard]] virtual PushVerdict meaningOf(const StepAnswer& answer, const QString& host,
                                                const Error& error) const = 0;

 private:
    Account m_account;
    QByteArray m_key;
    QByteArray m_body;
    QByteArray m_secret;
    QByteArray m_timestamp;
};

class DeliverySteps final : public SignedPost {
 public:
    DeliverySteps(const Account& account, const OutgoingReview& review, const QByteArray& frozen,
                  const QByteArray& secret, Moment now)
        : SignedPost(account, review.delivery.id.toLatin1(), frozen, secret, now), m_changes(review.delivery.changes) {}

 private:
    PushVerdict meaningOf(const StepAnswer& answer, const QString&, const Error& error) const override {
        if (answer.status < 300) {
            return target::accepted({});
        }
        if (answer.status == 409 || answer.status == 412) {
            PushVerdict verdict = target::refused(error);
            verdict.end = PushEnd::Conflict;
            verdict.theirs = theirs(answer.body, m_changes);
            return verdict;
        }
        if (target::saysLater(answer.status)) {
            return target::waiting(error);
        }
        // The receiver may have applied it before it failed.
        return answer.status >= 500 ? target::unclear(error) : target::refused(error);
    }

    std::vector<FieldChange> m_changes;
};

class TestSteps final : public SignedPost {
 public:
    using SignedPost::SignedPost;

 private:
    PushVerdict meaningOf(const StepAnswer& answer, const QString& host, const Error& error) const override {
        if (answer.status < 300) {
            return target::accepted(Text::tr("%1 answers and accepts the signature.").arg(isolated(host)));
        }
        switch (answer.status) {
            case 401:
            case 403: {
                Error wrong = error;
                wrong.next = Text::tr("Give the receiver and this account the same secret.");
                return target::refused(wrong);
            }
            case 400:
            case 409:
            case 422:
                return target::accepted(
                    Text::tr("%1 answers, but takes no test message (status %2): the first edit will show whether it "
                             "accepts the signature.")
                        .arg(isolated(host), QString::number(answer.status)));
            default:
                return target::saysLater(answer.status) || answer.status >= 500 ? target::waiting(error)
                                                                                : target::refused(error);
        }
    }
};

}  // namespace

QByteArray webhookSignature(const QByteArray& secret, const QByteArray& timestamp, const QByteArray& body) {
    return "v1=" + QMessageAuthenticationCode::hash(timestamp + '.' + body, secret, QCryptographicHash::Sha256).toHex();
}

TargetCapabilities WebhookDialect::capabilities(const Account&) const {
    TargetCapabilities can;
    can.honoursDelivery = true;
    can.needsSecret = true;
    return can;
}

Result<QByteArray> WebhookDialect::compose(const Account& account, const OutgoingReview& review) const {
    return reviewJson(account, review);
}

std::unique_ptr<PushSteps> WebhookDialect::push(const Account& account, const OutgoingReview& review,
                                                const QByteArray& frozen, const QByteArray& secret, bool,
                                                Moment now) const {
    return std::make_unique<DeliverySteps>(account, review, frozen, secret, now);
}

/// A message of another schema without any call in it: a receiver may answer it as it likes and has nothing to apply.
std::unique_ptr<PushSteps> WebhookDialect::test(const Account& account, const QByteArray& secret, Moment now) const {
    const QByteArray key = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    const QByteArray body =
        "{\"schema\":\"earmark.test/1\",\"delivery\":\"" + key + "\",\"account\":" + jsonString(account.name) + '}';
    return std::make_unique<TestSteps>(account, key, body, secret, now);
}

}  // namespace earmark
