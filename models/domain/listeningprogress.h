// How far somebody came with the recording of one call, as it is remembered from one start to the next. Plain values,
// any thread.
#pragma once

#include <QString>
#include <cstddef>

#include "models/domain/timespan.h"

namespace earmark {

struct ListeningProgress {
    std::chrono::milliseconds place{};  ///< where the listener stopped; 0 = from the beginning
    std::chrono::milliseconds heard{};  ///< played aloud; a part that was heard twice counts twice
    TimeSpans played;                   ///< which parts were played

    friend bool operator==(const ListeningProgress&, const ListeningProgress&) = default;
};

/// So many played parts of one call are remembered; more of them are drawn together.
inline constexpr std::size_t kMostPlayedParts = 200;

/// Lays one more stretch over ascending ones; those that touch, or leave no more than `gap` between them, become one.
[[nodiscard]] TimeSpans withSpan(const TimeSpans& spans, const TimeSpan& added, std::chrono::milliseconds gap = {});
/// At most so many: the shortest gaps are closed. Nothing is ever left out.
[[nodiscard]] TimeSpans fewerSpans(TimeSpans spans, std::size_t most);

/// "0-1500 4000-9000", milliseconds. What cannot be read there is passed over.
[[nodiscard]] QString toText(const TimeSpans& spans);
[[nodiscard]] TimeSpans timeSpansFromText(QStringView text);

}  // namespace earmark
