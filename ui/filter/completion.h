// What could be written next at the caret of a filter text. Pure functions over plain data, any thread.
#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <vector>

#include "models/search/filter.h"

namespace earmark {

struct Completion {
    QString shown;        ///< what the list says
    QString explanation;  ///< translated, may be ""
    QString insert;       ///< what replaces the piece of text
    int from = 0;         ///< the piece: start and length in QChars
    int length = 0;
    bool isTerm = false;  ///< a "field:" that wants a value next
    bool isRecent = false;
};

struct CompletionSources {
    std::vector<FilterTerm> terms;
    QHash<QString, QStringList> values;  ///< "disposition:" -> codes in use; besides the fixed words of the term
    QStringList recent;                  ///< whole filters, newest first
};

/// `everything` = asked for by key: offers all terms where nothing was typed yet.
enum class CompletionAsked { WhileTyping, ByKey };
[[nodiscard]] std::vector<Completion> completionsAt(const QString& text, int caret, const CompletionSources& sources,
                                                    CompletionAsked asked);

/// The term ("talk:") whose value the caret stands in or whose name it ends; -1 = none.
[[nodiscard]] int termAt(const QString& text, int caret, const std::vector<FilterTerm>& terms);

}  // namespace earmark
