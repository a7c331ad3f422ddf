// waveform: what a call's recording looks like and where it speaks, from the recording in the cache.
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <cmath>
#include <thread>

#include "app/commandline/commandline.h"
#include "app/commandline/jsonwriter.h"
#include "app/commandline/recordingrun.h"
#include "models/audio/audiodecoder.h"
#include "models/audio/callfigures.h"
#include "models/audio/skipplan.h"
#include "models/audio/turnplaces.h"
#include "models/domain/recordingtime.h"
#include "models/providers/rawobject.h"

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kDefaultBuckets = 1000;
constexpr int kMostBuckets = 100'000;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

struct Waveform {
    RecordingInfo info;
    DecodeOutcome outcome;
    std::vector<std::vector<Peak>> buckets;  ///< per channel
    std::shared_ptr<const SoundMap> map;
};

/// Exact to the frame, which the map's own levels are not: bucket i of n begins at frame i * frames / n. Where there
/// are fewer frames than buckets, each holds at least one.
std::vector<std::vector<Peak>> bucketsOf(const PcmStore& samples, int count) {
    const auto channels = static_cast<std::size_t>(samples.format().channels);
    const std::int64_t frames = samples.framesAvailable();
    std::vector<std::vector<Peak>> buckets(channels);
    std::vector<std::int16_t> part(8192 * channels);
    for (int i = 0; i < count && frames > 0; ++i) {
        const std::int64_t from = std::min(frames - 1, i * frames / count);
        const std::int64_t to = std::max(from + 1, (i + 1) * frames / count);
        std::vector<Peak> found(channels, Peak{INT16_MAX, INT16_MIN});
        for (std::int64_t at = from; at < to;) {
            const auto wanted = std::min<std::int64_t>(8192, to - at);
            const std::int64_t got =
                samples.read(at, std::span(part).first(static_cast<std::size_t>(wanted) * channels));
            if (got <= 0) {
                break;
            }
            for (std::size_t k = 0; k < static_cast<std::size_t>(got) * channels; ++k) {
                Peak& peak = found[k % channels];
                peak = {std::min(peak.lowest, part[k]), std::max(peak.highest, part[k])};
            }
            at += got;
        }
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const Peak& peak = found[channel];
            buckets[channel].push_back(peak.lowest <= peak.highest ? peak : Peak());
        }
    }
    return buckets;
}

Result<Waveform> waveformOf(const QString& file, int buckets, const std::stop_token& stop) {
    Waveform waveform;
    const auto decoder = makeAudioDecoder();
    auto info = decoder->open(file, stop);
    if (!info) {
        return failure(info.error());
    }
    waveform.info = *info;
    PcmStore samples(info->format, QFile::encodeName(QFileInfo(file).absolutePath()).toStdString());
    const auto outcome = decoder->decodeInto(samples, stop);
    if (!outcome) {
        return failure(outcome.error());
    }
    waveform.outcome = *outcome;
    waveform.buckets = bucketsOf(samples, buckets);
    waveform.map = loadSoundMap(file);
    if (!waveform.map || waveform.map->frames != outcome->frames || waveform.map->format != info->format) {
        waveform.map = mapSound(samples, stop);
        if (waveform.map) {
            (void)saveSoundMap(file, *waveform.map);  // costs only time the next time
        }
    }
    return waveform.map ? Result<Waveform>(std::move(waveform)) : failure(ErrorKind::Cancelled, {});
}

/// What skip-silence “gentle” leaves out; the turns that the transcript tells are never touched.
SkipPlan gentleSkips(const RecordedCall& recorded, const SoundMap& map) {
    const CallDetails details = shownDetails(recorded.account, recorded.call);
    TimeSpans told;
    for (const TurnPlace& place : placeTurns(details.transcript, &map, ChannelOrder::AgentFirst)) {
        const bool isSaid = place.kind == TurnKind::Message || place.kind == TurnKind::Interruption;
        if (isSaid && !place.isEstimated) {
            told.push_back(place.span);
        }
    }
    SkipQuestion question{SkipMode::Gentle, told, {}};
    const auto began = recordingBegan(recorded.call);
    if (began && recorded.call.answerTime) {
        question.answeredAt = std::chrono::duration_cast<milliseconds>(*recorded.call.answerTime - *began);
    }
    return planSkips(map, question);
}

