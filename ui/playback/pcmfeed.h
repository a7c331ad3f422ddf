// What the sound device pulls: samples in the order in which they are heard, each voice as loud as wanted, stretched to
// the wanted speed, brought to the device's rate, with short fades where it starts, stops or jumps, and silence in
// between, so that the device never runs dry. Audio thread only.
#pragma once

#include <QAudioFormat>
#include <QIODevice>
#include <deque>
#include <optional>
#include <vector>

#include "models/audio/pcmresampler.h"
#include "models/audio/timestretch.h"
#include "ui/playback/devicetrace.h"
#include "ui/playback/pathreader.h"
#include "ui/playback/soundoutput.h"
#include "ui/playback/voicemixer.h"

namespace earmark {

class PcmFeed final : public QIODevice {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PcmFeed)

 public:
    explicit PcmFeed(const QAudioFormat& device, QObject* parent = nullptr);

    void setSamples(std::shared_ptr<const PcmStore> samples);
    void play(const SoundOrder& order);
    void halt();
    void setGain(double amplitude) { m_wantedGain = amplitude; }
    void setTempo(double tempo);
    void setVoices(const VoiceMix& mix) { m_mixer.setMix(mix); }
    void setPath(const PlaybackPath& path);

    [[nodiscard]] std::int64_t writtenFrames() const { return m_written; }
    /// Silence has been written for so many frames and nothing is wanted.
    [[nodiscard]] std::int64_t silentFrames() const { return m_silent; }
    /// What is heard when the device has played `deviceFrame` frames of what it pulled.
    [[nodiscard]] SoundReport heardAt(std::int64_t deviceFrame, SteadyTime now);

    [[nodiscard]] bool isSequential() const override { return true; }
    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] bool atEnd() const override { return false; }

 protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 writeData(const char* data, qint64 maxSize) override;

 private:
    /// From this frame of what was read on, the recording's frames follow each other.
    struct Run {
        double read = 0;
        double frame = 0;
    };

    void fill(std::span<std::int16_t> mix);
    [[nodiscard]] std::int64_t wantedNow(std::int64_t frames);
    void standStill(std::int64_t at);
    [[nodiscard]] std::int64_t render(std::span<std::int16_t> into);
    [[nodiscard]] bool refill();
    [[nodiscard]] bool stretchMore();
    void stretched(double readFrom, std::int64_t frames);
    void took(const PathReader::Piece& piece);
    [[nodiscard]] std::int64_t framesBeforeSpeedChanges(std::int64_t most);
    void leaveSlower();
    void takeNextOrder();
    void shape(std::span<std::int16_t> samples);
    void write(std::span<const std::int16_t> mix, char* data) const;
    [[nodiscard]] double sourcePerDevice() const;

    const QAudioFormat m_device;
    const int m_channels;
    const double m_fadeStep;
    std::shared_ptr<const PcmStore> m_samples;
    PlaybackPath m_path;
    PathReader m_reader;
    VoiceMixer m_mixer;
    TimeStretch m_stretch;
    PcmResampler m_resampler;
    std::vector<std::int16_t> m_source;
    std::vector<std::int16_t> m_stretched;
    std::vector<std::int16_t> m_mix;
    double m_tempo = 1;
    bool m_sounding = false;  ///< the current order is being rendered
    bool m_leaving = false;   ///< fade out, then take m_next or be silent
    std::optional<SoundOrder> m_next;
    SoundOrder m_current;
    // Of the current order.
    std::optional<SoundOrder::Slower> m_slower;
    std::optional<std::int64_t> m_slowRead;  ///< of what was read, this frame is the first at the usual speed
    std::deque<Run> m_runs;                  ///< of what the stretcher has not given back yet
    std::int64_t m_read = 0;                 ///< frames that were read
    std::int64_t m_lastPlace = 0;            ///< of the recording
    std::int64_t m_stretchedFrames = 0;      ///< given to the resampler
    std::int64_t m_rendered = 0;             ///< frames of the device
    std::int64_t m_base = 0;                 ///< device frame of the first of them, were there no gap
    bool m_readAll = false;
    bool m_flushed = false;
    std::optional<double> m_gapAt;  ///< the decoder is behind: the place that comes next
    double m_level = 0;             ///< of the fade
    double m_gain = 0;
    double m_wantedGain = 1;
    std::int64_t m_written = 0;
    std::int64_t m_silent = 0;
    DeviceTrace m_trace;
};

}  // namespace earmark
