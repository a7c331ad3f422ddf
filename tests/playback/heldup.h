// How long the machine held up a thread that wanted to run every 2 ms, while this lives. Sound that was heard while its
// threads got no processor is torn whatever the player does, and proves nothing. Any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

namespace earmark {

class HeldUp final {
 public:
    /// Less is filled by what lies ready in the sound server.
    static constexpr std::chrono::milliseconds kHarmless{20};

    HeldUp() : m_thread([this](const std::stop_token& stop) { watch(stop); }) {}

    [[nodiscard]] std::chrono::milliseconds longest() const { return std::chrono::milliseconds(m_longestMs.load()); }
    [[nodiscard]] bool isHarmless() const { return longest() < kHarmless; }

 private:
    void watch(const std::stop_token& stop) {
        using Steady = std::chrono::steady_clock;
        constexpr std::chrono::milliseconds kBeat{2};
        while (!stop.stop_requested()) {
            const auto due = Steady::now() + kBeat;
            std::this_thread::sleep_until(due);
            const auto late = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - due);
            m_longestMs = std::max(m_longestMs.load(), late.count());
        }
    }

    std::atomic<std::chrono::milliseconds::rep> m_longestMs = 0;
    std::jthread m_thread;
};

}  // namespace earmark
