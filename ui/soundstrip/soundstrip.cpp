#include "ui/soundstrip/soundstrip.h"

#include <QEvent>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/common/desksettings.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"
#include "ui/soundstrip/playfollower.h"
#include "ui/soundstrip/rulerticks.h"
#include "ui/soundstrip/stripedge.h"
#include "ui/soundstrip/timeline.h"
#include "ui/soundstrip/timeruler.h"
#include "ui/soundstrip/waveformview.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int kLeastWaveform = 60;
constexpr int kButton = 22;
constexpr double kZoomStep = 2;

}  // namespace

class SoundStrip::Private final : public QObject {
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(SoundStrip* strip, CallSound* shown, Player* played, DeskSettings* remembered)
        : q(strip), sound(shown), player(played), settings(remembered) {}

    void build();
    void connectViews();
    void connectSound();
    void arrange();
    void measure();
    void showCall();
    void showPlaces();
    void showSound();
    void showVoices();
    void setPace();
    void showState();
    void showPosition();
    void showPlayed();
    void showLoop();
    void describe();
    void setScale(const TimeScale& other);
    void turn(const TimeScale& other);
    void rescale();
    void zoom(double factor);
    void seek(milliseconds at);
    [[nodiscard]] bool isHere() const;
    [[nodiscard]] milliseconds duration() const;
    [[nodiscard]] QString placeholder() const;
    [[nodiscard]] double axisWidth() const;
    [[nodiscard]] AxisView* const* begin() const { return views; }
    [[nodiscard]] AxisView* const* end() const { return views + 3; }
    QToolButton* button(const QString& iconName, const QString& text);

    SoundStrip* const q;
    CallSound* const sound;
    Player* const player;
    DeskSettings* const settings;
    StripEdge* edge = nullptr;
    TimeRuler* ruler = nullptr;
    Timeline* timeline = nullptr;
    WaveformView* wave = nullptr;
    AxisView* views[3] = {};
    QToolButton* fold = nullptr;
    QToolButton* buttons[4] = {};
    QTimer frames;
    TimeScale scale;
    PlayFollower follower;
    std::optional<CallKey> shownCall;
    QString recordingMessage;
    int gutter = 0;
    qint64 describedSecond = -1;
};

// --- parts

QToolButton* SoundStrip::Private::button(const QString& iconName, const QString& text) {
    auto* result = new QToolButton(q);
    result->setIcon(icon(iconName, IconTint::Secondary));
    result->setIconSize({16, 16});
    result->setAutoRaise(true);
    result->setFocusPolicy(Qt::TabFocus);
    result->setToolTip(text);
    result->setAccessibleName(text);
    return result;
}

void SoundStrip::Private::build() {
    edge = new StripEdge(settings, q);
    fold = button(u"chevron-down"_s, {});
    buttons[0] = fold;
    buttons[1] = button(u"zoom-out"_s, SoundStrip::tr("Show more of the recording"));
    buttons[2] = button(u"zoom-in"_s, SoundStrip::tr("Show less of the recording, larger"));
    buttons[3] = button(u"zoom-all"_s, SoundStrip::tr("Show the whole recording"));
    fold->setObjectName(u"soundStripFold"_s);
    ruler = new TimeRuler(q);
    timeline = new Timeline(q);
    wave = new WaveformView(q);
    views[0] = ruler;
    views[1] = timeline;
    views[2] = wave;
    for (QToolButton* each : buttons) {
        each->raise();  // over the ruler's gutter
    }
    frames.setTimerType(Qt::PreciseTimer);
    measure();
}

/// The gutter holds the buttons and the longest name.
void SoundStrip::Private::measure() {
    const QFontMetrics metrics = q->fontMetrics();
    int words = 0;
    for (const QString& name : {Timeline::tr("Tools, marks"), WaveformView::tr("Customer")}) {
        words = std::max(words, metrics.horizontalAdvance(name));
    }
    gutter = std::max(4 * kButton + theme::space(), words + 16 + 3 * theme::space());
    for (AxisView* view : *this) {
        view->setGutter(gutter);
    }
}

