// Sounds and WAV files that tests make themselves.
#pragma once

#include <QByteArray>
#include <QFile>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace earmark::fixture {

/// Interleaved; each channel its own frequency, so that swapped or mixed channels are noticed.
inline std::vector<std::int16_t> sines(int rate, int frames, const std::vector<double>& frequencies,
                                       double level = 0.5) {
    std::vector<std::int16_t> samples;
    samples.reserve(static_cast<std::size_t>(frames) * frequencies.size());
    for (int i = 0; i < frames; ++i) {
        for (const double frequency : frequencies) {
            const double angle = 2 * std::numbers::pi * frequency * i / rate;
            samples.push_back(static_cast<std::int16_t>(std::lround(level * 32767 * std::sin(angle))));
        }
    }
    return samples;
}

/// Noise in which every place differs from every other: where a piece lies can be found by correlation.
inline std::vector<std::int16_t> noise(int frames, int channels, double level = 0.25) {
    std::vector<std::int16_t> samples;
    std::uint32_t state = 2463534242U;
    for (int i = 0; i < frames * channels; ++i) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        samples.push_back(static_cast<std::int16_t>(level * 32767 * (static_cast<double>(state) / 2147483648.0 - 1)));
    }
    return samples;
}

struct WavHead {
    int rate = 8000;
    int channels = 1;
    int formatTag = 1;
    int bits = 16;
    std::uint32_t riffSize = 0;
    std::uint32_t dataSize = 0;
};

inline QByteArray wavHead(const WavHead& head) {
    QByteArray bytes;
    const auto put = [&bytes](std::uint32_t value, int size) {
        for (int i = 0; i < size; ++i) {
            bytes.append(static_cast<char>((value >> (8 * i)) & 0xff));
        }
    };
    const int frameBytes = head.channels * head.bits / 8;
    bytes.append("RIFF");
    put(head.riffSize, 4);
    bytes.append("WAVEfmt ");
    put(16, 4);
    put(static_cast<std::uint32_t>(head.formatTag), 2);
    put(static_cast<std::uint32_t>(head.channels), 2);
    put(static_cast<std::uint32_t>(head.rate), 4);
    put(static_cast<std::uint32_t>(head.rate) * static_cast<std::uint32_t>(frameBytes), 4);
    put(static_cast<std::uint32_t>(frameBytes), 2);
    put(static_cast<std::uint32_t>(head.bits), 2);
    bytes.append("data");
    put(head.dataSize, 4);
    return bytes;
}

inline QByteArray wav(const std::vector<std::int16_t>& samples, int rate, int channels) {
    const auto size = static_cast<std::uint32_t>(samples.size() * 2);
    return wavHead({rate, channels, 1, 16, size + 36, size}) +
           QByteArray(reinterpret_cast<const char*>(samples.data()), static_cast<qsizetype>(size));
}

[[nodiscard]] inline bool writeFile(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

}  // namespace earmark::fixture
