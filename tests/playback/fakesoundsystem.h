// A sound system of one device that plays at the speed of the clock, and hangs where a test wants it to. The bench is
// shared by all threads; systems and devices live in the audio thread that made them.
#pragma once

#include <QThread>
#include <QTimer>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "ui/playback/pcmfeed.h"
#include "ui/playback/soundsystem.h"

namespace earmark {

enum class HangAt { Look, Open, Write, Suspend, Resume, Stop };

class SoundBench final {
 public:
    /// The next call there hangs until release(); `every`: each call there.
    void hang(HangAt where, bool every = false) {
        const std::lock_guard lock(m_mutex);
        m_where = where;
        m_every = every;
    }
    void release() {
        const std::lock_guard lock(m_mutex);
        m_where.reset();
        ++m_releases;
        m_released.notify_all();
    }
    void pass(HangAt where) {
        std::unique_lock lock(m_mutex);
        if (m_where != where) {
            return;
        }
        if (!m_every) {
            m_where.reset();
        }
        ++m_held;
        m_released.wait(lock, [this, before = m_releases] { return m_releases != before; });
        --m_held;
    }
    [[nodiscard]] int held() const {
        const std::lock_guard lock(m_mutex);
        return m_held;
    }

    std::atomic<int> devices{0};      ///< open now
    std::atomic<bool> isLost{false};  ///< the device was taken away
    std::atomic<bool> rests{false};
    std::atomic<bool> needsThread{false};                ///< as the one in which the sound library lives
    std::atomic<std::chrono::milliseconds> openTakes{};  ///< of a device that works, but is slow
    std::atomic<int> looksNow{0};
    std::atomic<Qt::HANDLE> puller{};  ///< thread that pulled last
    std::atomic<std::int64_t> pulled{0};

 private:
    mutable std::mutex m_mutex;
    std::condition_variable m_released;
    std::optional<HangAt> m_where;
    bool m_every = false;
    int m_held = 0;
    int m_releases = 0;
};

class FakeSoundDevice final : public SoundDevice {
 public:
    static constexpr int kRate = 48000;
    static constexpr std::int64_t kBuffer = kRate / 10;

    FakeSoundDevice(std::shared_ptr<SoundBench> bench, const FeedMaker& makeFeed) : m_bench(std::move(bench)) {
        QAudioFormat format;
        format.setSampleRate(kRate);
        format.setChannelCount(2);
        format.setSampleFormat(QAudioFormat::Int16);
        m_feed = makeFeed(format);
        ++m_bench->devices;
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { pull(); });
        m_timer.start(10);
        m_since = std::chrono::steady_clock::now();
    }
    FakeSoundDevice(const FakeSoundDevice&) = delete;
    FakeSoundDevice& operator=(const FakeSoundDevice&) = delete;
    ~FakeSoundDevice() override {
        m_bench->pass(HangAt::Stop);
        --m_bench->devices;
    }

    [[nodiscard]] PcmFeed& feed() override { return *m_feed; }
    void suspend() override {
        m_bench->pass(HangAt::Suspend);
        m_timer.stop();
        m_bench->rests = true;
    }
    void resume() override {
        m_bench->pass(HangAt::Resume);
        m_bench->rests = false;
        m_since =
            std::chrono::steady_clock::now() - std::chrono::microseconds(m_feed->writtenFrames() * 1'000'000 / kRate);
        m_timer.start();
    }
    [[nodiscard]] bool isSuspended() const override { return !m_timer.isActive(); }
    [[nodiscard]] bool isStopped() const override { return m_bench->isLost; }
    [[nodiscard]] int sampleRate() const override { return kRate; }
    [[nodiscard]] std::int64_t bufferFrames() const override { return kBuffer; }
    [[nodiscard]] std::int64_t playedFrames() const override { return std::min(m_feed->writtenFrames(), passed()); }

 private:
    [[nodiscard]] std::int64_t passed() const {
        return std::int64_t(std::chrono::duration<double>(std::chrono::steady_clock::now() - m_since).count() * kRate);
    }
    void pull() {
        const std::int64_t wanted = passed() + kBuffer - m_feed->writtenFrames();
        if (wanted > 0 && !m_bench->isLost) {
            m_bytes.resize(std::size_t(wanted) * 4);
            m_feed->read(m_bytes.data(), qint64(m_bytes.size()));
            m_bench->pass(HangAt::Write);
            m_bench->puller = QThread::currentThreadId();
            m_bench->pulled += wanted;
        }
    }

    const std::shared_ptr<SoundBench> m_bench;
    std::unique_ptr<PcmFeed> m_feed;
    QTimer m_timer;
    std::chrono::steady_clock::time_point m_since;
    std::vector<char> m_bytes;
};

class FakeSoundSystem final : public SoundSystem {
 public:
    explicit FakeSoundSystem(std::shared_ptr<SoundBench> bench) : m_bench(std::move(bench)) {}
    [[nodiscard]] QList<OutputDevice> devices() override {
        m_bench->pass(HangAt::Look);
        return m_bench->isLost ? QList<OutputDevice>() : QList<OutputDevice>{{"fake", QStringLiteral("Fake"), true}};
    }
    void lookNow() override { ++m_bench->looksNow; }
    [[nodiscard]] bool needsThisThread() const override { return m_bench->needsThread; }
    [[nodiscard]] std::unique_ptr<SoundDevice> open(const QByteArray& /*id*/, const FeedMaker& makeFeed) override {
        m_bench->pass(HangAt::Open);
        std::this_thread::sleep_for(m_bench->openTakes.load());
        return m_bench->isLost ? nullptr : std::make_unique<FakeSoundDevice>(m_bench, makeFeed);
    }

 private:
    const std::shared_ptr<SoundBench> m_bench;
};

}  // namespace earmark
