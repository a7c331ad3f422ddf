// The values of filter terms: comparisons, ranges, durations, numbers, days and times. Pure functions, any thread.
#pragma once

#include <QString>
#include <QStringView>
#include <optional>

#include "models/search/filter.h"

namespace earmark {

/// ">=90s" or "1m..5m" or "60", taken apart; positions are offsets into the value.
struct Comparison {
    enum class Operator { Equal, Less, LessOrEqual, Greater, GreaterOrEqual, Range };
    Operator op = Operator::Equal;
    QString value;  ///< the lower end of a range
    qsizetype valueAt = 0;
    QString upper;  ///< ranges only
    qsizetype upperAt = 0;
};

[[nodiscard]] Comparison comparisonFromText(const QString& text);

/// Digits with at most one decimal point, a minus in front where lawful; never "inf", "nan" or an exponent.
[[nodiscard]] std::optional<double> numberFromText(const QString& text);
/// Seconds from "90", "90s", "5m", "1h", "1h30m", "1.5m", "500ms", "1:30", "1:02:03".
[[nodiscard]] std::optional<double> secondsFromText(const QString& text);

/// What a day or time means: from the first to the last millisecond of it.
struct TimeSpan {
    qint64 first = 0;
    qint64 last = 0;
    bool isDay = true;         ///< false: a time of day; comparisons then mean its first instant
    bool standsAlone = false;  ///< "7d": no part of a comparison or range
};

/// today, yesterday, 7d, 2026-04-01, 2026-04-01T14:00[:30[.250]][Z|+05:30]
[[nodiscard]] std::optional<TimeSpan> timeSpanFromText(const QString& text, const FilterContext& context);

}  // namespace earmark
