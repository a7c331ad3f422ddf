#include "ui/playback/callsound.h"

#include <algorithm>

#include "models/domain/account.h"
#include "models/domain/recordingtime.h"
#include "models/sync/accountbook.h"
#include "ui/common/desksettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kSkipMode = u"player/skipSilence"_s;

QString word(SkipMode mode) {
    switch (mode) {
        case SkipMode::Off:
            return u"off"_s;
        case SkipMode::Gentle:
            return u"gentle"_s;
        case SkipMode::Strong:
            return u"strong"_s;
    }
    return {};
}

SkipMode skipModeFrom(const QString& text) {
    for (const SkipMode mode : {SkipMode::Gentle, SkipMode::Strong}) {
        if (text == word(mode)) {
            return mode;
        }
    }
    return SkipMode::Off;
}

}  // namespace

class CallSound::Private {
 public:
    explicit Private(CallSound* sound) : q(sound) {}

    void placeTurnsAnew();
    void planAnew();
    void mixAnew();
    void takeMap();
    void takeOrder();
    [[nodiscard]] SkipPlan plan(SkipMode mode) const;

    CallSound* const q;
    Player* player = nullptr;
    AccountBook* accounts = nullptr;
    DeskSettings* settings = nullptr;
    std::optional<Call> call;
    std::shared_ptr<const CallDetails> details;
    std::shared_ptr<const SoundMap> map;
    std::vector<TurnPlace> turns;
    CallMarks marks;
    SkipMode mode = SkipMode::Off;
    SkipPlan skips;
    ChannelOrder order = ChannelOrder::AgentFirst;
    Speaker solo = Speaker::Unknown;
    double balance = 0;
};

CallSound::CallSound(Player* player, AccountBook* accounts, DeskSettings* settings, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this)) {
    d->player = player;
    d->accounts = accounts;
    d->settings = settings;
    if (settings != nullptr) {
        d->mode = skipModeFrom(settings->value(kSkipMode).toString());
    }
    connect(player, &Player::mapChanged, this, [this] { d->takeMap(); });
    connect(player, &Player::stateChanged, this, [this] { d->takeMap(); });
    if (accounts != nullptr) {
        connect(accounts, &AccountBook::changed, this, [this] { d->takeOrder(); });
    }
}

CallSound::~CallSound() = default;

void CallSound::setCall(const Call& call, const std::shared_ptr<const CallDetails>& details) {
    const bool isOther = !d->call || d->call->key != call.key;
    if (isOther) {
        clear();
    }
    d->call = call;
    d->details = details;
    d->takeOrder();
    if (isOther) {
        d->takeMap();
    }
    Q_EMIT callChanged();
    d->placeTurnsAnew();
}

void CallSound::clear() {
    if (!d->call) {
        return;
    }
    d->call.reset();
    d->details.reset();
    d->map.reset();
    d->turns.clear();
    d->marks.clear();
    d->solo = Speaker::Unknown;  // somebody who listens to one voice of the next call too would not know why
    Q_EMIT callChanged();
    Q_EMIT mapChanged();
    Q_EMIT turnsChanged();
    Q_EMIT marksChanged();
    Q_EMIT voicesChanged();
    d->planAnew();
    d->mixAnew();
}

/// The player's map counts only while it is of the call that is shown.
void CallSound::Private::takeMap() {
    const bool isOurs = call && player->call() == call->key;
    std::shared_ptr<const SoundMap> now = isOurs ? player->map() : nullptr;
    if (now == map) {
        return;
    }
    map = std::move(now);
    Q_EMIT q->mapChanged();
    placeTurnsAnew();
    mixAnew();
}

void CallSound::Private::takeOrder() {
    const Account* account = accounts != nullptr && call ? accounts->find(call->key.account) : nullptr;
    const ChannelOrder now =
        account == nullptr || account->agentIsFirstChannel ? ChannelOrder::AgentFirst : ChannelOrder::CustomerFirst;
    if (now != order) {
        order = now;
        Q_EMIT q->voicesChanged();
        placeTurnsAnew();
        mixAnew();
    }
}

void CallSound::Private::placeTurnsAnew() {
    std::vector<TurnPlace> now = details ? placeTurns(details->transcript, map.get(), order) : std::vector<TurnPlace>();
    turns = std::move(now);
    Q_EMIT q->turnsChanged();
    planAnew();
}

