#include "ui/playback/listeningcontrols.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QToolButton>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include "models/domain/timings.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/playback/callsound.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kTempos{0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5, 1.7, 2.0, 2.5, 3.0};

QString savedText(const SkipPlan& plan) {
    return durationText(double(plan.saved().count()) / 1000);
}

}  // namespace

ListeningControls::ListeningControls(Player* player, CallSound* sound, DeskSettings* settings, QWidget* parent)
    : QWidget(parent), m_player(player), m_sound(sound), m_settings(settings) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space() / 2);
    m_again = button(u"playerAgain"_s, tr("Again, slower"));
    m_tempo = button(u"playerTempo"_s, tr("Speed"));
    m_skip = button(u"playerSkip"_s, tr("Skip silence"));
    m_voices = button(u"playerVoices"_s, tr("Voices"));
    m_loop = button(u"playerLoop"_s, tr("Loop"));
    m_more = button(u"playerMore"_s, tr("More of listening"));
    m_more->hide();
    m_again->setText(tr("Again"));
    m_again->setToolTip(tr("Again, slower: 3 s back at 0.8x, then as before (Backspace)"));
    for (QToolButton* each : {m_again, m_tempo, m_skip, m_voices, m_loop, m_more}) {
        row->addWidget(each);
    }
    connect(m_again, &QToolButton::clicked, m_player, &Player::againSlower);
    connect(m_loop, &QToolButton::clicked, m_player, &Player::markLoop);
    addMenu(m_tempo, &ListeningControls::fillTempoMenu);
    addMenu(m_skip, &ListeningControls::fillSkipMenu);
    addMenu(m_voices, &ListeningControls::fillVoicesMenu);
    addMenu(m_more, &ListeningControls::fillMoreMenu);
    connect(m_player, &Player::tempoChanged, this, &ListeningControls::showTempo);
    connect(m_player, &Player::loopChanged, this, &ListeningControls::showLoop);
    connect(m_sound, &CallSound::skipsChanged, this, &ListeningControls::showSkips);
    connect(m_sound, &CallSound::mapChanged, this, [this] {
        showSkips();
        showVoices();
    });
    connect(m_sound, &CallSound::voicesChanged, this, &ListeningControls::showVoices);
    keepWidths();
    showTempo();
    showSkips();
    showVoices();
    showLoop();
}

/// As wide as their longest usual words, so that nothing moves away under the hand when a state changes.
void ListeningControls::keepWidths() {
    const std::array longest{std::pair(m_tempo, tr("%1x").arg(locale().toString(0.5, 'f', 1))),
                             std::pair(m_skip, tr("Skips %1").arg(u"00:00"_s)),
                             std::pair(m_voices, tr("Customer only")),
                             std::pair(m_loop, tr("Loop %1\u2013%2").arg(u"00:00"_s, u"00:00"_s)),
                             std::pair(m_more, tr("More (%1)").arg(3))};
    for (const auto& [button, text] : longest) {
        button->setText(text);
        button->setMinimumWidth(button->sizeHint().width());
    }
}

QToolButton* ListeningControls::button(const QString& name, const QString& accessibleName) {
    auto* result = new QToolButton(this);
    result->setObjectName(name);
    result->setAccessibleName(accessibleName);
    result->setAutoRaise(true);
    result->setFocusPolicy(Qt::TabFocus);
    return result;
}

/// Opens upwards, for the bar is the last thing in the window. The style's own sign for a menu would touch the words.
void ListeningControls::addMenu(QToolButton* of, void (ListeningControls::*fill)(QMenu*)) {
    auto* menu = new QMenu(of);
    of->setIcon(icon(u"chevron-up"_s, IconTint::Secondary));
    of->setIconSize({theme::space() * 5 / 4, theme::space() * 5 / 4});
    of->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    of->setLayoutDirection(Qt::RightToLeft);  // the sign stands behind the words
    connect(of, &QToolButton::clicked, menu, [this, of, menu, fill] {
        menu->setLayoutDirection(QGuiApplication::layoutDirection());
        menu->clear();
        (this->*fill)(menu);  // before it is measured
        menu->popup(of->mapToGlobal(QPoint(0, 0)) - QPoint(0, menu->sizeHint().height()));
    });
}

