#include "models/audio/pcmstore.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "models/audio/audiotext.h"

namespace earmark {

namespace {

Error spillError(int code) {
    const QString detail = QStringLiteral("spill file: ") + QString::fromLocal8Bit(std::strerror(code));
    if (code == ENOSPC || code == EDQUOT || code == EFBIG) {
        return makeError(ErrorKind::DiskFull, AudioText::tr("There is no space left for the sound of this recording."),
                         detail);
    }
    return makeError(ErrorKind::Storage, AudioText::tr("The sound of this recording could not be kept on the disk."),
                     detail);
}

constexpr std::int64_t kBlockBytes = PcmStore::kBlockSamples * static_cast<std::int64_t>(sizeof(std::int16_t));

/// Blocks lie one behind the other in regions of the size and alignment of the processor's large pages: page by small
/// page, memory takes longer to come than plain samples to be decoded.
constexpr std::size_t kRegionBytes = 2UL * 1024 * 1024;
static_assert(kRegionBytes % kBlockBytes == 0);

/// Of addresses only, nothing is there yet; nullptr: there are not so many.
std::shared_ptr<char> newRegion() {
    void* memory =
        ::mmap(nullptr, 2 * kRegionBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return nullptr;
    }
    char* const begin = static_cast<char*>(memory);
    const std::size_t before = -reinterpret_cast<std::uintptr_t>(begin) % kRegionBytes;
    if (before > 0) {
        ::munmap(begin, before);
    }
    ::munmap(begin + before + kRegionBytes, kRegionBytes - before);
    return {begin + before, [](char* region) { ::munmap(region, kRegionBytes); }};
}

/// The one behind `last` in its region, else (also for a null `last`) the first of a new one, of which the others are
/// going to be used if `goesOn`. nullptr: there is not enough memory.
template <typename Block>
std::shared_ptr<Block> nextBlock(const std::shared_ptr<Block>& last, bool goesOn) {
    std::shared_ptr<Block> block;
    if (last && reinterpret_cast<std::uintptr_t>(last.get() + 1) % kRegionBytes != 0) {
        block = {last, last.get() + 1};
    } else if (const auto region = newRegion()) {
        if (goesOn) {
            ::madvise(region.get(), kRegionBytes, MADV_HUGEPAGE);  // refused: small ones do as well
        }
        block = {region, reinterpret_cast<Block*>(region.get())};
    }
#ifdef MADV_POPULATE_WRITE
    if (block) {
        ::madvise(block.get(), sizeof(Block), MADV_POPULATE_WRITE);  // refused: then each page comes when it is touched
    }
#endif
    return block;
}

}  // namespace

PcmStore::PcmStore(PcmFormat format, std::string spillFolder, Limits limits)
    : m_format(format), m_spillFolder(std::move(spillFolder)), m_limits(limits) {}

bool PcmBudget::take(std::int64_t bytes) {
    std::int64_t left = m_left.load();
    while (left >= bytes) {
        if (m_left.compare_exchange_weak(left, left - bytes)) {
            return true;
        }
    }
    return false;
}

PcmStore::~PcmStore() {
    giveMemory(m_memoryBytes.load());
    if (const int file = m_spillFile.load(); file >= 0) {
        ::close(file);
    }
}

Done PcmStore::append(std::span<const std::int16_t> samples) {
    if (m_failed) {
        return failure(ErrorKind::Storage, {});
    }
    while (!samples.empty()) {
        const std::int64_t used = m_samples % kBlockSamples;
        if (used == 0) {
            if (auto done = startBlock(); !done) {
                m_failed = true;
                return done;
            }
        }
        const auto count = std::min<std::size_t>(samples.size(), static_cast<std::size_t>(kBlockSamples - used));
        std::copy_n(samples.begin(), count, m_last->begin() + used);
        m_samples += static_cast<std::int64_t>(count);
        samples = samples.subspan(count);
        m_frames.store(m_samples / m_format.channels, std::memory_order_release);
    }
    return {};
}

Done PcmStore::startBlock() {
    if ((m_samples + kBlockSamples) * static_cast<std::int64_t>(sizeof(std::int16_t)) > m_limits.totalBytes) {
        return failure(ErrorKind::TooLarge, AudioText::tr("The recording is too long to be played to its end."));
    }
    const bool fits = takeMemory();
    if (!fits) {
        // The block that is being written is always in memory; the one before it makes room.
        if (m_last) {
            if (auto done = spillLastBlock(); !done) {
                return done;
            }
        }
        if (m_limits.together) {
            m_limits.together->takeAnyway(kBlockBytes);
        }
    }
    auto block = nextBlock(m_last, fits);
    if (!block) {
        if (m_limits.together) {
            m_limits.together->give(kBlockBytes);
        }
        return failure(ErrorKind::Internal, AudioText::tr("There is not enough memory for this recording."));
    }
    m_last = std::move(block);
    m_memoryBytes.fetch_add(kBlockBytes, std::memory_order_relaxed);
    const std::lock_guard lock(m_mutex);
    m_entries.push_back({m_last});
    return {};
}

bool PcmStore::takeMemory() {
    if (m_memoryBytes.load(std::memory_order_relaxed) + kBlockBytes > m_limits.memoryBytes) {
        return false;
    }
    return !m_limits.together || m_limits.together->take(kBlockBytes);
}

void PcmStore::giveMemory(std::int64_t bytes) {
    m_memoryBytes.fetch_sub(bytes, std::memory_order_relaxed);
    if (m_limits.together) {
        m_limits.together->give(bytes);
    }
}

Done PcmStore::spillLastBlock() {
    if (m_spillFile.load() < 0) {
        if (auto done = openSpillFile(); !done) {
            return done;
        }
    }
    const auto* bytes = reinterpret_cast<const char*>(m_last->data());
    const std::int64_t place = (m_samples / kBlockSamples - 1) * kBlockBytes;
    for (std::int64_t written = 0; written < kBlockBytes;) {
        const auto count = ::pwrite(m_spillFile.load(), bytes + written,
                                    static_cast<std::size_t>(kBlockBytes - written), place + written);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return failure(spillError(count < 0 ? errno : ENOSPC));
        }
        written += count;
    }
    {
        // A reader that took the block before keeps it alive until it has copied.
        const std::lock_guard lock(m_mutex);
        m_entries.back().block.reset();
    }
    m_last.reset();
    giveMemory(kBlockBytes);
    m_spilledBytes.fetch_add(kBlockBytes, std::memory_order_relaxed);
    return {};
}

