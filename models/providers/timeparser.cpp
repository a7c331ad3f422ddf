#include "models/providers/timeparser.h"

#include <QDateTime>
#include <cmath>

namespace earmark {

namespace {

constexpr qint64 kMsPerSecond = 1000;
constexpr qint64 kMsPerMinute = 60 * kMsPerSecond;
constexpr qint64 kMsPerDay = 24 * 60 * kMsPerMinute;
constexpr qint64 kFirstMs = -62'135'596'800'000;   // 0001-01-01T00:00:00Z
constexpr qint64 kLastMs = 253'402'300'799'999;    // 9999-12-31T23:59:59.999Z
constexpr double kSmallestEpochMs = 1e12;          // 2001; as seconds it would be the year 33658
constexpr double kSmallestEpochSeconds = 1e8;      // 1973; smaller numbers are years, days or counters
constexpr qint64 kEpochEndMs = 7'258'118'400'000;  // 2200-01-01

/// Reads pieces from the front of a text; after the first miss every further piece misses too.
class Scanner {
 public:
    explicit Scanner(QStringView text) : m_rest(text) {}

    [[nodiscard]] bool atEnd() const { return m_rest.isEmpty(); }
    [[nodiscard]] QStringView rest() const { return m_rest; }

    bool take(char16_t c) {
        if (m_rest.isEmpty() || m_rest.front() != c) {
            return false;
        }
        m_rest = m_rest.sliced(1);
        return true;
    }

    bool takeWord(QStringView word) {
        if (!m_rest.startsWith(word, Qt::CaseInsensitive)) {
            return false;
        }
        m_rest = m_rest.sliced(word.size());
        return true;
    }

    [[nodiscard]] bool digitNext() const { return !m_rest.isEmpty() && isDigit(m_rest.front()); }

    /// Exactly `count` ASCII digits.
    std::optional<int> takeNumber(int count) {
        if (m_rest.size() < count) {
            return std::nullopt;
        }
        int number = 0;
        for (int i = 0; i < count; ++i) {
            if (!isDigit(m_rest[i])) {
                return std::nullopt;
            }
            number = number * 10 + (m_rest[i].unicode() - u'0');
        }
        m_rest = m_rest.sliced(count);
        return number;
    }

    /// Milliseconds of the digits after the decimal sign; further digits are cut, not rounded, so that 23:59:59.9999
    /// stays in its day. nullopt when there is no digit.
    std::optional<int> takeFractionMs() {
        if (!digitNext()) {
            return std::nullopt;
        }
        int ms = 0;
        int weight = 100;
        while (digitNext()) {
            ms += (m_rest.front().unicode() - u'0') * weight;
            weight /= 10;
            m_rest = m_rest.sliced(1);
        }
        return ms;
    }

 private:
    static bool isDigit(QChar c) { return c >= u'0' && c <= u'9'; }