SkipPlan CallSound::Private::plan(SkipMode of) const {
    if (!map || of == SkipMode::Off) {
        return {};
    }
    TimeSpans told;
    for (const TurnPlace& turn : turns) {
        const bool isSaid = turn.kind == TurnKind::Message || turn.kind == TurnKind::Interruption;
        if (isSaid && !turn.isEstimated) {
            told.push_back(turn.span);
        }
    }
    std::sort(told.begin(), told.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
    SkipQuestion question{of, told, {}};
    if (const auto began = q->recordingBegan(); began && call->answerTime) {
        question.answeredAt = *call->answerTime - *began;
    }
    return planSkips(*map, question);
}

void CallSound::Private::planAnew() {
    SkipPlan now = plan(mode);
    if (now == skips) {
        return;
    }
    skips = std::move(now);
    player->setSkips(skips);
    Q_EMIT q->skipsChanged();
}

void CallSound::Private::mixAnew() {
    const bool stereo = map && map->format.channels == 2;
    const bool agentFirst = order == ChannelOrder::AgentFirst;
    VoiceMix mix;
    mix.swapped = stereo && !agentFirst;  // the agent is always heard on the same side
    if (stereo) {
        mix.balance = agentFirst ? balance : -balance;
        if (solo != Speaker::Unknown) {
            const std::size_t heard = (solo == Speaker::Agent) == agentFirst ? 0 : 1;
            mix.muted[1 - heard] = true;
        }
    }
    player->setVoices(mix);
}

void CallSound::setMarks(const CallMarks& marks) {
    if (d->marks != marks) {
        d->marks = marks;
        Q_EMIT marksChanged();
    }
}

const std::optional<Call>& CallSound::call() const {
    return d->call;
}
const std::shared_ptr<const CallDetails>& CallSound::details() const {
    return d->details;
}
std::shared_ptr<const SoundMap> CallSound::map() const {
    return d->map;
}
const std::vector<TurnPlace>& CallSound::turns() const {
    return d->turns;
}
const CallMarks& CallSound::marks() const {
    return d->marks;
}
std::optional<Moment> CallSound::recordingBegan() const {
    return d->call ? earmark::recordingBegan(*d->call) : std::nullopt;
}
std::optional<CallFigures> CallSound::figures() const {
    return d->map ? std::optional(figuresOf(*d->map)) : std::nullopt;
}
const SkipPlan& CallSound::skips() const {
    return d->skips;
}
SkipPlan CallSound::skipsIn(SkipMode mode) const {
    return d->plan(mode);
}
SkipMode CallSound::skipMode() const {
    return d->mode;
}

void CallSound::setSkipMode(SkipMode mode) {
    if (mode == d->mode) {
        return;
    }
    d->mode = mode;
    if (d->settings != nullptr) {
        d->settings->setValue(kSkipMode, word(mode));
    }
    d->planAnew();
    Q_EMIT skipsChanged();  // the mode is another one, even where it leaves out the same
}

ChannelOrder CallSound::channelOrder() const {
    return d->order;
}

void CallSound::swapVoices() {
    const Account* account = d->accounts != nullptr && d->call ? d->accounts->find(d->call->key.account) : nullptr;
    if (account == nullptr) {
        return;
    }
    Account changed = *account;
    changed.agentIsFirstChannel = !changed.agentIsFirstChannel;
    d->accounts->update(changed, this, [](const Done&) {});  // changed() tells when it is so
}

std::optional<int> CallSound::channelOf(Speaker speaker) const {
    if (!d->map || d->map->format.channels != 2 || (speaker != Speaker::Agent && speaker != Speaker::Customer)) {
        return std::nullopt;
    }
    return (speaker == Speaker::Agent) == (d->order == ChannelOrder::AgentFirst) ? 0 : 1;
}

void CallSound::solo(Speaker speaker) {
    const bool again = speaker == d->solo || (speaker != Speaker::Agent && speaker != Speaker::Customer);
    d->solo = again ? Speaker::Unknown : speaker;
    d->mixAnew();
    Q_EMIT voicesChanged();
}

Speaker CallSound::soloVoice() const {
    return d->solo;
}

void CallSound::setBalance(double balance) {
    d->balance = std::clamp(balance, -1.0, 1.0);
    d->mixAnew();
    Q_EMIT voicesChanged();
}

double CallSound::balance() const {
    return d->balance;
}

}  // namespace earmark
