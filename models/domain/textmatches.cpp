#include "models/domain/textmatches.h"

#include <algorithm>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

/// The folded text and, for each of its characters, where the one stood that it was made of.
struct Mapped {
    QString folded;
    std::vector<qsizetype> from;
};

/// A letter with the marks that stand on it: folded alone it gives what it gives within the text.
qsizetype clusterEnd(QStringView text, qsizetype at) {
    const auto step = [text](qsizetype from) {
        return text[from].isHighSurrogate() && from + 1 < text.size() && text[from + 1].isLowSurrogate() ? from + 2
                                                                                                         : from + 1;
    };
    qsizetype end = step(at);
    while (end < text.size() && text[end].isMark()) {
        ++end;
    }
    return end;
}

Mapped mapped(QStringView text) {
    Mapped made;
    made.folded.reserve(text.size());
    made.from.reserve(size_t(text.size()) + 1);
    for (qsizetype at = 0; at < text.size();) {
        const char16_t c = text[at].unicode();
        const bool isPlain = c < 0x80 && (at + 1 == text.size() || text[at + 1].unicode() < 0x80);
        const qsizetype end = isPlain ? at + 1 : clusterEnd(text, at);
        if (isPlain) {
            made.folded += c >= u'A' && c <= u'Z' ? QChar(char16_t(c + 32)) : QChar(c);
        } else {
            made.folded += foldedText(text.sliced(at, end - at));
        }
        made.from.resize(size_t(made.folded.size()), at);
        at = end;
    }
    made.from.push_back(text.size());
    return made;
}

}  // namespace

std::vector<TextMatch> matchesIn(QStringView text, const QString& folded) {
    std::vector<TextMatch> matches;
    if (folded.isEmpty() || text.isEmpty()) {
        return matches;
    }
    const Mapped made = mapped(text);
    for (qsizetype at = made.folded.indexOf(folded); at >= 0; at = made.folded.indexOf(folded, at + folded.size())) {
        const qsizetype from = made.from[size_t(at)];
        // The end is where the next letter begins: marks that were dropped belong to the letter before.
        size_t last = size_t(at + folded.size());
        const qsizetype lastFrom = made.from[last - 1];
        while (last + 1 < made.from.size() && made.from[last] == lastFrom) {
            ++last;
        }
        matches.push_back({from, made.from[last] - from});
    }
    return matches;
}

}  // namespace earmark
