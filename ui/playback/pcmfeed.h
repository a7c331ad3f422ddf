// What the sound device pulls: samples from the store at the wanted place, brought to the device's rate, with short
// fades where it starts, stops or jumps, and silence in between, so that the device never runs dry. Audio thread only.
#pragma once

#include <QAudioFormat>
#include <QIODevice>
#include <deque>
#include <optional>
#include <vector>

#include "models/audio/pcmresampler.h"
#include "ui/playback/soundoutput.h"

namespace earmark {

class PcmFeed final : public QIODevice {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PcmFeed)

 public:
    explicit PcmFeed(const QAudioFormat& device, QObject* parent = nullptr);

    void setSamples(std::shared_ptr<const PcmStore> samples);
    void play(std::int64_t frame, quint64 order);
    void halt();
    void setGain(double amplitude) { m_wantedGain = amplitude; }

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
    struct Order {
        std::int64_t frame = 0;
        quint64 number = 0;
    };
    /// From device frame `from` on.
    struct Stretch {
        std::int64_t from = 0;
        SoundPhase phase = SoundPhase::Silent;
        quint64 order = 0;
        double frame = 0;
    };

    void fill(std::span<std::int16_t> mix);
    [[nodiscard]] std::int64_t render(std::span<std::int16_t> into);
    [[nodiscard]] bool refill();
    void takeNextOrder();
    void shape(std::span<std::int16_t> samples);
    void mark(std::int64_t at, SoundPhase phase, double frame);
    void write(std::span<const std::int16_t> mix, char* data) const;

    const QAudioFormat m_device;
    const int m_channels;
    const double m_fadeStep;
    std::shared_ptr<const PcmStore> m_samples;
    PcmResampler m_resampler;
    std::vector<std::int16_t> m_source;
    std::vector<std::int16_t> m_mix;
    bool m_sounding = false;  ///< the current order is being rendered
    bool m_leaving = false;   ///< fade out, then take m_next or be silent
    std::optional<Order> m_next;
    Order m_current;
    std::int64_t m_read = 0;  ///< next frame to read from the store
    bool m_flushed = false;
    double m_level = 0;  ///< of the fade
    double m_gain = 0;
    double m_wantedGain = 1;
    std::int64_t m_written = 0;
    std::int64_t m_silent = 0;
    std::deque<Stretch> m_stretches;
};

}  // namespace earmark
