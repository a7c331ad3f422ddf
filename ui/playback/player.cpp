#include "ui/playback/player.h"

#include <QLocale>
#include <QTimer>
#include <algorithm>
#include <cmath>
#include <utility>

#include "models/domain/timings.h"
#include "ui/playback/audiooutput.h"
#include "ui/playback/decodethread.h"
#include "ui/playback/heardparts.h"
#include "ui/playback/playerstatemachine.h"
#include "ui/playback/qtsound.h"

namespace earmark {

namespace {

constexpr int kTickMs = 50;

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

class Player::Private final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(Player* player, SoundSystemMaker makeSystem);

    template <typename Step>
    void change(Step step);
    void tell();
    void countHeard();
    void noteOutcome(const DecodeOutcome& outcome);

    Player* const q;
    AudioOutput output;
    PlayerStateMachine machine;
    DecodeThread decoder;
    QTimer tick;
    std::optional<CallKey> call;
    QString notice;
    HeardParts heard;
    void opened(const PreparedRecording& recording);

    QString file;
    std::shared_ptr<const SoundMap> map;
    QList<OutputDevice> devices;
    QByteArray chosenDevice;
    bool soundAnswers = true;

 private:
    struct Shown {
        PlayerState state = PlayerState::Empty;
        bool waiting = false;
        std::chrono::milliseconds position{};
        std::chrono::milliseconds duration{};
        bool device = true;
        bool soundAnswers = true;
        QString notice;
        double volume = 1;
        bool muted = false;
        double tempo = 1;
        double tempoHeard = 1;
        std::optional<TimeSpan> loop;
        std::optional<std::chrono::milliseconds> loopBegin;
        VoiceMix voices;
        int endings = 0;
        std::shared_ptr<const SoundMap> map;
    };
    /// Since when and from where it plays, if it does.
    struct Sounding {
        SteadyTime since{};
        double tempo = 1;
        bool isHeard = false;
        bool plays = false;
        std::chrono::milliseconds from{};
    };
    [[nodiscard]] Shown current() const;
    void tellOfListening(const Shown& before, const Shown& after);
    Shown m_shown;
    Sounding m_sounding;
    std::chrono::duration<double, std::milli> m_heardRest{};
    bool m_playedMore = false;
};

Player::Private::Private(Player* player, SoundSystemMaker makeSystem)
    : q(player), output(std::move(makeSystem)), machine(output) {
    connect(&output, &AudioOutput::reported, this,
            [this](const SoundReport& report) { change([&] { machine.reported(report, now()); }); });
    connect(&output, &AudioOutput::deviceFound, this, [this](bool found) {
        change([&] {
            soundAnswers = true;
            machine.deviceFound(found, now());
        });
    });
    connect(&output, &AudioOutput::stuck, this, [this] {
        change([&] {
            soundAnswers = false;
            machine.deviceFound(false, now());
        });
    });
    connect(&output, &AudioOutput::devicesChanged, this, [this](const QList<OutputDevice>& found) {
        devices = found;
        Q_EMIT q->outputDevicesChanged();
    });
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
    connect(&decoder, &DecodeThread::mapped, this,
            [this](const std::shared_ptr<const SoundMap>& made) { change([&] { map = made; }); });
    tick.setInterval(kTickMs);
    tick.setTimerType(Qt::PreciseTimer);
    connect(&tick, &QTimer::timeout, this, [this] { change([&] { machine.tick(now()); }); });
}

Player::Private::Shown Player::Private::current() const {
    return {machine.state(),
            machine.isWaiting(),
            machine.position(now()),
            machine.duration(),
            machine.hasDevice(),
            soundAnswers,
            notice,
            machine.volume(),
            machine.isMuted(),
            machine.tempo(),
            machine.tempoHeard(),
            machine.loop(),
            machine.loopBegin(),
            machine.voices(),
            machine.endings(),
            map};
}

/// Every step goes through here: first all values, then the signals for what is different now.
template <typename Step>
void Player::Private::change(Step step) {
    countHeard();
    step();
    tell();
}

/// What was heard since the last step, in the recording's time: what is left out is not heard, and at twice the speed
/// twice as much is.
void Player::Private::countHeard() {
    const SteadyTime time = now();
    if (m_sounding.isHeard) {
        m_heardRest += (time - m_sounding.since) * m_sounding.tempo;
        const auto whole = std::chrono::floor<std::chrono::milliseconds>(m_heardRest);
        m_heardRest -= whole;
        heard.heard(whole);
    }
    if (m_sounding.plays) {
        const auto atMost = std::chrono::ceil<std::chrono::milliseconds>(
            std::chrono::duration<double, std::milli>(time - m_sounding.since) * m_sounding.tempo);
        m_playedMore = heard.played(m_sounding.from, machine.position(time), atMost) || m_playedMore;
    }
    m_sounding.since = time;
}

void Player::Private::tell() {
    const Shown before = std::exchange(m_shown, current());
    const Shown after = m_shown;
    m_sounding = {now(), machine.speedHeard(), machine.isRunning() && machine.isAudible(), machine.isRunning(),
                  after.position};
    const bool runs = after.state == PlayerState::Playing || after.waiting || machine.isScrubbing();
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
    if (after.device != before.device || after.soundAnswers != before.soundAnswers) {
        Q_EMIT q->deviceChanged();
    }
    if (after.volume != before.volume || after.muted != before.muted) {
        Q_EMIT q->volumeChanged();
    }
    tellOfListening(before, after);
    if (std::exchange(m_playedMore, false)) {
        Q_EMIT q->playedChanged();
    }
}

void Player::Private::tellOfListening(const Shown& before, const Shown& after) {
    if (after.tempo != before.tempo || after.tempoHeard != before.tempoHeard) {
        Q_EMIT q->tempoChanged();
    }
    if (after.loop != before.loop || after.loopBegin != before.loopBegin) {
        Q_EMIT q->loopChanged();
    }
    if (after.voices != before.voices) {
        Q_EMIT q->voicesChanged();
    }
    if (after.map != before.map) {
        Q_EMIT q->mapChanged();
    }
    if (after.endings != before.endings) {
        Q_EMIT q->ended();
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

/// All of it is there already.
void Player::Private::opened(const PreparedRecording& recording) {
    machine.opened(recording.samples, now());
    noteOutcome(recording.outcome);
    machine.decoded(now());
    map = recording.map;
}

Player::Player(QObject* parent) : Player(makeQtSoundSystem, parent) {}

Player::Player(SoundSystemMaker makeSystem, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, std::move(makeSystem))) {}

Player::~Player() = default;

void Player::open(const CallKey& key, const QString& file, std::chrono::milliseconds startAt) {
    d->change([&] {
        d->call = key;
        d->heard.opened(key);
        d->notice.clear();
        d->file = file;
        d->map.reset();
        d->machine.open(startAt);
        if (const auto prepared = d->decoder.take(file)) {
            d->opened(*prepared);
        } else {
            d->decoder.decode(file);
        }
    });
}

void Player::close() {
    d->change([&] {
        d->call.reset();
        d->heard.closed();
        d->notice.clear();
        d->file.clear();
        d->map.reset();
        d->decoder.cancel();
        d->machine.close();
    });
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
    d->change([&] { d->machine.seek(position, now()); });
}

void Player::skip(std::chrono::milliseconds by) {
    d->change([&] { d->machine.skip(by, now()); });
}

void Player::setVolume(double volume) {
    d->change([&] { d->machine.setVolume(volume); });
}

void Player::setMuted(bool muted) {
    d->change([&] { d->machine.setMuted(muted); });
}

void Player::setTempo(double tempo) {
    d->change([&] { d->machine.setTempo(tempo, now()); });
}

void Player::againSlower() {
    d->change([&] { d->machine.againSlower(now()); });
}

void Player::setLoop(std::optional<TimeSpan> loop) {
    d->change([&] { d->machine.setLoop(loop, now()); });
}

void Player::markLoop() {
    d->change([&] { d->machine.markLoop(now()); });
}

void Player::setSkips(const SkipPlan& plan) {
    TimeSpans spans;
    for (const SkippedSpan& skipped : plan.spans) {
        spans.push_back(skipped.span);
    }
    d->change([&] { d->machine.setSkips(std::move(spans), now()); });
}

void Player::setVoices(const VoiceMix& mix) {
    d->change([&] { d->machine.setVoices(mix); });
}

void Player::setAutoBack(std::chrono::milliseconds back) {
    d->machine.setAutoBack(back);
}

void Player::scrub(std::chrono::milliseconds position) {
    d->change([&] { d->machine.scrub(position, now()); });
}

void Player::endScrub() {
    d->change([&] { d->machine.endScrub(now()); });
}

void Player::setOutputDevice(const QByteArray& id) {
    d->chosenDevice = id;
    d->output.setDevice(id);
}

void Player::prepare(const CallKey& key, const QString& file) {
    if (d->call != key || d->file != file) {
        d->decoder.prepare(file);
    }
}

bool Player::isPrepared(const QString& file) const {
    return d->decoder.isPrepared(file);
}

std::optional<std::chrono::milliseconds> Player::loopBegin() const {
    return d->machine.loopBegin();
}
double Player::tempo() const {
    return d->machine.tempo();
}
double Player::tempoHeard() const {
    return d->machine.tempoHeard();
}
std::optional<TimeSpan> Player::loop() const {
    return d->machine.loop();
}
VoiceMix Player::voices() const {
    return d->machine.voices();
}
std::shared_ptr<const SoundMap> Player::map() const {
    return d->map;
}
QList<OutputDevice> Player::outputDevices() const {
    return d->devices;
}
QByteArray Player::outputDevice() const {
    return d->chosenDevice;
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

bool Player::soundAnswers() const {
    return d->soundAnswers;
}
std::optional<std::chrono::milliseconds> Player::heard(const CallKey& key) const {
    return d->heard.of(key);
}
TimeSpans Player::played(const CallKey& key) const {
    return d->heard.parts(key);
}
void Player::rememberListening(const CallKey& key, const ListeningProgress& before) {
    d->heard.remember(key, before);
    Q_EMIT playedChanged();
}
QString Player::notice() const {
    return d->notice;
}
std::optional<Error> Player::problem() const {
    return d->machine.problem();
}

}  // namespace earmark

#include "player.moc"
