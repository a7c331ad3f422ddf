#include "ui/playback/playerbar.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QTimer>
#include <QToolButton>
#include <algorithm>
#include <limits>

#include "models/domain/timings.h"
#include "ui/common/desksettings.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/playback/jumpslider.h"
#include "ui/playback/listeningcontrols.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr auto kSkip = 10s;
constexpr int kKeyStepMs = 3000;
constexpr int kPageStepMs = 10000;
constexpr int kUsefulLine = 160;  // of the line of time, beyond its least width
constexpr int kScrubMs = 80;      // while the hand drags, the sound follows so often

const QString kVolumeKey = u"player/volume"_s;
const QString kMutedKey = u"player/muted"_s;

int milliseconds(std::chrono::milliseconds time) {
    return static_cast<int>(std::clamp<qint64>(time.count(), 0, std::numeric_limits<int>::max()));
}

QString timeText(int ms) {
    return durationText(ms / 1000);
}

}  // namespace

class PlayerBar::Private final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(PlayerBar* bar, Player* bars, DeskSettings* remembered);

    void arrange();
    void connectPlayer();
    void connectControls();
    void readSettings();
    void rememberVolume();
    void showState();
    void showPosition();
    void showVolume();
    void showMessage();
    void playOrPause();
    void scrub(int value);
    void sendScrub();
    void fit();

    PlayerBar* const q;
    Player* const player;
    DeskSettings* const settings;
    QToolButton* play = nullptr;
    QToolButton* back = nullptr;
    QToolButton* forward = nullptr;
    QToolButton* mute = nullptr;
    JumpSlider* seek = nullptr;
    JumpSlider* volume = nullptr;
    PlainLabel* elapsed = nullptr;
    PlainLabel* left = nullptr;
    PlainLabel* message = nullptr;
    QTimer scrubTimer;
    QString given;    ///< setMessage()
    QString nothing;  ///< setNothingToPlay()
    QHBoxLayout* all = nullptr;
    ListeningControls* controls = nullptr;

 private:
    QToolButton* button(const QString& name, int size);
    PlainLabel* timeLabel(Qt::Alignment alignment);
    [[nodiscard]] QString messageText(bool* isTrouble) const;
};

PlayerBar::Private::Private(PlayerBar* bar, Player* played, DeskSettings* remembered)
    : q(bar), player(played), settings(remembered) {
    scrubTimer.setSingleShot(true);
    scrubTimer.setInterval(kScrubMs);
}

QToolButton* PlayerBar::Private::button(const QString& name, int size) {
    auto* result = new QToolButton(q);
    result->setIcon(icon(name));
    result->setIconSize({size, size});
    result->setAutoRaise(true);
    result->setFocusPolicy(Qt::TabFocus);
    const int side = size + theme::space() * 2;
    result->setFixedSize(side, side);
    return result;
}

PlainLabel* PlayerBar::Private::timeLabel(Qt::Alignment alignment) {
    auto* label = new PlainLabel(q);
    label->setFont(theme::tabularFont(q->font()));
    label->setAlignment(alignment | Qt::AlignVCenter);
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(u"-0:00:00"_s));
    return label;
}

