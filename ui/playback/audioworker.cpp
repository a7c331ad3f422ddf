#include "ui/playback/audioworker.h"

#include <algorithm>
#include <utility>

#include "ui/playback/pcmfeed.h"

namespace earmark {

namespace {

constexpr int kBeatMs = 40;
constexpr std::chrono::milliseconds kStall{1500};
constexpr int kSuspendAfterSeconds = 3;
constexpr int kRetryMs = 300;
constexpr std::chrono::milliseconds kLookEvery{200};
constexpr int kWatchMs = 1000;

SteadyTime now() {
    return std::chrono::steady_clock::now();
}

std::chrono::milliseconds since(SteadyTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now() - time);
}

bool holds(const QList<OutputDevice>& devices, const QByteArray& id) {
    return std::any_of(devices.begin(), devices.end(), [&id](const OutputDevice& device) { return device.id == id; });
}

}  // namespace

std::chrono::milliseconds lookForServerEvery(std::chrono::milliseconds gone, bool wasThere) {
    constexpr std::chrono::milliseconds kLeast{900};
    constexpr std::chrono::milliseconds kMost{9500};
    const std::chrono::seconds eager{wasThere ? 30 : 10};
    return std::clamp<std::chrono::milliseconds>((gone - eager) / 3, kLeast, kMost);
}

AudioWorker::AudioWorker(SoundSystemMaker makeSystem)
    : m_makeSystem(std::move(makeSystem)), m_beat(this), m_retry(this), m_watch(this) {
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
    drop();
}

void AudioWorker::takeOver(const SoundSetting& setting) {
    m_isGone = true;
    m_goneSince = now();
    const PlaybackPath path = setting.path;
    m_setting = setting;
    setSamples(setting.samples);
    setPath(path);
    if (m_system) {
        lookForDevice();
    }
}

