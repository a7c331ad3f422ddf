// The parser of the filter language: one pass over the text, every refusal with its place. Used by Filter::parse only.
#pragma once

#include <QCoreApplication>
#include <optional>

#include "models/search/filter.h"
#include "models/search/filternode.h"
#include "models/search/termbuilder.h"

namespace earmark {

class FilterParser final {
    Q_DECLARE_TR_FUNCTIONS(earmark::FilterParser)

 public:
    FilterParser(const QString& text, const FilterContext& context);
    /// nullopt = empty text: every call.
    [[nodiscard]] Parsed<std::optional<FilterNode>> parse();
    [[nodiscard]] int textLeafCount() const { return m_terms.textLeafCount(); }

 private:
    enum class Next { End, Or, Close, Operand };
    [[nodiscard]] Next peek();
    [[nodiscard]] qsizetype orLengthHere() const;
    [[nodiscard]] bool isDelimiter(qsizetype at) const;

    [[nodiscard]] Parsed<FilterNode> alternatives();
    [[nodiscard]] Parsed<FilterNode> sequence();
    [[nodiscard]] Parsed<FilterNode> operand();
    [[nodiscard]] Parsed<FilterNode> group();
    [[nodiscard]] Parsed<FilterNode> phrase();
    [[nodiscard]] Parsed<FilterNode> wordOrTerm();
    [[nodiscard]] Parsed<FilterNode> term(const QString& name, qsizetype nameAt);

    [[nodiscard]] Parsed<TermValue> quoted();
    [[nodiscard]] TermValue unquoted(bool stopAtComma);
    [[nodiscard]] Parsed<std::vector<TermValue>> values(const Term& term, qsizetype nameAt);

    const QString m_text;
    TermBuilder m_terms;
    qsizetype m_at = 0;
    int m_depth = 0;
    int m_operands = 0;
};

}  // namespace earmark
