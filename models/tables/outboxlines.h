// The lines of the outbox as one snapshot: newest first, cut by state, counted, and what its cells say. Made on any
// thread and never changed afterwards.
#pragma once

#include <QHash>
#include <QPair>
#include <QString>
#include <memory>
#include <vector>

#include "models/domain/review.h"

namespace earmark {

enum class OutboxFilter { All, NeedsYou, Waiting, Sent, Kept };
[[nodiscard]] bool lets(OutboxFilter filter, EditState state);

struct OutboxLines {
    std::vector<PendingEdit> edits;
    OutboxCounts counts;
};
[[nodiscard]] std::shared_ptr<const OutboxLines> outboxLines(std::vector<PendingEdit> pending);

/// One line per field of a call, whatever was done to it meanwhile.
using OutboxPlace = QPair<CallKey, int>;  ///< int(ReviewField)

struct OutboxView {
    std::shared_ptr<const OutboxLines> lines;  ///< never null
    OutboxFilter filter = OutboxFilter::All;
    std::vector<int> shown;  ///< positions in lines->edits, the newest edit first
    QHash<OutboxPlace, int> rows;
    bool hasSameRows = false;  ///< as the view it was made after: the same places in the same order
};
[[nodiscard]] std::shared_ptr<const OutboxView> outboxView(std::shared_ptr<const OutboxLines> lines,
                                                           OutboxFilter filter,
                                                           const std::shared_ptr<const OutboxView>& before);

/// "Kept here", "Waiting", ...: what the State column says.
[[nodiscard]] QString outboxStateText(EditState state);
[[nodiscard]] QString outboxFieldText(ReviewField field);
/// A value as one short line; what stands for "nothing" where there is none.
[[nodiscard]] QString outboxValueText(const std::optional<QString>& value);
/// Why it is where it is, and when it is tried next; "" where there is nothing to say.
[[nodiscard]] QString outboxReasonText(const PendingEdit& edit);
/// A whole line in one sentence, for tooltips and screen readers. `call` names the call.
[[nodiscard]] QString outboxSentence(const PendingEdit& edit, const QString& call);

}  // namespace earmark
