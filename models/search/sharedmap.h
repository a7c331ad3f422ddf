// Append-only containers that snapshots share: a copy costs a handful of pointers, a change never shows in the copy it
// came from. Written by one thread before the snapshot exists, then read from any.
#pragma once

#include <QtGlobal>
#include <algorithm>
#include <memory>
#include <vector>

namespace earmark {

/// A vector in shared chunks. Copy it, change the copy, then treat it as const for ever: changing an object that was
/// copied before would show in the copies.
template <typename T>
class SharedVector final {
 public:
    SharedVector() = default;
    SharedVector(const SharedVector& other)
        : m_chunks(other.m_chunks), m_own(other.m_chunks.size()), m_size(other.m_size) {}
    SharedVector& operator=(const SharedVector&) = delete;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] const T& operator[](std::size_t index) const { return (*m_chunks[index / kChunk])[index % kChunk]; }
    void append(T value) {
        if (m_size % kChunk == 0) {
            m_chunks.push_back(std::make_shared<Chunk>());
            m_own.push_back(true);
        }
        owned(m_size / kChunk).push_back(std::move(value));
        ++m_size;
    }
    void set(std::size_t index, T value) { owned(index / kChunk)[index % kChunk] = std::move(value); }

 private:
    static constexpr std::size_t kChunk = 1024;
    using Chunk = std::vector<T>;
    Chunk& owned(std::size_t chunk) {
        if (!m_own[chunk]) {
            m_chunks[chunk] = std::make_shared<Chunk>(*m_chunks[chunk]);
            m_own[chunk] = true;
        }
        return *m_chunks[chunk];
    }
    std::vector<std::shared_ptr<Chunk>> m_chunks;
    std::vector<bool> m_own;
    std::size_t m_size = 0;
};

/// Numbers by 64-bit key, several per key allowed: sorted runs whose sizes at least halve from one to the next, so a
/// look-up is a few binary searches and adding merges each entry only log(n) times over a life.
class SharedMap final {
 public:
    struct Entry {
        quint64 key = 0;
        quint32 number = 0;
    };

    void add(std::vector<Entry> entries) {
        if (entries.empty()) {
            return;
        }
        std::stable_sort(entries.begin(), entries.end(), byKey);
        while (!m_runs.empty() && m_runs.back()->size() < 2 * entries.size()) {
            std::vector<Entry> merged;
            merged.reserve(m_runs.back()->size() + entries.size());
            std::merge(m_runs.back()->begin(), m_runs.back()->end(), entries.begin(), entries.end(),
                       std::back_inserter(merged), byKey);
            entries = std::move(merged);
            m_runs.pop_back();
        }
        m_runs.push_back(std::make_shared<const std::vector<Entry>>(std::move(entries)));
    }

    /// Calls `isIt(number)` for each entry of the key until one says true. True when one did.
    template <typename Predicate>
    bool find(quint64 key, const Predicate& isIt) const {
        for (auto run = m_runs.rbegin(); run != m_runs.rend(); ++run) {
            auto entry = std::lower_bound((*run)->begin(), (*run)->end(), Entry{key, 0}, byKey);
            for (; entry != (*run)->end() && entry->key == key; ++entry) {
                if (isIt(entry->number)) {
                    return true;
                }
            }
        }
        return false;
    }

 private:
    static bool byKey(const Entry& left, const Entry& right) { return left.key < right.key; }
    std::vector<std::shared_ptr<const std::vector<Entry>>> m_runs;
};

}  // namespace earmark
