// The filter language (one parser for the window and --filter): text in, an immutable tree out. Any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <QTimeZone>
#include <memory>
#include <tl/expected.hpp>
#include <vector>

#include "models/domain/clock.h"

namespace earmark {

struct FilterProblem {
    int column = 1;  ///< 1-based, in QChars of the text
    int length = 1;
    QString message;  ///< translated, without the column
};

/// What relative dates and days refer to.
struct FilterContext {
    Moment now{};
    QTimeZone zone = QTimeZone::systemTimeZone();
};

struct FilterNode;  // filternode.h, for the evaluator only

/// Empty text = every call. Copyable, cheap.
class Filter final {
 public:
    Filter();
    [[nodiscard]] static tl::expected<Filter, FilterProblem> parse(const QString& text, const FilterContext& context);
    [[nodiscard]] bool isEmpty() const;
    [[nodiscard]] const FilterNode* root() const;  ///< nullptr when empty
    /// Leaves that look into the long texts (bare words, notes:, summary:, ...; has:... is not among them). When there
    /// are any, a query needs the matches of a TextScan (textscan.h).
    [[nodiscard]] int textLeafCount() const;

 private:
    std::shared_ptr<const FilterNode> m_root;
    int m_textLeaves = 0;
};

/// What the grammar knows, for completion in the filter line: "status:", "talk:", ... with a translated explanation.
struct FilterTerm {
    QString prefix;
    QString explanation;
    QStringList values;  ///< fixed words, may be empty
};
[[nodiscard]] std::vector<FilterTerm> filterTerms();

/// A value as it must be written after "field:" to mean exactly itself (quoted where needed).
[[nodiscard]] QString quotedForFilter(const QString& value);

/// "column 14: ..." as the command line says it.
[[nodiscard]] QString filterProblemText(const FilterProblem& problem);

}  // namespace earmark
