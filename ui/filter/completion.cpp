#include "ui/filter/completion.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMost = 60;

/// The word around the caret, without a leading minus or parenthesis. Blanks inside quotes do not end it.
struct Piece {
    int start = 0;
    int end = 0;
};

Piece pieceAt(const QString& text, int caret) {
    Piece piece;
    bool quoted = false;
    for (int i = 0; i < caret; ++i) {
        const QChar c = text.at(i);
        if (c == u'"') {
            quoted = !quoted;
        } else if (!quoted && (c.isSpace() || c == u'(' || c == u')' || c == u'|')) {
            piece.start = i + 1;
        }
    }
    if (piece.start < caret && text.at(piece.start) == u'-') {
        ++piece.start;
    }
    piece.end = caret;
    return piece;
}

void addValues(std::vector<Completion>& out, const FilterTerm& term, const CompletionSources& sources,
               const QString& typed, int from) {
    QString bare = typed;
    bare.remove(u'"');
    QStringList values = term.values;
    for (const QString& value : sources.values.value(term.prefix)) {
        if (!values.contains(value)) {
            values << value;
        }
    }
    for (const QString& value : values) {
        if (value.startsWith(bare, Qt::CaseInsensitive) && value.compare(bare, Qt::CaseInsensitive) != 0 &&
            qsizetype(out.size()) < kMost) {
            out.push_back({value, {}, quotedForFilter(value), from, int(typed.size()), false, false});
        }
    }
}

}  // namespace

std::vector<Completion> completionsAt(const QString& text, int caret, const CompletionSources& sources,
                                      CompletionAsked asked) {
    std::vector<Completion> out;
    const Piece piece = pieceAt(text, caret);
    const QString word = text.mid(piece.start, piece.end - piece.start);
    const qsizetype colon = word.indexOf(u':');
    if (colon >= 0) {
        const QString prefix = word.left(colon + 1).toLower();
        for (const FilterTerm& term : sources.terms) {
            if (term.prefix == prefix) {
                const qsizetype comma = word.lastIndexOf(u',');
                const qsizetype start = qMax(colon, comma) + 1;
                addValues(out, term, sources, word.mid(start), piece.start + int(start));
            }
        }
        return out;
    }
    if (!word.isEmpty() || asked == CompletionAsked::ByKey) {
        for (const FilterTerm& term : sources.terms) {
            if (term.prefix.startsWith(word, Qt::CaseInsensitive)) {
                out.push_back({term.prefix, term.explanation, term.prefix, piece.start, int(word.size()), true, false});
            }
        }
    }
    const QString trimmed = text.trimmed();
    if (!trimmed.isEmpty() || asked == CompletionAsked::ByKey) {
        int offered = 0;
        for (const QString& recent : sources.recent) {
            if (offered < 5 && recent != trimmed && recent.startsWith(trimmed, Qt::CaseInsensitive)) {
                out.push_back({recent, {}, recent, 0, int(text.size()), false, true});
                ++offered;
            }
        }
    }
    return out;
}

int termAt(const QString& text, int caret, const std::vector<FilterTerm>& terms) {
    const Piece piece = pieceAt(text, caret);
    const QString word = text.mid(piece.start, piece.end - piece.start);
    const qsizetype colon = word.indexOf(u':');
    if (colon < 0) {
        return -1;
    }
    const QString prefix = word.left(colon + 1).toLower();
    for (size_t i = 0; i < terms.size(); ++i) {
        if (terms[i].prefix == prefix) {
            return int(i);
        }
    }
    return -1;
}

}  // namespace earmark
