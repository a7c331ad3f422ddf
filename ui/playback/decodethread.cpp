#include "ui/playback/decodethread.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace earmark {

DecodeThread::DecodeThread(QObject* parent) : QObject(parent) {}

DecodeThread::~DecodeThread() {
    cancel();
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
}

void DecodeThread::decode(const QString& file) {
    {
        const std::lock_guard lock(m_mutex);
        m_current.request_stop();
        m_next = Job{++m_number, file, {}};
    }
    if (!m_thread.joinable()) {
        m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
    }
    m_wake.notify_all();
}

void DecodeThread::cancel() {
    const std::lock_guard lock(m_mutex);
    ++m_number;
    m_current.request_stop();
    m_next.reset();
}

void DecodeThread::run(std::stop_token stop) {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return m_next.has_value(); })) {
                return;
            }
            job = *std::exchange(m_next, std::nullopt);
            m_current = job.stop;
        }
        work(job);
    }
}

template <typename Answer>
void DecodeThread::answer(quint64 number, Answer deliver) {
    QMetaObject::invokeMethod(
        this,
        [this, number, deliver = std::move(deliver)] {
            if (number == m_number) {
                deliver();
            }
        },
        Qt::QueuedConnection);
}

void DecodeThread::work(const Job& job) {
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(job.file, job.stop.get_token());
    if (!info) {
        answer(job.number, [this, error = info.error()] { Q_EMIT failed(error); });
        return;
    }
    const QString folder = QFileInfo(job.file).absolutePath();
    const QString spillFolder = QFileInfo(folder).isWritable() ? folder : QDir::tempPath();
    const auto samples = std::make_shared<PcmStore>(info->format, QFile::encodeName(spillFolder).toStdString());
    samples->setEstimatedFrames(info->estimatedFrames);
    answer(job.number, [this, samples] { Q_EMIT opened(samples); });
    const auto outcome = decoder->decodeInto(*samples, job.stop.get_token());
    if (outcome) {
        answer(job.number, [this, outcome = *outcome] { Q_EMIT decoded(outcome); });
    } else {
        answer(job.number, [this, error = outcome.error()] { Q_EMIT failed(error); });
    }
}

}  // namespace earmark
