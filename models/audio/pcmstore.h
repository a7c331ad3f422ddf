// The decoded samples of one recording: written by one decoding thread, readable from any thread while that goes on.
// Bounded in memory: what does not fit goes to an unlinked file. No Qt objects, no event loop.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/domain/result.h"

namespace earmark {

struct PcmFormat {
    int sampleRate = 0;
    int channels = 0;  ///< 1 or 2; two speakers are kept apart

    friend bool operator==(const PcmFormat&, const PcmFormat&) = default;
};

/// What several stores may hold in memory together. Any thread.
class PcmBudget final {
 public:
    explicit PcmBudget(std::int64_t bytes) : m_left(bytes) {}

    [[nodiscard]] bool take(std::int64_t bytes);  ///< false: so much is not left, and nothing is taken
    void takeAnyway(std::int64_t bytes) { m_left.fetch_sub(bytes); }
    void give(std::int64_t bytes) { m_left.fetch_add(bytes); }
    [[nodiscard]] std::int64_t left() const { return m_left.load(); }

 private:
    std::atomic<std::int64_t> m_left;
};

class PcmStore final {
 public:
    /// With the map of a long recording, and what making it takes, it stays within 96 MB.
    static constexpr std::int64_t kMemoryLimit = 64LL * 1024 * 1024;
    /// A small file can unfold into days of silence; what goes past this is refused (6 hours of 48 kHz stereo).
    static constexpr std::int64_t kTotalLimit = 4LL * 1024 * 1024 * 1024;
    static constexpr std::int64_t kBlockSamples = 128 * 1024;

    struct Limits {
        std::int64_t memoryBytes = kMemoryLimit;
        std::int64_t totalBytes = kTotalLimit;
        std::shared_ptr<PcmBudget> together{};  ///< null: no other store counts
    };

    /// `spillFolder` is where the file goes when memory is used up; it is not touched before.
    PcmStore(PcmFormat format, std::string spillFolder, Limits limits);
    PcmStore(PcmFormat format, std::string spillFolder) : PcmStore(format, std::move(spillFolder), Limits()) {}
    ~PcmStore();
    PcmStore(const PcmStore&) = delete;
    PcmStore& operator=(const PcmStore&) = delete;

    [[nodiscard]] PcmFormat format() const { return m_format; }

    // The decoding thread.
    /// Interleaved samples, whole frames. After an error nothing more is taken; what came before stays readable.
    [[nodiscard]] Done append(std::span<const std::int16_t> samples);
    void setEstimatedFrames(std::optional<std::int64_t> frames);
    void finish();

    // Any thread.
    /// Copies frames from `frame` on; returns how many there were, 0 past the end.
    [[nodiscard]] std::int64_t read(std::int64_t frame, std::span<std::int16_t> into) const;
    [[nodiscard]] std::int64_t framesAvailable() const { return m_frames.load(std::memory_order_acquire); }
    [[nodiscard]] bool isFinished() const { return m_finished.load(std::memory_order_acquire); }
    /// Exact when finished, else the better of estimate and what is there.
    [[nodiscard]] std::int64_t totalFrames() const;
    [[nodiscard]] std::int64_t memoryBytes() const { return m_memoryBytes.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t spilledBytes() const { return m_spilledBytes.load(std::memory_order_relaxed); }

 private:
    using Block = std::array<std::int16_t, kBlockSamples>;
    /// In memory, or (block empty) at its place in the file: block i always starts at i * sizeof(Block).
    struct Entry {
        std::shared_ptr<Block> block;
    };

    [[nodiscard]] Done startBlock();
    [[nodiscard]] bool takeMemory();
    void giveMemory(std::int64_t bytes);
    [[nodiscard]] Done spillLastBlock();
    [[nodiscard]] Done openSpillFile();
    bool readSpilled(std::size_t index, std::int64_t offset, std::span<std::int16_t> into) const;

    const PcmFormat m_format;
    const std::string m_spillFolder;
    const Limits m_limits;
    std::shared_ptr<Block> m_last;  ///< decoding thread only
    std::int64_t m_samples = 0;     ///< decoding thread only
    bool m_failed = false;          ///< decoding thread only
    mutable std::mutex m_mutex;     ///< guards m_entries; never held while reading or writing a file
    std::vector<Entry> m_entries;
    std::atomic<int> m_spillFile = -1;
    std::atomic<std::int64_t> m_frames = 0;
    std::atomic<std::int64_t> m_estimate = -1;
    std::atomic<bool> m_finished = false;
    std::atomic<std::int64_t> m_memoryBytes = 0;
    std::atomic<std::int64_t> m_spilledBytes = 0;
};

}  // namespace earmark
