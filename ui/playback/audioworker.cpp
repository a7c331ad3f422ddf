#include "ui/playback/audioworker.h"

#include <QAudioDevice>
#include <QAudioSink>
#include <QMediaDevices>
#include <algorithm>
#include <utility>

#include "ui/playback/pcmfeed.h"

namespace earmark {

namespace {

constexpr int kBeatMs = 40;
constexpr qint64 kBufferUs = 100'000;  // with Qt 6.4, 40 ms stall
constexpr std::chrono::milliseconds kStall{1500};
constexpr int kSuspendAfterSeconds = 3;
constexpr int kRetryMs = 500;
constexpr std::chrono::milliseconds kLookEvery{200};
constexpr int kWatchMs = 1000;

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

}  // namespace

AudioWorker::AudioWorker() : m_beat(this), m_retry(this), m_watch(this) {
    m_beat.setInterval(kBeatMs);
    connect(&m_beat, &QTimer::timeout, this, &AudioWorker::beat);
    m_retry.setInterval(kRetryMs);
    connect(&m_retry, &QTimer::timeout, this, &AudioWorker::lookForDevice);
    m_watch.setInterval(kWatchMs);
    connect(&m_watch, &QTimer::timeout, this, [this] {
        if (!m_beat.isActive()) {
            lookForDevice();
        }
    });
}

AudioWorker::~AudioWorker() {
    dropSink();
}

void AudioWorker::setSamples(std::shared_ptr<const PcmStore> samples) {
    m_setting.samples = std::move(samples);
    m_setting.path = {};
    m_order.reset();
    if (m_feed) {
        m_feed->setSamples(m_setting.samples);
    }
    if (m_setting.samples) {
        watchDevices();
        m_watch.start();
        if (m_isGone) {
            m_retry.start();
        }
    } else {
        m_watch.stop();
    }
}

void AudioWorker::watchDevices() {
    if (m_devices) {
        return;
    }
    m_devices = new QMediaDevices(this);
    connect(m_devices, &QMediaDevices::audioOutputsChanged, this, &AudioWorker::lookForDevice, Qt::QueuedConnection);
    tellDevices(QMediaDevices::audioOutputs());
    if (QMediaDevices::defaultAudioOutput().isNull()) {
        giveUp();
    }
}

void AudioWorker::tellDevices(const QList<QAudioDevice>& devices) {
    QList<OutputDevice> told;
    for (const QAudioDevice& device : devices) {
        told.append({device.id(), device.description(), device.isDefault()});
    }
    if (told != m_told) {
        m_told = told;
        Q_EMIT devicesChanged(told);
    }
}

QAudioDevice AudioWorker::wantedDevice() const {
    for (const QAudioDevice& device : m_chosen.isEmpty() ? QList<QAudioDevice>() : QMediaDevices::audioOutputs()) {
        if (device.id() == m_chosen) {
            return device;
        }
    }
    return QMediaDevices::defaultAudioOutput();
}

/// The device that plays was taken away, and another one may take its place at once; or another one is wanted now.
void AudioWorker::lookForDevice() {
    const auto isOurs = [this](const QAudioDevice& device) { return device.id() == m_device; };
    const QList<QAudioDevice> devices = QMediaDevices::audioOutputs();
    tellDevices(devices);
    if (m_sink && !m_onTrial) {
        const QAudioDevice wanted = wantedDevice();
        if (std::none_of(devices.begin(), devices.end(), isOurs)) {
            giveUp();
        } else if (!wanted.isNull() && wanted.id() != m_device) {
            moveTo(wanted);
        }
    }
    retry();
}

/// What plays goes on from what was heard last; where the other device cannot be opened, all stays as it is.
void AudioWorker::moveTo(const QAudioDevice& device) {
    const SoundReport heard = m_feed->heardAt(playedFrames(), now());
    QAudioSink* const former = std::exchange(m_sink, nullptr);
    const QPointer<PcmFeed> formerFeed = std::exchange(m_feed, nullptr);
    const QByteArray formerDevice = m_device;
    if (!openSink(device)) {
        m_sink = former;
        m_feed = formerFeed;
        m_device = formerDevice;
        return;
    }
    retire(former);
    m_lastPull = now();
    if (m_order) {
        SoundOrder rest = *m_order;
        if (heard.order == rest.number && heard.phase == SoundPhase::Sounding) {
            rest.frame = static_cast<std::int64_t>(heard.frame);
        }
        m_feed->play(rest);
        m_beat.start();
    } else {
        m_sink->suspend();
    }
}

void AudioWorker::giveUp() {
    dropSink();
    m_retry.start();
    if (!std::exchange(m_isGone, true)) {
        Q_EMIT deviceFound(false);
    }
}

/// Qt 6.4.2 on PulseAudio tells neither that a device went nor that one came, so it is asked now and then while a
/// recording is open.
void AudioWorker::retry() {
    if (!m_isGone || m_sink) {
        return;
    }
    if (!m_setting.samples) {
        m_retry.stop();
    } else if (openSink()) {
        m_onTrial = true;
        m_lastPull = now();
        m_beat.start();
    }
}

/// A suspended device can be opened, but takes nothing beyond its buffer: it is found when it has taken more.
void AudioWorker::judgeTrial(SteadyTime time) {
    const std::int64_t buffer = m_sink->bufferSize() / std::max(1, m_sink->format().bytesPerFrame());
    if (m_feed->writtenFrames() > 2 * buffer) {
        m_onTrial = false;
        m_isGone = false;
        m_retry.stop();
        m_lastPull = time;
        Q_EMIT deviceFound(true);
    } else if (time - m_lastPull > kStall) {
        dropSink();
    }
}

void AudioWorker::play(const SoundOrder& order) {
    watchDevices();
    lookForDevice();  // nobody looks while a pause lets the device rest
    if (m_isGone) {
        return;  // the clock runs; the main thread asks again when the device is found
    }
    if (!m_sink && !openSink()) {
        giveUp();
        return;
    }
    m_order = order;
    m_feed->play(order);
    m_lastPull = now();
    if (m_sink->state() == QAudio::SuspendedState) {
        m_sink->resume();
    }
    m_beat.start();
}

void AudioWorker::halt() {
    m_order.reset();
    if (m_feed) {
        m_feed->halt();
    }
}

void AudioWorker::setGain(double amplitude) {
    m_setting.gain = amplitude;
    if (m_feed) {
        m_feed->setGain(amplitude);
    }
}

void AudioWorker::setTempo(double tempo) {
    m_setting.tempo = tempo;
    if (m_feed) {
        m_feed->setTempo(tempo);
    }
}

void AudioWorker::setVoices(const VoiceMix& mix) {
    m_setting.voices = mix;
    if (m_feed) {
        m_feed->setVoices(mix);
    }
}

void AudioWorker::setPath(const PlaybackPath& path) {
    m_setting.path = path;
    if (m_feed) {
        m_feed->setPath(path);
    }
}

void AudioWorker::setDevice(const QByteArray& id) {
    m_chosen = id;
    if (m_devices) {
        lookForDevice();
    }
}

std::optional<QAudioFormat> AudioWorker::formatFor(const QAudioDevice& device) {
    QAudioFormat format = device.preferredFormat();
    if (!format.isValid()) {
        return std::nullopt;
    }
    for (const int channels : {2, 1, format.channelCount()}) {
        format.setChannelCount(channels);
        for (const auto sample : {QAudioFormat::Int16, QAudioFormat::Float, QAudioFormat::Int32, QAudioFormat::UInt8}) {
            format.setSampleFormat(sample);
            if (device.isFormatSupported(format)) {
                return format;
            }
        }
    }
    return std::nullopt;
}

bool AudioWorker::openSink() {
    return openSink(wantedDevice());
}

bool AudioWorker::openSink(const QAudioDevice& device) {
    if (device.isNull()) {
        return false;
    }
    const auto format = formatFor(device);
    if (!format) {
        return false;
    }
    auto* sink = new QAudioSink(device, *format, this);
    auto* feed = new PcmFeed(*format, sink);
    feed->setSamples(m_setting.samples);
    feed->setGain(m_setting.gain);
    feed->setTempo(m_setting.tempo);
    feed->setVoices(m_setting.voices);
    feed->setPath(m_setting.path);
    sink->setBufferSize(format->bytesForDuration(kBufferUs));
    sink->start(feed);
    if (sink->error() != QAudio::NoError || sink->state() == QAudio::StoppedState) {
        sink->deleteLater();
        return false;
    }
    m_device = device.id();
    m_sink = sink;
    m_feed = feed;
    m_lastWritten = 0;
    // Queued: Qt tells an underrun from a thread of its own, and a sink must not be dropped inside its own signal.
    connect(
        sink, &QAudioSink::stateChanged, this,
        [this, sink](QAudio::State state) {
            if (sink == m_sink && state == QAudio::StoppedState) {
                giveUp();
            }
        },
        Qt::QueuedConnection);
    return true;
}

void AudioWorker::dropSink() {
    m_beat.stop();
    m_onTrial = false;
    m_feed = nullptr;
    retire(std::exchange(m_sink, nullptr));
}

void AudioWorker::retire(QAudioSink* sink) {
    if (sink) {
        sink->disconnect(this);
        // Qt 6.4.2 takes events while it destroys a sink, and one that still runs then feeds a stream that is gone: the
        // program ends there. A stopped one does not.
        sink->stop();
        sink->deleteLater();
    }
}

std::int64_t AudioWorker::playedFrames() const {
    // Qt's figure knows what the sound server still holds; where a back end gives none, our own buffer is counted.
    const std::int64_t written = m_feed->writtenFrames();
    if (const qint64 microseconds = m_sink->processedUSecs(); microseconds > 0) {
        return std::min<std::int64_t>(written, microseconds * m_sink->format().sampleRate() / 1'000'000);
    }
    const qint64 buffered = std::max<qint64>(0, m_sink->bufferSize() - m_sink->bytesFree());
    return std::max<std::int64_t>(0, written - buffered / std::max(1, m_sink->format().bytesPerFrame()));
}

void AudioWorker::beat() {
    if (!m_sink) {
        return;
    }
    const SteadyTime time = now();
    if (m_onTrial) {
        judgeTrial(time);
        return;
    }
    if (m_feed->writtenFrames() != m_lastWritten) {
        m_lastWritten = m_feed->writtenFrames();
        m_lastPull = time;
    } else if (time - m_lastPull > kStall) {
        // Qt does not tell when the server takes a stream away: nothing is pulled any more.
        giveUp();
        return;
    }
    Q_EMIT reported(m_feed->heardAt(playedFrames(), time));
    if (time - m_lastLook > kLookEvery) {
        m_lastLook = time;
        lookForDevice();
        if (!m_sink) {
            return;
        }
    }
    if (m_feed->silentFrames() > static_cast<std::int64_t>(kSuspendAfterSeconds) * m_sink->format().sampleRate()) {
        m_beat.stop();
        m_sink->suspend();
    }
}

}  // namespace earmark
