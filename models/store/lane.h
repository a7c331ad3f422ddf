// One thread that works off jobs in the order they came; the gate in front of a database connection. Free of Qt.
// post() and stop() may be called from any thread; jobs run in the lane's own thread only.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace earmark {

class Lane final {
 public:
    using Job = std::function<void()>;
    enum class Rest { Finish, Drop };  ///< what stop() does with jobs that have not begun

    explicit Lane(const char* threadName);
    ~Lane();  ///< stop(Rest::Drop)
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    /// False when the lane has been stopped: the job will not run.
    bool post(Job job);
    /// Waits for the running job, deals with the rest, runs `last` in the lane's thread and joins it. A second call
    /// does nothing. Never call it from a job.
    void stop(Rest rest, Job last = {});

 private:
    void work();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    Job m_last;
    bool m_stopping = false;
    std::thread m_thread;
};

}  // namespace earmark
