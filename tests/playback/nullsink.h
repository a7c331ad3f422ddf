// A private PulseAudio server with a sink that nobody hears, and a recorder that keeps what would have been heard.
// Needs the packages pulseaudio and pulseaudio-utils; works as root, without D-Bus and without hardware.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdint>
#include <memory>
#include <vector>

namespace earmark {

class NullSink final {
 public:
    static constexpr int kRate = 8000;

    /// `rate` is that of the recorder; the sink itself runs at 48 kHz.
    explicit NullSink(int rate = kRate) : m_rate(rate) {}
    NullSink(const NullSink&) = delete;
    NullSink& operator=(const NullSink&) = delete;
    ~NullSink();

    /// Sets PULSE_* for this process too, so it comes before the first use of Qt Multimedia. "" or why it cannot be.
    [[nodiscard]] QString start();
    /// The same, but the server has no sink until one is added.
    [[nodiscard]] QString startWithoutSink();
    void stop();
    void kill();  ///< as when it crashes
    /// After stop() or kill(): the same server again, with the sink that it began with.
    [[nodiscard]] QString restart();

    // While the server lives. False when the server refuses.
    [[nodiscard]] bool addSink(const QString& name);
    [[nodiscard]] bool hasSink(const QString& name) const { return m_modules.contains(name); }  ///< added by addSink()
    [[nodiscard]] QString moduleOf(const QString& name) const { return m_modules.value(name); }
    [[nodiscard]] bool removeSink(const QString& name);
    [[nodiscard]] bool setDefaultSink(const QString& name);
    [[nodiscard]] bool suspendSink(const QString& name, bool suspended);

    /// Records from now on; ready when it returns "".
    [[nodiscard]] QString startRecording(const QString& sink = QStringLiteral("testsink"));
    /// Frames heard so far; call with the event loop running.
    [[nodiscard]] std::int64_t recordedFrames() const { return m_recorded.size() / 4; }
    /// Stereo, interleaved, at the recorder's rate.
    [[nodiscard]] std::vector<std::int16_t> recorded() const;
    void stopRecording();

 private:
    [[nodiscard]] QString startServer();
    [[nodiscard]] static bool pactl(const QStringList& arguments, QByteArray* answer = nullptr);

    const int m_rate;
    bool m_startsWithSink = true;
    QHash<QString, QString> m_modules;  ///< by the sink's name
    QTemporaryDir m_folder;
    QProcess m_server;
    std::unique_ptr<QProcess> m_recorder;
    QByteArray m_recorded;
};

}  // namespace earmark
