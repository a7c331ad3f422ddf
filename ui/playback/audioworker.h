// Keeps one sound device open: finds it, notices when it goes and when one comes back. Lives in the audio thread;
// everything here is called there.
#pragma once

#include <QList>
#include <QObject>
#include <QTimer>
#include <chrono>
#include <memory>
#include <optional>

#include "ui/playback/outputdevice.h"
#include "ui/playback/soundoutput.h"
#include "ui/playback/soundsystem.h"

namespace earmark {

/// What the sound is made with; a device that is opened later, and a thread that takes over, are told again.
struct SoundSetting {
    std::shared_ptr<const PcmStore> samples;
    double gain = 1;
    double tempo = 1;
    VoiceMix voices;
    PlaybackPath path;
    QByteArray device;  ///< "": the system's choice. One that is not there: the system's, until it comes
};

/// How often a sound server is looked for that is `gone` for so long: one that was there before is soon back, or late.
[[nodiscard]] std::chrono::milliseconds lookForServerEvery(std::chrono::milliseconds gone, bool wasThere);

class AudioWorker final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AudioWorker)

 public:
    explicit AudioWorker(SoundSystemMaker makeSystem);
    ~AudioWorker() override;

    /// Whether the thread must not end while the process lives.
    [[nodiscard]] bool needsThisThread() const { return m_system && m_system->needsThisThread(); }
    /// After a thread that hangs: nobody hears anything until a device has proven that it plays.
    void takeOver(const SoundSetting& setting);
    void setSamples(std::shared_ptr<const PcmStore> samples);  ///< looks for a device, but opens none yet
    void play(const SoundOrder& order);
    void halt();
    void setGain(double amplitude);
    void setTempo(double tempo);
    void setVoices(const VoiceMix& mix);
    void setPath(const PlaybackPath& path);
    void setDevice(const QByteArray& id);

 Q_SIGNALS:
    void reported(const earmark::SoundReport& report);
    void deviceFound(bool found);
    void devicesChanged(const QList<earmark::OutputDevice>& devices);

 private:
    [[nodiscard]] QList<OutputDevice> lookedAt();
    [[nodiscard]] QByteArray wantedOf(const QList<OutputDevice>& devices) const;
    [[nodiscard]] std::unique_ptr<SoundDevice> opened(const QByteArray& id);
    void watchDevices();
    void lookForDevice();
    void moveTo(const QByteArray& id);
    void giveUp();
    void retry(QList<OutputDevice> devices);
    void judgeTrial(SteadyTime time);
    void drop();
    void beat();

    const SoundSystemMaker m_makeSystem;
    std::unique_ptr<SoundSystem> m_system;  ///< made when the first recording comes
    std::unique_ptr<SoundDevice> m_device;
    QByteArray m_deviceId;
    QTimer m_beat;
    QTimer m_retry;
    QTimer m_watch;           ///< while the device rests
    bool m_isGone = false;    ///< no device, and the main thread was told
    bool m_wasThere = false;  ///< one could be opened some day
    bool m_onTrial = false;   ///< a device is open again, but has not proven that it plays
    QList<OutputDevice> m_told;
    QList<QByteArray> m_refused;  ///< could not be opened; until other devices are told
    SoundSetting m_setting;
    std::optional<SoundOrder> m_order;  ///< what plays
    std::int64_t m_lastWritten = 0;
    SteadyTime m_lastPull{};
    SteadyTime m_lastLook{};
    SteadyTime m_lastHurry{};
    SteadyTime m_goneSince{};
};

}  // namespace earmark
