#include "models/providers/jsonspans.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace earmark {

namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Walks over one text; every step checks the end, because the text is foreign.
class Walker {
 public:
    explicit Walker(QByteArrayView text) : m_text(text) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] char peek() const { return atEnd() ? '\0' : m_text[m_at]; }

    void skipBlanks() {
        while (!atEnd() && isBlank(m_text[m_at])) {
            ++m_at;
        }
    }

    bool take(char expected) {
        skipBlanks();
        if (peek() != expected || atEnd()) {
            return false;
        }
        ++m_at;
        return true;
    }

    /// The string at this place with its quotes; empty when there is none.
    QByteArrayView takeString() {
        const qsizetype begin = m_at;
        if (peek() != '"') {
            return {};
        }
        for (++m_at; !atEnd(); ++m_at) {
            if (m_text[m_at] == '\\') {
                ++m_at;
            } else if (m_text[m_at] == '"') {
                ++m_at;
                return m_text.sliced(begin, m_at - begin);
            }
        }
        m_at = m_text.size();
        return {};
    }

    /// Any value, nested ones whole; without recursion, so that depth costs no stack.
    QByteArrayView takeValue() {
        skipBlanks();
        const qsizetype begin = m_at;
        qsizetype depth = 0;
        while (!atEnd()) {
            const char c = m_text[m_at];
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
        return m_text.sliced(begin, std::min(m_at, m_text.size()) - begin);
    }

 private:
    QByteArrayView m_text;
    qsizetype m_at = 0;
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
    return walker.take(']') ? std::optional(elements) : std::nullopt;
}

std::optional<std::vector<JsonMember>> objectMembers(QByteArrayView text) {
    Walker walker(text);
    if (!walker.take('{')) {
        return std::nullopt;
    }
    std::vector<JsonMember> members;
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
        members.push_back({decodedString(name), value});
    } while (walker.take(','));
    return walker.take('}') ? std::optional(members) : std::nullopt;
}

std::optional<QByteArrayView> memberText(QByteArrayView object, QStringView name) {
    const auto members = objectMembers(object);
    if (!members) {
        return std::nullopt;
    }
    for (auto member = members->rbegin(); member != members->rend(); ++member) {
        if (member->name == name) {
            return member->value;
        }
    }
    return std::nullopt;
}

QByteArray compactJson(QByteArrayView text) {
    QByteArray result(text.size(), Qt::Uninitialized);
    char* out = result.data();
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!inString && isBlank(c)) {
            continue;
        }
        *out++ = c;
        if (inString && c == '\\' && i + 1 < text.size()) {
            *out++ = text[++i];
        } else if (c == '"') {
            inString = !inString;
        }
    }
    result.truncate(out - result.constData());
    return result;
}

}  // namespace earmark
