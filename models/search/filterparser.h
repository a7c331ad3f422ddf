// The parser of the filter language: one pass over the text, every refusal with its place. Used by Filter::parse only.
#pragma once

#include <QCoreApplication>
#include <optional>

#include "models/search/filter.h"
#include "models/search/filternode.h"
#include "models/search/filterterms.h"

namespace earmark {

template <typename T>
using Parsed = tl::expected<T, FilterProblem>;

class FilterParser final {
    Q_DECLARE_TR_FUNCTIONS(earmark::FilterParser)

 public:
    FilterParser(const QString& text, const FilterContext& context);
    /// nullopt = empty text: every call.
    [[nodiscard]] Parsed<std::optional<FilterNode>> parse();
    [[nodiscard]] int textLeafCount() const { return m_textLeaves; }

 private:
    enum class Next { End, Or, Close, Operand };
    /// One value behind "field:"; `at` is where it begins, quotes included.
    struct Value {
        QString text;
        bool quoted = false;
        qsizetype at = 0;
        qsizetype length = 0;
    };

    [[nodiscard]] Next peek();
    [[nodiscard]] qsizetype orLengthHere() const;
    [[nodiscard]] bool isDelimiter(qsizetype at) const;
    [[nodiscard]] tl::unexpected<FilterProblem> problem(qsizetype at, qsizetype length, const QString& message) const;
    [[nodiscard]] tl::unexpected<FilterProblem> problem(const Value& value, const QString& message) const;

    [[nodiscard]] Parsed<FilterNode> alternatives();
    [[nodiscard]] Parsed<FilterNode> sequence();
    [[nodiscard]] Parsed<FilterNode> operand();
    [[nodiscard]] Parsed<FilterNode> group();
    [[nodiscard]] Parsed<FilterNode> phrase();
    [[nodiscard]] Parsed<FilterNode> wordOrTerm();
    [[nodiscard]] Parsed<FilterNode> term(const QString& name, qsizetype nameAt);

    [[nodiscard]] Parsed<Value> quoted();
    [[nodiscard]] Parsed<std::vector<Value>> values(const Term& term, qsizetype nameAt);
    [[nodiscard]] Value unquoted(bool stopAtComma);

    [[nodiscard]] Parsed<FilterNode> closedWords(const Term& term, const QString& name,
                                                 const std::vector<Value>& values);
    [[nodiscard]] Parsed<FilterNode> flags(const Term& term, const QString& name, const std::vector<Value>& values);
    [[nodiscard]] Parsed<FilterNode> contains(const Term& term, const Value& value);
    [[nodiscard]] Parsed<FilterNode> words(TextLeaf::Scope scope, const Value& value);
    [[nodiscard]] Parsed<FilterNode> range(const Term& term, const Value& value);
    [[nodiscard]] Parsed<FilterNode> time(const Term& term, const Value& value);
    [[nodiscard]] Parsed<FilterNode> build(const Term& term, const QString& name, const std::vector<Value>& values);

    const QString m_text;
    const FilterContext m_context;
    qsizetype m_at = 0;
    int m_depth = 0;
    int m_terms = 0;
    int m_textLeaves = 0;
};

}  // namespace earmark
