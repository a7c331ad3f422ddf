// The sound device as the main thread sees it: orders go to the audio thread, answers come back as signals. The thread
// starts with the first recording, so a start of the program pays nothing for it. Main thread only.
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QThread>
#include <functional>

#include "ui/playback/outputdevice.h"
#include "ui/playback/soundoutput.h"

namespace earmark {

class AudioWorker;

class AudioOutput final : public QObject, public SoundOutput {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AudioOutput)

 public:
    explicit AudioOutput(QObject* parent = nullptr);
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

 private:
    void start();
    void post(std::function<void(AudioWorker&)> order);

    QThread* m_thread = nullptr;
    AudioWorker* m_worker = nullptr;  ///< lives in the thread and is deleted there
    double m_gain = 1;
    QByteArray m_device;
};

}  // namespace earmark
