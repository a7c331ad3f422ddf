#include <QDateTime>
#include <QLocale>
#include <algorithm>

#include "models/net/httpclient.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kLongestRetryAfter = std::chrono::hours(1);

/// The three forms that HTTP has had for dates; all are GMT.
std::optional<Moment> httpDate(const QString& text) {
    // The day of the week says nothing and is wrong for a two-digit year read as 19xx.
    const QString rest = text.section(u',', 1).simplified();
    const QLocale english = QLocale::c();
    QDateTime time = english.toDateTime(rest, u"dd MMM yyyy HH:mm:ss 'GMT'"_s);
    if (!time.isValid()) {
        time = english.toDateTime(rest, u"dd-MMM-yy HH:mm:ss 'GMT'"_s).addYears(100);
    }
    if (!time.isValid()) {
        time = english.toDateTime(text.simplified(), u"ddd MMM d HH:mm:ss yyyy"_s);
    }
    if (!time.isValid()) {
        return std::nullopt;
    }
    time.setTimeSpec(Qt::UTC);
    return momentFromMs(time.toMSecsSinceEpoch());
}

bool allDigits(const QByteArray& text) {
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

QByteArray HttpAnswer::header(const QByteArray& lowerCaseName) const {
    for (const auto& [name, value] : headers) {
        if (name == lowerCaseName) {
            return value;
        }
    }
    return {};
}

std::optional<std::chrono::milliseconds> HttpAnswer::retryAfter(Moment now) const {
    const QByteArray text = header("retry-after"_ba).trimmed();
    if (allDigits(text)) {
        bool fits = false;
        const qint64 seconds = text.toLongLong(&fits);
        const qint64 longest = std::chrono::duration_cast<std::chrono::seconds>(kLongestRetryAfter).count();
        return std::chrono::seconds(fits ? std::min(seconds, longest) : longest);
    }
    if (const std::optional<Moment> date = httpDate(QString::fromLatin1(text))) {
        return std::clamp<std::chrono::milliseconds>(*date - now, std::chrono::milliseconds(0), kLongestRetryAfter);
    }
    return std::nullopt;
}

}  // namespace earmark