    QStringView m_rest;
};

std::optional<qint64> takeDateMs(Scanner& scanner) {
    const auto year = scanner.takeNumber(4);
    const bool isExtended = scanner.take(u'-');
    const auto month = scanner.takeNumber(2);
    const bool dashFits = !isExtended || scanner.take(u'-');
    const auto day = scanner.takeNumber(2);
    if (!year || *year == 0 || !month || !dashFits || !day) {
        return std::nullopt;
    }
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                              std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) {
        return std::nullopt;
    }
    return qint64{sys_days{date}.time_since_epoch().count()} * kMsPerDay;
}

/// Milliseconds since midnight; up to the next midnight and, with a leap second, one second past it.
std::optional<qint64> takeTimeOfDayMs(Scanner& scanner) {
    const auto hour = scanner.takeNumber(2);
    const bool isExtended = scanner.take(u':');
    const auto minute = scanner.takeNumber(2);
    if (!hour || !minute) {
        return std::nullopt;
    }
    int second = 0;
    int ms = 0;
    if (isExtended ? scanner.take(u':') : scanner.digitNext()) {
        const auto seconds = scanner.takeNumber(2);
        if (!seconds) {
            return std::nullopt;
        }
        second = *seconds;
        if (scanner.take(u'.') || scanner.take(u',')) {
            const auto fraction = scanner.takeFractionMs();
            if (!fraction) {
                return std::nullopt;
            }
            ms = *fraction;
        }
    }
    const bool isDayEnd = *hour == 24 && *minute == 0 && second == 0 && ms == 0;
    const bool isLeap = second == 60 && *minute % 15 == 14;
    if ((*hour > 23 && !isDayEnd) || *minute > 59 || (second > 59 && !isLeap)) {
        return std::nullopt;
    }
    return (*hour * 60 + *minute) * kMsPerMinute + second * kMsPerSecond + ms;
}

struct Zone {
    bool isThere = false;
    qint64 offsetMs = 0;
};

/// nullopt when something stands there that is no zone.
std::optional<Zone> takeZone(Scanner& scanner) {
    if (scanner.atEnd()) {
        return Zone{};
    }
    (void)scanner.take(u' ');
    if (scanner.takeWord(u"Z") || scanner.takeWord(u"UTC") || scanner.takeWord(u"GMT")) {
        return Zone{true, 0};
    }
    const bool isEast = scanner.take(u'+');
    if (!isEast && !scanner.take(u'-')) {
        return std::nullopt;
    }
    const auto hours = scanner.takeNumber(2);
    int minutes = 0;
    if (hours && !scanner.atEnd()) {
        (void)scanner.take(u':');
        const auto written = scanner.takeNumber(2);
        if (!written) {
            return std::nullopt;
        }
        minutes = *written;
    }
    if (!hours || *hours > 23 || minutes > 59) {
        return std::nullopt;
    }
    const qint64 offset = (*hours * 60 + minutes) * kMsPerMinute;
    return Zone{true, isEast ? offset : -offset};
}

std::optional<ParsedTime> parseCalendarTime(QStringView text, const AssumedZone& assumed) {
    Scanner scanner(text);
    const auto date = takeDateMs(scanner);
    if (!date) {
        return std::nullopt;
    }
    qint64 wallMs = *date;
    Zone zone;
    if (!scanner.atEnd()) {
        const bool hasSeparator = scanner.take(u'T') || scanner.take(u't') || scanner.take(u' ');
        const auto time = hasSeparator ? takeTimeOfDayMs(scanner) : std::nullopt;
        const auto written = time ? takeZone(scanner) : std::nullopt;
        if (!written || !scanner.atEnd()) {
            return std::nullopt;
        }
        wallMs += *time;
        zone = *written;
    }
    const qint64 utcMs = zone.isThere ? wallMs - zone.offsetMs : assumed.toUtc(wallMs);
    if (utcMs < kFirstMs || utcMs > kLastMs) {
        return std::nullopt;
    }
    return ParsedTime{momentFromMs(utcMs), !zone.isThere};
}

}  // namespace

AssumedZone::AssumedZone(const QString& ianaName) {
    if (ianaName.isEmpty() || ianaName == u"UTC") {
        return;
    }
    m_zone = QTimeZone(ianaName.toUtf8());
    m_isUtc = !m_zone.isValid();
}

qint64 AssumedZone::toUtc(qint64 wallMs) const {
    if (m_isUtc) {
        return wallMs;
    }
    // Not QDateTime(date, time, zone): which side it takes in a gap or overlap has changed between Qt versions.
    const auto offsetAt = [this](qint64 utcMs) {
        return m_zone.offsetFromUtc(QDateTime::fromMSecsSinceEpoch(utcMs, Qt::UTC)) * kMsPerSecond;
    };
    const qint64 before = offsetAt(wallMs - kMsPerDay);
    const qint64 after = offsetAt(wallMs + kMsPerDay);
    const qint64 first = wallMs - before;
    if (before == after || offsetAt(first) == before) {
        return first;
    }
    const qint64 second = wallMs - after;
    return offsetAt(second) == after ? second : first;
}

std::optional<ParsedTime> parseEpoch(double number) {
    if (!std::isfinite(number) || number < kSmallestEpochSeconds) {
        return std::nullopt;
    }
    const double ms = number >= kSmallestEpochMs ? number : number * static_cast<double>(kMsPerSecond);
    if (ms >= static_cast<double>(kEpochEndMs)) {
        return std::nullopt;
    }
    return ParsedTime{momentFromMs(std::llround(ms)), false};
}

std::optional<ParsedTime> parseTime(const QString& text, const AssumedZone& zone) {
    const QStringView trimmed = QStringView(text).trimmed();
    if (const auto calendar = parseCalendarTime(trimmed, zone)) {
        return calendar;
    }
    for (const QChar c : trimmed) {
        if ((c < u'0' || c > u'9') && c != u'.') {
            return std::nullopt;
        }
    }
    bool isNumber = false;
    const double number = trimmed.toDouble(&isNumber);
    return isNumber ? parseEpoch(number) : std::nullopt;
}

}  // namespace earmark
