#include "models/domain/signedlink.h"

#include <QRegularExpression>
#include <QString>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// Signs that no link holds: a link lies whole between two of them.
bool endsLinks(char c) {
    return c == '"' || c == '\'' || c == '<' || c == '>' || c == ' ' || (c >= '\t' && c <= '\r');
}

QByteArray cleaned(QByteArrayView piece) {
    // Only links that carry a signature or an end of life; a link in somebody's notes stays whole. A backslash belongs
    // to the JSON around it unless it escapes one character of the link.
    static const QRegularExpression link(
        u"(https?:(?:\\\\?/){2}(?:\\\\/"
        u"|[^\\s?#\"'<>\\\\])*)\\?(?=[^\\s\"'<>]*(?:sig|token|expires|x-goog-|x-amz-|credential|key))"
        u"(?:\\\\u[0-9a-f]{4}|\\\\/|[^\\s\"'<>\\\\])*"_s,
        QRegularExpression::CaseInsensitiveOption);
    return QString::fromUtf8(piece).replace(link, u"\\1"_s).toUtf8();
}

}  // namespace

QByteArray withoutLinkQueries(const QByteArray& text) {
    QByteArray result;
    qsizetype kept = 0;  // of `text`, up to here in the result
    for (qsizetype mark = text.indexOf('?'); mark >= 0;) {
        qsizetype begin = mark;
        while (begin > kept && !endsLinks(text[begin - 1])) {
            --begin;
        }
        qsizetype end = mark + 1;
        while (end < text.size() && !endsLinks(text[end])) {
            ++end;
        }
        const auto piece = QByteArrayView(text).sliced(begin, end - begin);
        if (piece.contains(':')) {
            result += QByteArrayView(text).sliced(kept, begin - kept);
            result += cleaned(piece);
            kept = end;
        }
        mark = text.indexOf('?', end);
    }
    if (kept == 0) {
        return text;
    }
    result += QByteArrayView(text).sliced(kept);
    return result;
}

}  // namespace earmark