void AudioWorker::setSamples(std::shared_ptr<const PcmStore> samples) {
    m_setting.samples = std::move(samples);
    m_setting.path = {};
    m_order.reset();
    if (m_device) {
        m_device->feed().setSamples(m_setting.samples);
    }
    if (m_setting.samples) {
        if (m_system) {
            m_lastHurry = now();
            m_system->lookNow();  // nobody looked while no recording was open
        }
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
    if (m_system) {
        return;
    }
    m_system = m_makeSystem();
    if (lookedAt().isEmpty()) {
        m_isGone = false;  // whoever takes over says so himself
        giveUp();
    }
}

QList<OutputDevice> AudioWorker::lookedAt() {
    const QList<OutputDevice> devices = m_system->devices();
    if (devices != m_told) {
        m_told = devices;
        m_refused.clear();
        Q_EMIT devicesChanged(devices);
    }
    return devices;
}

QByteArray AudioWorker::wantedOf(const QList<OutputDevice>& devices) const {
    if (holds(devices, m_setting.device)) {
        return m_setting.device;
    }
    const auto found =
        std::find_if(devices.begin(), devices.end(), [](const auto& device) { return device.isDefault; });
    return found != devices.end() ? found->id : devices.isEmpty() ? QByteArray() : devices.first().id;
}

/// The device that plays was taken away, and another one may take its place at once; or another one is wanted now.
/// Qt 6.4.2 on PulseAudio tells neither that a device went nor that one came, so it is asked now and then while a
/// recording is open.
void AudioWorker::lookForDevice() {
    const QList<OutputDevice> devices = lookedAt();
    if (m_device && !m_onTrial) {
        const QByteArray wanted = wantedOf(devices);
        if (m_device->isStopped() || !holds(devices, m_deviceId)) {
            giveUp();
        } else if (!wanted.isEmpty() && wanted != m_deviceId && !m_refused.contains(wanted)) {
            moveTo(wanted);
        }
    }
    retry(devices);
}

/// What plays goes on from what was heard last; where the other device cannot be opened, all stays as it is.
void AudioWorker::moveTo(const QByteArray& id) {
    const SoundReport heard = m_device->feed().heardAt(m_device->playedFrames(), now());
    auto other = opened(id);
    if (!other) {
        m_refused.append(id);
        return;
    }
    m_device = std::move(other);
    m_deviceId = id;
    m_lastWritten = 0;
    m_lastPull = now();
    if (m_order) {
        SoundOrder rest = *m_order;
        if (heard.order == rest.number && heard.phase == SoundPhase::Sounding) {
            rest.frame = static_cast<std::int64_t>(heard.frame);
        }
        m_device->feed().play(rest);
        m_beat.start();
    } else {
        m_device->suspend();
    }
}

void AudioWorker::giveUp() {
    drop();
    m_retry.start();
    if (!std::exchange(m_isGone, true)) {
        m_goneSince = now();
        Q_EMIT deviceFound(false);
    }
}

/// The wanted device first. Qt 6.4.2 still names devices of a server that is gone, so whichever can be opened is taken.
void AudioWorker::retry(QList<OutputDevice> devices) {
    if (!m_isGone || m_device) {
        return;
    }
    if (!m_setting.samples) {
        m_retry.stop();
        return;
    }
    while (!m_device && !devices.isEmpty()) {
        m_deviceId = wantedOf(devices);
        m_device = opened(m_deviceId);
        devices.removeIf([this](const OutputDevice& device) { return device.id == m_deviceId; });
    }
    if (m_device) {
        m_onTrial = true;
        m_lastWritten = 0;
        m_lastPull = now();
        m_beat.start();
    } else if (const SteadyTime time = now(); time - m_lastHurry > lookForServerEvery(since(m_goneSince), m_wasThere)) {
        m_lastHurry = time;
        m_system->lookNow();
    }
}

/// A suspended device can be opened, but takes nothing beyond its buffer: it is found when it has taken more.
void AudioWorker::judgeTrial(SteadyTime time) {
    if (m_device->feed().writtenFrames() > 2 * m_device->bufferFrames()) {
        m_onTrial = false;
        m_isGone = false;
        m_retry.stop();
        m_lastPull = time;
        Q_EMIT deviceFound(true);
    } else if (m_device->isStopped() || time - m_lastPull > kStall) {
        drop();
    }
}

void AudioWorker::play(const SoundOrder& order) {
    watchDevices();
    if (!m_device && !m_isGone) {
        m_system->lookNow();  // the server may have gone before a device was opened
    }
    lookForDevice();  // nobody looks while a pause lets the device rest
    if (m_isGone) {
        return;  // the clock runs; the main thread asks again when the device is found
    }
    if (!m_device) {
        m_deviceId = wantedOf(m_told);
        m_device = opened(m_deviceId);
        if (!m_device) {
            giveUp();
            return;
        }
        m_lastWritten = 0;
    }
    m_order = order;
    m_device->feed().play(order);
    m_lastPull = now();
    if (m_device->isSuspended()) {
        m_device->resume();
    }
    m_beat.start();
}

void AudioWorker::halt() {
    m_order.reset();
    if (m_device) {
        m_device->feed().halt();
    }
}

void AudioWorker::setGain(double amplitude) {
    m_setting.gain = amplitude;
    if (m_device) {
        m_device->feed().setGain(amplitude);
    }
}

void AudioWorker::setTempo(double tempo) {
    m_setting.tempo = tempo;
    if (m_device) {
        m_device->feed().setTempo(tempo);
    }
}

void AudioWorker::setVoices(const VoiceMix& mix) {
    m_setting.voices = mix;
    if (m_device) {
        m_device->feed().setVoices(mix);
    }
}

void AudioWorker::setPath(const PlaybackPath& path) {
    m_setting.path = path;
    if (m_device) {
        m_device->feed().setPath(path);
    }
}

void AudioWorker::setDevice(const QByteArray& id) {
    m_setting.device = id;
    if (m_system) {
        lookForDevice();
    }
}

std::unique_ptr<SoundDevice> AudioWorker::opened(const QByteArray& id) {
    if (id.isEmpty()) {
        return nullptr;
    }
    auto device = m_system->open(id, [this](const QAudioFormat& format) {
        auto feed = std::make_unique<PcmFeed>(format);
        feed->setSamples(m_setting.samples);
        feed->setGain(m_setting.gain);
        feed->setTempo(m_setting.tempo);
        feed->setVoices(m_setting.voices);
        feed->setPath(m_setting.path);
        return feed;
    });
    m_wasThere |= device != nullptr;
    return device;
}

void AudioWorker::drop() {
    m_beat.stop();
    m_onTrial = false;
    m_device.reset();
}

void AudioWorker::beat() {
    if (!m_device) {
        return;
    }
    const SteadyTime time = now();
    if (m_onTrial) {
        judgeTrial(time);
        return;
    }
    if (m_device->feed().writtenFrames() != m_lastWritten) {
        m_lastWritten = m_device->feed().writtenFrames();
        m_lastPull = time;
    } else if (m_device->isStopped() || time - m_lastPull > kStall) {
        // Qt does not tell when the server takes a stream away: nothing is pulled any more.
        giveUp();
        return;
    }
    Q_EMIT reported(m_device->feed().heardAt(m_device->playedFrames(), time));
    if (time - m_lastLook > kLookEvery) {
        m_lastLook = time;
        lookForDevice();
        if (!m_device) {
            return;
        }
    }
    if (m_device->feed().silentFrames() > static_cast<std::int64_t>(kSuspendAfterSeconds) * m_device->sampleRate()) {
        m_beat.stop();
        m_device->suspend();
    }
}

}  // namespace earmark
