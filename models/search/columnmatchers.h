// The matchers that look at columns of numbers: codes, enums, bits, measures, times. One query, one thread.
#pragma once

#include <algorithm>
#include <vector>

#include "models/search/matcher.h"

namespace earmark {

/// Sets a bit for each of the first `rows` rows for which `condition(row)` holds, without a branch per row.
template <typename Condition>
void fillMask(RowMask& mask, std::size_t rows, const Condition& condition) {
    const std::size_t fullWords = rows / 64;
    for (std::size_t word = 0; word < fullWords; ++word) {
        quint64 bits = 0;
        for (std::size_t bit = 0; bit < 64; ++bit) {
            bits |= static_cast<quint64>(condition(word * 64 + bit)) << bit;
        }
        mask[word] = bits;
    }
    std::fill(mask.begin() + static_cast<std::ptrdiff_t>(fullWords), mask.end(), 0);
    for (std::size_t row = fullWords * 64; row < rows; ++row) {
        mask[row / 64] |= static_cast<quint64>(condition(row)) << (row % 64);
    }
}

template <typename Combine>
void combineWords(RowMask& mask, const Combine& wordAt) {
    for (std::size_t word = 0; word < mask.size(); ++word) {
        mask[word] = wordAt(word);
    }
}

/// Rows whose code has a mark in the table; entry 0 is "no value".
template <typename Code>
class CodesMatcher final : public Matcher {
 public:
    using Pick = const CodeColumn<Code>& (*)(const Segment& segment, std::size_t column);
    CodesMatcher(Pick pick, std::size_t column, std::vector<quint8> marks)
        : m_pick(pick), m_column(column), m_marks(std::move(marks)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        const auto& codes = m_pick(segment, m_column).codes();
        fillMask(mask, codes.size(), [&](std::size_t row) { return m_marks[codes[row]]; });
        if (m_marks[0] != 0) {
            for (std::size_t row = codes.size(); row < segment.rows; ++row) {
                mask[row / 64] |= quint64(1) << (row % 64);
            }
        }
    }
    [[nodiscard]] int cost() const override { return 2; }

 private:
    Pick m_pick;
    std::size_t m_column;
    std::vector<quint8> m_marks;
};

/// Rows whose value is known and lies between the two, both included.
template <typename Which, typename Value>
class RangeMatcher final : public Matcher {
 public:
    using Pick = const ValueColumn<Value>& (*)(const Segment& segment, Which which);
    RangeMatcher(Pick pick, Which which, Value low, Value high)
        : m_pick(pick), m_which(which), m_low(low), m_high(high) {}
    void match(const Segment& segment, RowMask& mask) const override {
        const auto& column = m_pick(segment, m_which);
        const auto& values = column.values();
        fillMask(mask, values.size(),
                 [&](std::size_t row) { return (values[row] >= m_low) & (values[row] <= m_high); });
        combineWords(mask, [&](std::size_t word) { return mask[word] & column.known().word(word); });
    }
    [[nodiscard]] int cost() const override { return 2; }

 private:
    Pick m_pick;
    Which m_which;
    Value m_low;
    Value m_high;
};

/// A question that words of bits answer: `wordAt(segment, word)`.
template <typename WordAt>
class BitsMatcher final : public Matcher {
 public:
    explicit BitsMatcher(WordAt wordAt) : m_wordAt(std::move(wordAt)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        combineWords(mask, [&](std::size_t word) { return m_wordAt(segment, word); });
    }
    [[nodiscard]] int cost() const override { return 1; }

 private:
    WordAt m_wordAt;
};

template <typename WordAt>
[[nodiscard]] MatcherPtr bitsMatcher(WordAt wordAt) {
    return std::make_unique<BitsMatcher<WordAt>>(std::move(wordAt));
}

}  // namespace earmark
