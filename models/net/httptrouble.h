// From what Qt says about a failed exchange to our Error, free of URLs and keys. Pure functions, any thread.
#pragma once

#include <QNetworkReply>
#include <QSslError>

#include "models/domain/error.h"

namespace earmark {

/// True when Qt's error only repeats the HTTP status: then there is an answer.
[[nodiscard]] bool onlyRepeatsStatus(QNetworkReply::NetworkError error, int status);

struct HttpFailure {
    QNetworkReply::NetworkError error = QNetworkReply::NoError;
    int status = 0;  ///< 0 = no head came
    QString host;    ///< for the sentence
    QString where;   ///< "GET host/path after 12 ms", for the log
    QList<QSslError> tlsErrors;
    bool throughProxy = false;
};

[[nodiscard]] Error transportError(const HttpFailure& failure);

[[nodiscard]] Error totalDeadlineError(const QString& host, const QString& where);
[[nodiscard]] Error connectDeadlineError(const QString& host, const QString& where);
[[nodiscard]] Error inactivityError(const QString& host, const QString& where);
[[nodiscard]] Error tooLargeError(const QString& host, qint64 cap, const QString& where);
[[nodiscard]] Error cutError(const QString& host, const QString& where);
[[nodiscard]] Error notPublicError(const QString& host);
[[nodiscard]] Error nameNotFoundError(const QString& host);
[[nodiscard]] Error cancelledError();

}  // namespace earmark