void PlayerBar::Private::arrange() {
    const int space = theme::space();
    back = button(u"back-10"_s, space * 5 / 2);
    play = button(u"play"_s, space * 3);
    forward = button(u"forward-10"_s, space * 5 / 2);
    mute = button(u"volume"_s, space * 5 / 2);
    seek = new JumpSlider(q);
    seek->setSingleStep(kKeyStepMs);
    seek->setPageStep(kPageStepMs);
    seek->setHoverText(timeText);
    volume = new JumpSlider(q);
    volume->setRange(0, 100);
    volume->setSingleStep(5);
    volume->setPageStep(20);
    volume->setFixedWidth(space * 12);
    elapsed = timeLabel(Qt::AlignRight);
    left = timeLabel(Qt::AlignLeft);
    message = new PlainLabel(q);
    message->setMinimumHeight(space * 2);
    message->setContentsMargins(JumpSlider::kEdge, 0, 0, 0);  // under the beginning of the line

    seek->setAccessibleName(PlayerBar::tr("Position in the recording"));
    seek->setObjectName(u"playerSeek"_s);
    volume->setAccessibleName(PlayerBar::tr("Volume"));
    volume->setToolTip(PlayerBar::tr("Volume"));
    volume->setObjectName(u"playerVolume"_s);
    play->setObjectName(u"playerPlay"_s);
    message->setObjectName(u"playerMessage"_s);
    elapsed->setObjectName(u"playerElapsed"_s);
    left->setObjectName(u"playerLeft"_s);
    elapsed->setAccessibleName(PlayerBar::tr("Elapsed"));
    left->setAccessibleName(PlayerBar::tr("Left"));
    back->setAccessibleName(PlayerBar::tr("Back 10 seconds"));
    back->setToolTip(PlayerBar::tr("Back 10 seconds (J)"));
    forward->setAccessibleName(PlayerBar::tr("Forward 10 seconds"));
    forward->setToolTip(PlayerBar::tr("Forward 10 seconds (L)"));

    auto* middle = new QGridLayout;
    middle->setHorizontalSpacing(space);
    middle->setVerticalSpacing(0);
    middle->setColumnStretch(1, 1);
    middle->addWidget(elapsed, 0, 0);
    middle->addWidget(seek, 0, 1);
    middle->addWidget(left, 0, 2);
    middle->addWidget(message, 1, 1, 1, 2);
    all = new QHBoxLayout(q);
    all->setContentsMargins(space, space, space * 2, space);
    all->setSpacing(space / 2);
    for (QToolButton* each : {back, play, forward}) {
        all->addWidget(each);
    }
    all->addSpacing(space);
    all->addLayout(middle, 1);
    all->addSpacing(space);
    all->addWidget(mute);
    all->addWidget(volume);
    q->setLayoutDirection(Qt::LeftToRight);  // transport and time run the same way in every language
    q->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PlayerBar::Private::connectPlayer() {
    connect(player, &Player::stateChanged, this, &Private::showState);
    connect(player, &Player::durationChanged, this, &Private::showPosition);
    connect(player, &Player::positionChanged, this, &Private::showPosition);
    connect(player, &Player::volumeChanged, this, &Private::showVolume);
    connect(player, &Player::volumeChanged, this, &Private::rememberVolume);
    connect(player, &Player::deviceChanged, this, &Private::showMessage);
    connect(player, &Player::noticeChanged, this, &Private::showMessage);
}

void PlayerBar::Private::connectControls() {
    connect(play, &QToolButton::clicked, this, &Private::playOrPause);
    connect(back, &QToolButton::clicked, this, [this] { player->skip(-kSkip); });
    connect(forward, &QToolButton::clicked, this, [this] { player->skip(kSkip); });
    connect(seek, &JumpSlider::moved, this, &Private::scrub);
    connect(&scrubTimer, &QTimer::timeout, this, [this] { sendScrub(); });
    connect(mute, &QToolButton::clicked, this, [this] { player->setMuted(!player->isMuted()); });
    connect(volume, &JumpSlider::moved, this, [this](int value) {
        player->setMuted(false);
        player->setVolume(value / 100.0);
    });
}

void PlayerBar::Private::readSettings() {
    if (settings) {
        player->setVolume(settings->value(kVolumeKey, 1.0).toDouble());
        player->setMuted(settings->value(kMutedKey, false).toBool());
    }
}

void PlayerBar::Private::playOrPause() {
    switch (player->state()) {
        case PlayerState::Empty:
        case PlayerState::Failed:
            Q_EMIT q->playRequested();
            return;
        case PlayerState::Loading:
        case PlayerState::Paused:
        case PlayerState::Playing:
        case PlayerState::Ended:
            player->togglePlaying();
            return;
    }
}

void PlayerBar::Private::scrub(int value) {
    elapsed->setData(timeText(value));
    if (!seek->isSliderDown()) {
        scrubTimer.stop();
        sendScrub();
    } else if (!scrubTimer.isActive()) {
        scrubTimer.start();
    }
}

void PlayerBar::Private::sendScrub() {
    player->seek(std::chrono::milliseconds(seek->sliderPosition()));
}

void PlayerBar::Private::showState() {
    const PlayerState state = player->state();
    const bool plays = state == PlayerState::Playing || player->isWaiting();
    play->setIcon(icon(plays ? u"pause"_s : u"play"_s));
    play->setAccessibleName(plays ? PlayerBar::tr("Pause") : PlayerBar::tr("Play"));
    const bool cannot = state == PlayerState::Empty && !nothing.isEmpty();
    play->setEnabled(!cannot);
    play->setToolTip(cannot  ? plainToolTip(nothing)
                     : plays ? PlayerBar::tr("Pause (Space)")
                             : PlayerBar::tr("Play (Space)"));
    const bool open = state == PlayerState::Paused || state == PlayerState::Playing || state == PlayerState::Ended;
    for (QWidget* each : std::initializer_list<QWidget*>{back, forward, seek}) {
        each->setEnabled(open);
    }
    showPosition();
    showMessage();
}

void PlayerBar::Private::showPosition() {
    const int duration = milliseconds(player->duration());
    const int position = milliseconds(player->position());
    if (seek->maximum() != duration) {
        const QSignalBlocker quiet(seek);
        seek->setRange(0, duration);
        seek->update();
    }
    seek->showValue(position);
    const bool open = duration > 0;
    if (!seek->isSliderDown()) {
        elapsed->setData(open ? timeText(position) : QString());
    }
    // Rounded up, so that elapsed and left add up to the length and 0 is the end.
    left->setData(open ? u"-"_s + durationText((duration / 1000) - (position / 1000)) : QString());
    const QString spoken = open ? PlayerBar::tr("%1 of %2").arg(timeText(position), timeText(duration)) : QString();
    if (seek->accessibleDescription() != spoken) {
        seek->setAccessibleDescription(spoken);
    }
}

void PlayerBar::Private::showVolume() {
    const bool silent = player->isMuted() || player->volume() <= 0;
    mute->setIcon(icon(silent ? u"volume-muted"_s : u"volume"_s));
    mute->setAccessibleName(player->isMuted() ? PlayerBar::tr("Sound on") : PlayerBar::tr("Mute"));
    mute->setToolTip(player->isMuted() ? PlayerBar::tr("Muted: click to hear again") : PlayerBar::tr("Mute"));
    volume->showValue(static_cast<int>(std::lround(player->volume() * 100)));
}

void PlayerBar::Private::rememberVolume() {
    if (settings) {
        settings->setValue(kVolumeKey, player->volume());
        settings->setValue(kMutedKey, player->isMuted());
    }
}

QString PlayerBar::Private::messageText(bool* isTrouble) const {
    const PlayerState state = player->state();
    *isTrouble = false;
    if (state == PlayerState::Empty) {
        return given;
    }
    if (state == PlayerState::Failed) {
        *isTrouble = true;
        return player->problem() ? errorText(*player->problem()) : given;
    }
    if (state == PlayerState::Loading) {
        return PlayerBar::tr("Opening the recording …");
    }
    QStringList sentences;
    if (!given.isEmpty()) {
        sentences << given;
    }
    if (player->isWaiting()) {
        sentences << PlayerBar::tr("Waiting until this part is read …");
    }
    if (!player->soundAnswers()) {
        *isTrouble = true;
        sentences << PlayerBar::tr(
            "The computer's sound does not answer: the position runs, but nothing is heard. It is tried again by "
            "itself; if that lasts, restart the computer's sound service.");
    } else if (!player->hasDevice()) {
        *isTrouble = true;
        sentences << PlayerBar::tr("No sound device: the position runs, but nothing is heard. Connect one to listen.");
    }
    if (!player->notice().isEmpty()) {
        *isTrouble = true;
        sentences << player->notice();
    }
    return sentences.join(u' ');
}

void PlayerBar::Private::showMessage() {
    bool isTrouble = false;
    message->setData(messageText(&isTrouble));
    QPalette colours;
    colours.setColor(QPalette::WindowText, isTrouble ? theme::warning() : theme::secondaryText());
    message->setPalette(colours);
}

/// The line of time is what the bar is for: the controls step back before it gets too short to aim at.
void PlayerBar::Private::fit() {
    if (controls != nullptr) {
        const int others = all->minimumSize().width() - controls->minimumSizeHint().width();
        controls->setCompact(q->width() < others + controls->fullWidth() + kUsefulLine);
    }
}

PlayerBar::PlayerBar(Player* player, DeskSettings* settings, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, player, settings)) {
    setAccessibleName(tr("Player"));
    d->arrange();
    d->readSettings();
    d->connectPlayer();
    d->connectControls();
    d->showState();
    d->showVolume();
}

PlayerBar::~PlayerBar() = default;

void PlayerBar::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && d->message) {
        d->showMessage();
    }
}

void PlayerBar::addControls(ListeningControls* controls) {
    d->controls = controls;
    d->all->insertWidget(d->all->indexOf(d->mute), controls);
    d->fit();
}

void PlayerBar::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    d->fit();
}

void PlayerBar::setNothingToPlay(const QString& why) {
    d->nothing = why;
    d->showState();
}

void PlayerBar::setMessage(const QString& message) {
    d->given = message;
    d->showMessage();
}

}  // namespace earmark

#include "playerbar.moc"
