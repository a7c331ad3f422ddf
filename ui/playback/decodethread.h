// Decodes and maps recordings in a thread of its own: the open one first, then those that may be opened next. Main
// thread only; the answers come on the main thread, and none comes for a job that was replaced or cancelled.
#pragma once

#include <QDateTime>
#include <QObject>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "models/audio/audiodecoder.h"
#include "models/audio/soundmap.h"

namespace earmark {

/// A whole recording, made ready before anybody asked for it.
struct PreparedRecording {
    QString file;
    qint64 fileSize = 0;  ///< with the time: of the bytes that were decoded
    QDateTime fileChanged;
    std::shared_ptr<PcmStore> samples;
    DecodeOutcome outcome;
    std::shared_ptr<const SoundMap> map;
};

class DecodeThread final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DecodeThread)

 public:
    static constexpr std::size_t kMostPrepared = 3;

    explicit DecodeThread(QObject* parent = nullptr);
    ~DecodeThread() override;  ///< waits for the step that the decoder is in, some milliseconds

    /// What does not fit into memory goes to an unnamed file in the recording's own folder.
    void decode(const QString& file);
    void cancel();
    /// Later, when nothing is to be decoded at once. Of more than kMostPrepared the oldest go.
    void prepare(const QString& file);
    /// The prepared recording, if it is there and its file is still the same; it stops what decode() does, as another
    /// decode() would. It is no longer kept here.
    [[nodiscard]] std::optional<PreparedRecording> take(const QString& file);
    [[nodiscard]] bool isPrepared(const QString& file) const;  ///< it may have changed since; take() looks
    [[nodiscard]] std::size_t prepared() const { return m_prepared.size(); }

 Q_SIGNALS:
    void opened(const std::shared_ptr<earmark::PcmStore>& samples);
    void failed(const earmark::Error& error);
    void decoded(const earmark::DecodeOutcome& outcome);
    void mapped(const std::shared_ptr<const earmark::SoundMap>& map);
    void preparedChanged();

 private:
    struct Job {
        quint64 number = 0;
        QString file;
        bool ahead = false;  ///< nobody waits for it
        std::stop_source stop;
    };

    void start();
    void run(std::stop_token stop);
    [[nodiscard]] bool hasWork() const { return m_next || !m_ahead.empty(); }
    void work(const Job& job);
    void workAhead(const Job& job);
    [[nodiscard]] std::shared_ptr<PcmStore> storeFor(const RecordingInfo& info, const Job& job) const;
    template <typename Answer>
    void answer(quint64 number, Answer deliver);
    void keep(PreparedRecording recording);

    const std::shared_ptr<PcmBudget> m_memory;
    quint64 m_number = 0;                      ///< main thread: answers to other jobs are dropped
    std::deque<PreparedRecording> m_prepared;  ///< main thread, oldest first
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_next;
    std::deque<Job> m_ahead;
    std::optional<Job> m_current;
    std::jthread m_thread;
};

}  // namespace earmark
