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

/// 16 bits a sample, little endian.
QByteArray wavOf(const std::vector<std::int16_t>& samples, PcmFormat format) {
    QByteArray bytes;
    const auto number = [&bytes](auto value) {
        const auto little = qToLittleEndian(value);
        bytes.append(reinterpret_cast<const char*>(&little), sizeof(little));
    };
    const auto dataBytes = quint32(samples.size() * sizeof(std::int16_t));
    const auto frameBytes = quint16(size_t(format.channels) * sizeof(std::int16_t));
    bytes.reserve(qsizetype(dataBytes) + 44);
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

void mixDown(std::vector<std::int16_t>& samples, PcmFormat& format) {
    if (format.channels != 2) {
        return;
    }
    for (size_t i = 0; i < samples.size() / 2; ++i) {
        samples[i] = std::int16_t((int(samples[2 * i]) + int(samples[2 * i + 1])) / 2);
    }
    samples.resize(samples.size() / 2);
    format.channels = 1;
}

QByteArray decoded(const QString& file, DemoWavs::Channels channels) {
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
    PcmFormat format = info->format;
    std::vector<std::int16_t> samples(size_t(store.framesAvailable()) * size_t(format.channels));
    samples.resize(size_t(store.read(0, samples)) * size_t(format.channels));
    if (channels == DemoWavs::Channels::Mixed) {
        mixDown(samples, format);
    }
    return wavOf(samples, format);
}

}  // namespace

QByteArray DemoWavs::wav(const QString& file, Channels channels) {
    QByteArray& kept = m_kept[file + (channels == Channels::Mixed ? u"/mixed"_s : QString())];
    if (kept.isEmpty()) {
        kept = decoded(file, channels);
    }
    return kept;
}

}  // namespace earmark
