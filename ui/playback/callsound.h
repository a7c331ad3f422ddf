// What is known about the sound of the call that is shown, for everybody who draws or words it: map, turns in the
// recording's time, marks, what is skipped, which voice is whose. Main thread only.
#pragma once

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

#include "models/audio/callfigures.h"
#include "models/audio/skipplan.h"
#include "models/audio/soundmap.h"
#include "models/audio/turnplaces.h"
#include "models/domain/call.h"
#include "models/domain/calldetails.h"
#include "models/domain/callmark.h"

namespace earmark {

class AccountBook;
class DeskSettings;
class Player;

class CallSound final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallSound)

 public:
    /// `accounts` and `settings` may be null: then the agent is first, and nothing is remembered.
    CallSound(Player* player, AccountBook* accounts, DeskSettings* settings, QObject* parent = nullptr);
    ~CallSound() override;

    /// The call that is shown now, or the same one told anew. `details` null: not read (yet).
    void setCall(const Call& call, const std::shared_ptr<const CallDetails>& details);
    void setMarks(const CallMarks& marks);
    void clear();  ///< no call is shown

    [[nodiscard]] const std::optional<Call>& call() const;
    [[nodiscard]] const std::shared_ptr<const CallDetails>& details() const;
    [[nodiscard]] std::shared_ptr<const SoundMap> map() const;  ///< null until the recording is decoded
    [[nodiscard]] const std::vector<TurnPlace>& turns() const;
    [[nodiscard]] const CallMarks& marks() const;
    /// When recording time 0 was, on the clock; nullopt: the provider does not tell.
    [[nodiscard]] std::optional<Moment> recordingBegan() const;
    [[nodiscard]] std::optional<CallFigures> figures() const;  ///< nullopt until there is a map

    /// What skip-silence leaves out now; empty when it is off. Given to the player here.
    [[nodiscard]] const SkipPlan& skips() const;
    /// What it would leave out in this mode, to say so before it is chosen.
    [[nodiscard]] SkipPlan skipsIn(SkipMode mode) const;
    [[nodiscard]] SkipMode skipMode() const;
    void setSkipMode(SkipMode mode);  ///< remembered

    /// Which channel is the agent's; remembered per account.
    [[nodiscard]] ChannelOrder channelOrder() const;
    void swapVoices();  ///< for all calls of the account
    /// Channel 0 or 1 of this voice; nullopt: mono.
    [[nodiscard]] std::optional<int> channelOf(Speaker speaker) const;
    /// -1 only the agent .. 0 both alike .. 1 only the customer.
    void setBalance(double balance);
    [[nodiscard]] double balance() const;
    /// Each voice from both sides, for one ear or for one loudspeaker.
    void setTogether(bool together);
    [[nodiscard]] bool isTogether() const;
    /// Only this voice is heard; Unknown: both again. The same once more: both again.
    void solo(Speaker speaker);
    [[nodiscard]] Speaker soloVoice() const;

 Q_SIGNALS:
    void callChanged();
    void mapChanged();
    void turnsChanged();
    void marksChanged();
    void skipsChanged();
    void voicesChanged();  ///< channelOrder(), soloVoice(), balance() or isTogether()

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
