#include "models/net/httptrouble.h"

#include <QCoreApplication>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QString translated(const char* text) {
    return QCoreApplication::translate("HttpClient", text);
}

Error trouble(ErrorKind kind, const QString& code, const QString& message, const QString& where) {
    return Error{kind, code, message, where, std::nullopt};
}

Error tlsError(const HttpFailure& failure) {
    QStringList reasons;
    for (const QSslError& error : failure.tlsErrors) {
        if (error.error() != QSslError::NoError && !reasons.contains(error.errorString())) {
            reasons.append(error.errorString());
        }
    }
    const QString reason = reasons.isEmpty()
                               ? translated(QT_TRANSLATE_NOOP("HttpClient", "no common TLS version or cipher"))
                               : reasons.join(u"; "_s);
    return trouble(ErrorKind::Tls, u"net_tls"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient", "The secure connection to %1 was refused: %2"))
                       .arg(failure.host, reason),
                   failure.where);
}

Error offline(const HttpFailure& failure, const QString& code, const char* sentence) {
    return trouble(ErrorKind::Offline, code, translated(sentence).arg(failure.host), failure.where);
}

Error proxyTrouble(const HttpFailure& failure, const char* sentence) {
    return trouble(ErrorKind::Offline, u"net_proxy"_s, translated(sentence), failure.where);
}

Error closed(const HttpFailure& failure) {
    if (failure.status != 0) {
        return cutError(failure.host, failure.where);
    }
    return trouble(
        ErrorKind::BadAnswer, u"net_unanswered"_s,
        translated(QT_TRANSLATE_NOOP("HttpClient", "%1 closed the connection before it answered.")).arg(failure.host),
        failure.where);
}

Error badAnswer(const HttpFailure& failure) {
    return trouble(
        ErrorKind::BadAnswer, u"net_protocol"_s,
        translated(QT_TRANSLATE_NOOP("HttpClient", "%1 gave an answer that is not correct HTTP.")).arg(failure.host),
        failure.where);
}

}  // namespace

bool onlyRepeatsStatus(QNetworkReply::NetworkError error, int status) {
    if (status < 400) {
        return false;
    }
    switch (error) {
        case QNetworkReply::ContentAccessDenied:
        case QNetworkReply::ContentOperationNotPermittedError:
        case QNetworkReply::ContentNotFoundError:
        case QNetworkReply::AuthenticationRequiredError:
        case QNetworkReply::ContentConflictError:
        case QNetworkReply::ContentGoneError:
        case QNetworkReply::UnknownContentError:
        case QNetworkReply::InternalServerError:
        case QNetworkReply::OperationNotImplementedError:
        case QNetworkReply::ServiceUnavailableError:
        case QNetworkReply::UnknownServerError:
        case QNetworkReply::ProtocolInvalidOperationError:
            return true;
        default:  // a foreign enum with many transport values
            return false;
    }
}

Error transportError(const HttpFailure& failure) {
    switch (failure.error) {
        case QNetworkReply::ConnectionRefusedError:
            return offline(failure, u"net_refused"_s,
                           QT_TRANSLATE_NOOP("HttpClient", "%1 cannot be reached: the connection was refused."));
        case QNetworkReply::HostNotFoundError:
            return nameNotFoundError(failure.host);
        case QNetworkReply::TimeoutError:
            return inactivityError(failure.host, failure.where);
        case QNetworkReply::SslHandshakeFailedError:
            return tlsError(failure);
        case QNetworkReply::RemoteHostClosedError:
        case QNetworkReply::ContentReSendError:
            return closed(failure);
        case QNetworkReply::OperationCanceledError:
            return cancelledError();
        case QNetworkReply::ProxyConnectionRefusedError:
        case QNetworkReply::ProxyConnectionClosedError:
        case QNetworkReply::ProxyNotFoundError:
        case QNetworkReply::ProxyTimeoutError:
        case QNetworkReply::UnknownProxyError:
            return proxyTrouble(
                failure, QT_TRANSLATE_NOOP("HttpClient", "The network proxy of this computer cannot be reached."));
        case QNetworkReply::ProxyAuthenticationRequiredError:
            return proxyTrouble(failure, QT_TRANSLATE_NOOP("HttpClient", "The network proxy asks for a password."));
        case QNetworkReply::ProtocolFailure:
        case QNetworkReply::ProtocolUnknownError:
        case QNetworkReply::UnknownContentError:  // a body that cannot be decompressed
            return badAnswer(failure);
        default:  // a foreign enum; what is left means that no server was reached, or that it went away
            if (failure.status == 0 && failure.throughProxy) {
                return proxyTrouble(
                    failure, QT_TRANSLATE_NOOP("HttpClient", "The network proxy of this computer cannot be reached."));
            }
            return failure.status != 0
                       ? cutError(failure.host, failure.where)
                       : offline(failure, u"net_%1"_s.arg(int(failure.error)),
                                 QT_TRANSLATE_NOOP("HttpClient", "%1 cannot be reached from this network."));
    }
}

Error totalDeadlineError(const QString& host, const QString& where) {
    return trouble(ErrorKind::Timeout, u"net_total_deadline"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient", "%1 took too long to answer.")).arg(host), where);
}

Error connectDeadlineError(const QString& host, const QString& where) {
    return trouble(
        ErrorKind::Offline, u"net_connect_deadline"_s,
        translated(QT_TRANSLATE_NOOP("HttpClient", "%1 cannot be reached: nothing there answers.")).arg(host), where);
}

Error inactivityError(const QString& host, const QString& where) {
    return trouble(ErrorKind::Timeout, u"net_inactivity"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient", "%1 sent nothing any more.")).arg(host), where);
}

Error tooLargeError(const QString& host, qint64 cap, const QString& where) {
    const qint64 mebibytes = std::max<qint64>(1, cap / (1024 * 1024));
    return trouble(ErrorKind::TooLarge, u"net_too_large"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient", "The answer of %1 is larger than %2 MiB."))
                       .arg(host, QString::number(mebibytes)),
                   where);
}

Error cutError(const QString& host, const QString& where) {
    return trouble(ErrorKind::BadAnswer, u"net_cut"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient", "The answer of %1 broke off.")).arg(host), where);
}

Error notPublicError(const QString& host) {
    return trouble(ErrorKind::InvalidInput, u"net_not_public"_s,
                   translated(QT_TRANSLATE_NOOP("HttpClient",
                                                "The link that the provider gave leads to this computer or its own "
                                                "network, not to the internet.")),
                   host);
}

Error nameNotFoundError(const QString& host) {
    return trouble(
        ErrorKind::Offline, u"net_name"_s,
        translated(QT_TRANSLATE_NOOP("HttpClient", "%1 cannot be reached: its name was not found.")).arg(host), host);
}

Error cancelledError() {
    return trouble(ErrorKind::Cancelled, {}, {}, {});
}

}  // namespace earmark
