#include "models/tables/bulkcalls.h"

namespace earmark {

std::vector<BulkCall> bulkCallsOf(const CallIndex& index, const RowOrder& rows) {
    std::vector<BulkCall> calls;
    calls.reserve(rows.size());
    for (const RowNumber row : rows) {
        if (index.isGone(row)) {
            continue;
        }
        BulkCall call;
        call.key = index.key(row);
        const FieldValue disposition = index.value(row, Field::Disposition);
        if (const auto* code = std::get_if<QString>(&disposition)) {
            call.disposition = *code;
        }
        const Review review = index.review(row);
        call.flag = review.flag;
        call.dispositionIsLocal = review.disposition.has_value();
        call.notesAreLocal = review.notes.has_value();
        call.localNotes = review.notes ? review.notes->value : std::nullopt;
        call.hasProviderNotes = index.hasText(row, Field::ProviderNotes);
        call.isReviewed = review.reviewedAt.has_value();
        calls.push_back(std::move(call));
    }
    return calls;
}

}  // namespace earmark
