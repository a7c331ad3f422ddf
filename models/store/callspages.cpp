// The part of CallsDatabase that stores pages: the one place where speed of writing counts.
#include "models/domain/signedlink.h"
#include "models/store/callsdatabaseprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr std::string_view kFindSql =
    "SELECT call_row, content_hash, not_found_since, unlisted_since, texts_present, recording_found FROM calls"
    " WHERE account_row = ?1 AND remote_id = ?2";
constexpr std::string_view kSeenSql =
    "UPDATE calls SET refreshed_at = ?2, listed_at = coalesce(?3, listed_at), not_found_since = NULL,"
    " unlisted_since = iif(?3 IS NULL, unlisted_since, NULL) WHERE call_row = ?1";
constexpr std::string_view kTranscriptSql = "INSERT OR REPLACE INTO transcripts (call_row, text) VALUES (?1, ?2)";
constexpr std::string_view kNoTranscriptSql = "DELETE FROM transcripts WHERE call_row = ?1";
constexpr std::string_view kDetailSql = "INSERT OR REPLACE INTO details (call_row, raw) VALUES (?1, ?2)";
constexpr std::string_view kNoDetailSql = "DELETE FROM details WHERE call_row = ?1";
constexpr std::string_view kLinkSql =
    "UPDATE call_texts SET recording_url = ?2 WHERE call_row = ?1 AND recording_url IS NOT ?2";

/// What the database knows of a call before it is stored.
struct Known {
    qint64 callRow = 0;
    qint64 contentHash = 0;
    bool wasNotFound = false;
    std::optional<Moment> unlistedSince;
    bool hasDetail = false;
    std::optional<bool> recordingFound;
};

/// The statements of one page, prepared once.
class PageWriter final {
 public:
    [[nodiscard]] static Result<PageWriter> prepare(Connection& connection, std::string_view insertSql,
                                                    std::string_view updateSql, std::string_view textsSql) {
        std::vector<Statement> statements;
        for (const std::string_view sql : {kFindSql, insertSql, updateSql, textsSql, kSeenSql, kLinkSql, kTranscriptSql,
                                           kNoTranscriptSql, kDetailSql, kNoDetailSql}) {
            auto statement = connection.prepare(sql);
            if (!statement) {
                return failure(std::move(statement.error()));
            }
            statements.push_back(std::move(*statement));
        }
        return PageWriter(std::move(statements));
    }

    [[nodiscard]] Result<std::optional<Known>> find(qint64 accountRow, const QString& remoteId) {
        Statement& find = m_statements[Find];
        find.bindAll(accountRow, remoteId);
        std::optional<Known> known;
        auto row = find.step();
        if (row && *row) {
            known = Known{find.integer(0),
                          find.integer(1),
                          !find.isNull(2),
                          find.optionalMoment(3),
                          (find.integer(4) & callrow::HasDetail) != 0,
                          find.optionalBool(5)};
        }
        find.reset();
        return row ? Result<std::optional<Known>>(known) : failure(std::move(row.error()));
    }

    [[nodiscard]] Done writeWhole(const Call& call, const QByteArray& raw, const callrow::Place& place, bool isNew) {
        Statement& statement = m_statements[isNew ? Insert : Update];
        callrow::bindRow(statement, call, place);
        if (auto done = statement.run(); !done) {
            return done;
        }
        callrow::bindTexts(m_statements[Texts], call, raw, place.callRow);
        if (auto done = m_statements[Texts].run(); !done) {
            return done;
        }
        auto done = writeBeside(call.transcriptText, Transcript, place.callRow, isNew || call.part != CallPart::Whole);
        if (done) {
            const auto detail =
                call.rawDetail.isEmpty() ? std::nullopt : std::optional(withoutLinkQueries(call.rawDetail));
            done = writeBeside(detail, Detail, place.callRow, isNew);
        }
        return done;
    }

    /// Nothing has changed; only that it was seen, and the signature of the recording link.
    [[nodiscard]] Done writeSeen(const Call& call, const callrow::Place& place) {
        m_statements[Seen].bindAll(place.callRow, place.refreshedAt, place.listedAt);
        auto done = m_statements[Seen].run();
        if (done && call.recordingUrl) {
            m_statements[Link].bindAll(place.callRow, call.recordingUrl);
            done = m_statements[Link].run();
        }
        return done;
    }

 private:
    enum Role : size_t { Find, Insert, Update, Texts, Seen, Link, Transcript, NoTranscript, Detail, NoDetail };

