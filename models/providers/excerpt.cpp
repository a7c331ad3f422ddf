#include "models/providers/excerpt.h"

#include <QRegularExpression>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

/// Enough to find a secret that begins before the cut; nothing longer is looked at, whatever the size of the body.
constexpr qsizetype kLookedAt = 4096;

QString withoutSecrets(QString text) {
    static const QRegularExpression query(QStringLiteral(R"((?<=[\w/%.~-])[?#][^\s"'<>]+)"));
    static const QRegularExpression userInfo(QStringLiteral(R"(://[^\s/"'<>@]*@)"));
    static const QRegularExpression bearer(
        QStringLiteral(R"(((?:bearer|basic|token)(?:\s+[^\s"']*(?:bearer|basic|token))*)\s+[A-Za-z0-9._~+/=-]{12,})"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression key(QStringLiteral(R"((yt_live_|yt_test_|(?<![A-Za-z0-9])sk[_-])[A-Za-z0-9_\-]+)"));
    static const QRegularExpression named(
        QStringLiteral(R"((api[_-]?key|secret|signature|password|x-(amz|goog)-[a-z-]+)\s*[=:]\s*[^\s"'<>&]+)"),
        QRegularExpression::CaseInsensitiveOption);
    // In this order: each would take from the next what that is known by.
    text.replace(bearer, QStringLiteral("\\1 ..."));
    text.replace(named, QStringLiteral("\\1=..."));
    text.replace(userInfo, QStringLiteral("://..."));
    text.replace(query, QStringLiteral("?..."));
    text.replace(key, QStringLiteral("\\1..."));
    return text;
}

/// {"id": "7f", "n": 5} -> {"id": "...", "n": 0}: a string is a name when a colon follows it.
QString shapeOf(QStringView json) {
    QString shape;
    qsizetype i = 0;
    while (i < json.size() && shape.size() <= kExcerptCharacters) {
        const QChar c = json[i];
        if (c == u'"') {
            qsizetype end = i + 1;
            while (end < json.size() && json[end] != u'"') {
                end += json[end] == u'\\' ? 2 : 1;
            }
            qsizetype next = end + 1;
            while (next < json.size() && json[next].isSpace()) {
                ++next;
            }
            const bool isName = next < json.size() && json[next] == u':';
            shape += isName ? json.mid(i, end + 1 - i).toString() : QStringLiteral("\"...\"");
            i = end + 1;
        } else if (c.isDigit()) {
            shape += u'0';
            while (i < json.size() && (json[i].isDigit() || json[i] == u'.')) {
                ++i;
            }
        } else {
            shape += c;
            ++i;
        }
    }
    return shape;
}

}  // namespace

QString redactedLine(QStringView text) {
    return shownText(withoutSecrets(text.left(kLookedAt).toString()).simplified(), kExcerptCharacters);
}

QString bodyExcerpt(QByteArrayView body) {
    const QString text = QString::fromUtf8(body.first(std::min(body.size(), kLookedAt))).trimmed();
    const bool isJson = text.startsWith(u'{') || text.startsWith(u'[');
    return redactedLine(isJson ? shapeOf(text) : text);
}

}  // namespace earmark
