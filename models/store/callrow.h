// How a Call becomes a row of calls.db and back: one list of columns for insert, update and read. The caller's thread.
#pragma once

#include <QHash>
#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "models/domain/indexrow.h"
#include "models/store/callsdatabase.h"
#include "models/store/sqlite.h"

namespace earmark::callrow {

/// calls.texts_present
enum TextBit : int {
    HasSummary = 1,
    HasNotes = 2,
    HasNextAction = 4,
    HasFieldErrors = 8,
    HasRecordingUrl = 16,
    HasDetail = 32
};

/// What a row refers to and what the store adds to the provider's values.
struct Place {
    qint64 callRow = 0;
    qint64 accountRow = 0;
    std::optional<qint64> campaignRow;
    qint64 contentHash = 0;
    Moment refreshedAt{};
    std::optional<Moment> listedAt;
    std::optional<bool> recordingFound;  ///< known from asking for the sound
};

[[nodiscard]] int textBits(const Call& call);
/// The raw objects without signatures of links, and the hash over every value of the call and them; the query part of
/// the recording link (its signature) does not count.
[[nodiscard]] KeptForm keptFormOf(const Call& call);

[[nodiscard]] std::string insertSql();       ///< into calls, nothing where the call is known: bindRow()
[[nodiscard]] std::string updateSql();       ///< the same columns by call_row; not_found_since and unlisted_since go
[[nodiscard]] std::string insertTextsSql();  ///< into call_texts, replacing: bindTexts()
void bindRow(Statement& statement, const Call& call, const Place& place);
void bindTexts(Statement& statement, const Call& call, const QByteArray& rawToKeep, qint64 callRow);

struct CampaignName {
    QString remoteId;
    std::optional<QString> name;
};

/// What the writer of a row adds by name.
struct Names {
    std::optional<QString> campaign;
    std::optional<QString> agent;
};

/// The names that rows point to, and texts seen before (statuses, causes, agents: few words in many rows).
class Reader final {
 public:
    QHash<qint64, QString> accounts;
    QHash<qint64, CampaignName> campaigns;
    QHash<std::pair<qint64, QString>, QString> agents;  ///< by account row and remote id

    /// Columns selected by a statement of indexSql().
    [[nodiscard]] IndexRow indexRow(const Statement& statement);
    /// Columns selected by recordSql(): an index row, then the texts.
    [[nodiscard]] ReviewedCall record(const Statement& statement);

 private:
    [[nodiscard]] std::optional<QString> sharedText(const Statement& statement, int column);

    struct Slot {
        std::string key;
        QString text;
    };
    std::array<Slot, 1024> m_shared;
};

[[nodiscard]] std::string indexSql(std::string_view tail);   ///< "SELECT ... FROM calls c <tail>"
[[nodiscard]] std::string recordSql(std::string_view tail);  ///< the same with texts and details

/// Makes an empty row that of a call that has just been stored; the same as reading it back.
void takeIndexRow(IndexRow& row, Call&& call, const Place& place, const Names& names);

}  // namespace earmark::callrow