    /// A row of a table beside, written in the role or taken away in the next one; `staysWhereSilent`: there is none,
    /// or it is not this part's to take away.
    template <typename Value>
    [[nodiscard]] Done writeBeside(const std::optional<Value>& value, Role role, qint64 callRow,
                                   bool staysWhereSilent) {
        if (!value && staysWhereSilent) {
            return {};
        }
        Statement& statement = m_statements[value ? role : role + 1];
        if (value) {
            statement.bindAll(callRow, *value);
        } else {
            statement.bindAll(callRow);
        }
        return statement.run();
    }

    explicit PageWriter(std::vector<Statement> statements) : m_statements(std::move(statements)) {}
    std::vector<Statement> m_statements;
};

bool hasChanged(const Known& known, const callrow::Place& place) {
    // A mark that goes is a change too: the table shows it.
    return known.contentHash != place.contentHash || known.wasNotFound || (known.unlistedSince && place.listedAt);
}

}  // namespace

Result<PageOutcome> CallsDatabase::storePage(const PageToStore& page, Moment now) {
    PageOutcome outcome;
    const auto storeOne = [&](PageWriter& writer, const Call& told, qint64 accountRow) -> Done {
        if (told.key.account != page.account || told.key.remoteId.isEmpty()) {
            return failure(ErrorKind::Internal, {}, u"a page holds a call of another account or without an id"_s);
        }
        const auto found = writer.find(accountRow, told.key.remoteId);
        if (!found) {
            return failure(found.error());
        }
        const std::optional<Known>& known = *found;
        std::optional<Call> merged;
        if (known && (told.part == CallPart::Detail || told.part == CallPart::Excerpt ||
                      (told.part == CallPart::Row && known->hasDetail))) {
            auto stored = d->record(told.key);
            if (!stored) {
                return failure(stored.error());
            }
            merged = mergedCall(*stored, told);
            if (told.part != CallPart::Detail && !hasEnded(stored->status) && hasEnded(told.status)) {
                merged->rawDetail.clear();  // told while it went on: a single read now knows more
            }
        }
        const Call& call = merged ? *merged : told;
        const QByteArray raw = callrow::rawToKeep(call);
        callrow::Place place;
        place.accountRow = accountRow;
        place.contentHash = callrow::contentHashOf(call, raw);
        place.refreshedAt = now;
        place.listedAt = page.isOfAList || page.cursor ? std::optional(now) : std::nullopt;
        place.recordingFound = known ? known->recordingFound : std::nullopt;
        callrow::Names names;
        if (call.agentId) {
            const auto agent = d->reader.agents.constFind({accountRow, *call.agentId});
            names.agent = agent == d->reader.agents.cend() ? std::nullopt : std::optional(*agent);
        }
        if (call.campaignId) {
            const auto campaign = d->campaignRow(accountRow, *call.campaignId);
            if (!campaign) {
                return failure(campaign.error());
            }
            place.campaignRow = *campaign;
            names.campaign = d->reader.campaigns.value(*campaign).name;
        }
        const auto callRow = known ? Result<qint64>(known->callRow) : d->nextCallRow();
        if (!callRow) {
            return failure(callRow.error());
        }
        place.callRow = *callRow;
        if (known && !hasChanged(*known, place)) {
            ++outcome.unchanged;
            return writer.writeSeen(call, place);
        }
        if (known) {
            ++outcome.changed;
        } else {
            ++outcome.added;
            outcome.addedIds.append(call.key.remoteId);
        }
        outcome.rows.push_back(callrow::indexRowOf(call, place, names));
        if (known && !place.listedAt) {
            outcome.rows.back().call.unlistedSince = known->unlistedSince;
        }
        return writer.writeWhole(call, raw, place, !known);
    };
    const auto done = d->inTransaction([&]() -> Done {
        const auto accountRow = d->accountRow(page.account);
        if (!accountRow) {
            return failure(accountRow.error());
        }
        if (auto names = d->knowNames(); !names) {
            return names;
        }
        auto writer = PageWriter::prepare(*d->connection, d->insertSql, d->updateSql, d->insertTextsSql);
        if (!writer) {
            return failure(writer.error());
        }
        outcome.rows.reserve(page.calls.size());
        for (const Call& call : page.calls) {
            if (auto stored = storeOne(*writer, call, *accountRow); !stored) {
                return stored;
            }
        }
        return page.cursor ? d->saveCursor(*page.cursor) : Done();
    });
    return done ? Result<PageOutcome>(std::move(outcome)) : failure(done.error());
}

}  // namespace earmark