QStringView word(SkipReason reason) {
    switch (reason) {
        case SkipReason::Silence:
            return u"silence";
        case SkipReason::Ringback:
            return u"ringback";
        case SkipReason::Hold:
            return u"hold";
    }
    return {};
}

/// Five digits tell 16 bit samples apart.
double share(double value, double of) {
    return std::round(value / of * 100'000) / 100'000;
}

void writeSpan(JsonWriter& json, const TimeSpan& span) {
    json.number(qint64(span.begin.count()));
    json.number(qint64(span.end.count()));
}

void writeSpans(JsonWriter& json, const TimeSpans& spans) {
    json.beginArray();
    for (const TimeSpan& span : spans) {
        json.beginArray();
        writeSpan(json, span);
        json.endArray();
    }
    json.endArray();
}

void writePeaks(JsonWriter& json, const std::vector<Peak>& peaks) {
    json.beginArray();
    for (const Peak& peak : peaks) {
        json.beginArray();
        json.number(share(peak.lowest, 32768));
        json.number(share(peak.highest, 32768));
        json.endArray();
    }
    json.endArray();
}

void writeVoices(JsonWriter& json, const CallFigures& figures) {
    json.key(u"talk_share");
    if (!figures.voices) {  // not measurable: both voices are in one channel
        json.null();
        json.key(u"overlap_ms");
        json.null();
        return;
    }
    json.beginArray();
    for (const VoiceFigures& voice : figures.voices->each) {
        json.number(share(voice.share, 1));
    }
    json.endArray();
    json.key(u"overlap_ms");
    json.number(qint64(figures.voices->overlap.count()));
}

/// nullopt: whole.
std::optional<milliseconds> damagedAt(const Waveform& waveform) {
    const auto frames = waveform.outcome.damagedFrom;
    return frames ? std::optional(milliseconds(*frames * 1000 / waveform.info.format.sampleRate)) : std::nullopt;
}

QByteArray waveformJson(const Waveform& waveform, const SkipPlan& skips, int buckets) {
    const SoundMap& map = *waveform.map;
    JsonWriter json(2);
    json.beginObject();
    json.key(u"channels");
    json.number(qint64(map.format.channels));
    json.key(u"sample_rate");
    json.number(qint64(map.format.sampleRate));
    json.key(u"duration_ms");
    json.number(static_cast<double>(map.frames) * 1000 / map.format.sampleRate);
    json.key(u"buckets");
    json.number(qint64(buckets));
    json.key(u"peaks");
    json.beginArray();
    for (const auto& channel : waveform.buckets) {
        writePeaks(json, channel);
    }
    json.endArray();
    json.key(u"speech");
    json.beginArray();
    for (const TimeSpans& channel : map.speech) {
        writeSpans(json, channel);
    }
    json.endArray();
    json.key(u"silence");
    writeSpans(json, map.silence);
    json.key(u"skippable");
    json.beginArray();
    for (const SkippedSpan& skipped : skips.spans) {
        json.beginArray();
        writeSpan(json, skipped.span);
        json.text(word(skipped.reason));
        json.endArray();
    }
    json.endArray();
    writeVoices(json, figuresOf(map));
    if (const auto damagedFrom = damagedAt(waveform)) {
        json.key(u"damaged_from_ms");
        json.number(qint64(damagedFrom->count()));
    }
    json.endObject();
    return json.take();
}

QString shownTime(milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    return u"%1:%2.%3"_s.arg(tenths / 600).arg(tenths / 10 % 60, 2, 10, QLatin1Char('0')).arg(tenths % 10);
}

QString waveformText(const Waveform& waveform, const SkipPlan& skips) {
    const SoundMap& map = *waveform.map;
    const CallFigures figures = figuresOf(map);
    QString text = Text::tr("Length %1, %2 Hz, %n channel(s), %3", nullptr, map.format.channels)
                       .arg(shownTime(figures.duration), QString::number(map.format.sampleRate), waveform.info.codec) +
                   u'\n';
    text += Text::tr("Nobody speaks for %1; skip-silence leaves out %2")
                .arg(shownTime(figures.silence), shownTime(skips.saved())) +
            u'\n';
    if (!figures.voices) {
        text += Text::tr("Talk shares and overlap are not measurable: the voices share one channel.") + u'\n';
        return text;
    }
    for (int channel = 0; channel < 2; ++channel) {
        const VoiceFigures& voice = figures.voices->each[static_cast<std::size_t>(channel)];
        text += Text::tr("Channel %1: talks %2 (%3 %), longest monologue %4, interrupts %n time(s)", nullptr,
                         voice.interruptions)
                    .arg(QString::number(channel + 1), shownTime(voice.talk),
                         QString::number(std::lround(voice.share * 100)), shownTime(voice.longestMonologue)) +
                u'\n';
    }
    text += Text::tr("Both speak at once for %1").arg(shownTime(figures.voices->overlap)) + u'\n';
    return text;
}

/// Decoding takes a while: the event loop stays free to be told to stop.
class WaveformRun final {
 public:
    WaveformRun(CommandContext& context, RecordedCall recorded, int buckets)
        : m_context(context), m_recorded(std::move(recorded)), m_buckets(buckets) {}

    void start(const QString& file, const std::function<void(int)>& done) {
        m_thread = std::jthread([this, file, done](const std::stop_token& stop) {
            auto waveform = std::make_shared<Result<Waveform>>(waveformOf(file, m_buckets, stop));
            if (!stop.stop_requested()) {
                QMetaObject::invokeMethod(
                    qApp, [this, waveform, done] { done(deliver(*waveform)); }, Qt::QueuedConnection);
            }
        });
    }

 private:
    int deliver(const Result<Waveform>& waveform) const {
        if (!waveform) {
            return m_context.fail(waveform.error());
        }
        const SkipPlan skips = gentleSkips(m_recorded, *waveform->map);
        if (m_context.arguments.has("json")) {
            m_context.console.print(waveformJson(*waveform, skips, m_buckets));
        } else {
            m_context.console.print(waveformText(*waveform, skips));
        }
        if (const auto damagedFrom = damagedAt(*waveform)) {
            m_context.console.say(Text::tr("The recording is damaged after %1.").arg(shownTime(*damagedFrom)));
        }
        return kExitDone;
    }

    CommandContext& m_context;
    RecordedCall m_recorded;
    int m_buckets;
    std::jthread m_thread;
};

}  // namespace

int runWaveform(CommandContext& context) {
    const auto key = callKeyFromText(context.arguments.positional().first());
    if (!key) {
        return context.fail(key.error().message, kExitUsage);
    }
    bool isNumber = true;
    const int buckets =
        context.arguments.has("buckets") ? context.arguments.value("buckets").toInt(&isNumber) : kDefaultBuckets;
    if (!isNumber || buckets < 1 || buckets > kMostBuckets) {
        return context.fail(Text::tr("--buckets takes a number from 1 to %1.").arg(kMostBuckets), kExitUsage);
    }
    const auto recorded = findRecordedCall(context, *key);
    if (!recorded) {
        return context.fail(recorded.error());
    }
    WaveformRun run(context, *recorded, buckets);
    return runWithRecording(
        context, *recorded, [&run, &context](const FetchedRecording& recording, const std::function<void(int)>& done) {
            if (recording.changed) {
                context.console.say(
                    Text::tr("The recording was changed here since it was fetched, and cannot be fetched again now."));
            }
            run.start(recording.file, done);
        });
}

}  // namespace earmark
