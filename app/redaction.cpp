#include "app/redaction.h"

#include <QMutex>
#include <QRegularExpression>

#include <cstdio>
#include <cstdlib>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

// The message handler belongs to the process, and so does what it must hide.
QMutex secretsMutex;
QStringList& secrets() {
    static QStringList list;
    return list;
}

struct Rule {
    QRegularExpression pattern;
    QString replacement;
};

const QList<Rule>& rules() {
    static const QList<Rule> list{
        {QRegularExpression(u"\\b(Bearer|Basic)\\s+[^\\s\"',;]+"_s, QRegularExpression::CaseInsensitiveOption),
         u"\\1 ***"_s},
        {QRegularExpression(u"\\b(yt_live_|yt_test_|sk_|sk-)[A-Za-z0-9_\\-]+"_s), u"\\1***"_s},
        {QRegularExpression(u"(\\b[a-z][a-z0-9+.-]*://)[^\\s/?#\"'<>@]*@"_s, QRegularExpression::CaseInsensitiveOption),
         u"\\1***@"_s},
        {QRegularExpression(u"(\\b[a-z][a-z0-9+.-]*://[^\\s?#\"'<>]*)\\?[^\\s\"'<>]*"_s,
                            QRegularExpression::CaseInsensitiveOption),
         u"\\1?***"_s},
        {QRegularExpression(
             u"\\b(X-(?:Goog|Amz)-[A-Za-z-]+|X-Sig|Signature|sig|token|api[_-]?key|password)\\s*[=:]\\s*[^\\s&\"',;]+"_s,
             QRegularExpression::CaseInsensitiveOption),
         u"\\1=***"_s},
    };
    return list;
}

void handleMessage(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtDebugMsg || type == QtInfoMsg) {
        return;
    }
    const QByteArray line = "earmark: " + redacted(message).toUtf8() + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stderr);
    if (type == QtFatalMsg) {
        std::abort();
    }
}

}  // namespace

void hideSecret(const QByteArray& secret) {
    if (secret.size() < 6) {
        return;  // would blank out ordinary words
    }
    const QMutexLocker locker(&secretsMutex);
    const QString text = QString::fromUtf8(secret);
    if (!secrets().contains(text)) {
        secrets().append(text);
    }
}

QString redacted(const QString& text) {
    QString result = text;
    {
        const QMutexLocker locker(&secretsMutex);
        for (const QString& secret : std::as_const(secrets())) {
            result.replace(secret, u"***"_s);
        }
    }
    for (const Rule& rule : rules()) {
        result.replace(rule.pattern, rule.replacement);
    }
    return shownText(result, 4096);
}

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

void installRedactingMessageHandler() {
    qInstallMessageHandler(handleMessage);
}

}  // namespace earmark
