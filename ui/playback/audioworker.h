// Owns the sound device: finds it, keeps one sink running, notices when it goes and when one comes back. Lives in the
// audio thread; everything here is called there.
#pragma once

#include <QAudioFormat>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>

#include "ui/playback/soundoutput.h"

class QAudioDevice;
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
    void play(std::int64_t frame, quint64 order);
    void halt();
    void setGain(double amplitude);

 Q_SIGNALS:
    void reported(const earmark::SoundReport& report);
    void deviceFound(bool found);

 private:
    struct Order {
        std::int64_t frame = 0;
        quint64 number = 0;
    };

    void watchDevices();
    void lookForDevice();
    void giveUp();
    void retry();
    void judgeTrial(SteadyTime time);
    [[nodiscard]] bool openSink();
    [[nodiscard]] static std::optional<QAudioFormat> formatFor(const QAudioDevice& device);
    void dropSink();
    void beat();
    [[nodiscard]] std::int64_t playedFrames() const;

    QMediaDevices* m_devices = nullptr;
    QAudioSink* m_sink = nullptr;
    QPointer<PcmFeed> m_feed;  ///< child of the sink, which reads from it until it is gone
    QTimer m_beat;
    QTimer m_retry;
    QByteArray m_device;     ///< that the sink plays on
    bool m_isGone = false;   ///< no device, and the main thread was told
    bool m_onTrial = false;  ///< a sink is open again, but has not proven that it plays
    std::shared_ptr<const PcmStore> m_samples;
    double m_gain = 1;
    std::int64_t m_lastWritten = 0;
    SteadyTime m_lastPull{};
    SteadyTime m_lastLook{};
};

}  // namespace earmark
