// Waveform and sound map of ten minutes of stereo beside libav's bare decoding of the same file in the same run, in
// processor time, for the wall also counts who else is at work: bench_soundmap [MINUTES [FORM]]
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include <QFile>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

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
    {"mu-law 8k", "wav", "pcm_mulaw", 8000, 2, 0, 0, 0, ".ulaw.wav"},
    {"mp3 44.1k", "mp3", "libmp3lame", 44100, 2, 128000, 0, 0, ".mp3"},
    {"opus 48k", "ogg", "libopus", 48000, 2, 64000, 0, 0, ".ogg"},
    {"m4a 16k", "ipod", "aac", 16000, 2, 64000, 0, 0, ".m4a"},
};

/// Of this thread, which does all the work.
double processorMilliseconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

/// Since the last time.
class Watch {
 public:
    double lap() {
        const double now = processorMilliseconds();
        return now - std::exchange(m_last, now);
    }

 private:
    double m_last = processorMilliseconds();
};

/// Every packet decoded as libav hands it out, nothing kept; returns the frames.
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

/// Of all rounds.
struct Figures {
    std::vector<double> bare;
    std::vector<double> decode;  ///< into the store
    std::vector<double> map;
    std::vector<double> both;  ///< decode and map as a share of the bare decoding in the same round
    std::vector<double> load;  ///< of a kept map
    qint64 mapBytes = 0;
};

void measureOnce(const QString& file, Figures& figures) {
    Watch watch;
    const std::int64_t frames = decodeBarely(file);
    figures.bare.push_back(watch.lap());
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(file, {});
    PcmStore samples(info->format, "/tmp");
    if (!decoder->decodeInto(samples, {}) || samples.framesAvailable() < frames / 2) {
        std::abort();
    }
    figures.decode.push_back(watch.lap());
    const auto map = mapSound(samples, {});
    (void)planSkips(*map, {SkipMode::Gentle, {}, {}});
    (void)figuresOf(*map);
    figures.map.push_back(watch.lap());
    figures.both.push_back((figures.decode.back() + figures.map.back()) / figures.bare.back());
    if (!saveSoundMap(file, *map)) {
        std::abort();
    }
    (void)watch.lap();
    if (!loadSoundMap(file)) {
        std::abort();
    }
    figures.load.push_back(watch.lap());
    figures.mapBytes = QFile(file + QStringLiteral(".map")).size();
}

}  // namespace

int main(int argc, char** argv) {
    const double minutes = argc > 1 ? std::atof(argv[1]) : 10;
    const QTemporaryDir folder;
    std::printf("%.0f minutes of stereo, median of %d. Goal: decode into memory and map <= %.0f x bare decode\n",
                minutes, kRounds, kGoal);
    std::printf("%-10s %10s %10s %10s %10s %10s %10s %8s\n", "form", "bare ms", "decode ms", "map ms", "both/bare",
                "worst", "load ms", "map kB");
    for (const fixture::AudioForm& form : kForms) {
        if (argc > 2 && std::strcmp(argv[2], form.name) != 0) {
            continue;
        }
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
        std::printf("%-10s %10.1f %10.1f %10.1f %10.2f %10.2f %10.1f %8lld\n", form.name, median(figures.bare),
                    median(figures.decode), median(figures.map), median(figures.both),
                    *std::max_element(figures.both.begin(), figures.both.end()), median(figures.load),
                    static_cast<long long>(figures.mapBytes / 1000));
    }
    return 0;
}
