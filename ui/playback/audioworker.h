// Owns the sound device: finds it, keeps one sink running, notices when it goes and when one comes back. Lives in the
// audio thread; everything here is called there.
#pragma once

#include <QAudioDevice>
#include <QAudioFormat>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>

#include "ui/playback/outputdevice.h"
#include "ui/playback/soundoutput.h"

class QAudioSink;
class QMediaDevices;

namespace earmark {

class PcmFeed;

class AudioWorker final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AudioWorker)

 public:
    AudioWorker();
    ~AudioWorker() override;

    void setSamples(std::shared_ptr<const PcmStore> samples);  ///< looks for a device, but opens none yet
    void play(const SoundOrder& order);
    void halt();
    void setGain(double amplitude);
    void setTempo(double tempo);
    void setVoices(const VoiceMix& mix);
    void setPath(const PlaybackPath& path);
    /// "": the system's choice. One that is not there: the system's, until it comes.
    void setDevice(const QByteArray& id);

 Q_SIGNALS:
    void reported(const earmark::SoundReport& report);
    void deviceFound(bool found);
    void devicesChanged(const QList<earmark::OutputDevice>& devices);

 private:
    /// What the sound is made with; a device that is opened later is told again.
    struct Setting {
        std::shared_ptr<const PcmStore> samples;
        double gain = 1;
        double tempo = 1;
        VoiceMix voices;
        PlaybackPath path;
    };

    void tellDevices(const QList<QAudioDevice>& devices);
    [[nodiscard]] QAudioDevice wantedDevice() const;
    void moveTo(const QAudioDevice& device);
    void watchDevices();
    void lookForDevice();
    void giveUp();
    void retry();
    void judgeTrial(SteadyTime time);
    [[nodiscard]] bool openSink();
    [[nodiscard]] bool openSink(const QAudioDevice& device);
    [[nodiscard]] static std::optional<QAudioFormat> formatFor(const QAudioDevice& device);
    void dropSink();
    void retire(QAudioSink* sink);
    void beat();
    [[nodiscard]] std::int64_t playedFrames() const;

    QMediaDevices* m_devices = nullptr;
    QAudioSink* m_sink = nullptr;
    QPointer<PcmFeed> m_feed;  ///< child of the sink, which reads from it until it is gone
    QTimer m_beat;
    QTimer m_retry;
    QTimer m_watch;          ///< while the device rests
    QByteArray m_device;     ///< that the sink plays on
    bool m_isGone = false;   ///< no device, and the main thread was told
    bool m_onTrial = false;  ///< a sink is open again, but has not proven that it plays
    QByteArray m_chosen;     ///< "": the system's choice
    QList<OutputDevice> m_told;
    Setting m_setting;
    std::optional<SoundOrder> m_order;  ///< what plays
    std::int64_t m_lastWritten = 0;
    SteadyTime m_lastPull{};
    SteadyTime m_lastLook{};
};

}  // namespace earmark
