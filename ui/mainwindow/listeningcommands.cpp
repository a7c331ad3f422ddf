#include "ui/mainwindow/listeningcommands.h"

#include <QLocale>
#include <QMainWindow>
#include <QStatusBar>
#include <cmath>

#include "models/domain/textfold.h"
#include "models/domain/timings.h"
#include "ui/common/desksettings.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/marksdesk.h"
#include "ui/detail/markspanel.h"
#include "ui/detail/reviewblock.h"
#include "ui/detail/transcriptdesk.h"
#include "ui/mainwindow/changekeysdialog.h"
#include "ui/mainwindow/digitdispositions.h"
#include "ui/mainwindow/gototimedialog.h"
#include "ui/mainwindow/keysheet.h"
#include "ui/mainwindow/preferencesdialog.h"
#include "ui/playback/callsound.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"
#include "ui/playback/playerbar.h"
#include "ui/soundstrip/soundstrip.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kSaidFor = 5000;  // ms
constexpr double kTempoStep = 0.1;
constexpr auto kDigitsRest = 2s;

QString skipSentence(const CallSound& sound) {
    const QString mode =
        sound.skipMode() == SkipMode::Gentle ? ListeningCommands::tr("gentle") : ListeningCommands::tr("strong");
    if (sound.skipMode() == SkipMode::Off) {
        return ListeningCommands::tr("Silence is played.");
    }
    if (!sound.map()) {
        return ListeningCommands::tr("Silence is skipped (%1).").arg(mode);
    }
    return ListeningCommands::tr("Silence is skipped (%1): saves %2 of this call.")
        .arg(mode, durationText(double(sound.skips().saved().count()) / 1000));
}

}  // namespace

ListeningCommands::ListeningCommands(const DeskServices& services, const Parts& parts, QObject* parent)
    : QObject(parent), m_services(services), m_parts(parts) {
    connectTransport();
    connectSpeed();
    connectVoices();
    connectTranscript();
    connectMarks();
    connectDigits();
    connectDialogs();
    connectStrip();
    listening::applyTo(services.player, *services.settings);
}

void ListeningCommands::on(DeskCommand command, const std::function<void()>& run) {
    connect(m_parts.actions->action(command), &QAction::triggered, this, run);
}

void ListeningCommands::say(const QString& sentence) {
    m_parts.window->statusBar()->showMessage(sentence, kSaidFor);
}

void ListeningCommands::connectTransport() {
    Player* const player = m_services.player;
    on(DeskCommand::PlayPause, [this] { playOrPause(); });
    on(DeskCommand::BackTen, [player] { player->skip(-10s); });
    on(DeskCommand::ForwardTen, [player] { player->skip(10s); });
    on(DeskCommand::BackThree, [player] { player->skip(-3s); });
    on(DeskCommand::ForwardThree, [player] { player->skip(3s); });
    on(DeskCommand::AgainSlower, [player] { player->againSlower(); });
    on(DeskCommand::Mute, [player] { player->setMuted(!player->isMuted()); });
    on(DeskCommand::GoToTime, [this] { goToTime(); });
    on(DeskCommand::Loop, [this, player] {
        if (player->duration() <= 0ms) {
            say(tr("No recording is open. Play opens it."));
            return;
        }
        player->markLoop();
        const auto text = [](std::chrono::milliseconds at) {
            return durationText(std::floor(double(at.count()) / 1000));
        };
        if (const auto loop = player->loop()) {
            say(tr("Loop from %1 to %2. The same key ends it.").arg(text(loop->begin), text(loop->end)));
        } else if (const auto begin = player->loopBegin()) {
            say(tr("The loop begins at %1. The same key sets its end.").arg(text(*begin)));
        } else {
            say(tr("The loop has ended."));
        }
    });
}

