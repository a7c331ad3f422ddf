// A private PulseAudio server with a sink that nobody hears, and a recorder that keeps what would have been heard.
// Needs the packages pulseaudio and pulseaudio-utils; works as root, without D-Bus and without hardware.
#pragma once

#include <QByteArray>
#include <QProcess>
#include <QTemporaryDir>
#include <cstdint>
#include <memory>
#include <vector>

namespace earmark {

class NullSink final {
 public:
    static constexpr int kRate = 8000;

    ~NullSink();

    /// Sets PULSE_* for this process too, so it comes before the first use of Qt Multimedia. "" or why it cannot be.
    [[nodiscard]] QString start();
    void stop();
    /// After stop(): the same server again.
    [[nodiscard]] QString restart();

    /// Records from now on; ready when it returns "".
    [[nodiscard]] QString startRecording();
    /// Frames heard so far; call with the event loop running.
    [[nodiscard]] std::int64_t recordedFrames() const { return m_recorded.size() / 4; }
    /// Stereo, interleaved, kRate.
    [[nodiscard]] std::vector<std::int16_t> recorded() const;
    void stopRecording();

 private:
    [[nodiscard]] QString startServer();

    QTemporaryDir m_folder;
    QProcess m_server;
    std::unique_ptr<QProcess> m_recorder;
    QByteArray m_recorded;
};

}  // namespace earmark
