#include "models/search/filtervalues.h"

#include <QDateTime>
#include <QRegularExpression>
#include <array>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// More digits than any call, price or year needs; keeps arithmetic far from overflow.
constexpr qsizetype kMostDigits = 15;
constexpr int kMostDays = 36'500;

bool isDigits(QStringView text) {
    return !text.isEmpty() && text.size() <= kMostDigits &&
           std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

/// "12" or "12.5", not signed; ".5" and "5." are no numbers.
std::optional<double> plainNumber(QStringView text) {
    const qsizetype point = text.indexOf(u'.');
    const bool lawful = point < 0 ? isDigits(text) : isDigits(text.left(point)) && isDigits(text.mid(point + 1));
    return lawful ? std::optional(text.toDouble()) : std::nullopt;
}

/// "1:30" or "1:02:03", the last part with a fraction if need be; the parts after the first have two digits below 60.
std::optional<double> clockSeconds(QStringView text) {
    const auto parts = text.split(u':');
    if (parts.size() > 3 || !isDigits(parts.front())) {
        return std::nullopt;
    }
    double seconds = parts.front().toDouble();
    for (qsizetype i = 1; i < parts.size(); ++i) {
        const bool isLast = i + 1 == parts.size();
        const qsizetype point = isLast ? parts[i].indexOf(u'.') : -1;
        const double part = plainNumber(parts[i]).value_or(60);
        if ((point < 0 ? parts[i].size() : point) != 2 || part >= 60) {
            return std::nullopt;
        }
        seconds = seconds * 60 + part;
    }
    return seconds;
}

struct Unit {
    QLatin1StringView name;
    double seconds;
};

constexpr std::array kUnits{Unit{"h"_L1, 3600}, Unit{"m"_L1, 60}, Unit{"s"_L1, 1}, Unit{"ms"_L1, 0.001}};

/// "1h30m", "90s", "1.5m": units from large to small, each at most once.
std::optional<double> unitSeconds(QStringView text) {
    double seconds = 0;
    std::size_t nextUnit = 0;
    while (!text.isEmpty()) {
        qsizetype digits = 0;
        while (digits < text.size() && (text[digits].isDigit() || text[digits] == u'.')) {
            ++digits;
        }
        qsizetype end = digits;
        while (end < text.size() && text[end].isLetter()) {
            ++end;
        }
        const auto amount = plainNumber(text.left(digits));
        const QStringView name = text.mid(digits, end - digits);
        while (nextUnit < kUnits.size() && name.compare(kUnits[nextUnit].name, Qt::CaseInsensitive) != 0) {
            ++nextUnit;
        }
        if (!amount || nextUnit == kUnits.size()) {
            return std::nullopt;
        }
        // A thousandth is not exact in binary, a division by a thousand is rounded once.
        seconds += kUnits[nextUnit].seconds < 1 ? *amount / 1000 : *amount * kUnits[nextUnit].seconds;
        ++nextUnit;
        text = text.mid(end);
    }
    return seconds;
}

QTimeZone lawfulZone(const QTimeZone& zone) {
    return zone.isValid() ? zone : QTimeZone::utc();
}

TimeSpan daysSpan(QDate first, QDate last, const QTimeZone& zone) {
    return {first.startOfDay(zone).toMSecsSinceEpoch(), last.addDays(1).startOfDay(zone).toMSecsSinceEpoch() - 1, true,
            false};
}

std::optional<TimeSpan> lastDays(const QString& text, QDate today, const QTimeZone& zone) {
    const QStringView count = QStringView(text).chopped(1);
    if (!isDigits(count) || count.toLongLong() < 1 || count.toLongLong() > kMostDays) {
        return std::nullopt;
    }
    TimeSpan span = daysSpan(today.addDays(1 - count.toLongLong()), today, zone);
    span.standsAlone = true;
    return span;
}

/// The zone as written behind a time of day: "" = the context's, "Z", "+05:30", "+0530", "+05".
std::optional<QTimeZone> zoneFromText(const QString& text, const QTimeZone& contextZone) {
    if (text.isEmpty()) {
        return contextZone;
    }
    if (text.compare(u"z", Qt::CaseInsensitive) == 0) {
        return QTimeZone::utc();
    }
    const QString digits = QString(text.mid(1)).remove(u':');
    const int hours = digits.left(2).toInt();
    const int minutes = digits.mid(2).toInt();
    if (hours > 14 || minutes > 59) {
        return std::nullopt;
    }
    const int seconds = hours * 3600 + minutes * 60;
    return QTimeZone(text.startsWith(u'-') ? -seconds : seconds);
}

std::optional<TimeSpan> dayOrTime(const QString& text, const QTimeZone& contextZone) {
    static const QRegularExpression form(
        u"\\A([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,3}))?)?"
        u"([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?\\z"_s);
    const auto match = form.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    const QDate day(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
    if (!day.isValid()) {
        return std::nullopt;
    }
    if (match.captured(4).isEmpty()) {
        return daysSpan(day, day, contextZone);
    }
    const QString second = match.captured(6);
    const QString fraction = match.captured(7);
    const QTime time(match.captured(4).toInt(), match.captured(5).toInt(), second.toInt(),
                     fraction.leftJustified(3, u'0').toInt());
    const auto zone = zoneFromText(match.captured(8), contextZone);
    if (!time.isValid() || !zone) {
        return std::nullopt;
    }
    QDateTime moment(day, time, *zone);
    if (!moment.isValid()) {
        // The hour that a change to summer time skips: clocks show the same moment one hour later.
        const QDateTime asUtc(day, time, Qt::UTC);
        moment = asUtc.addSecs(-zone->offsetFromUtc(asUtc.addDays(-1))).toTimeZone(*zone);
    }
    const qint64 length = !fraction.isEmpty() ? 1 : !second.isEmpty() ? 1000 : 60'000;
    const qint64 first = moment.toMSecsSinceEpoch();
    return TimeSpan{first, first + length - 1, false, false};
}

}  // namespace

Comparison comparisonFromText(const QString& text) {
    using Op = Comparison::Operator;
    struct Sign {
        QStringView text;
        Op op;
    };
    static constexpr std::array kSigns{Sign{u">=", Op::GreaterOrEqual}, Sign{u"<=", Op::LessOrEqual},
                                       Sign{u">", Op::Greater}, Sign{u"<", Op::Less}, Sign{u"=", Op::Equal}};
    for (const Sign& sign : kSigns) {
        if (text.startsWith(sign.text)) {
            return {sign.op, text.mid(sign.text.size()), sign.text.size(), {}, 0};
        }
    }
    const qsizetype dots = text.indexOf(u".."_s);
    if (dots >= 0) {
        return {Op::Range, text.left(dots), 0, text.mid(dots + 2), dots + 2};
    }
    return {Op::Equal, text, 0, {}, 0};
}

std::optional<double> numberFromText(const QString& text) {
    const bool negative = text.startsWith(u'-');
    const auto amount = plainNumber(negative ? QStringView(text).mid(1) : QStringView(text));
    return amount && negative ? std::optional(-*amount) : amount;
}

std::optional<double> secondsFromText(const QString& text) {
    if (const auto plain = plainNumber(text)) {
        return plain;
    }
    if (text.contains(u':')) {
        return clockSeconds(text);
    }
    return text.isEmpty() ? std::nullopt : unitSeconds(text);
}

std::optional<TimeSpan> timeSpanFromText(const QString& text, const FilterContext& context) {
    const QTimeZone zone = lawfulZone(context.zone);
    const QDate today = QDateTime::fromMSecsSinceEpoch(toMs(context.now), zone).date();
    const QString lower = text.toLower();
    if (lower == u"today") {
        return daysSpan(today, today, zone);
    }
    if (lower == u"yesterday") {
        return daysSpan(today.addDays(-1), today.addDays(-1), zone);
    }
    if (lower.endsWith(u'd')) {
        return lastDays(lower, today, zone);
    }
    return dayOrTime(text, zone);
}

}  // namespace earmark
