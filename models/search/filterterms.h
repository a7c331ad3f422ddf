// The table of all filter terms: names, kinds, explanations. Adding a term is a line in filterterms.cpp. Any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>

#include "models/domain/fields.h"
#include "models/search/filternode.h"

namespace earmark {

enum class TermKind {
    ClosedWords,  ///< a vocabulary of ours; anything else is an error
    OpenWords,    ///< the provider's words, without regard to case
    Codes,        ///< exact
    Contains,
    NumberContains,
    Words,  ///< words in a text
    Duration,
    Time,
    Number,
    Has,
    Is,
};

struct Term {
    TermKind kind = TermKind::Contains;
    /// No field: the start for Time, no data for Number and Words.
    std::optional<Field> field;
    std::optional<Field> alsoField;  ///< names: the id that belongs to them
};

/// The term of a name as typed: any case, '-' and '_' alike; also every JSON field name.
[[nodiscard]] std::optional<Term> termFromName(const QString& name);
/// A lawful name close to what was typed, "" when none is.
[[nodiscard]] QString nearestTermName(const QString& name);
/// The word of `words` that is close to what was typed, "" when none is.
[[nodiscard]] QString nearestWord(const QString& typed, const QStringList& words);

/// The lawful words of a ClosedWords, Has or Is term.
[[nodiscard]] QStringList lawfulWords(const Term& term);
[[nodiscard]] std::optional<FilterFlag> flagFromWord(TermKind kind, const QString& word);

}  // namespace earmark
