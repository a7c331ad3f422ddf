// A call as it was last known, in a form that any later schema can read: what reviews.db keeps of each call that was
// edited, marked or reviewed, so that calls.db can be rebuilt. Plain data and functions, any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

#include "models/domain/call.h"
#include "models/domain/clock.h"

namespace earmark {

struct CallCopy {
    CallKey key;
    Moment copiedAt{};
    /// JSON: {"calls": {column: value, ...}, "call_texts": {...}, "campaign_id": ...}. No signed link is in it.
    QString columns;
    /// What is long, compressed: a CBOR map of "call_texts.raw", "transcripts.text" and "details.raw".
    QByteArray raw;
};

/// Where a walk through keys goes on.
struct KeyPortion {
    std::vector<CallKey> keys;
    CallKey last;  ///< of those that were looked at
    bool atEnd = false;
};
struct CopyPortion {
    std::vector<CallCopy> copies;
    CallKey last;
    bool atEnd = false;
};

}  // namespace earmark
