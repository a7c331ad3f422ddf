#include "tests/audio/voices.h"

#include <QFile>
#include <QtEndian>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace earmark::fixture {

using namespace Qt::StringLiterals;

namespace {

constexpr int kHalfWidth = 24;  // of the sinc, in samples of the source

QByteArray contents(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

double muLaw(char byte) {
    const int value = ~static_cast<unsigned char>(byte) & 0xff;
    const int magnitude = ((((value & 0x0f) << 3) + 0x84) << ((value & 0x70) >> 4)) - 0x84;
    return (value & 0x80) != 0 ? -magnitude : magnitude;
}

/// The bytes of the chunk, empty when there is none.
QByteArray chunk(const QByteArray& wav, const char* name) {
    for (qsizetype at = 12; at + 8 <= wav.size();) {
        const qsizetype size = qFromLittleEndian<quint32>(wav.constData() + at + 4);
        if (wav.sliced(at).startsWith(name)) {
            return wav.mid(at + 8, size);
        }
        at += 8 + size + size % 2;
    }
    return {};
}

}  // namespace

Track resampled(const Track& track, int from, int to) {
    if (from == to) {
        return track;
    }
    // The places between two samples come again and again: one filter for each.
    const int phases = to / std::gcd(from, to);
    std::vector<std::array<double, 2 * kHalfWidth>> filters(static_cast<std::size_t>(phases));
    for (int phase = 0; phase < phases; ++phase) {
        for (int k = 0; k < 2 * kHalfWidth; ++k) {
            const double angle = std::numbers::pi * (static_cast<double>(phase) / phases - (k - kHalfWidth + 1));
            const double sinc = std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
            filters[static_cast<std::size_t>(phase)][static_cast<std::size_t>(k)] =
                sinc * (0.5 + 0.5 * std::cos(angle / kHalfWidth));
        }
    }
    const auto size = static_cast<std::int64_t>(track.size());
    Track result(static_cast<std::size_t>(size * to / from));
    for (std::size_t i = 0; i < result.size(); ++i) {
        const std::int64_t scaled = static_cast<std::int64_t>(i) * from;
        const std::int64_t middle = scaled / to;
        const auto phase = static_cast<std::size_t>(scaled % to / std::gcd(from, to));
        for (std::int64_t k = 0; k < 2 * kHalfWidth; ++k) {
            const std::int64_t at = middle + k - kHalfWidth + 1;
            if (at >= 0 && at < size) {
                result[i] += track[static_cast<std::size_t>(at)] * filters[phase][static_cast<std::size_t>(k)];
            }
        }
    }
    return result;
}

Voices Voices::at(int otherRate) const {
    Voices other{otherRate, {}};
    for (const Track& track : channels) {
        other.channels.push_back(resampled(track, rate, otherRate));
    }
    return other;
}

std::vector<std::int16_t> Voices::samples(int channelCount) const {
    std::vector<std::int16_t> result;
    for (std::size_t i = 0; !channels.empty() && i < channels.front().size(); ++i) {
        for (int channel = 0; channel < channelCount; ++channel) {
            const double value = channels[static_cast<std::size_t>(channel)][i];
            result.push_back(static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0))));
        }
    }
    return result;
}

Voices demoVoices() {
    const QByteArray wav = contents(QString::fromUtf8(EARMARK_SOURCE_DIR) + u"/resources/demo/recordings/refund.wav"_s);
    const QByteArray sound = chunk(wav, "data");
    constexpr int kRate = 8000;
    constexpr int kFrames = kRate * 28 / 10;
    constexpr int kAgentFrom = 860 * kRate / 1000;  // where in the call each of them speaks
    constexpr int kCustomerFrom = 5290 * kRate / 1000;
    if (sound.size() < 2 * (kCustomerFrom + kFrames)) {
        return {kRate, {}};
    }
    Voices voices{kRate, {{}, {}}};
    for (int i = 0; i < kFrames; ++i) {
        voices.channels[0].push_back(muLaw(sound[2 * (kAgentFrom + i)]));
        voices.channels[1].push_back(muLaw(sound[2 * (kCustomerFrom + i) + 1]));
    }
    return voices;
}

Voices readPcmWav(const QString& file) {
    const QByteArray wav = contents(file);
    const QByteArray form = chunk(wav, "fmt ");
    const QByteArray sound = chunk(wav, "data");
    if (form.size() < 16 || qFromLittleEndian<quint16>(form.constData() + 14) != 16) {
        return {};
    }
    const auto channels = qFromLittleEndian<quint16>(form.constData() + 2);
    Voices voices{static_cast<int>(qFromLittleEndian<quint32>(form.constData() + 4)), std::vector<Track>(channels)};
    for (qsizetype i = 0; i + 2 <= sound.size(); i += 2) {
        voices.channels[static_cast<std::size_t>(i / 2 % channels)].push_back(
            qFromLittleEndian<qint16>(sound.constData() + i));
    }
    return voices;
}

}  // namespace earmark::fixture
