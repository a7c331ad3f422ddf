#include "ui/playback/player.h"

#include <QLocale>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/domain/timings.h"
#include "ui/playback/audiooutput.h"
#include "ui/playback/decodethread.h"
#include "ui/playback/heardtime.h"
#include "ui/playback/playerstatemachine.h"

namespace earmark {

namespace {

constexpr int kTickMs = 50;
constexpr std::chrono::milliseconds kShortestLoop{200};
constexpr std::chrono::milliseconds kAgain{3000};
constexpr double kSlowest = 0.5;
constexpr double kFastest = 3.0;

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

class Player::Private final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Private)

 public:
    explicit Private(Player* player);

    /// Jump: the position after the step does not follow from the one before.
    enum class Move { Runs, Jump };
    template <typename Step>
    void change(Step step, Move move = Move::Runs);
    void tell(Move move);
    void noteOutcome(const DecodeOutcome& outcome);

    Player* const q;
    AudioOutput output;
    PlayerStateMachine machine;
    DecodeThread decoder;
    QTimer tick;
    std::optional<CallKey> call;
    QString notice;
    HeardTime heard;
    double tempo = 1;
    std::optional<TimeSpan> loop;
    std::optional<std::chrono::milliseconds> loopBegin;
    SkipPlan skips;
    VoiceMix voices;
    std::chrono::milliseconds autoBack{1000};
    QByteArray outputDevice;

 private:
    struct Shown {
        PlayerState state = PlayerState::Empty;
        bool waiting = false;
        std::chrono::milliseconds position{};
        std::chrono::milliseconds duration{};
        bool device = true;
        QString notice;
        double volume = 1;
        bool muted = false;
    };
    [[nodiscard]] Shown current() const;
    Shown m_shown;
};

Player::Private::Private(Player* player) : q(player), machine(output) {
    connect(&output, &AudioOutput::reported, this,
            [this](const SoundReport& report) { change([&] { machine.reported(report, now()); }); });
    connect(&output, &AudioOutput::deviceFound, this,
            [this](bool found) { change([&] { machine.deviceFound(found, now()); }); });
    connect(&decoder, &DecodeThread::opened, this,
            [this](const std::shared_ptr<PcmStore>& samples) { change([&] { machine.opened(samples, now()); }); });
    connect(&decoder, &DecodeThread::failed, this,
            [this](const Error& error) { change([&] { machine.failed(error); }); });
    connect(&decoder, &DecodeThread::decoded, this, [this](const DecodeOutcome& outcome) {
        change([&] {
            noteOutcome(outcome);
            machine.decoded(now());
        });
    });
    tick.setInterval(kTickMs);
    tick.setTimerType(Qt::PreciseTimer);
    connect(&tick, &QTimer::timeout, this, [this] { change([&] { machine.tick(now()); }); });
}

Player::Private::Shown Player::Private::current() const {
    return {machine.state(), machine.isWaiting(), machine.position(now()), machine.duration(), machine.hasDevice(),
            notice,          machine.volume(),    machine.isMuted()};
}

/// Every step goes through here: first all values, then the signals for what is different now.
template <typename Step>
void Player::Private::change(Step step, Move move) {
    step();
    tell(move);
}

void Player::Private::tell(Move move) {
    const Shown before = std::exchange(m_shown, current());
    const Shown after = m_shown;
    if (move == Move::Runs && before.state == PlayerState::Playing && before.device && !before.muted &&
        before.volume > 0) {
        heard.heard(before.position, after.position);
    }
    const bool runs = after.state == PlayerState::Playing || after.waiting;
    if (runs != tick.isActive()) {
        runs ? tick.start() : tick.stop();
    }
    if (after.duration != before.duration) {
        Q_EMIT q->durationChanged();
    }
    if (after.state != before.state || after.waiting != before.waiting) {
        Q_EMIT q->stateChanged();
    }
    if (after.position != before.position) {
        Q_EMIT q->positionChanged();
    }
    if (after.notice != before.notice) {
        Q_EMIT q->noticeChanged();
    }
    if (after.device != before.device) {
        Q_EMIT q->deviceChanged();
    }
    if (after.volume != before.volume || after.muted != before.muted) {
        Q_EMIT q->volumeChanged();
    }
}

void Player::Private::noteOutcome(const DecodeOutcome& outcome) {
    notice.clear();
    if (outcome.stoppedBy) {
        notice = outcome.stoppedBy->message;
    } else if (outcome.damagedFrom && outcome.frames > 0) {
        const double share = static_cast<double>(*outcome.damagedFrom) / static_cast<double>(outcome.frames);
        const QString where = durationText(std::floor(share * static_cast<double>(machine.duration().count()) / 1000));
        notice = outcome.soundAfterDamage ? Player::tr("Damaged at %1; what exists is played.").arg(where)
                                          : Player::tr("Damaged after %1; what exists is played.").arg(where);
    }
}

