#include "models/domain/jsontext.h"

#include <QString>
#include <algorithm>

namespace earmark {

namespace {

constexpr int kDeepestIndent = 32;  ///< hostile nesting must not cost indentation in its square

bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Past the string that begins at `from` with its quote.
qsizetype stringEnd(QByteArrayView text, qsizetype from) {
    for (qsizetype at = from + 1; at < text.size(); ++at) {
        if (text[at] == '\\') {
            ++at;
        } else if (text[at] == '"') {
            return at + 1;
        }
    }
    return text.size();
}

qsizetype blanksEnd(QByteArrayView text, qsizetype from) {
    while (from < text.size() && isBlank(text[from])) {
        ++from;
    }
    return from;
}

/// The code unit of "\\uXXXX" at `at`, -1 where there is none.
int escapedUnit(QByteArrayView text, qsizetype at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') {
        return -1;
    }
    bool isNumber = false;
    const int unit = text.sliced(at + 2, 4).toByteArray().toInt(&isNumber, 16);
    return isNumber ? unit : -1;
}

/// A string with its quotes, as people read it: escaped letters beyond ASCII and slashes as themselves.
void addString(QByteArray& out, QByteArrayView string) {
    for (qsizetype at = 0; at < string.size();) {
        if (string[at] != '\\' || at + 1 >= string.size()) {
            out += string[at++];
            continue;
        }
        const int unit = escapedUnit(string, at);
        const int second = unit >= 0 ? escapedUnit(string, at + 6) : -1;
        if (unit >= 0xa0 && !QChar::isSurrogate(char32_t(unit))) {
            out += QString(QChar(char16_t(unit))).toUtf8();
            at += 6;
        } else if (unit >= 0 && second >= 0 && QChar::isHighSurrogate(char32_t(unit)) &&
                   QChar::isLowSurrogate(char32_t(second))) {
            out += (QString(QChar(char16_t(unit))) + QChar(char16_t(second))).toUtf8();
            at += 12;
        } else if (string[at + 1] == '/') {
            out += '/';
            at += 2;
        } else {
            out += string.sliced(at, 2);
            at += 2;
        }
    }
}

void newLine(QByteArray& out, int depth) {
    out += '\n';
    out.append(qsizetype(2) * std::min(depth, kDeepestIndent), ' ');
}

}  // namespace

QByteArray formattedJson(QByteArrayView json) {
    QByteArray out;
    out.reserve(json.size() + json.size() / 4);
    int depth = 0;
    for (qsizetype at = blanksEnd(json, 0); at < json.size(); at = blanksEnd(json, at)) {
        const char c = json[at];
        if (c == '"') {
            const qsizetype end = stringEnd(json, at);
            addString(out, json.sliced(at, end - at));
            at = end;
            continue;
        }
        ++at;
        if (c == '{' || c == '[') {
            out += c;
            const qsizetype next = blanksEnd(json, at);
            if (next < json.size() && json[next] == (c == '{' ? '}' : ']')) {
                out += json[next];
                at = next + 1;
            } else {
                newLine(out, ++depth);
            }
        } else if (c == '}' || c == ']') {
            depth = std::max(depth - 1, 0);
            newLine(out, depth);
            out += c;
        } else if (c == ',') {
            out += c;
            newLine(out, depth);
        } else if (c == ':') {
            out += ": ";
        } else {
            out += c;
        }
    }
    return out;
}

}  // namespace earmark
