// Where in the recording each turn of a transcript is heard: as the provider tells, else estimated from the speech map.
// Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "models/audio/soundmap.h"
#include "models/domain/calldetails.h"

namespace earmark {

/// Which channel holds the agent. Recordings are agent first unless the account's voices are swapped.
enum class ChannelOrder { AgentFirst, CustomerFirst };

struct TurnPlace {
    int turn = 0;  ///< index into CallDetails::transcript
    Speaker speaker = Speaker::Unknown;
    TurnKind kind = TurnKind::Message;
    TimeSpan span;             ///< where the provider tells no length: up to the end of speech or the next turn
    bool isEstimated = false;  ///< the begin was not told by the provider
};

/// In the order of the transcript. A turn without a place (no times told and no map, or nothing left to fit it) is left
/// out. `map` may be null: then only told times count.
[[nodiscard]] std::vector<TurnPlace> placeTurns(const std::vector<Turn>& transcript, const SoundMap* map,
                                                ChannelOrder order);

}  // namespace earmark
