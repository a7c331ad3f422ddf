#include "ui/playback/callsound.h"

#include <QThreadPool>
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

/// Turns times stretches of speech: a conversation of ten minutes has some 20,000, found in a few milliseconds.
constexpr std::size_t kMostAtOnce = 60'000;
constexpr std::size_t kMostEstimated = 5'000;

std::size_t speechSpans(const SoundMap& map) {
    std::size_t spans = 1;
    for (const TimeSpans& channel : map.speech) {
        spans += channel.size();
    }
    return spans;
}

}  // namespace

class CallSound::Private {
 public:
    explicit Private(CallSound* sound) : q(sound) {}

    void placeTurnsAnew();
    void takeTurns(std::vector<TurnPlace> now);
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
    bool together = false;
    quint64 placing = 0;  ///< of the newest search for turns; older answers are dropped
    QThreadPool pool;     ///< last: its jobs end before anything else goes
};

CallSound::CallSound(Player* player, AccountBook* accounts, DeskSettings* settings, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this)) {
    d->player = player;
    d->accounts = accounts;
    d->settings = settings;
    d->pool.setMaxThreadCount(1);
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
    ++d->placing;
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

/// Turns that have to be found in the sound are looked for at once where that takes no time, else beside the main
/// thread; until then the turns of before stand, or none of another call's.
void CallSound::Private::placeTurnsAnew() {
    const quint64 mine = ++placing;
    if (!details) {
        takeTurns({});
        return;
    }
    const std::size_t count = details->transcript.size();
    if (!map || count * speechSpans(*map) < kMostAtOnce) {
        takeTurns(placeTurns(details->transcript, map.get(), order));
        return;
    }
    takeTurns(count > kMostEstimated ? placeTurns(details->transcript, nullptr, order) : std::vector<TurnPlace>());
    if (count > kMostEstimated) {
        return;  // no conversation; only what was told has a place
    }
    pool.start([this, mine, from = details, of = map, by = order] {
        std::vector<TurnPlace> found = placeTurns(from->transcript, of.get(), by);
        QMetaObject::invokeMethod(q, [this, mine, found = std::move(found)]() mutable {
            if (mine == placing) {
                takeTurns(std::move(found));
            }
        });
    });
}

void CallSound::Private::takeTurns(std::vector<TurnPlace> now) {
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
        mix.together = together;
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

void CallSound::setTogether(bool together) {
    if (together == d->together) {
        return;
    }
    d->together = together;
    d->mixAnew();
    Q_EMIT voicesChanged();
}

bool CallSound::isTogether() const {
    return d->together;
}

}  // namespace earmark
