// Decodes one recording at a time in a thread of its own; a newer one stops the older. Main thread only; the answers
// come on the main thread, and none comes for a job that was replaced or cancelled.
#pragma once

#include <QObject>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "models/audio/audiodecoder.h"

namespace earmark {

class DecodeThread final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DecodeThread)

 public:
    explicit DecodeThread(QObject* parent = nullptr);
    ~DecodeThread() override;  ///< waits for the step that the decoder is in, some milliseconds

    /// What does not fit into memory goes to an unnamed file in the recording's own folder.
    void decode(const QString& file);
    void cancel();

 Q_SIGNALS:
    void opened(const std::shared_ptr<earmark::PcmStore>& samples);
    void failed(const earmark::Error& error);
    void decoded(const earmark::DecodeOutcome& outcome);

 private:
    struct Job {
        quint64 number = 0;
        QString file;
        std::stop_source stop;
    };

    void run(std::stop_token stop);
    void work(const Job& job);
    template <typename Answer>
    void answer(quint64 number, Answer deliver);

    quint64 m_number = 0;  ///< main thread: answers to other jobs are dropped
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::optional<Job> m_next;
    std::stop_source m_current;
    std::jthread m_thread;
};

}  // namespace earmark