Done PcmStore::openSpillFile() {
    // Without a name from the beginning: a kill leaves nothing behind.
    int file = ::open(m_spillFolder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
        std::string name = m_spillFolder + "/.sound-XXXXXX";
        file = ::mkostemp(name.data(), O_CLOEXEC);
        if (file >= 0) {
            ::unlink(name.c_str());
        }
    }
    if (file < 0) {
        return failure(spillError(errno));
    }
    m_spillFile.store(file);
    return {};
}

void PcmStore::setEstimatedFrames(std::optional<std::int64_t> frames) {
    m_estimate.store(frames.value_or(-1));
}

void PcmStore::finish() {
    m_finished.store(true, std::memory_order_release);
}

std::int64_t PcmStore::totalFrames() const {
    const std::int64_t there = framesAvailable();
    return isFinished() ? framesAvailable() : std::max(there, m_estimate.load());
}

std::int64_t PcmStore::read(std::int64_t frame, std::span<std::int16_t> into) const {
    const std::int64_t available = framesAvailable();
    if (frame < 0 || frame >= available) {
        return 0;
    }
    const std::int64_t frames =
        std::min<std::int64_t>(static_cast<std::int64_t>(into.size()) / m_format.channels, available - frame);
    std::int64_t sample = frame * m_format.channels;
    auto rest = into.first(static_cast<std::size_t>(frames * m_format.channels));
    while (!rest.empty()) {
        const auto index = static_cast<std::size_t>(sample / kBlockSamples);
        const std::int64_t offset = sample % kBlockSamples;
        const auto count = std::min<std::size_t>(rest.size(), static_cast<std::size_t>(kBlockSamples - offset));
        std::shared_ptr<Block> block;
        {
            const std::lock_guard lock(m_mutex);
            block = m_entries[index].block;
        }
        if (block) {
            std::copy_n(block->begin() + offset, count, rest.begin());
        } else if (!readSpilled(index, offset, rest.first(count))) {
            std::fill_n(rest.begin(), count,
                        std::int16_t{0});  // a failing disk is heard as silence, positions stay right
        }
        sample += static_cast<std::int64_t>(count);
        rest = rest.subspan(count);
    }
    return frames;
}

bool PcmStore::readSpilled(std::size_t index, std::int64_t offset, std::span<std::int16_t> into) const {
    auto* bytes = reinterpret_cast<char*>(into.data());
    const auto wanted = static_cast<std::int64_t>(into.size_bytes());
    const std::int64_t place =
        static_cast<std::int64_t>(index) * kBlockBytes + offset * static_cast<std::int64_t>(sizeof(std::int16_t));
    for (std::int64_t got = 0; got < wanted;) {
        const auto count =
            ::pread(m_spillFile.load(), bytes + got, static_cast<std::size_t>(wanted - got), place + got);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        got += count;
    }
    return true;
}

}  // namespace earmark
