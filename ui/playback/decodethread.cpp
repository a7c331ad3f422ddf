#include "ui/playback/decodethread.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <utility>

namespace earmark {

namespace {

/// Of one that is prepared; the rest lies on the disk.
constexpr std::int64_t kPreparedBytes = 16LL * 1024 * 1024;

/// Only a recording of the cache gets a map beside it: nobody else may read those.
bool isCached(const QString& file) {
    return (QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther)) == QFile::Permissions();
}

std::shared_ptr<const SoundMap> made(const QString& file, const PcmStore& samples, const DecodeOutcome& outcome,
                                     const std::stop_token& stop) {
    auto map = mapSound(samples, stop);
    if (map && !outcome.stoppedBy && isCached(file) && !saveSoundMap(file, *map)) {
        return map;  // it is made again the next time
    }
    return map;
}

}  // namespace

DecodeThread::DecodeThread(QObject* parent)
    : QObject(parent), m_memory(std::make_shared<PcmBudget>(PcmStore::kMemoryLimit)) {}

DecodeThread::~DecodeThread() {
    if (m_thread.joinable()) {
        cancel();
        {
            const std::lock_guard lock(m_mutex);
            m_ahead.clear();
            if (m_current) {
                m_current->stop.request_stop();
            }
        }
        m_thread.request_stop();
        m_thread.join();
    }
}

void DecodeThread::start() {
    if (!m_thread.joinable()) {
        m_thread = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
    }
    m_wake.notify_all();
}

void DecodeThread::decode(const QString& file) {
    {
        const std::lock_guard lock(m_mutex);
        std::erase_if(m_ahead, [&file](const Job& job) { return job.file == file; });
        if (m_current) {
            m_current->stop.request_stop();
            if (m_current->ahead && m_current->file != file) {
                m_ahead.push_front({m_current->number, m_current->file, true, {}});  // comes to its turn again
            }
            m_current.reset();
        }
        m_next = Job{++m_number, file, false, {}};
    }
    start();
}

void DecodeThread::cancel() {
    const std::lock_guard lock(m_mutex);
    ++m_number;
    if (m_current && !m_current->ahead) {
        m_current->stop.request_stop();
    }
    m_next.reset();
}

void DecodeThread::prepare(const QString& file) {
    const auto ready = std::find_if(m_prepared.begin(), m_prepared.end(),
                                    [&file](const PreparedRecording& recording) { return recording.file == file; });
    if (ready != m_prepared.end()) {
        const QFileInfo info(file);
        if (info.size() == ready->fileSize && info.lastModified() == ready->fileChanged) {
            std::rotate(ready, ready + 1, m_prepared.end());  // asked for again: the newest
            return;
        }
        m_prepared.erase(ready);
    }
    {
        const std::lock_guard lock(m_mutex);
        if (m_current && m_current->ahead && m_current->file == file) {
            return;
        }
        std::erase_if(m_ahead, [&file](const Job& job) { return job.file == file; });
        m_ahead.push_back({0, file, true, {}});
        if (m_ahead.size() > kMostPrepared) {
            m_ahead.pop_front();
        }
    }
    start();
}

bool DecodeThread::isPrepared(const QString& file) const {
    return std::any_of(m_prepared.begin(), m_prepared.end(),
                       [&file](const PreparedRecording& recording) { return recording.file == file; });
}

std::optional<PreparedRecording> DecodeThread::take(const QString& file) {
    const auto found = std::find_if(m_prepared.begin(), m_prepared.end(),
                                    [&file](const PreparedRecording& recording) { return recording.file == file; });
    if (found == m_prepared.end()) {
        return std::nullopt;
    }
    PreparedRecording recording = std::move(*found);
    m_prepared.erase(found);
    const QFileInfo info(file);
    if (info.size() != recording.fileSize || info.lastModified() != recording.fileChanged) {
        return std::nullopt;
    }
    cancel();
    return recording;
}

void DecodeThread::keep(PreparedRecording recording) {
    std::erase_if(m_prepared, [&recording](const PreparedRecording& other) { return other.file == recording.file; });
    m_prepared.push_back(std::move(recording));
    if (m_prepared.size() > kMostPrepared) {
        m_prepared.pop_front();
    }
    Q_EMIT preparedChanged();
}

void DecodeThread::run(std::stop_token stop) {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_current.reset();
            if (!m_wake.wait(lock, stop, [this] { return hasWork(); })) {
                return;
            }
            if (m_next) {
                job = *std::exchange(m_next, std::nullopt);
            } else {
                job = m_ahead.front();
                m_ahead.pop_front();
            }
            m_current = job;
        }
        job.ahead ? workAhead(job) : work(job);
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

std::shared_ptr<PcmStore> DecodeThread::storeFor(const RecordingInfo& info, const Job& job) const {
    const QString folder = QFileInfo(job.file).absolutePath();
    const QString spillFolder = QFileInfo(folder).isWritable() ? folder : QDir::tempPath();
    PcmStore::Limits limits;
    limits.memoryBytes = job.ahead ? kPreparedBytes : PcmStore::kMemoryLimit;
    limits.together = m_memory;
    auto samples = std::make_shared<PcmStore>(info.format, QFile::encodeName(spillFolder).toStdString(), limits);
    samples->setEstimatedFrames(info.estimatedFrames);
    return samples;
}

void DecodeThread::work(const Job& job) {
    const auto stop = job.stop.get_token();
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(job.file, stop);
    if (!info) {
        answer(job.number, [this, error = info.error()] { Q_EMIT failed(error); });
        return;
    }
    const auto samples = storeFor(*info, job);
    answer(job.number, [this, samples] { Q_EMIT opened(samples); });
    auto map = loadSoundMap(job.file);
    const bool isMapped = map != nullptr;
    if (isMapped) {
        answer(job.number, [this, map] { Q_EMIT mapped(map); });
    }
    const auto outcome = decoder->decodeInto(*samples, stop);
    if (!outcome) {
        answer(job.number, [this, error = outcome.error()] { Q_EMIT failed(error); });
        return;
    }
    answer(job.number, [this, outcome = *outcome] { Q_EMIT decoded(outcome); });
    if (!isMapped || map->frames != outcome->frames) {
        map = made(job.file, *samples, *outcome, stop);
        if (map) {
            answer(job.number, [this, map] { Q_EMIT mapped(map); });
        }
    }
}

/// What cannot be decoded says why when it is opened.
void DecodeThread::workAhead(const Job& job) {
    const auto stop = job.stop.get_token();
    const QFileInfo file(job.file);
    PreparedRecording recording{job.file, file.size(), file.lastModified(), nullptr, {}, nullptr};
    const auto decoder = makeAudioDecoder();
    const auto info = decoder->open(job.file, stop);
    if (!info) {
        return;
    }
    recording.samples = storeFor(*info, job);
    const auto outcome = decoder->decodeInto(*recording.samples, stop);
    if (!outcome || outcome->stoppedBy) {
        return;
    }
    recording.outcome = *outcome;
    recording.map = loadSoundMap(job.file);
    if (!recording.map || recording.map->frames != outcome->frames) {
        recording.map = made(job.file, *recording.samples, *outcome, stop);
    }
    if (!stop.stop_requested()) {
        QMetaObject::invokeMethod(
            this, [this, recording = std::move(recording)] { keep(recording); }, Qt::QueuedConnection);
    }
}

}  // namespace earmark
