#include "models/providers/jsonspans.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <cstring>

namespace earmark {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Walks over one text; every step checks the end, because the text is foreign.
class Walker {
 public:
    explicit Walker(QByteArrayView text) : m_at(text.data()), m_end(text.data() + text.size()) {}

    [[nodiscard]] bool atEnd() const { return m_at == m_end; }
    [[nodiscard]] const char* at() const { return m_at; }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : *m_at; }
    void step() { ++m_at; }

    void skipBlanks() {
        while (m_at != m_end && isBlank(*m_at)) {
            ++m_at;
        }
    }

    bool take(char expected) {
        skipBlanks();
        if (atEnd() || *m_at != expected) {
            return false;
        }
        ++m_at;
        return true;
    }

    /// The string at this place with its quotes; empty when there is none.
    QByteArrayView takeString() {
        if (peek() != '"') {
            return {};
        }
        const char* const begin = m_at;
        for (const char* from = begin + 1; from != m_end; ++from) {
            from = static_cast<const char*>(std::memchr(from, '"', static_cast<size_t>(m_end - from)));
            if (!from) {
                break;
            }
            if (!isEscaped(from)) {
                m_at = from + 1;
                return {begin, m_at};
            }
        }
        m_at = m_end;
        return {};
    }

    /// Any value, nested ones whole; without recursion, so that depth costs no stack.
    QByteArrayView takeValue() {
        skipBlanks();
        const char* const begin = m_at;
        qsizetype depth = 0;
        while (!atEnd()) {
            const char c = *m_at;
            if (c == '"') {
                if (takeString().isEmpty()) {
                    break;
                }
            } else if (c == '[' || c == '{') {
                ++depth;
                ++m_at;
            } else if (c == ']' || c == '}') {
                if (depth == 0) {
                    break;
                }
                --depth;
                ++m_at;
            } else if (depth == 0 && (c == ',' || isBlank(c))) {
                break;
            } else {
                ++m_at;
                continue;  // inside a number or a word
            }
            if (depth == 0) {
                break;
            }
        }
        return {begin, m_at};
    }

 private:
    /// Inside a string, whose first quote ends the look back at the latest.
    static bool isEscaped(const char* quote) {
        const char* run = quote;
        while (run[-1] == '\\') {
            --run;
        }
        return (quote - run) % 2 == 1;
    }

    const char* m_at;
    const char* m_end;
};

QString decodedString(QByteArrayView quoted) {
    const QByteArrayView inner = quoted.sliced(1, quoted.size() - 2);
    if (!inner.contains('\\')) {
        return QString::fromUtf8(inner);
    }
    const QByteArray wrapped = '[' + quoted.toByteArray() + ']';
    return QJsonDocument::fromJson(wrapped).array().at(0).toString();
}

}  // namespace

std::optional<std::vector<QByteArrayView>> arrayElements(QByteArrayView text) {
    Walker walker(text);
    if (!walker.take('[')) {
        return std::nullopt;
    }
    std::vector<QByteArrayView> elements;
    if (walker.take(']')) {
        return elements;
    }
    do {
        const QByteArrayView value = walker.takeValue();
        if (value.isEmpty()) {
            return std::nullopt;
        }
        elements.push_back(value);
    } while (walker.take(','));
    return walker.take(']') ? std::optional(std::move(elements)) : std::nullopt;
}

std::optional<std::vector<WrittenMember>> writtenMembers(QByteArrayView text) {
    Walker walker(text);
    if (!walker.take('{')) {
        return std::nullopt;
    }
    std::vector<WrittenMember> members;
    if (walker.take('}')) {
        return members;
    }
    do {
        walker.skipBlanks();
        const QByteArrayView name = walker.takeString();
        if (name.isEmpty() || !walker.take(':')) {
            return std::nullopt;
        }
        const QByteArrayView value = walker.takeValue();
        if (value.isEmpty()) {
            return std::nullopt;
        }
        members.push_back({name, value});
    } while (walker.take(','));
    return walker.take('}') ? std::optional(std::move(members)) : std::nullopt;
}

std::optional<std::vector<JsonMember>> objectMembers(QByteArrayView text) {
    const auto written = writtenMembers(text);
    if (!written) {
        return std::nullopt;
    }
    std::vector<JsonMember> members;
    members.reserve(written->size());
    for (const WrittenMember& member : *written) {
        members.push_back({decodedString(member.name), member.value});
    }
    return members;
}

std::optional<QByteArrayView> memberText(QByteArrayView object, QStringView name) {
    const auto members = writtenMembers(object);
    if (!members) {
        return std::nullopt;
    }
    for (auto member = members->rbegin(); member != members->rend(); ++member) {
        if (decodedString(member->name) == name) {
            return member->value;
        }
    }
    return std::nullopt;
}

QByteArray compactJson(QByteArrayView text) {
    QByteArray result;
    result.reserve(text.size());
    Walker walker(text);
    const char* wanted = walker.at();  // what stands between two blanks is taken over in one piece
    while (!walker.atEnd()) {
        if (walker.peek() == '"') {
            (void)walker.takeString();
        } else if (isBlank(walker.peek())) {
            result.append(QByteArrayView(wanted, walker.at()));
            walker.skipBlanks();
            wanted = walker.at();
        } else {
            walker.step();
        }
    }
    result.append(QByteArrayView(wanted, walker.at()));
    return result;
}

}  // namespace earmark
