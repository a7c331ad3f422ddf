// Secrets put between any two texts: none may come out, and what is no secret's business stays lawful JSON.
#include "app/redaction.h"

#include <QJsonDocument>

#include "models/domain/signedlink.h"
#include "models/providers/excerpt.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

constexpr const char* kFormless = "q7CANARYformless9f3";
// No form of its own, but known to the process; forms that speak for themselves; signatures of links.
constexpr const char* kSecrets[] = {
    kFormless,
    "yt_live_CANARYlive4711",
    "Bearer CANARYbearer4711abc",
    "https://cdn.example/r.ogg?X-Amz-Signature=CANARYsig4711",
    "X-Goog-Signature=CANARYsig4711",
};

}  // namespace

void redaction(const QByteArray& input) {
    if (input.size() > 2000) {
        return;
    }
    hideSecret(kFormless);
    const qsizetype cut = input.isEmpty() ? 0 : static_cast<unsigned char>(input.front()) % input.size();
    const QString before = QString::fromUtf8(input.mid(1, cut));
    const QString after = QString::fromUtf8(input.mid(1 + cut));
    if (before.contains(u"CANARY") || after.contains(u"CANARY")) {
        return;
    }
    for (const char* secret : kSecrets) {
        const QString text = before + QLatin1StringView(secret) + u' ' + after;
        EARMARK_LAW(!redacted(text).contains(u"CANARY"), text.toUtf8());
        // The formless one is known to the message handler only: foreign answers do not hold our key.
        if (secret != kFormless) {
            EARMARK_LAW(!redactedLine(text).contains(u"CANARY"), text.toUtf8());
            EARMARK_LAW(redactedLine(text).size() <= kExcerptCharacters, text.toUtf8());
        }
    }
    EARMARK_LAW(redacted(redacted(before)).size() <= 4200, input);

    const QJsonDocument lawful = QJsonDocument::fromJson(input);
    const QByteArray without = withoutLinkSecrets(input);
    EARMARK_LAW(lawful.isNull() || !QJsonDocument::fromJson(without).isNull(), input);
    const QByteArray raw = "{\"a\":\"https://cdn.example/r.ogg?X-Amz-Signature=CANARYsig&b=1\",\"b\":[" + input + "]}";
    const QJsonDocument rawDocument = QJsonDocument::fromJson(raw);
    if (!rawDocument.isNull()) {
        const QByteArray cleaned = withoutLinkSecrets(raw);
        EARMARK_LAW(!cleaned.contains("CANARY"), raw);
        EARMARK_LAW(!QJsonDocument::fromJson(cleaned).isNull(), raw);
    }
}

}  // namespace earmark::fuzz
