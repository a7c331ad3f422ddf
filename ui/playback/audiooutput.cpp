#include "ui/playback/audiooutput.h"

#include "ui/playback/audioworker.h"

namespace earmark {

namespace {

/// A sound server that hangs holds the audio thread; the program's end does not wait for it longer than this.
constexpr int kPatienceMs = 2000;

}  // namespace

AudioOutput::AudioOutput(QObject* parent) : QObject(parent) {}

AudioOutput::~AudioOutput() {
    if (!m_thread) {
        return;
    }
    m_worker->disconnect(this);
    m_thread->quit();
    if (m_thread->wait(kPatienceMs)) {
        delete m_thread;
    }
    // Else the thread is left to itself: taking it down by force could leave a lock of the sound library taken.
}

void AudioOutput::start() {
    if (m_thread) {
        return;
    }
    m_thread = new QThread;
    m_thread->setObjectName(QStringLiteral("audio"));
    m_worker = new AudioWorker;
    m_worker->moveToThread(m_thread);
    connect(m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connect(m_worker, &AudioWorker::reported, this, &AudioOutput::reported);
    connect(m_worker, &AudioWorker::deviceFound, this, &AudioOutput::deviceFound);
    connect(m_worker, &AudioWorker::devicesChanged, this, &AudioOutput::devicesChanged);
    m_thread->start(QThread::HighPriority);
    setGain(m_gain);
    setDevice(m_device);
}

void AudioOutput::post(std::function<void(AudioWorker&)> order) {
    if (m_worker) {
        QMetaObject::invokeMethod(
            m_worker, [worker = m_worker, order = std::move(order)] { order(*worker); }, Qt::QueuedConnection);
    }
}

void AudioOutput::setSamples(std::shared_ptr<const PcmStore> samples) {
    if (samples) {
        start();
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
    m_gain = amplitude;
    post([amplitude](AudioWorker& worker) { worker.setGain(amplitude); });
}

void AudioOutput::setTempo(double tempo) {
    post([tempo](AudioWorker& worker) { worker.setTempo(tempo); });
}

void AudioOutput::setVoices(const VoiceMix& mix) {
    post([mix](AudioWorker& worker) { worker.setVoices(mix); });
}

void AudioOutput::setPath(const PlaybackPath& path) {
    post([path](AudioWorker& worker) { worker.setPath(path); });
}

void AudioOutput::setDevice(const QByteArray& id) {
    m_device = id;
    post([id](AudioWorker& worker) { worker.setDevice(id); });
}

}  // namespace earmark
