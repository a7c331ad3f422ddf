#include "models/store/lane.h"

#include <pthread.h>

#include <utility>

namespace earmark {

Lane::Lane(const char* threadName) : m_thread([this] { work(); }) {
    pthread_setname_np(m_thread.native_handle(), threadName);
}

Lane::~Lane() {
    stop(Rest::Drop);
}

bool Lane::post(Job job) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return false;
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
    return true;
}

void Lane::stop(Rest rest, Job last) {
    std::deque<Job> dropped;
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopping)
            return;
        m_stopping = true;
        m_last = std::move(last);
        if (rest == Rest::Drop)
            dropped.swap(m_jobs);
    }
    m_wake.notify_one();
    m_thread.join();
}

void Lane::work() {
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_jobs.empty(); });
            if (m_jobs.empty())
                break;
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job();
    }
    Job last;
    {
        const std::lock_guard lock(m_mutex);
        last = std::exchange(m_last, {});
    }
    if (last)
        last();
}

}  // namespace earmark
