#include "ui/playback/audiooutput.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace earmark {

namespace {

/// A sound server that hangs holds the audio thread; the program's end does not wait for it longer than this.
constexpr int kPatienceAtTheEndMs = 2000;
/// In the time after which a first thread is judged. A busy machine can hold one up for a few of them.
constexpr int kLooks = 10;
/// Bluetooth that wakes, or a server far away, takes its time; longer than 20 s nobody waits for it.
constexpr int kMostPatience = 8;
/// If they all hang, the next one would too: first one has to come back.
constexpr int kMostLeftBehind = 3;

/// Runs before whatever the sound library does at the end of the process, which would wait for the thread for ever.
void endWithoutTheStuck() {
    static const bool isSet = [] {
        return ::on_exit(
                   [](int status, void*) {
                       std::fflush(nullptr);
                       std::_Exit(status);
                   },
                   nullptr) == 0;
    }();
    static_cast<void>(isSet);
}

}  // namespace

AudioOutput::AudioOutput(SoundSystemMaker makeSystem, std::chrono::milliseconds patience)
    : m_makeSystem(std::move(makeSystem)), m_look(this) {
    m_look.setInterval(patience / kLooks);
    connect(&m_look, &QTimer::timeout, this, &AudioOutput::askForLife);
}

AudioOutput::~AudioOutput() {
    if (!m_thread) {
        return;
    }
    m_worker->disconnect(this);
    m_thread->quit();
    if (m_thread->wait(kPatienceAtTheEndMs)) {
        delete m_thread;
        return;
    }
    // The thread is left to itself: taking it down by force could leave a lock of the sound library taken.
    m_leash->isLeftBehind = true;
    endWithoutTheStuck();
}

void AudioOutput::start() {
    if (m_thread || m_leftBehind >= kMostLeftBehind) {
        return;
    }
    m_thread = new QThread;
    m_thread->setObjectName(QStringLiteral("audio"));
    m_worker = new AudioWorker(m_makeSystem);
    m_leash = std::make_shared<Leash>();
    m_asked = m_answeredBefore = 0;
    m_silence = 0;
    m_worker->moveToThread(m_thread);
    connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connectWorker();
    m_thread->start(QThread::HighPriority);
    m_look.start();
    if (m_isStuck) {
        post([setting = m_setting](AudioWorker& worker) { worker.takeOver(setting); });
    } else {
        setGain(m_setting.gain);
        setDevice(m_setting.device);
    }
}

/// What a worker said before it was left behind can still be on its way: it is not heard any more.
void AudioOutput::connectWorker() {
    const auto isHeard = [this, leash = m_leash] { return leash == m_leash; };
    connect(m_worker, &AudioWorker::reported, this, [this, isHeard](const SoundReport& report) {
        if (isHeard()) {
            Q_EMIT reported(report);
        }
    });
    connect(m_worker, &AudioWorker::deviceFound, this, [this, isHeard](bool found) {
        if (isHeard()) {
            m_isStuck = false;
            m_patience = found ? 1 : m_patience;
            Q_EMIT deviceFound(found);
        }
    });
    connect(m_worker, &AudioWorker::devicesChanged, this, [this, isHeard](const QList<OutputDevice>& devices) {
        if (isHeard()) {
            Q_EMIT devicesChanged(devices);
        }
    });
}

void AudioOutput::post(std::function<void(AudioWorker&)> order) {
    if (!m_worker) {
        return;
    }
    ++m_asked;
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker, leash = m_leash, number = m_asked, order = std::move(order)] {
            if (!leash->isLeftBehind) {
                order(*worker);
            }
            leash->answered = number;
        },
        Qt::QueuedConnection);
}

/// Whatever the thread does, it does in between what it is asked; so an answer says that it is alive.
void AudioOutput::askForLife() {
    if (!m_worker) {
        m_look.stop();
        return;
    }
    const quint64 answered = m_leash->answered;
    if (answered == m_asked) {
        m_silence = 0;
        if (m_setting.samples) {
            post([](AudioWorker&) {});
        } else {
            m_look.stop();
        }
    } else if (answered != m_answeredBefore) {
        m_silence = 0;
    } else if (++m_silence >= kLooks * m_patience) {
        leaveBehind();
        return;
    }
    m_answeredBefore = answered;
}

void AudioOutput::leaveBehind() {
    AudioWorker* const worker = std::exchange(m_worker, nullptr);
    QThread* const thread = std::exchange(m_thread, nullptr);
    worker->disconnect(this);
    m_leash->isLeftBehind = true;
    m_leash.reset();
    ++m_leftBehind;
    m_patience = std::min(2 * m_patience, kMostPatience);
    endWithoutTheStuck();
    connect(worker, &QObject::destroyed, this, &AudioOutput::cameBack, Qt::QueuedConnection);
    connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    // In its own thread, once that comes back; the worker goes with the thread that ends.
    const auto rest = [worker] {
        if (worker->needsThisThread()) {
            worker->deleteLater();
        } else {
            QThread::currentThread()->quit();
        }
    };
    QMetaObject::invokeMethod(worker, rest, Qt::QueuedConnection);
    m_isStuck = true;
    Q_EMIT stuck();
    start();
}

void AudioOutput::cameBack() {
    --m_leftBehind;
    if (m_setting.samples) {
        start();
    }
}

void AudioOutput::setSamples(std::shared_ptr<const PcmStore> samples) {
    m_setting.samples = samples;
    m_setting.path = {};
    if (samples) {
        start();
        m_look.start();
    }
    post([samples = std::move(samples)](AudioWorker& worker) { worker.setSamples(samples); });
}

void AudioOutput::play(const SoundOrder& order) {
    post([order](AudioWorker& worker) { worker.play(order); });
}

void AudioOutput::halt() {
    post([](AudioWorker& worker) { worker.halt(); });
}

void AudioOutput::setGain(double amplitude) {
    m_setting.gain = amplitude;
    post([amplitude](AudioWorker& worker) { worker.setGain(amplitude); });
}

void AudioOutput::setTempo(double tempo) {
    m_setting.tempo = tempo;
    post([tempo](AudioWorker& worker) { worker.setTempo(tempo); });
}

void AudioOutput::setVoices(const VoiceMix& mix) {
    m_setting.voices = mix;
    post([mix](AudioWorker& worker) { worker.setVoices(mix); });
}

void AudioOutput::setPath(const PlaybackPath& path) {
    m_setting.path = path;
    post([path](AudioWorker& worker) { worker.setPath(path); });
}

void AudioOutput::setDevice(const QByteArray& id) {
    m_setting.device = id;
    post([id](AudioWorker& worker) { worker.setDevice(id); });
}

}  // namespace earmark
