// The part of a call that the in-memory index holds; what the store hands out by the thousand. Plain data, any thread.
#pragma once

#include "models/domain/review.h"

namespace earmark {

/// `call.call` without summary, notes, nextAction, recordingUrl, fieldErrors and raw: those stay in the database and
/// are read for visible rows only. The flags tell which of them exist.
struct IndexRow {
    ReviewedCall call;
    bool hasSummary = false;
    bool hasProviderNotes = false;
    bool hasNextAction = false;
    bool hasFieldErrors = false;
};

/// The long texts of one call, for visible rows and for tooltips.
struct CallTexts {
    qint64 callRow = 0;
    std::optional<QString> summary;
    std::optional<QString> notes;  ///< the provider's
    std::optional<QString> nextAction;
    std::optional<QString> transcript;  ///< words, one turn a line; only where a scan asked for it
};

}  // namespace earmark
