// Processor time of the calling thread: what a piece of work costs, however busy the machine is. For tests that hold
// that work grows no faster than its input; how fast it is, benchmarks tell.
#pragma once

#include <chrono>
#include <ctime>

namespace earmark {

class ProcessorTime final {
 public:
    [[nodiscard]] double ms() const { return std::chrono::duration<double, std::milli>(now() - m_since).count(); }

 private:
    static std::chrono::nanoseconds now() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
    }
    std::chrono::nanoseconds m_since = now();
};

}  // namespace earmark