void SoundStrip::Private::connectViews() {
    for (AxisView* view : *this) {
        connect(view, &AxisView::zoomWanted, this, [this](double factor, double x) { turn(scale.zoomed(factor, x)); });
        connect(view, &AxisView::scrollWanted, this, [this](double pixels) { turn(scale.scrolled(pixels)); });
        connect(view, &AxisView::seekWanted, this, [this](milliseconds at) { seek(at); });
    }
    connect(ruler, &TimeRuler::scrubMoved, this, [this](milliseconds at) {
        if (isHere()) {
            player->scrub(std::max(at, 0ms));
        }
    });
    connect(ruler, &TimeRuler::scrubEnded, this, [this] {
        if (isHere()) {
            player->endScrub();
        }
    });
    const auto loop = [this](const TimeSpan& span) {
        const TimeSpan within{std::max(span.begin, 0ms), std::min(span.end, duration())};
        if (isHere() && within.length() >= WaveformView::kShortestLoop) {
            player->setLoop(within);
        }
    };
    connect(wave, &WaveformView::loopWanted, this, loop);
    connect(timeline, &Timeline::loopWanted, this, loop);
    connect(wave, &WaveformView::loopDropped, this, [this] { player->setLoop(std::nullopt); });
    connect(fold, &QToolButton::clicked, this, [this] { edge->setFolded(!edge->isFolded()); });
    connect(edge, &StripEdge::changed, this, [this] {
        q->updateGeometry();
        arrange();
    });
    connect(buttons[1], &QToolButton::clicked, this, [this] { q->zoomOut(); });
    connect(buttons[2], &QToolButton::clicked, this, [this] { q->zoomIn(); });
    connect(buttons[3], &QToolButton::clicked, this, [this] { q->zoomAll(); });
    connect(&frames, &QTimer::timeout, this, [this] { showPosition(); });
}

void SoundStrip::Private::connectSound() {
    connect(sound, &CallSound::callChanged, this, [this] { showCall(); });
    connect(sound, &CallSound::mapChanged, this, [this] { showSound(); });
    connect(sound, &CallSound::turnsChanged, this, [this] {
        wave->setTurns(sound->turns());
        showPlaces();
    });
    connect(sound, &CallSound::marksChanged, this, [this] {
        wave->setMarks(sound->marks());
        showPlaces();
    });
    connect(sound, &CallSound::skipsChanged, this, [this] { wave->setSkips(sound->skips()); });
    connect(sound, &CallSound::voicesChanged, this, [this] { showVoices(); });
    connect(player, &Player::tempoChanged, this, [this] { showState(); });
    connect(player, &Player::durationChanged, this, [this] { showPlaces(); });
    connect(player, &Player::positionChanged, this, [this] { showPosition(); });
    connect(player, &Player::playedChanged, this, [this] { showPlayed(); });
    connect(player, &Player::stateChanged, this, [this] { showState(); });
    connect(player, &Player::loopChanged, this, [this] { showLoop(); });
}

// --- what is shown

bool SoundStrip::Private::isHere() const {
    return sound->call() && player->call() == sound->call()->key;
}

milliseconds SoundStrip::Private::duration() const {
    const std::shared_ptr<const SoundMap> map = sound->map();
    const milliseconds mapped = map ? map->duration() : 0ms;
    return std::max(mapped, isHere() ? player->duration() : 0ms);
}

QString SoundStrip::Private::placeholder() const {
    if (!sound->call()) {
        return {};
    }
    if (isHere() && player->state() == PlayerState::Failed) {
        return SoundStrip::tr("The recording cannot be drawn; the player bar says why.");
    }
    if (isHere()) {
        return SoundStrip::tr("The sound is drawn as soon as it is read.");
    }
    return recordingMessage.isEmpty() && sound->call()->hasRecording == false
               ? SoundStrip::tr("This call has no recording.")
               : recordingMessage;
}

void SoundStrip::Private::showCall() {
    const std::optional<CallKey> key = sound->call() ? std::optional(sound->call()->key) : std::nullopt;
    if (key != shownCall) {  // the same call told anew leaves the view where it is
        shownCall = key;
        follower.begin(isHere() ? player->position() : 0ms);
        scale = TimeScale();
    }
    showPlayed();
    showSound();
    wave->setTurns(sound->turns());
    wave->setMarks(sound->marks());
    wave->setSkips(sound->skips());
    showVoices();
    showState();
    showLoop();
}

void SoundStrip::Private::showSound() {
    wave->setMap(sound->map());
    showPlaces();
}

