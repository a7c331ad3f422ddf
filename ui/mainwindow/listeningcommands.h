// Hangs the commands of listening onto the desk: the one place where a key meets what it does to the sound. Main thread
// only.
#pragma once

#include <QDeadlineTimer>
#include <QObject>
#include <functional>

#include "models/domain/calldetails.h"
#include "ui/common/deskservices.h"
#include "ui/mainwindow/deskcommands.h"

class QMainWindow;

namespace earmark {

class CallTable;
class DetailPane;
class DigitDispositions;
class MarksDesk;
class PlayerBar;
class SoundStrip;
class TranscriptDesk;

class ListeningCommands final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ListeningCommands)

 public:
    struct Parts {
        QMainWindow* window = nullptr;
        DeskActions* actions = nullptr;
        CallTable* table = nullptr;
        DetailPane* pane = nullptr;
        PlayerBar* bar = nullptr;
        SoundStrip* strip = nullptr;
        DigitDispositions* digits = nullptr;
    };
    ListeningCommands(const DeskServices& services, const Parts& parts, QObject* parent);
    [[nodiscard]] bool hasUnsavedMarks() const;
    [[nodiscard]] MarksDesk* marks() const { return m_marks; }

 private:
    void connectTransport();
    void connectSpeed();
    void connectVoices();
    void connectTranscript();
    void connectMarks();
    void connectDigits();
    void connectDialogs();
    void connectStrip();
    void playOrPause();
    void cycleSkipSilence();
    [[nodiscard]] bool hasVoices();
    void voicesTogether();
    void solo(Speaker speaker);
    void goToTime();
    void setDisposition(int digit);
    void say(const QString& sentence);
    void on(DeskCommand command, const std::function<void()>& run);

    const DeskServices m_services;
    const Parts m_parts;
    TranscriptDesk* m_transcript = nullptr;  ///< goes to any place of the shown call
    MarksDesk* m_marks = nullptr;
    QDeadlineTimer m_digitsRest;  ///< digits that follow belong to a time that could not be given
};

}  // namespace earmark
