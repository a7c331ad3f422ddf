// The sound device as the main thread sees it: orders go to the audio thread, answers come back as signals. The thread
// starts with the first recording, so a start of the program pays nothing for it. Main thread only.
//
// A sound system that hangs holds the audio thread in a call that does not come back. Such a thread is left behind with
// all it touches, for nothing can take it out of there, and a fresh one takes over. If it comes back some day, it gives
// its device back in silence and ends; the one in which the sound library itself lives rests. It may have been only
// slow, so each successor is given twice the time, until a device was found. A process that has left one behind ends
// without tearing down what the thread may hold.
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QThread>
#include <QTimer>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "ui/playback/audioworker.h"
#include "ui/playback/outputdevice.h"
#include "ui/playback/soundoutput.h"
#include "ui/playback/soundsystem.h"

namespace earmark {

class AudioOutput final : public QObject, public SoundOutput {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AudioOutput)

 public:
    static constexpr std::chrono::milliseconds kPatience{2500};

    /// A thread that gives no answer for `patience` hangs, or is as slow as one that does.
    explicit AudioOutput(SoundSystemMaker makeSystem, std::chrono::milliseconds patience = kPatience);
    ~AudioOutput() override;

    void setSamples(std::shared_ptr<const PcmStore> samples) override;
    void play(const SoundOrder& order) override;
    void halt() override;
    void setGain(double amplitude) override;
    void setTempo(double tempo) override;
    void setVoices(const VoiceMix& mix) override;
    void setPath(const PlaybackPath& path) override;
    /// "": the system's choice.
    void setDevice(const QByteArray& id);

 Q_SIGNALS:
    void reported(const earmark::SoundReport& report);
    void deviceFound(bool found);
    void devicesChanged(const QList<earmark::OutputDevice>& devices);
    void stuck();  ///< nothing is heard until a device is found again

 private:
    /// What both threads know of one worker.
    struct Leash {
        std::atomic<quint64> answered{0};
        std::atomic<bool> isLeftBehind{false};
    };
    void start();
    void connectWorker();
    void post(std::function<void(AudioWorker&)> order);
    void askForLife();
    void leaveBehind();
    void cameBack();

    const SoundSystemMaker m_makeSystem;
    QThread* m_thread = nullptr;
    AudioWorker* m_worker = nullptr;  ///< lives in the thread and is deleted there
    std::shared_ptr<Leash> m_leash;
    quint64 m_asked = 0;
    quint64 m_answeredBefore = 0;
    int m_silence = 0;       ///< so many looks without an answer
    int m_leftBehind = 0;    ///< and not come back
    int m_patience = 1;      ///< times that of the first thread
    bool m_isStuck = false;  ///< told, and no device was found or missed since
    QTimer m_look;
    SoundSetting m_setting;
};

}  // namespace earmark
