// Times as the providers write them. Pure functions, any thread (an AssumedZone is read-only after it was made).
//
// Forms, in the order in which they are tried:
//   2026-04-18T14:37:02.419Z  with any number of fraction digits, Z or z, T, t or a blank, +hh:mm, +hhmm, +hh, " UTC",
//   " GMT" 20260418T143702Z          the basic form of the same 2026-04-18 14:37:02       without zone: the account's
//   assumed zone, and marked so 2026-04-18                a date alone: its first moment in the assumed zone, and
//   marked so 1776523022.419            seconds since 1970; from 1e12 on milliseconds; years 1973 to 2199 only
// 24:00 is the next day's beginning, second 60 at the end of a quarter of an hour (zones differ by
// those) the next minute, as POSIX clocks have it. What is none of
// these, or no real date (30 February), is no time at all: nothing is guessed.
//
// QDateTime::fromString is not used: it takes zone-less text for local time, so that every such time would be off by
// the user's own offset, and it refuses or misreads lower-case t and z, leap seconds and long fractions.
#pragma once

#include <QString>
#include <QTimeZone>
#include <optional>

#include "models/domain/clock.h"

namespace earmark {

/// The zone for times that come without one; an unknown name means UTC.
class AssumedZone {
 public:
    explicit AssumedZone(const QString& ianaName);
    /// Milliseconds since 1970 of a wall-clock time in this zone. Times that a clock skips in spring are read with the
    /// offset before the change, times that it shows twice in autumn with the first.
    [[nodiscard]] qint64 toUtc(qint64 wallMs) const;

 private:
    bool m_isUtc = true;
    QTimeZone m_zone;
};

struct ParsedTime {
    Moment at{};
    bool zoneAssumed = false;
};

[[nodiscard]] std::optional<ParsedTime> parseTime(const QString& text, const AssumedZone& zone);
[[nodiscard]] std::optional<ParsedTime> parseEpoch(double number);

}  // namespace earmark
