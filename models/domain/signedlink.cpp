#include "models/domain/signedlink.h"

#include <QRegularExpression>
#include <QString>

namespace earmark {

using namespace Qt::StringLiterals;

QByteArray withoutLinkQueries(const QByteArray& text) {
    // Only links that carry a signature or an end of life; a link in somebody's notes stays whole. A backslash belongs
    // to the JSON around it unless it escapes one character of the link.
    static const QRegularExpression link(
        u"(https?:(?:\\\\?/){2}(?:\\\\/"
        u"|[^\\s?#\"'<>\\\\])*)\\?(?=[^\\s\"'<>]*(?:sig|token|expires|x-goog-|x-amz-|credential|key))"
        u"(?:\\\\u[0-9a-f]{4}|\\\\/|[^\\s\"'<>\\\\])*"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (!text.contains('?')) {
        return text;
    }
    return QString::fromUtf8(text).replace(link, u"\\1"_s).toUtf8();
}

}  // namespace earmark