void ListeningCommands::connectSpeed() {
    Player* const player = m_services.player;
    DeskSettings* const settings = m_services.settings;
    const auto step = [this, player, settings](double by) {
        listening::chooseTempo(player, settings, player->tempo() + by);
        say(tr("Speed %1x").arg(m_parts.window->locale().toString(player->tempo(), 'f', 1)));
    };
    on(DeskCommand::Slower, [step] { step(-kTempoStep); });
    on(DeskCommand::Faster, [step] { step(kTempoStep); });
    on(DeskCommand::LastSpeed, [this, player, settings] {
        listening::toggleTempo(player, settings);
        say(tr("Speed %1x").arg(m_parts.window->locale().toString(player->tempo(), 'f', 1)));
    });
    on(DeskCommand::SkipSilence, [this] { cycleSkipSilence(); });
}

void ListeningCommands::connectVoices() {
    on(DeskCommand::SoloCustomer, [this] { solo(Speaker::Customer); });
    on(DeskCommand::SoloAgent, [this] { solo(Speaker::Agent); });
    on(DeskCommand::VoicesTogether, [this] { voicesTogether(); });
    on(DeskCommand::SwapVoices, [this] {
        if (m_services.sound->call()) {
            m_services.sound->swapVoices();
            say(tr("The voices of \"%1\" are swapped; this is remembered for the account.")
                    .arg(m_services.sound->call()->key.account));
        }
    });
}

void ListeningCommands::connectTranscript() {
    DetailPane* const pane = m_parts.pane;
    auto* desk = new TranscriptDesk(
        m_services, pane->transcript(), [pane] { pane->playRecording(); }, this);
    m_transcript = desk;
    on(DeskCommand::FollowTranscript, [this, desk] {
        desk->toggleFollowing();
        say(desk->isFollowing() ? tr("The transcript follows the sound.") : tr("The transcript stays where it is."));
    });
    on(DeskCommand::PreviousTurn, [this, desk] {
        if (!desk->previousTurn()) {
            say(tr("No turn is known before this place."));
        }
    });
    on(DeskCommand::NextTurn, [this, desk] {
        if (!desk->nextTurn()) {
            say(tr("No turn is known after this place."));
        }
    });
}

bool ListeningCommands::hasUnsavedMarks() const {
    return m_marks->hasUnsaved();
}

void ListeningCommands::connectMarks() {
    auto* panel = new MarksPanel;
    m_parts.pane->addBelow(panel);
    auto* desk = new MarksDesk(m_services, panel, this);
    m_marks = desk;
    connect(panel, &MarksPanel::playWanted, m_transcript, &TranscriptDesk::playFrom);
    connect(desk, &MarksDesk::said, this, &ListeningCommands::say);
    const auto mark = [this, desk](MarksDesk::Words words) {
        if (!desk->markHere(words)) {
            say(tr("No recording is open. Play opens it."));
        }
    };
    on(DeskCommand::MarkHere, [mark] { mark(MarksDesk::Words::None); });
    on(DeskCommand::MarkWithText, [mark] { mark(MarksDesk::Words::Wanted); });
    on(DeskCommand::ExportMarks, [this, desk] {
        if (!desk->exportAll()) {
            say(tr("This call has no marks to export. Mark a moment first."));
        }
    });
}

void ListeningCommands::connectDigits() {
    for (int digit = 1; digit <= DigitDispositions::kDigits; ++digit) {
        on(DeskCommand(int(DeskCommand::Disposition1) + digit - 1), [this, digit] { setDisposition(digit); });
    }
}

void ListeningCommands::connectDialogs() {
    on(DeskCommand::ShowKeys,
       [this] { (new KeySheet(m_parts.actions->keys(), m_parts.digits, m_parts.window))->open(); });
    on(DeskCommand::ChangeKeys, [this] { (new ChangeKeysDialog(m_parts.actions->keys(), m_parts.window))->open(); });
    on(DeskCommand::Preferences,
       [this] { (new PreferencesDialog(m_services, m_parts.digits, m_parts.window))->open(); });
}