void ListeningControls::setCompact(bool compact) {
    if (compact == m_compact) {
        return;
    }
    m_compact = compact;
    const bool hadFocus = isAncestorOf(QApplication::focusWidget());
    for (QToolButton* each : {m_again, m_skip, m_voices, m_loop}) {
        each->setVisible(!compact);
    }
    m_more->setVisible(compact);
    if (hadFocus) {
        m_tempo->setFocus(Qt::OtherFocusReason);  // the one that had it may be gone
    }
}

int ListeningControls::fullWidth() const {
    int width = -layout()->spacing();
    for (const QToolButton* each : {m_again, m_tempo, m_skip, m_voices, m_loop}) {
        width += std::max(each->sizeHint().width(), each->minimumWidth()) + layout()->spacing();
    }
    return width;
}

QSize ListeningControls::minimumSizeHint() const {
    const auto least = [](const QToolButton* each) { return std::max(each->sizeHint().width(), each->minimumWidth()); };
    return {least(m_tempo) + layout()->spacing() + least(m_more), m_tempo->sizeHint().height()};
}

void ListeningControls::wheelEvent(QWheelEvent* event) {
    const int notches = event->angleDelta().y() / 120;
    if (notches != 0 && m_tempo->geometry().contains(event->position().toPoint())) {
        listening::chooseTempo(m_player, m_settings, m_player->tempo() + 0.1 * notches);
        event->accept();
        return;
    }
    QWidget::wheelEvent(event);
}

void ListeningControls::fillTempoMenu(QMenu* menu) {
    for (const double tempo : kTempos) {
        QAction* const action = menu->addAction(tr("%1x").arg(locale().toString(tempo, 'f', 1)));
        action->setCheckable(true);
        action->setChecked(std::abs(tempo - m_player->tempo()) < 0.05);
        connect(action, &QAction::triggered, this,
                [this, tempo] { listening::chooseTempo(m_player, m_settings, tempo); });
    }
}

void ListeningControls::fillSkipMenu(QMenu* menu) {
    const bool known = m_sound->map() != nullptr;
    const std::array modes{
        std::pair(SkipMode::Off, tr("Play silence")),
        std::pair(SkipMode::Gentle, known
                                        ? tr("Skip gently: saves %1").arg(savedText(m_sound->skipsIn(SkipMode::Gentle)))
                                        : tr("Skip gently")),
        std::pair(SkipMode::Strong,
                  known ? tr("Skip strongly: saves %1").arg(savedText(m_sound->skipsIn(SkipMode::Strong)))
                        : tr("Skip strongly"))};
    for (const auto& [mode, text] : modes) {
        QAction* const action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(mode == m_sound->skipMode());
        connect(action, &QAction::triggered, this, [this, mode = mode] { m_sound->setSkipMode(mode); });
    }
}

void ListeningControls::fillVoicesMenu(QMenu* menu) {
    const bool stereo = m_sound->channelOf(Speaker::Agent).has_value();
    const std::array voices{std::pair(Speaker::Unknown, tr("Both voices")),
                            std::pair(Speaker::Agent, tr("Only the agent")),
                            std::pair(Speaker::Customer, tr("Only the customer"))};
    for (const auto& [voice, text] : voices) {
        QAction* const action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(voice == m_sound->soloVoice());
        action->setEnabled(stereo);
        connect(action, &QAction::triggered, this, [this, voice = voice] {
            if (voice != m_sound->soloVoice()) {
                m_sound->solo(voice);
            }
        });
    }
    menu->addSeparator();
    const std::array balances{std::pair(-0.5, tr("Agent louder")), std::pair(0.0, tr("Both alike")),
                              std::pair(0.5, tr("Customer louder"))};
    for (const auto& [balance, text] : balances) {
        QAction* const action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(std::abs(balance - m_sound->balance()) < 0.01);
        action->setEnabled(stereo);
        connect(action, &QAction::triggered, this, [this, balance = balance] { m_sound->setBalance(balance); });
    }
    menu->addSeparator();
    QAction* const together = menu->addAction(tr("Both voices on both sides"));
    together->setCheckable(true);
    together->setChecked(m_sound->isTogether());
    together->setEnabled(stereo);
    connect(together, &QAction::triggered, m_sound, &CallSound::setTogether);
    QAction* const swap = menu->addAction(tr("Swap the voices (for all calls of this account)"));
    swap->setEnabled(stereo);
    connect(swap, &QAction::triggered, m_sound, &CallSound::swapVoices);
}

