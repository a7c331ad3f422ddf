#include "models/providers/jsonlaw.h"

#include <array>

namespace earmark {

namespace {

constexpr std::size_t kMostLevels = 500;       // QJsonDocument's limit is 1023
constexpr std::ptrdiff_t kLongestNumber = 30;  // far from anything that a double cannot hold

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

class Checker {
 public:
    explicit Checker(QByteArrayView text) : m_at(text.data()), m_end(text.data() + text.size()) {}

    /// One array or object and blanks around it. Without recursion, so that depth costs no stack.
    bool document() {
        skipBlanks();
        if (peek() != '[' && peek() != '{') {
            return false;
        }
        do {
            if (!value()) {
                return false;
            }
        } while (m_depth > 0);
        skipBlanks();
        return m_at == m_end;
    }

 private:
    [[nodiscard]] char peek() const { return m_at == m_end ? '\0' : *m_at; }
    [[nodiscard]] std::ptrdiff_t left() const { return m_end - m_at; }

    void skipBlanks() {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t')) {
            ++m_at;
        }
    }

    bool take(char expected) {
        skipBlanks();
        if (peek() != expected || m_at == m_end) {
            return false;
        }
        ++m_at;
        return true;
    }

    /// A whole value and what ends the values around it, or the beginning of a nested one.
    bool value() {
        skipBlanks();
        const char first = peek();
        if (first == '[' || first == '{') {
            const char closing = first == '[' ? ']' : '}';
            if (m_depth == kMostLevels) {
                return false;
            }
            ++m_at;
            m_closings[m_depth++] = closing;
            if (take(closing)) {
                --m_depth;
                return afterValue();
            }
            return first == '[' || name();
        }
        const bool isWhole = first == '"'   ? string()
                             : first == 't' ? word("true")
                             : first == 'f' ? word("false")
                             : first == 'n' ? word("null")
                                            : number();
        return isWhole && afterValue();
    }

    bool afterValue() {
        while (m_depth > 0) {
            const char closing = m_closings[m_depth - 1];
            if (take(',')) {
                return closing == ']' || name();
            }
            if (!take(closing)) {
                return false;
            }
            --m_depth;
        }
        return true;
    }

    bool name() {
        skipBlanks();
        return string() && take(':');
    }

    bool word(QByteArrayView expected) {
        if (left() < expected.size() || QByteArrayView(m_at, expected.size()) != expected) {
            return false;
        }
        m_at += expected.size();
        return true;
    }

    bool string() {
        if (peek() != '"') {
            return false;
        }
        for (++m_at; m_at != m_end; ++m_at) {
            const char c = *m_at;
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c == '\\' && !escape()) {
                return false;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                return false;
            }
        }
        return false;
    }

    /// Leaves the place at its last character.
    bool escape() {
        if (left() < 2) {
            return false;
        }
        ++m_at;
        if (*m_at != 'u') {
            return QByteArrayView("\"\\/bfnrt").contains(*m_at);
        }
        for (int i = 0; i < 4; ++i) {
            if (left() < 2 || !isHexDigit(*++m_at)) {
                return false;
            }
        }
        return true;
    }

    bool digits() {
        const char* const begin = m_at;
        while (isDigit(peek())) {
            ++m_at;
        }
        return m_at != begin;
    }

    bool number() {
        const char* const begin = m_at;
        if (peek() == '-') {
            ++m_at;
        }
        const bool startsWithZero = peek() == '0';
        const char* const whole = m_at;
        if (!digits() || (startsWithZero && m_at - whole > 1)) {
            return false;
        }
        if (peek() == '.') {
            ++m_at;
            if (!digits()) {
                return false;
            }
        }
        return m_at - begin <= kLongestNumber && peek() != 'e' && peek() != 'E';
    }

    const char* m_at;
    const char* m_end;
    std::array<char, kMostLevels> m_closings{};
    std::size_t m_depth = 0;
};

}  // namespace

bool isPlainlyLawfulJson(QByteArrayView text) {
    return text.isValidUtf8() && Checker(text).document();
}

}  // namespace earmark
