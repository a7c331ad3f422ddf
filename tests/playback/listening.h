// Listens to the Player over the silent sink and says how well what was heard is what the source holds: which place
// began, when, how fast it ran, in which channel. Main thread with a running event loop.
#pragma once

#include <chrono>

#include "tests/audio/voices.h"
#include "tests/playback/nullsink.h"
#include "ui/playback/player.h"

namespace earmark {

/// Of one side.
struct Heard {
    double fit = 0;       ///< correlation with the source, 1 = the same but for loudness
    double otherFit = 0;  ///< with the other side's source at the same place
    double gain = 0;      ///< 1 = as loud as the source
};

struct Listen {
    QString trouble;  ///< "" or why there is nothing to judge
    std::vector<Heard> sides;
    double driftMs = 0;                   ///< how much later than at the beginning the source lies at the end
    double delayMs = 0;                   ///< from the order to play until the wanted place is recorded
    std::chrono::milliseconds heldUp{0};  ///< not 0: nobody can say whether it is right, the machine was held up
    double landingMs = 0;  ///< the first heard sound lies so much later in the source than what was asked for
};

class Listener final {
 public:
    static constexpr int kRate = 48000;

    Listener(NullSink* sink, Player* player) : m_sink(sink), m_player(player) {}

    /// Opens the file at a place, plays for `length` and pauses. The sink must be recording at kRate.
    [[nodiscard]] QString play(const QString& file, std::chrono::milliseconds from, std::chrono::milliseconds length);
    /// The same with the recording that is open.
    [[nodiscard]] QString playOn(std::chrono::milliseconds from, std::chrono::milliseconds length);
    /// What was heard since the last play. `source` at kRate; a mono source must be heard from both sides. The place
    /// must be a loud one (see loudPlace), else nobody can tell where the sound began.
    [[nodiscard]] Listen judge(const fixture::Voices& source, std::chrono::milliseconds from,
                               std::chrono::milliseconds length) const;

 private:
    NullSink* m_sink;
    Player* m_player;
    std::int64_t m_asked = 0;  ///< recorded frames when play was pressed
};

/// From `from` on the first place where the source is loud at once, and what speaks there within `length` is on every
/// side. Source at any rate.
[[nodiscard]] std::chrono::milliseconds loudPlace(const fixture::Voices& source, std::chrono::milliseconds from,
                                                  std::chrono::milliseconds length);

}  // namespace earmark