void ListeningCommands::connectStrip() {
    SoundStrip* const strip = m_parts.strip;
    on(DeskCommand::ZoomIn, [strip] { strip->zoomIn(); });
    on(DeskCommand::ZoomOut, [strip] { strip->zoomOut(); });
    on(DeskCommand::ZoomAll, [strip] { strip->zoomAll(); });
    connect(strip, &SoundStrip::playWanted, m_transcript, &TranscriptDesk::playFrom);
}

void ListeningCommands::playOrPause() {
    Player* const player = m_services.player;
    const bool here = player->call().has_value() && player->call() == m_parts.pane->call();
    if (here && player->state() != PlayerState::Empty && player->state() != PlayerState::Failed) {
        player->togglePlaying();
    } else {
        m_parts.pane->playRecording();
    }
}

void ListeningCommands::cycleSkipSilence() {
    CallSound* const sound = m_services.sound;
    switch (sound->skipMode()) {
        case SkipMode::Off:
            sound->setSkipMode(SkipMode::Gentle);
            break;
        case SkipMode::Gentle:
            sound->setSkipMode(SkipMode::Strong);
            break;
        case SkipMode::Strong:
            sound->setSkipMode(SkipMode::Off);
            break;
    }
    say(skipSentence(*sound));
}

/// False, and it is said why: the voices of the shown call cannot be told apart.
bool ListeningCommands::hasVoices() {
    if (!m_services.sound->map()) {
        say(tr("Voices can be told apart once the recording is open."));
        return false;
    }
    if (!m_services.sound->channelOf(Speaker::Agent)) {
        say(tr("This recording has both voices on one channel, so they cannot be heard apart."));
        return false;
    }
    return true;
}

void ListeningCommands::voicesTogether() {
    CallSound* const sound = m_services.sound;
    if (!hasVoices()) {
        return;
    }
    sound->setTogether(!sound->isTogether());
    say(sound->isTogether() ? tr("Each voice is heard from both sides.")
                            : tr("Each voice is heard from its own side."));
}

void ListeningCommands::solo(Speaker speaker) {
    CallSound* const sound = m_services.sound;
    if (!hasVoices()) {
        return;
    }
    sound->solo(speaker);
    say(sound->soloVoice() == Speaker::Unknown    ? tr("Both voices are heard.")
        : sound->soloVoice() == Speaker::Customer ? tr("Only the customer is heard. The same key brings both back.")
                                                  : tr("Only the agent is heard. The same key brings both back."));
}

void ListeningCommands::goToTime() {
    Player* const player = m_services.player;
    if (player->duration() <= 0ms) {
        say(tr("No recording is open. Play opens it."));
        m_digitsRest.setRemainingTime(kDigitsRest);
        return;
    }
    auto* dialog = new GoToTimeDialog(player->position(), player->duration(), m_parts.window);
    connect(dialog, &GoToTimeDialog::timeGiven, player, &Player::seek);
    dialog->open();
}

void ListeningCommands::setDisposition(int digit) {
    if (!m_digitsRest.hasExpired()) {
        m_digitsRest.setRemainingTime(kDigitsRest);
        say(tr("No recording is open, so there is no time to go to. The number keys rest for a moment."));
        return;
    }
    const QString code = m_parts.digits->code(digit);
    ReviewBlock* const review = m_parts.pane->review();
    if (code.isEmpty()) {
        say(tr("No disposition stands on the key %1. Preferences can put one there.").arg(digit));
    } else if (!m_parts.pane->call() || review->isLocked()) {
        say(review->isLocked() ? tr("Nothing can be edited: the data folder cannot be written. Make it writable.")
                               : tr("No call is shown. Choose one in the table."));
    } else {
        review->bringBack(ReviewField::Disposition, code);
        say(tr("Disposition: %1").arg(isolated(code)));
    }
}

}  // namespace earmark
