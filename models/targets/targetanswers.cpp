#include "models/targets/targetanswers.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/domain/textfold.h"

using namespace Qt::StringLiterals;

namespace earmark::target {

namespace {

constexpr qsizetype kMostWords = 200;
constexpr qsizetype kMostBytesLookedAt = 64 * 1024;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

PushVerdict verdict(PushEnd end, const Error& error) {
    PushVerdict result;
    result.end = end;
    result.reason = error.message.isEmpty() ? errorText(error) : error.message;
    result.error = error;
    return result;
}

ErrorKind kindOf(int status) {
    switch (status) {
        case 401:
            return ErrorKind::Unauthorized;
        case 403:
            return ErrorKind::Forbidden;
        case 404:
        case 410:
            return ErrorKind::NotFound;
        case 409:
        case 412:
            return ErrorKind::Conflict;
        case 429:
            return ErrorKind::RateLimited;
        default:
            return status >= 500                   ? ErrorKind::ServerTrouble
                   : status >= 300 && status < 400 ? ErrorKind::NotTheApi
                                                   : ErrorKind::Refused;
    }
}

/// Text, or the first text in a list or object of problems.
QString firstText(const QJsonValue& value) {
    if (value.isArray() && !value.toArray().isEmpty()) {
        return firstText(value.toArray().first());
    }
    if (!value.isObject()) {
        return value.toString();
    }
    const QJsonObject object = value.toObject();
    for (const auto& name : {u"message"_s, u"msg"_s, u"title"_s, u"error"_s, u"detail"_s, u"errors"_s}) {
        if (const QString text = firstText(object[name]); !text.isEmpty()) {
            return text;
        }
    }
    return {};
}

}  // namespace

PushVerdict accepted(const QString& place) {
    PushVerdict result;
    result.end = PushEnd::Accepted;
    result.place = place;
    return result;
}

PushVerdict refused(const Error& error) {
    return verdict(PushEnd::Refused, error);
}

PushVerdict refused(ErrorKind kind, const QString& reason, const QString& next) {
    Error error = makeError(kind, reason);
    error.next = next;
    return refused(error);
}

PushVerdict waiting(const Error& error) {
    return verdict(PushEnd::Waiting, error);
}

PushVerdict unclear(const Error& error) {
    return verdict(PushEnd::Unclear, error);
}

PushVerdict unanswered(const StepAnswer& answer, bool writes) {
    const Error error = answer.error.value_or(
        makeError(ErrorKind::BadAnswer, Text::tr("The target closed the connection without an answer.")));
    const bool mayBeThere = writes && (answer.mayHaveArrived || !answer.error);
    return mayBeThere ? unclear(error) : waiting(error);
}

Error errorOf(const StepAnswer& answer, const QString& who, const QString& said) {
    Error error = makeError(kindOf(answer.status));
    error.code = u"http_%1"_s.arg(answer.status);
    error.message = said.isEmpty() ? Text::tr("%1 answered with the status %2.").arg(isolated(who)).arg(answer.status)
                                   : Text::tr("%1 answered with the status %2: %3")
                                         .arg(isolated(who), QString::number(answer.status), isolated(said));
    error.retryAfter = answer.retryAfter;
    return error;
}

bool isRedirect(int status) {
    return status >= 300 && status < 400;
}

bool saysLater(int status) {
    return status == 408 || status == 425 || status == 429;
}

QString wordsOf(const QByteArray& body, const QByteArray& secret) {
    const QByteArray looked = body.left(kMostBytesLookedAt).trimmed();
    const QJsonDocument json = QJsonDocument::fromJson(looked);
    QString text;
    if (!json.isNull()) {
        text = firstText(json.isArray() ? QJsonValue(json.array()) : QJsonValue(json.object()));
    } else if (!looked.startsWith('<') && !looked.startsWith('{') && !looked.startsWith('[')) {
        text = QString::fromUtf8(looked);
    }
    if (!secret.isEmpty()) {
        text.replace(QString::fromUtf8(secret), u"..."_s);
    }
    return shownText(text.simplified(), kMostWords);
}

}  // namespace earmark::target
