// A recording's bytes through libav behind our own input layer and into a sound map: it ends, within memory, with sound
// or with a sentence, and what the file itself says about its length is read without harm.
#include <fcntl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>

#include "models/audio/audiodecoder.h"
#include "models/audio/callfigures.h"
#include "models/audio/skipplan.h"
#include "models/containers/recordinglength.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

using std::chrono::milliseconds;

void audio(const QByteArray& input) {
    if (input.size() > 200'000) {
        return;
    }
    // The decoder opens regular files only; memory is the fastest disk.
    static const QString folder =
        QDir(QStringLiteral("/dev/shm")).exists() ? QStringLiteral("/dev/shm") : QDir::tempPath();
    static const QString path = folder + QStringLiteral("/earmark-fuzz-%1").arg(::getpid());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(input) != input.size()) {
        return;
    }
    file.close();
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    for (const char* container : {"wav", "ogg", "mp4", "mp3", "flac"}) {
        (void)provenLength(descriptor, QString::fromLatin1(container));
    }
    ::close(descriptor);
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(path, {});
    if (info) {
        EARMARK_LAW(info->format.channels == 1 || info->format.channels == 2, input);
        EARMARK_LAW(info->format.sampleRate >= 4000 && info->format.sampleRate <= 192000, input);
        PcmStore store(info->format, "/nonexistent", {8 * 1024 * 1024, PcmStore::kTotalLimit});
        const auto outcome = decoder->decodeInto(store, {});
        EARMARK_LAW(outcome && outcome->frames == store.framesAvailable() && outcome->frames >= 0, input);
        EARMARK_LAW(!outcome->damagedFrom || *outcome->damagedFrom <= outcome->frames, input);
        const auto map = mapSound(store, {});
        EARMARK_LAW(map && map->frames == outcome->frames, input);
        milliseconds last{-1};
        for (const SkippedSpan& skipped : planSkips(*map, {SkipMode::Strong, {}, {}}).spans) {
            EARMARK_LAW(skipped.span.begin > last && skipped.span.begin < skipped.span.end, input);
            last = skipped.span.end;
        }
        EARMARK_LAW(last <= map->duration(), input);
        EARMARK_LAW(figuresOf(*map).silence >= milliseconds(0), input);
    } else {
        EARMARK_LAW(!info.error().message.isEmpty(), input);
    }
    QFile::remove(path);
}

}  // namespace earmark::fuzz
