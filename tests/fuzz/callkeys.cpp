// Keys of calls as text, and the ways of making any text safe to show.
#include "models/domain/callkey.h"
#include "models/domain/textfold.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

void callKeys(const QByteArray& input) {
    if (input.size() > 4000) {
        return;
    }
    const QString text = QString::fromUtf8(input);
    if (const auto key = callKeyFromText(text)) {
        EARMARK_LAW(isAccountName(key->account) && !key->remoteId.isEmpty(), input);
        const auto back = callKeyFromText(toText(*key));
        EARMARK_LAW(back && *back == *key, input);
    }
    // Any UTF-16 can be an id, lone halves of pairs included.
    const QString wild(reinterpret_cast<const QChar*>(input.constData()), input.size() / 2);
    if (!wild.isEmpty()) {
        const CallKey key{QStringLiteral("main"), wild};
        const auto back = callKeyFromText(toText(key));
        EARMARK_LAW(back && *back == key, input);
    }
    for (const QString& each : {text, wild}) {
        const QString shown = shownText(each, 100);
        EARMARK_LAW(shown.size() <= 101, input);
        for (const QChar c : shown) {
            EARMARK_LAW(c.category() != QChar::Other_Control, input);
            EARMARK_LAW(!(c >= QChar(0x202a) && c <= QChar(0x202e)) && !(c >= QChar(0x2066) && c <= QChar(0x2069)),
                        input);
        }
        (void)shownParagraphs(each);
        const QString folded = foldedText(each);
        EARMARK_LAW(foldedWords(folded) == foldedWords(each), input);
    }
}

}  // namespace earmark::fuzz
