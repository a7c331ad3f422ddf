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

/// The next sign that a query or a host after a user's name begins with.
qsizetype nextMark(QByteArrayView text, qsizetype from) {
    for (qsizetype i = from; i < text.size(); ++i) {
        if (text[i] == '?' || text[i] == '@' || (text[i] == '\\' && text.sliced(i).startsWith("\\u0040"))) {
            return i;
        }
    }
    return -1;
}

QByteArray cleaned(QByteArrayView piece) {
    // Only links that carry a signature or an end of life; a link in somebody's notes stays whole. A backslash belongs
    // to the JSON around it unless it escapes one character of the link.
    static const QRegularExpression link(
        u"(https?:(?:\\\\?/){2}(?:\\\\/"
        u"|[^\\s?#\"'<>\\\\])*)\\?(?=[^\\s\"'<>]*(?:sig|token|expires|x-goog-|x-amz-|credential|key))"
        u"(?:\\\\u[0-9a-f]{4}|\\\\/|[^\\s\"'<>\\\\])*"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression user(
        u"(https?:(?:\\\\?/){2})(?:\\\\u(?!002f|003f|0023|0022)[0-9a-f]{4}|[^\\s/?#\"'<>\\\\])*(?:@|\\\\u0040)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return QString::fromUtf8(piece).replace(link, u"\\1"_s).replace(user, u"\\1"_s).toUtf8();
}

}  // namespace

QByteArray withoutLinkSecrets(const QByteArray& text) {
    QByteArray result;
    qsizetype kept = 0;  // of `text`, up to here in the result
    for (qsizetype mark = nextMark(text, 0); mark >= 0;) {
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
        mark = nextMark(text, end);
    }
    if (kept == 0) {
        return text;
    }
    result += QByteArrayView(text).sliced(kept);
    return result;
}

}  // namespace earmark
