// Turns a term and its values into a leaf of the filter tree, or says what is wrong with them. Used by FilterParser
// only.
#pragma once

#include <QCoreApplication>
#include <vector>

#include "models/search/filter.h"
#include "models/search/filternode.h"
#include "models/search/filterterms.h"

namespace earmark {

template <typename T>
using Parsed = tl::expected<T, FilterProblem>;

/// One value behind "field:"; `at` is where it begins in the filter text, quotes included.
struct TermValue {
    QString text;
    bool quoted = false;
    qsizetype at = 0;
    qsizetype length = 0;
};

/// `at` counts from 0.
[[nodiscard]] tl::unexpected<FilterProblem> problemAt(qsizetype at, qsizetype length, const QString& message);
[[nodiscard]] tl::unexpected<FilterProblem> problemAt(const TermValue& value, const QString& message);
/// What was typed, made safe and short.
[[nodiscard]] QString shownInProblem(const QString& text);

class TermBuilder final {
    Q_DECLARE_TR_FUNCTIONS(earmark::TermBuilder)

 public:
    explicit TermBuilder(const FilterContext& context);
    /// `values` is not empty, and no value is.
    [[nodiscard]] Parsed<FilterNode> build(const Term& term, const QString& name, const std::vector<TermValue>& values);
    [[nodiscard]] Parsed<FilterNode> words(TextLeaf::Scope scope, const TermValue& value);
    [[nodiscard]] int textLeafCount() const { return m_textLeaves; }

 private:
    [[nodiscard]] Parsed<FilterNode> closedWords(const Term& term, const QString& name,
                                                 const std::vector<TermValue>& values);
    [[nodiscard]] Parsed<FilterNode> flags(const Term& term, const QString& name, const std::vector<TermValue>& values);
    [[nodiscard]] Parsed<FilterNode> contains(const Term& term, const TermValue& value);
    [[nodiscard]] Parsed<FilterNode> range(const Term& term, const TermValue& value);
    [[nodiscard]] Parsed<FilterNode> time(const Term& term, const TermValue& value);

    const FilterContext m_context;
    int m_textLeaves = 0;
};

}  // namespace earmark
