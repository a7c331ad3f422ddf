// The filter language (one parser for the window and --filter): text in, an immutable tree out. Any thread.
#pragma once

#include <QString>
#include <QTimeZone>
#include <memory>
#include <vector>

#include "models/domain/fields.h"
#include "models/domain/indexrow.h"
#include "models/domain/result.h"

namespace earmark {

struct FilterProblem {
    int column = 1;      ///< 1-based, in QChars of the text
    int length = 1;
    QString message;     ///< translated, without the column
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
    /// Leaves that need the long texts (bare words, notes:, summary:, has:... are not among them); index = leaf number.
    [[nodiscard]] int textLeafCount() const;
    /// Bit i of the answer = leaf i matches these texts. `effectiveNotes` is what counts (local edit or provider's).
    [[nodiscard]] std::vector<bool> matchTexts(const CallTexts& texts, const std::optional<QString>& effectiveNotes) const;

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

/// "column 14: ..." as the command line says it.
[[nodiscard]] QString filterProblemText(const FilterProblem& problem);

}  // namespace earmark
