// Which columns a segment of the call index has, and the segment itself. Written by one thread before the snapshot
// exists, then read from any.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "models/domain/review.h"
#include "models/search/columns.h"
#include "models/search/dictionary.h"

namespace earmark {

enum class Words : std::size_t {  // through a dictionary
    Account,
    StatusRaw,
    TypeRaw,
    Source,
    AgentId,
    Agent,
    OwnNumber,
    HangupCause,
    EndReasonRaw,
    AnsweredBy,
    Disposition,  ///< the one that counts
    ProviderDisposition,
    Sentiment,
    CostUnit,
    Tags,
    Count
};
enum class Texts : std::size_t { Id, LeadId, Lead, SwitchId, CustomerNumber, CustomerNumberKey, Count };
enum class Times : std::size_t {
    Start,  ///< dial time, else created time
    Created,
    Dial,
    Ring,
    Answer,
    AgentConnect,
    End,
    Updated,
    Reviewed,
    Unlisted,
    Count
};
enum class Numbers : std::size_t { Ring, Talk, Total, Cost, CarrierCost, Latency, Count };
enum class Enums : std::size_t {
    Provider,
    Status,
    Direction,
    EndReason,
    EditState,  ///< 0 = untouched, else the state plus one
    Count
};
enum class Bits : std::size_t {
    Live,
    NotFound,
    HasSummary,
    HasProviderNotes,
    HasNextAction,
    HasFieldErrors,
    RecordingKnown,
    HasRecording,
    TranscriptKnown,
    HasTranscript,
    Answered,
    NotesEdited,
    HasLocalNotes,
    Edited,
    Pending,
    Conflict,
    Refused,
    Reviewed,
    Flagged,
    Count
};

/// A review with what searching it needs; shared, because copies of a segment hold the same ones.
struct ReviewRecord {
    Review review;
    std::string foldedNotes;
    std::string foldedFlag;
    bool isTold = false;  ///< came as a change, not along with a row
};

template <typename Which, typename Column>
class ColumnSet final {
 public:
    [[nodiscard]] const Column& operator[](Which which) const { return m_columns[static_cast<std::size_t>(which)]; }
    [[nodiscard]] Column& operator[](Which which) { return m_columns[static_cast<std::size_t>(which)]; }

 private:
    std::array<Column, static_cast<std::size_t>(Which::Count)> m_columns;
};

struct Segment {
    struct ReviewAt {
        quint16 row = 0;
        std::shared_ptr<const ReviewRecord> record;
    };

    std::size_t rows = 0;
    std::vector<qint64> callRows;
    bool callRowsAscend = true;
    ColumnSet<Words, CodeColumn<DictionaryCode>> words;
    CodeColumn<DictionaryCode> campaigns;
    ColumnSet<Texts, TextColumn> texts;
    ColumnSet<Times, ValueColumn<qint64>> times;
    ColumnSet<Numbers, ValueColumn<double>> numbers;
    ColumnSet<Enums, CodeColumn<quint8>> enums;
    ColumnSet<Bits, BitColumn> bits;
    std::vector<ReviewAt> reviews;  ///< ascending by row

    /// nullptr for a call that nobody touched.
    [[nodiscard]] const ReviewRecord* reviewAt(std::size_t row) const;
    void setReview(std::size_t row, std::shared_ptr<const ReviewRecord> record);  ///< nullptr removes it
};

}  // namespace earmark
