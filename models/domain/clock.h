// Time comes through this interface, so that tests can set it. Implementations may be used from any thread.
#pragma once

#include <QString>
#include <chrono>
#include <optional>

namespace earmark {

/// A moment in UTC with millisecond precision. Zone-less provider times are converted with the account's assumed zone.
using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

[[nodiscard]] constexpr Moment momentFromMs(qint64 msSinceEpoch) {
    return Moment{std::chrono::milliseconds{msSinceEpoch}};
}
[[nodiscard]] constexpr qint64 toMs(Moment moment) {
    return moment.time_since_epoch().count();
}

/// "2026-04-18T14:37:02.419Z", the only form in JSON.
[[nodiscard]] QString toIsoText(Moment moment);

class Clock {
 public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Moment now() const = 0;                                    ///< wall clock
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady() const = 0;  ///< for deadlines
};

class SystemClock final : public Clock {
 public:
    [[nodiscard]] Moment now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady() const override;
};

}  // namespace earmark