void ListeningControls::fillMoreMenu(QMenu* menu) {
    connect(menu->addAction(tr("Again, slower")), &QAction::triggered, m_player, &Player::againSlower);
    connect(menu->addAction(m_loop->text()), &QAction::triggered, m_player, &Player::markLoop);
    menu->addSeparator();
    fillSkipMenu(menu);
    menu->addSeparator();
    fillVoicesMenu(menu);
}

/// What is at work behind the one button is counted on it and told in its words.
void ListeningControls::showMore() {
    QStringList atWork;
    if (m_sound->skipMode() != SkipMode::Off) {
        atWork << m_skip->text();
    }
    if (m_sound->soloVoice() != Speaker::Unknown) {
        atWork << m_voices->text();
    }
    if (m_player->loop() || m_player->loopBegin()) {
        atWork << m_loop->text();
    }
    m_more->setText(atWork.isEmpty() ? tr("More") : tr("More (%1)").arg(atWork.size()));
    m_more->setToolTip(atWork.isEmpty() ? tr("Again slower, silence, voices, loop") : atWork.join(u" \u00b7 "_s));
    m_more->setAccessibleDescription(m_more->toolTip());
}

void ListeningControls::showTempo() {
    const QString chosen = tr("%1x").arg(locale().toString(m_player->tempo(), 'f', 1));
    const bool isSlower = std::abs(m_player->tempoHeard() - m_player->tempo()) > 0.01;
    m_tempo->setText(isSlower ? tr("%1x").arg(locale().toString(m_player->tempoHeard(), 'f', 1)) : chosen);
    m_tempo->setToolTip(tr("Speed %1. Keys [ and ] change it by 0.1, \\ goes back and forth.").arg(chosen));
    m_tempo->setAccessibleDescription(chosen);
}

void ListeningControls::showSkips() {
    const SkipMode mode = m_sound->skipMode();
    const bool known = m_sound->map() != nullptr && mode != SkipMode::Off;
    m_skip->setText(mode == SkipMode::Off ? tr("Silence")
                    : !known              ? tr("Skips \u2026")
                                          : tr("Skips %1").arg(savedText(m_sound->skips())));
    m_skip->setToolTip(mode == SkipMode::Off      ? tr("Silence is played (X)")
                       : mode == SkipMode::Gentle ? tr("Silence is skipped gently (X)")
                                                  : tr("Silence is skipped strongly (X)"));
    m_skip->setAccessibleDescription(m_skip->text());
    showMore();
}

void ListeningControls::showVoices() {
    const bool mono = m_sound->map() && m_sound->map()->format.channels < 2;
    m_voices->setText(mono                                        ? tr("Mono")
                      : m_sound->soloVoice() == Speaker::Agent    ? tr("Agent only")
                      : m_sound->soloVoice() == Speaker::Customer ? tr("Customer only")
                                                                  : tr("Both voices"));
    m_voices->setToolTip(mono ? tr("Both voices are on one channel, so they cannot be heard apart.")
                         : m_sound->isTogether()
                             ? tr("Whose voice is heard (A agent, C customer); each comes from both sides")
                             : tr("Whose voice is heard (A agent, C customer)"));
    m_voices->setAccessibleDescription(m_voices->text());
    showMore();
}

void ListeningControls::showLoop() {
    const auto text = [](std::chrono::milliseconds at) { return durationText(std::floor(double(at.count()) / 1000)); };
    if (const auto loop = m_player->loop()) {
        m_loop->setText(tr("Loop %1\u2013%2").arg(text(loop->begin), text(loop->end)));
        m_loop->setToolTip(tr("Played over and over; a click ends it (B)"));
    } else if (const auto begin = m_player->loopBegin()) {
        m_loop->setText(tr("Loop %1\u2013?").arg(text(*begin)));
        m_loop->setToolTip(tr("A click sets the end of the loop (B)"));
    } else {
        m_loop->setText(tr("Loop"));
        m_loop->setToolTip(tr("A click sets the beginning of a loop (B)"));
    }
    m_loop->setAccessibleDescription(m_loop->text());
    showMore();
}

}  // namespace earmark