void SoundStrip::Private::showPlaces() {
    wave->setPlaceholder(placeholder());
    timeline->setPlaces(TimelinePlaces(
        {sound->call(), sound->recordingBegan(), duration(), sound->turns(), sound->details(), sound->marks()}));
    rescale();
    describedSecond = -1;
    showPosition();
}

void SoundStrip::Private::showVoices() {
    wave->setChannelOrder(sound->channelOrder());
    wave->setSoloVoice(sound->soloVoice());
    describe();
}

/// As often as the line moves by a pixel, at most so often as a screen shows it.
void SoundStrip::Private::setPace() {
    const double step = scale.millisecondsPerPixel() / q->devicePixelRatioF() / std::max(0.1, player->tempoHeard());
    const auto pace = milliseconds(std::int64_t(std::clamp(step, 16.0, 50.0)));
    if (frames.intervalAsDuration() != pace) {
        frames.setInterval(pace);
    }
}

void SoundStrip::Private::showState() {
    setPace();
    const bool plays = isHere() && player->state() == PlayerState::Playing && q->isVisible();
    if (plays != frames.isActive()) {
        plays ? frames.start() : frames.stop();
    }
    wave->setPlaceholder(placeholder());
    showPosition();
}

void SoundStrip::Private::showPosition() {
    const bool here = isHere() && player->duration() > 0ms;
    const milliseconds at = here ? player->position() : 0ms;
    if (here) {
        const std::optional<TimeScale> page = follower.moved(at, scale, sound->skips(), player->loop());
        if (page && !wave->isHeld()) {
            setScale(*page);
        }
    }
    for (AxisView* view : *this) {
        view->setPosition(here ? std::optional(at) : std::nullopt);
    }
    if (at.count() / 1000 != describedSecond) {
        describedSecond = at.count() / 1000;
        describe();
    }
}

void SoundStrip::Private::showPlayed() {
    wave->setPlayed(shownCall ? player->played(*shownCall) : TimeSpans());
}

void SoundStrip::Private::showLoop() {
    wave->setLoop(isHere() ? player->loop() : std::nullopt);
    wave->setLoopBegin(isHere() ? player->loopBegin() : std::nullopt);
    describe();
}

/// For screen readers: where it plays, what is in sight, what is repeated.
void SoundStrip::Private::describe() {
    if (scale.isEmpty()) {
        wave->setAccessibleDescription(placeholder());
        return;
    }
    const auto text = [](milliseconds at) { return rulerTimeText(at, 1s); };
    const TimeSpan shown = scale.shown();
    QStringList parts;
    if (wave->position()) {
        parts << SoundStrip::tr("At %1 of %2").arg(text(*wave->position()), text(duration()));
    }
    parts << SoundStrip::tr("in sight: %1 to %2").arg(text(shown.begin), text(shown.end));
    if (isHere() && player->loop()) {
        parts << SoundStrip::tr("loop from %1 to %2").arg(text(player->loop()->begin), text(player->loop()->end));
    }
    parts << wave->monoNote();
    if (sound->soloVoice() != Speaker::Unknown) {
        parts << (sound->soloVoice() == Speaker::Agent ? SoundStrip::tr("only the agent is heard")
                                                       : SoundStrip::tr("only the customer is heard"));
    }
    parts.removeAll(QString());
    wave->setAccessibleDescription(parts.join(u"; "_s));
}

// --- scale

double SoundStrip::Private::axisWidth() const {
    return std::max(0, q->width() - gutter - AxisView::kRightMargin);
}

void SoundStrip::Private::rescale() {
    const TimeSpan& whole = timeline->places().whole();
    setScale(scale.isEmpty() ? TimeScale(whole, axisWidth()) : scale.over(whole).resized(axisWidth()));
}

void SoundStrip::Private::setScale(const TimeScale& other) {
    scale = other;
    setPace();
    for (AxisView* view : *this) {
        view->setScale(scale);
    }
    buttons[1]->setEnabled(!scale.isEmpty() && !scale.showsAll());
    buttons[2]->setEnabled(!scale.isEmpty() && scale.millisecondsPerPixel() > TimeScale::kFinest);
    buttons[3]->setEnabled(buttons[1]->isEnabled());
}

