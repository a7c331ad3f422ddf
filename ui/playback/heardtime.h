// How much of each call's recording was heard since the program started: the time it played through a sound device that
// was not muted. A part that was heard twice counts twice; jumping over a part does not. Plain values, main thread
// only.
#pragma once

#include <QHash>
#include <chrono>
#include <optional>

#include "models/domain/callkey.h"

namespace earmark {

class HeardTime final {
 public:
    void opened(const CallKey& call);
    void closed();
    /// So much of the open recording was heard, in its own time.
    void heard(std::chrono::milliseconds more);
    /// nullopt: its recording was never open here, so nobody knows.
    [[nodiscard]] std::optional<std::chrono::milliseconds> of(const CallKey& call) const;

 private:
    std::optional<CallKey> m_open;
    QHash<CallKey, std::chrono::milliseconds> m_heard;
};

}  // namespace earmark
