// What of a cut download can go on where it broke off, and whether what then comes is its rest: RFC 9110 8.8, 13.1.5,
// 14. Pure functions, any thread.
#pragma once

#include <QUrl>

#include "models/net/httpclient.h"

namespace earmark {

struct PartialDownload {
    QUrl place;            ///< where the bytes came from, without the query: a signature changes, the object does not
    qint64 received = 0;   ///< bytes of the object, from its first on
    qint64 total = -1;     ///< of the whole object; -1 = not announced
    QByteArray validator;  ///< a strong ETag, else a Last-Modified that is one; empty: none
    bool takesRanges = false;

    [[nodiscard]] bool canGoOn() const { return takesRanges && received > 0 && !validator.isEmpty(); }
};

/// From the head of a 200.
[[nodiscard]] PartialDownload beginningOf(const QUrl& url, const HttpAnswer& head);

/// Only with canGoOn(): the rest, and the whole where the object is another one by now.
[[nodiscard]] QList<QPair<QByteArray, QByteArray>> restHeaders(const PartialDownload& partial);

enum class RestVerdict {
    GoesOn,      ///< the bytes that follow
    BeginsAnew,  ///< the whole object, from its first byte
    Unusable,    ///< another stretch, another object, another place
};
/// Of the head of a 2xx to a request with restHeaders().
[[nodiscard]] RestVerdict judgeRest(const PartialDownload& partial, const QUrl& url, const HttpAnswer& head);

/// Of the whole object, by the head of a rest that goes on.
[[nodiscard]] qint64 wholeLength(const PartialDownload& partial, const HttpAnswer& head);

[[nodiscard]] QUrl placeOf(const QUrl& url);

}  // namespace earmark
