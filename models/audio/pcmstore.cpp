#include "models/audio/pcmstore.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

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

/// Memory that is there at once: page by page, at the first touch of each, it takes longer than decoding plain samples.
/// nullptr: there is not enough.
template <typename Pages>
Pages* newPages() {
    void* memory =
        ::mmap(nullptr, sizeof(Pages), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return memory == MAP_FAILED ? nullptr : static_cast<Pages*>(memory);
}

template <typename Pages>
void freePages(Pages* pages) {
    if (pages) {
        ::munmap(pages, sizeof(Pages));
    }
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
    if (!takeMemory()) {
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
    auto block = std::shared_ptr<Block>(newPages<Block>(), freePages<Block>);
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
