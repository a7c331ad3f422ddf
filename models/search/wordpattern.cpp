#include "models/search/wordpattern.h"

#include "models/domain/textfold.h"

namespace earmark {

namespace {

bool isAsciiWordPart(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// The code point that begins at `at` and how many bytes it has. The text is our own UTF-8, so it is well formed.
struct Decoded {
    char32_t codePoint;
    std::size_t bytes;
};

Decoded decodedAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) & 0x3fU : 0U;
    };
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0xe0) {
        return {static_cast<char32_t>((lead & 0x1fU) << 6 | byte(1)), 2};
    }
    if (lead < 0xf0) {
        return {static_cast<char32_t>((lead & 0x0fU) << 12 | byte(1) << 6 | byte(2)), 3};
    }
    return {static_cast<char32_t>((lead & 0x07U) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3)), 4};
}

/// The same notion of a word as foldedWords(): letters, numbers and marks run together.
bool isWordPart(char32_t codePoint) {
    if (QChar::isLetterOrNumber(codePoint)) {
        return true;
    }
    const auto category = QChar::category(codePoint);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_SpacingCombining ||
           category == QChar::Mark_Enclosing;
}

/// How many bytes of a word character begin at `at`; 0 for a separator or the end.
std::size_t wordBytesAt(std::string_view text, std::size_t at) {
    if (at >= text.size()) {
        return 0;
    }
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
        return isAsciiWordPart(c) ? 1 : 0;
    }
    const Decoded decoded = decodedAt(text, at);
    return isWordPart(decoded.codePoint) ? decoded.bytes : 0;
}

std::size_t skipSeparators(std::string_view text, std::size_t at) {
    while (at < text.size() && wordBytesAt(text, at) == 0) {
        ++at;
        while (at < text.size() && isContinuation(text[at])) {
            ++at;
        }
    }
    return at;
}

bool isGrouping(QChar c) {
    return c.isSpace() || c.category() == QChar::Punctuation_Dash || c == u'+' || c == u'(' || c == u')' || c == u'.' ||
           c == u'/';
}

}  // namespace

std::string foldedUtf8(QStringView text) {
    return foldedText(text).toStdString();
}

QString numberKey(QStringView text) {
    QString key = foldedText(text);
    key.removeIf(isGrouping);
    return key;
}

WordPattern::WordPattern(QStringView text, Ending ending) : m_ending(ending) {
    const QStringList words = foldedWords(text);
    m_words.reserve(static_cast<std::size_t>(words.size()));
    for (const QString& word : words) {
        m_words.push_back(word.toStdString());
    }
    m_numberKey = numberKey(text).toStdString();
}

bool wordBeginsAt(std::string_view folded, std::size_t at) {
    if (at == 0) {
        return true;
    }
    std::size_t before = at - 1;
    while (before > 0 && isContinuation(folded[before])) {
        --before;
    }
    return wordBytesAt(folded, before) == 0;
}

bool WordPattern::matchesAt(std::string_view folded, std::size_t at) const {
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        const std::string& word = m_words[i];
        if (folded.substr(std::min(at, folded.size()), word.size()) != word) {
            return false;
        }
        at += word.size();
        if (i + 1 == m_words.size()) {
            return m_ending == Ending::Prefix || wordBytesAt(folded, at) == 0;
        }
        const std::size_t next = skipSeparators(folded, at);
        if (next == at) {
            return false;
        }
        at = next;
    }
    return false;
}

bool WordPattern::matches(std::string_view folded) const {
    if (m_words.empty()) {
        return false;
    }
    const std::string& first = m_words.front();
    for (auto at = folded.find(first); at != std::string_view::npos; at = folded.find(first, at + 1)) {
        if (wordBeginsAt(folded, at) && matchesAt(folded, at)) {
            return true;
        }
    }
    return false;
}

bool WordPattern::matchesNumber(std::string_view key) const {
    return !m_numberKey.empty() && (m_ending == Ending::Prefix ? key.starts_with(m_numberKey) : key == m_numberKey);
}

}  // namespace earmark
