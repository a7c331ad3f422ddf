#include "app/redaction.h"

#include <QMutex>
#include <QRegularExpression>

#include <atomic>
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

/// No word boundaries: a secret glued to what stands before it is one, too. Only "sk" also ends ordinary words.
const QList<Rule>& rules() {
    // In this order: each would take from the next what that is known by.
    static const QList<Rule> list{
        {QRegularExpression(u"((?:Bearer|Basic)(?:\\s+[^\\s\"',;]*(?:Bearer|Basic))*)\\s+[^\\s\"',;]+"_s,
                            QRegularExpression::CaseInsensitiveOption),
         u"\\1 ***"_s},
        {QRegularExpression(u"((?<![a-z0-9+.-])[a-z0-9+.-]+://)[^\\s/?#\"'<>@]*@"_s,
                            QRegularExpression::CaseInsensitiveOption),
         u"\\1***@"_s},
        {QRegularExpression(u"((?<![a-z0-9+.-])[a-z0-9+.-]+://[^\\s?#\"'<>]*)\\?[^\\s\"'<>]*"_s,
                            QRegularExpression::CaseInsensitiveOption),
         u"\\1?***"_s},
        {QRegularExpression(
             u"(X-(?:Goog|Amz)-[A-Za-z-]+|X-Sig|Signature|sig|token|api[_-]?key|password)\\s*[=:]\\s*[^\\s&\"',;]+"_s,
             QRegularExpression::CaseInsensitiveOption),
         u"\\1=***"_s},
        {QRegularExpression(u"(yt_live_|yt_test_|(?<![A-Za-z0-9])sk[_-])[A-Za-z0-9_\\-]+"_s), u"\\1***"_s},
    };
    return list;
}

void handleMessage(QtMsgType type, const QMessageLogContext&, const QString& message) {
    if (type == QtDebugMsg || type == QtInfoMsg) {
        return;
    }
    // Qt says so at each attempt to find a sound server, for as long as there is none.
    static std::atomic<bool> saidNoServer{false};
    if (message.contains(u"PulseAudioService: Connection failure"_s) && saidNoServer.exchange(true)) {
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

void installRedactingMessageHandler() {
    qInstallMessageHandler(handleMessage);
}

}  // namespace earmark