/// By the hand, so following yields where that took the place out of sight.
void SoundStrip::Private::turn(const TimeScale& other) {
    setScale(other);
    follower.turnedByHand(scale);
    describe();
}

void SoundStrip::Private::zoom(double factor) {
    const std::optional<milliseconds> at = wave->position();
    turn(scale.zoomed(factor, at && scale.shows(*at) ? scale.xOf(*at) : scale.width() / 2));
}

void SoundStrip::Private::seek(milliseconds at) {
    if (isHere() && player->duration() > 0ms) {
        player->seek(std::clamp(at, 0ms, player->duration()));
    } else if (sound->call()) {
        Q_EMIT q->playWanted(std::max(at, 0ms));
    }
}

// --- place

void SoundStrip::Private::arrange() {
    const int width = q->width();
    const int rulerHeight = ruler->sizeHint().height();
    const int timelineHeight = timeline->sizeHint().height();
    const int rest = q->height() - StripEdge::kThick - rulerHeight;
    const bool folded = edge->isFolded();
    const bool hasTimeline = !folded && rest - timelineHeight >= kLeastWaveform;
    edge->setGeometry(0, 0, width, StripEdge::kThick);
    ruler->setGeometry(0, StripEdge::kThick, width, rulerHeight);
    timeline->setVisible(hasTimeline);
    wave->setVisible(!folded);
    int y = StripEdge::kThick + rulerHeight;
    if (hasTimeline) {
        timeline->setGeometry(0, y, width, timelineHeight);
        y += timelineHeight;
    }
    wave->setGeometry(0, y, width, std::max(0, q->height() - y));
    for (int i = 0; i < 4; ++i) {
        buttons[i]->setGeometry(theme::space() / 2 + i * kButton, StripEdge::kThick + (rulerHeight - kButton) / 2,
                                kButton, kButton);
    }
    const QString text = folded ? SoundStrip::tr("Show the sound of the recording")
                                : SoundStrip::tr("Fold the sound of the recording away");
    fold->setIcon(icon(folded ? u"chevron-up"_s : u"chevron-down"_s, IconTint::Secondary));
    fold->setToolTip(text);
    fold->setAccessibleName(text);
    rescale();
}

SoundStrip::SoundStrip(CallSound* sound, Player* player, DeskSettings* settings, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, sound, player, settings)) {
    setObjectName(u"soundStrip"_s);
    setAccessibleName(tr("The recording"));
    setLayoutDirection(Qt::LeftToRight);  // time runs the same way in every language
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    d->build();
    d->connectViews();
    d->connectSound();
    d->showCall();
}

SoundStrip::~SoundStrip() = default;

void SoundStrip::zoomIn() {
    d->zoom(kZoomStep);
}
void SoundStrip::zoomOut() {
    d->zoom(1 / kZoomStep);
}
void SoundStrip::zoomAll() {
    d->turn(TimeScale(d->scale.whole(), d->axisWidth()));
}

void SoundStrip::setRecordingMessage(const QString& message) {
    if (message != d->recordingMessage) {
        d->recordingMessage = message;
        d->showState();
        d->describe();
    }
}

bool SoundStrip::isFolded() const {
    return d->edge->isFolded();
}

void SoundStrip::setFolded(bool folded) {
    d->edge->setFolded(folded);
}

QSize SoundStrip::sizeHint() const {
    return {800, isFolded() ? minimumSizeHint().height() : d->edge->wantedHeight(window()->height())};
}

QSize SoundStrip::minimumSizeHint() const {
    const int rulerHeight = d->ruler->sizeHint().height();
    return {320, isFolded() ? StripEdge::kThick + rulerHeight : StripEdge::kLeastHeight};
}

void SoundStrip::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->arrange();
}

void SoundStrip::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    window()->installEventFilter(this);
    updateGeometry();  // now the window has its size
    d->showState();
}

void SoundStrip::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    d->showState();
}

void SoundStrip::changeEvent(QEvent* event) {
    if (event->type() == QEvent::FontChange) {
        d->measure();
        d->arrange();
    }
    QWidget::changeEvent(event);
}

bool SoundStrip::eventFilter(QObject* watched, QEvent* event) {
    if (watched == window() && event->type() == QEvent::Resize) {
        updateGeometry();  // a low window gives less
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace earmark
