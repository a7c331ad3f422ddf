// How words are found in folded text: a bare word matches words that begin so, a quoted one whole words in order. Plain
// data, any thread.
#pragma once

#include <QString>
#include <string>
#include <string_view>
#include <vector>

namespace earmark {

/// Folded text as UTF-8: the one form in which texts are compared in this room.
[[nodiscard]] std::string foldedUtf8(QStringView text);

/// What counts of a telephone number: folded, without blanks, dashes and the other marks that people group digits with.
[[nodiscard]] QString numberKey(QStringView text);

class WordPattern final {
 public:
    enum class Ending { Prefix, WholeWord };  ///< of the last word; the others are always whole

    WordPattern() = default;
    WordPattern(QStringView text, Ending ending);

    /// True when the text had no letter and no digit: nothing can be found with it.
    [[nodiscard]] bool isEmpty() const { return m_words.empty(); }
    /// `folded` as foldedUtf8() makes it.
    [[nodiscard]] bool matches(std::string_view folded) const;
    /// Whether the pattern stands at `at`, where the first word was found (and a word begins).
    [[nodiscard]] bool matchesAt(std::string_view folded, std::size_t at) const;
    [[nodiscard]] const std::string& firstWord() const { return m_words.front(); }

    /// The same question for numbers, which are one word however they are grouped; `key` as numberKey(), in UTF-8.
    [[nodiscard]] bool matchesNumber(std::string_view key) const;

 private:
    std::vector<std::string> m_words;
    std::string m_numberKey;
    Ending m_ending = Ending::Prefix;
};

/// True when no word character ends just before `at`.
[[nodiscard]] bool wordBeginsAt(std::string_view folded, std::size_t at);

}  // namespace earmark
