#include "app/demo/demowavs.h"

#include <QDir>
#include <QTemporaryFile>
#include <QtEndian>
#include <vector>

#include "app/demo/demodata.h"
#include "models/audio/audiodecoder.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kHeadBytes = 44;
constexpr qsizetype kChannelsAt = 22;
constexpr qsizetype kRateAt = 24;

/// 16 bits a sample, little endian.
QByteArray wavOf(const std::vector<std::int16_t>& samples, PcmFormat format) {
    QByteArray bytes;
    const auto number = [&bytes](auto value) {
        const auto little = qToLittleEndian(value);
        bytes.append(reinterpret_cast<const char*>(&little), sizeof(little));
    };
    const auto dataBytes = quint32(samples.size() * sizeof(std::int16_t));
    const auto frameBytes = quint16(size_t(format.channels) * sizeof(std::int16_t));
    bytes.reserve(qsizetype(dataBytes) + kHeadBytes);
    bytes.append("RIFF");
    number(quint32(36 + dataBytes));
    bytes.append("WAVEfmt ");
    number(quint32(16));
    number(quint16(1));
    number(quint16(format.channels));
    number(quint32(format.sampleRate));
    number(quint32(format.sampleRate * frameBytes));
    number(frameBytes);
    number(quint16(16));
    bytes.append("data");
    number(dataBytes);
    for (const std::int16_t sample : samples) {
        number(sample);
    }
    return bytes;
}

QByteArray decoded(const QString& file) {
    const QByteArray bytes = demoFile(u"recordings/"_s + file);
    QTemporaryFile copy(QDir::tempPath() + u"/earmark-demo-XXXXXX"_s);
    if (bytes.isEmpty() || !copy.open() || copy.write(bytes) != bytes.size() || !copy.flush()) {
        return {};
    }
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(copy.fileName(), {});
    if (!info) {
        return {};
    }
    PcmStore store(info->format, QDir::tempPath().toStdString());
    if (const auto outcome = decoder->decodeInto(store, {}); !outcome) {
        return {};
    }
    const PcmFormat format = info->format;
    std::vector<std::int16_t> samples(size_t(store.framesAvailable()) * size_t(format.channels));
    samples.resize(size_t(store.read(0, samples)) * size_t(format.channels));
    return wavOf(samples, format);
}

/// One of our own WAV files with two channels, as one with both in one.
QByteArray mixed(const QByteArray& wav) {
    const auto* bytes = reinterpret_cast<const uchar*>(wav.constData());
    if (wav.size() < kHeadBytes || bytes[kChannelsAt] != 2) {
        return wav;
    }
    std::vector<std::int16_t> samples;
    samples.reserve(size_t(wav.size()) / 4);
    for (qsizetype at = kHeadBytes; at + 4 <= wav.size(); at += 4) {
        const int both = qFromLittleEndian<qint16>(bytes + at) + qFromLittleEndian<qint16>(bytes + at + 2);
        samples.push_back(std::int16_t(both / 2));
    }
    return wavOf(samples, {qFromLittleEndian<qint32>(bytes + kRateAt), 1});
}

}  // namespace

QByteArray DemoWavs::wav(const QString& file, Channels channels) {
    QByteArray& kept = m_kept[file];
    if (kept.isEmpty()) {
        kept = decoded(file);
    }
    return channels == Channels::Mixed ? mixed(kept) : kept;
}

}  // namespace earmark