Player::Player(QObject* parent) : QObject(parent), d(std::make_unique<Private>(this)) {}

Player::~Player() = default;

void Player::open(const CallKey& key, const QString& file, std::chrono::milliseconds startAt) {
    d->change(
        [&] {
            d->call = key;
            d->heard.opened(key);
            d->notice.clear();
            d->machine.open(startAt);
            d->decoder.decode(file);
        },
        Private::Move::Jump);
}

void Player::close() {
    d->change(
        [&] {
            d->call.reset();
            d->heard.closed();
            d->notice.clear();
            d->decoder.cancel();
            d->machine.close();
        },
        Private::Move::Jump);
}

void Player::play() {
    d->change([&] { d->machine.play(now()); });
}

void Player::pause() {
    d->change([&] { d->machine.pause(now()); });
}

void Player::togglePlaying() {
    d->machine.state() == PlayerState::Playing || d->machine.wantsToPlay() ? pause() : play();
}

void Player::seek(std::chrono::milliseconds position) {
    d->change([&] { d->machine.seek(position, now()); }, Private::Move::Jump);
}

void Player::skip(std::chrono::milliseconds by) {
    seek(position() + by);
}

void Player::setVolume(double volume) {
    d->change([&] { d->machine.setVolume(volume); });
}

void Player::setMuted(bool muted) {
    d->change([&] { d->machine.setMuted(muted); });
}

void Player::setTempo(double tempo) {
    const double rounded = std::clamp(std::round(tempo * 10) / 10, kSlowest, kFastest);
    if (std::exchange(d->tempo, rounded) != rounded) {
        Q_EMIT tempoChanged();
    }
}

void Player::againSlower() {
    skip(-kAgain);
}

void Player::setLoop(std::optional<TimeSpan> loop) {
    if (loop && loop->length() < kShortestLoop) {
        return;
    }
    d->loopBegin.reset();
    d->loop = loop;
    Q_EMIT loopChanged();
}

void Player::markLoop() {
    if (d->loop) {
        setLoop(std::nullopt);
    } else if (!d->loopBegin) {
        d->loopBegin = position();
        Q_EMIT loopChanged();
    } else {
        setLoop(TimeSpan{*d->loopBegin, position()});
    }
}

std::optional<std::chrono::milliseconds> Player::loopBegin() const {
    return d->loopBegin;
}

void Player::setSkips(const SkipPlan& plan) {
    d->skips = plan;
}

void Player::setVoices(const VoiceMix& mix) {
    if (!(std::exchange(d->voices, mix) == mix)) {
        Q_EMIT voicesChanged();
    }
}

void Player::setAutoBack(std::chrono::milliseconds back) {
    d->autoBack = std::clamp(back, std::chrono::milliseconds{0}, std::chrono::milliseconds{5000});
}

void Player::scrub(std::chrono::milliseconds position) {
    seek(position);
}

void Player::endScrub() {}

void Player::setOutputDevice(const QByteArray& id) {
    d->outputDevice = id;
}

void Player::prepare(const CallKey&, const QString&) {}

double Player::tempo() const {
    return d->tempo;
}
double Player::tempoHeard() const {
    return 1;
}
std::optional<TimeSpan> Player::loop() const {
    return d->loop;
}
VoiceMix Player::voices() const {
    return d->voices;
}
std::shared_ptr<const SoundMap> Player::map() const {
    return nullptr;
}
QList<OutputDevice> Player::outputDevices() const {
    return {};
}
QByteArray Player::outputDevice() const {
    return d->outputDevice;
}
PlayerState Player::state() const {
    return d->machine.state();
}
bool Player::isWaiting() const {
    return d->machine.isWaiting();
}
std::optional<CallKey> Player::call() const {
    return d->call;
}
std::chrono::milliseconds Player::position() const {
    return d->machine.position(now());
}
std::chrono::milliseconds Player::duration() const {
    return d->machine.duration();
}
double Player::volume() const {
    return d->machine.volume();
}
bool Player::isMuted() const {
    return d->machine.isMuted();
}
bool Player::hasDevice() const {
    return d->machine.hasDevice();
}
std::optional<std::chrono::milliseconds> Player::heard(const CallKey& key) const {
    return d->heard.of(key);
}
QString Player::notice() const {
    return d->notice;
}
std::optional<Error> Player::problem() const {
    return d->machine.problem();
}

}  // namespace earmark

#include "player.moc"
