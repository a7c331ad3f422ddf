// The columns of one segment of the call index. Each is as long as its last known value: rows behind that are null,
// so a column that a provider never fills costs nothing. Written by one thread before the snapshot exists, then read
// from any.
#pragma once

#include <QtGlobal>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace earmark {

/// One bit per row, 64 rows a word; missing words are zero.
class BitColumn final {
 public:
    void set(std::size_t row, bool on) {
        const std::size_t word = row / 64;
        if (word >= m_words.size()) {
            if (!on) {
                return;
            }
            m_words.resize(word + 1);
        }
        const quint64 bit = quint64(1) << (row % 64);
        m_words[word] = on ? m_words[word] | bit : m_words[word] & ~bit;
    }
    [[nodiscard]] bool at(std::size_t row) const { return (word(row / 64) >> (row % 64) & 1U) != 0; }
    [[nodiscard]] quint64 word(std::size_t index) const { return index < m_words.size() ? m_words[index] : 0; }

 private:
    std::vector<quint64> m_words;
};

/// Small numbers for which zero is the value of every row that was never set: dictionary codes, enums.
template <typename T>
class CodeColumn final {
 public:
    void set(std::size_t row, T code) {
        if (row >= m_codes.size()) {
            if (code == T(0)) {
                return;
            }
            m_codes.resize(row + 1);
        }
        m_codes[row] = code;
    }
    [[nodiscard]] T at(std::size_t row) const { return row < m_codes.size() ? m_codes[row] : T(0); }
    [[nodiscard]] const std::vector<T>& codes() const { return m_codes; }

 private:
    std::vector<T> m_codes;
};

/// Times and measures: null and zero are different things, so a bit says which rows are known.
template <typename T>
class ValueColumn final {
 public:
    void set(std::size_t row, const std::optional<T>& value) {
        if (row >= m_values.size()) {
            if (!value) {
                return;
            }
            m_values.resize(row + 1);
        }
        m_values[row] = value.value_or(T());
        m_known.set(row, value.has_value());
    }
    [[nodiscard]] std::optional<T> at(std::size_t row) const {
        return m_known.at(row) ? std::optional(m_values[row]) : std::nullopt;
    }
    [[nodiscard]] const std::vector<T>& values() const { return m_values; }
    [[nodiscard]] const BitColumn& known() const { return m_known; }

 private:
    std::vector<T> m_values;
    BitColumn m_known;
};

/// Strings end to end, so that one search runs over all of them.
class Blob final {
 public:
    void set(std::size_t row, std::string_view text) {
        if (row >= rows()) {
            m_offsets.resize(row + 2, static_cast<quint32>(m_bytes.size()));
            m_bytes.append(text);
            m_offsets[row + 1] = static_cast<quint32>(m_bytes.size());
            return;
        }
        const std::size_t old = m_offsets[row + 1] - m_offsets[row];
        m_bytes.replace(m_offsets[row], old, text);
        for (std::size_t i = row + 1; i < m_offsets.size(); ++i) {
            m_offsets[i] += static_cast<quint32>(text.size()) - static_cast<quint32>(old);
        }
    }
    [[nodiscard]] std::size_t rows() const { return m_offsets.empty() ? 0 : m_offsets.size() - 1; }
    [[nodiscard]] std::string_view at(std::size_t row) const {
        return row < rows() ? std::string_view(m_bytes).substr(m_offsets[row], m_offsets[row + 1] - m_offsets[row])
                            : std::string_view();
    }
    [[nodiscard]] std::string_view bytes() const { return m_bytes; }
    [[nodiscard]] std::size_t begin(std::size_t row) const { return m_offsets[row]; }
    [[nodiscard]] std::size_t end(std::size_t row) const { return m_offsets[row + 1]; }

 private:
    std::string m_bytes;
    std::vector<quint32> m_offsets;
};

/// Strings that are different in nearly every row, with their folded form; ids are usually their own folded form and
/// then stand only once.
class TextColumn final {
 public:
    void set(std::size_t row, const std::optional<std::string>& text, std::string_view folded) {
        if (row >= m_raw.rows() && !text) {
            return;
        }
        const std::string_view raw = text ? std::string_view(*text) : std::string_view();
        m_known.set(row, text.has_value());
        if (m_foldedApart || raw != folded) {
            if (!m_foldedApart) {
                m_folded = m_raw;
                m_foldedApart = true;
            }
            replace(m_folded, row, folded);
        }
        replace(m_raw, row, raw);
    }
    [[nodiscard]] bool isKnown(std::size_t row) const { return m_known.at(row); }
    [[nodiscard]] const BitColumn& known() const { return m_known; }
    [[nodiscard]] const Blob& raw() const { return m_raw; }
    [[nodiscard]] const Blob& folded() const { return m_foldedApart ? m_folded : m_raw; }

 private:
    /// A changed call has the same ids as before: most replacements are none.
    static void replace(Blob& blob, std::size_t row, std::string_view text) {
        if (row >= blob.rows() || blob.at(row) != text) {
            blob.set(row, text);
        }
    }
    Blob m_raw;
    Blob m_folded;
    BitColumn m_known;
    bool m_foldedApart = false;
};

}  // namespace earmark
