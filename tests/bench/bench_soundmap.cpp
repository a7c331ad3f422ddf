// Waveform and sound map of ten minutes of stereo beside libav's bare decoding of the same file in the same run:
// bench_soundmap [MINUTES]
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "models/audio/audiodecoder.h"
#include "models/audio/callfigures.h"
#include "models/audio/skipplan.h"
#include "tests/audio/audioencoder.h"
#include "tests/audio/spokensound.h"

using namespace earmark;

namespace {

constexpr int kRounds = 5;
constexpr double kGoal = 2;

constexpr fixture::AudioForm kForms[] = {
    {"wav 8k", "wav", "pcm_s16le", 8000, 2, 0, 0, 0, ".wav"},
    {"mp3 44.1k", "mp3", "libmp3lame", 44100, 2, 128000, 0, 0, ".mp3"},
    {"opus 48k", "ogg", "libopus", 48000, 2, 64000, 0, 0, ".ogg"},
    {"m4a 16k", "ipod", "aac", 16000, 2, 64000, 0, 0, ".m4a"},
};

double milliseconds(const QElapsedTimer& clock) {
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

/// Every packet decoded, nothing kept; returns the frames.
std::int64_t decodeBarely(const QString& file) {
    AVFormatContext* format = nullptr;
    if (avformat_open_input(&format, QFile::encodeName(file).constData(), nullptr, nullptr) < 0 ||
        avformat_find_stream_info(format, nullptr) < 0) {
        std::abort();
    }
    const int index = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, nullptr, 0);
    const AVCodecParameters* parameters = format->streams[index]->codecpar;
    const AVCodec* codec = avcodec_find_decoder(parameters->codec_id);
    AVCodecContext* context = avcodec_alloc_context3(codec);
    if (avcodec_parameters_to_context(context, parameters) < 0 || avcodec_open2(context, codec, nullptr) < 0) {
        std::abort();
    }
    AVPacket* packet = av_packet_alloc();
    AVFrame* frame = av_frame_alloc();
    std::int64_t frames = 0;
    while (av_read_frame(format, packet) >= 0) {
        if (packet->stream_index == index && avcodec_send_packet(context, packet) >= 0) {
            while (avcodec_receive_frame(context, frame) >= 0) {
                frames += frame->nb_samples;
            }
        }
        av_packet_unref(packet);
    }
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&context);
    avformat_close_input(&format);
    return frames;
}

struct Figures {
    double bare = 1e12;
    double decode = 1e12;  ///< into the store
    double map = 1e12;
    double load = 1e12;  ///< of a kept map
    qint64 mapBytes = 0;
};

void measureOnce(const QString& file, Figures& figures) {
    QElapsedTimer clock;
    clock.start();
    (void)decodeBarely(file);
    figures.bare = std::min(figures.bare, milliseconds(clock));
    clock.start();
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    PcmStore samples(info->format, "/tmp");
    if (!decoder->decodeInto(samples, {})) {
        std::abort();
    }
    figures.decode = std::min(figures.decode, milliseconds(clock));
    clock.start();
    const auto map = mapSound(samples, {});
    (void)planSkips(*map, {SkipMode::Gentle, {}, {}});
    (void)figuresOf(*map);
    figures.map = std::min(figures.map, milliseconds(clock));
    if (!saveSoundMap(file, *map)) {
        std::abort();
    }
    clock.start();
    if (!loadSoundMap(file)) {
        std::abort();
    }
    figures.load = std::min(figures.load, milliseconds(clock));
    figures.mapBytes = QFile(file + QStringLiteral(".map")).size();
}

}  // namespace

int main(int argc, char** argv) {
    const double minutes = argc > 1 ? std::atof(argv[1]) : 10;
    const QTemporaryDir folder;
    std::printf("%.0f minutes of stereo, best of %d. Goal: decode into memory and map <= %.0f x bare decode\n", minutes,
                kRounds, kGoal);
    std::printf("%-10s %10s %10s %10s %10s %10s %10s %8s\n", "form", "bare ms", "decode ms", "map ms", "both/bare",
                "map/bare", "load ms", "map kB");
    for (const fixture::AudioForm& form : kForms) {
        fixture::SpokenForm spoken;
        spoken.rate = form.rate;
        spoken.seconds = 60;
        const auto minute = fixture::spokenCall(spoken).samples;
        std::vector<std::int16_t> whole;
        while (static_cast<double>(whole.size()) < minutes * 60 * form.rate * 2) {
            whole.insert(whole.end(), minute.begin(), minute.end());
        }
        const QString file = folder.filePath(QStringLiteral("call") + QString::fromLatin1(form.suffix));
        if (const QString error = fixture::encode(form, whole, file); !error.isEmpty()) {
            std::printf("%-10s cannot be made: %s\n", form.name, qPrintable(error));
            continue;
        }
        Figures figures;
        for (int round = 0; round < kRounds; ++round) {
            measureOnce(file, figures);
        }
        std::printf("%-10s %10.1f %10.1f %10.1f %10.2f %10.2f %10.1f %8lld\n", form.name, figures.bare, figures.decode,
                    figures.map, (figures.decode + figures.map) / figures.bare, figures.map / figures.bare,
                    figures.load, static_cast<long long>(figures.mapBytes / 1000));
    }
    return 0;
}
