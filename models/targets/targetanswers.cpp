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

struct Advice {
    ErrorKind kind;
    bool ofTheProviderToo;  ///< else only where the target is not the account's provider
    const char* next;
};

#define EARMARK_ADVICE(text) QT_TRANSLATE_NOOP("Target", text)
constexpr Advice kAdvice[] = {
    {ErrorKind::Offline, false,
     EARMARK_ADVICE("Check the network connection and the target's address, then try again.")},
    {ErrorKind::Timeout, true, EARMARK_ADVICE("Try again; if it happens often, tell whoever runs the target.")},
    {ErrorKind::Tls, false,
     EARMARK_ADVICE("Check the target's address and this computer's date, or ask your network administrator.")},
    {ErrorKind::Unauthorized, false, EARMARK_ADVICE("Give the receiver and this account's target the same secret.")},
    {ErrorKind::Forbidden, false, EARMARK_ADVICE("Ask whoever runs the receiver whether this account may send to it.")},
    {ErrorKind::Forbidden, true, EARMARK_ADVICE("Ask the provider's administrator for a key that may change leads.")},
    {ErrorKind::NotFound, false, EARMARK_ADVICE("Check the target's address.")},
    {ErrorKind::ServerTrouble, false, EARMARK_ADVICE("Try again later; if it lasts, tell whoever runs the target.")},
    {ErrorKind::Refused, false,
     EARMARK_ADVICE("Check the target's settings; if they are right, tell whoever runs the target.")},
    {ErrorKind::NotTheApi, false,
     EARMARK_ADVICE("Check the target's address, and whether the network asks for a sign-in first.")},
    {ErrorKind::BadAnswer, false, EARMARK_ADVICE("Try again; if it lasts, tell whoever runs the target.")},
    {ErrorKind::TooLarge, true, EARMARK_ADVICE("Tell whoever runs the target.")},
    {ErrorKind::NoKey, false, EARMARK_ADVICE("Give the secret of the account's target.")},
};
#undef EARMARK_ADVICE

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

Error advised(Error error, const TargetCapabilities& target) {
    if (!error.next.isEmpty()) {
        return error;
    }
    if (error.code == u"http_408"_s || error.code == u"http_425"_s) {
        error.next = Text::tr("Try again; if it happens often, tell whoever runs the target.");
        return error;
    }
    for (const Advice& advice : kAdvice) {
        if (advice.kind == error.kind && (!target.needsAccountKey || advice.ofTheProviderToo)) {
            error.next = QCoreApplication::translate("Target", advice.next);
            break;
        }
    }
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
