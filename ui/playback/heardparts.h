// How much of each call's recording was heard, and which parts of it were played: what earlier starts of the program
// left, and what this one adds. Heard is the time it played through a sound device that was not muted; a part that was
// heard twice counts twice, jumping over a part does not. Plain values, main thread only.
#pragma once

#include <QHash>
#include <optional>

#include "models/domain/callkey.h"
#include "models/domain/listeningprogress.h"

namespace earmark {

class HeardParts final {
 public:
    void opened(const CallKey& call);
    void closed();
    /// What is remembered from before; counts once for each call, however often it is told.
    void remember(const CallKey& call, const ListeningProgress& before);
    /// So much of the open recording was heard, in its own time.
    void heard(std::chrono::milliseconds more);
    /// The place went from here to there while it played. `atMost`: so much of the recording can have sounded since the
    /// last look, by the time that passed and the speed; what went further jumped. True: there is more in parts().
    bool played(std::chrono::milliseconds from, std::chrono::milliseconds to, std::chrono::milliseconds atMost);

    /// nullopt: its recording was never open here, so nobody knows.
    [[nodiscard]] std::optional<std::chrono::milliseconds> of(const CallKey& call) const;
    [[nodiscard]] TimeSpans parts(const CallKey& call) const;

 private:
    struct Known {
        std::chrono::milliseconds heard{};
        TimeSpans played;
        bool remembers = false;
    };
    std::optional<CallKey> m_open;
    QHash<CallKey, Known> m_known;
};

}  // namespace earmark
