// The part of CallsDatabase that stores pages: the one place where speed of writing counts.
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
    std::optional<Moment> notFoundSince;
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
        return PageWriter(&connection, std::move(statements));
    }

    [[nodiscard]] Result<std::optional<Known>> find(qint64 accountRow, const QString& remoteId) {
        Statement& find = m_statements[Find];
        find.bindAll(accountRow, remoteId);
        std::optional<Known> known;
        auto row = find.step();
        if (row && *row) {
            known = Known{find.integer(0),
                          find.integer(1),
                          find.optionalMoment(2),
                          find.optionalMoment(3),
                          (find.integer(4) & callrow::HasDetail) != 0,
                          find.optionalBool(5)};
        }
        find.reset();
        return row ? Result<std::optional<Known>>(known) : failure(std::move(row.error()));
    }

    /// False: a call of this id is here already, and nothing was written.
    [[nodiscard]] Result<bool> insert(const Call& call, const callrow::Place& place) {
        callrow::bindRow(m_statements[Insert], call, place);
        auto done = m_statements[Insert].run();
        return done ? Result<bool>(m_connection->changes() > 0) : failure(std::move(done.error()));
    }

    [[nodiscard]] Done update(const Call& call, const callrow::Place& place) {
        callrow::bindRow(m_statements[Update], call, place);
        return m_statements[Update].run();
    }

    /// What stands in tables of its own; the row is written.
    [[nodiscard]] Done writeBesides(const Call& call, const KeptForm& kept, const callrow::Place& place, bool isNew) {
        callrow::bindTexts(m_statements[Texts], call, kept.raw, place.callRow);
        if (auto done = m_statements[Texts].run(); !done) {
            return done;
        }
        auto done = writeBeside(call.transcriptText, Transcript, place.callRow, isNew || call.part != CallPart::Whole);
        if (done) {
            const auto detail = kept.rawDetail.isEmpty() ? std::nullopt : std::optional(kept.rawDetail);
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

    PageWriter(const Connection* connection, std::vector<Statement> statements)
        : m_connection(connection), m_statements(std::move(statements)) {}
    const Connection* m_connection;
    std::vector<Statement> m_statements;
};

bool hasChanged(const Known& known, const callrow::Place& place) {
    // A mark that goes is a change too: the table shows it.
    return known.contentHash != place.contentHash || known.notFoundSince.has_value() ||
           (known.unlistedSince && place.listedAt);
}

/// A call on its way into its row: what the page told, or that merged into what is known.
struct Arrival {
    Call& call;
    KeptForm& kept;
    callrow::Place place{};
    callrow::Names names{};
    std::optional<Known> known{};
};

}  // namespace

void prepare(PageToStore& page) {
    page.keptForms.clear();
    page.keptForms.reserve(page.calls.size());
    for (const Call& call : page.calls) {
        page.keptForms.push_back(callrow::keptFormOf(call));
    }
}

/// Stores one page inside a transaction that others begin and end.
class CallsDatabase::PageStoring final {
 public:
    PageStoring(Private* database, PageWriter writer, qint64 accountRow, const PageToStore& page, Moment now)
        : d(database),
          m_writer(std::move(writer)),
          m_account(page.account),
          m_accountRow(accountRow),
          m_now(now),
          m_pullBegan(page.pullBegan),
          m_listedAt(page.isOfAList || page.cursor ? std::optional(now) : std::nullopt) {}

    /// Takes the call with it.
    [[nodiscard]] Done store(Call& told, KeptForm& kept, PageOutcome& outcome) {
        if (told.key.account != m_account || told.key.remoteId.isEmpty()) {
            return failure(ErrorKind::Internal, {}, u"a page holds a call of another account or without an id"_s);
        }
        Arrival arrival{told, kept};
        // A call is looked for before it is inserted, but not while one new call follows another.
        if (!d->newCallsFollow) {
            if (auto done = find(arrival); !done) {
                return done;
            }
        }
        if (!arrival.known) {
            const auto isNew = insert(arrival);
            if (!isNew) {
                return failure(isNew.error());
            }
            d->newCallsFollow = *isNew;
            if (*isNew) {
                return finish(arrival, outcome);
            }
            if (auto done = find(arrival); !done) {
                return done;
            }
            if (!arrival.known) {
                return failure(ErrorKind::Internal, {}, u"a call is known by its key and cannot be found by it"_s);
            }
        }
        return overwrite(arrival, outcome);
    }

 private:
    [[nodiscard]] Done find(Arrival& arrival) {
        auto known = m_writer.find(m_accountRow, arrival.call.key.remoteId);
        if (!known) {
            return failure(std::move(known.error()));
        }
        arrival.known = *known;
        return {};
    }

    [[nodiscard]] Done placeAt(Arrival& arrival, qint64 callRow) {
        const Call& call = arrival.call;
        arrival.names = {};
        arrival.place = {};
        callrow::Place& place = arrival.place;
        place.callRow = callRow;
        place.accountRow = m_accountRow;
        place.contentHash = arrival.kept.contentHash;
        place.refreshedAt = m_now;
        place.listedAt = m_listedAt;
        place.recordingFound = arrival.known ? arrival.known->recordingFound : std::nullopt;
        if (call.agentId) {
            const auto agent = d->reader.agents.constFind({m_accountRow, *call.agentId});
            arrival.names.agent = agent == d->reader.agents.cend() ? std::nullopt : std::optional(*agent);
        }
        if (call.campaignId) {
            const auto campaign = d->campaignRow(m_accountRow, *call.campaignId);
            if (!campaign) {
                return failure(campaign.error());
            }
            place.campaignRow = *campaign;
            arrival.names.campaign = d->reader.campaigns.value(*campaign).name;
        }
        return {};
    }

    /// False: it is here already.
    [[nodiscard]] Result<bool> insert(Arrival& arrival) {
        const auto callRow = d->nextCallRow();
        if (!callRow) {
            return failure(callRow.error());
        }
        if (auto done = placeAt(arrival, *callRow); !done) {
            return failure(std::move(done.error()));
        }
        auto isNew = m_writer.insert(arrival.call, arrival.place);
        if (isNew && !*isNew) {
            --*d->lastCallRow;
        }
        return isNew;
    }

    [[nodiscard]] Done overwrite(Arrival& arrival, PageOutcome& outcome) {
        const Known& known = *arrival.known;
        const CallPart part = arrival.call.part;
        if (part == CallPart::Detail || part == CallPart::Excerpt || (part == CallPart::Row && known.hasDetail)) {
            auto stored = d->record(arrival.call.key);
            if (!stored) {
                return failure(stored.error());
            }
            const bool ends = !hasEnded(stored->status) && hasEnded(arrival.call.status);
            arrival.call = mergedCall(*stored, std::move(arrival.call));
            if (part != CallPart::Detail && ends) {
                arrival.call.rawDetail.clear();  // told while it went on: a single read now knows more
            }
            arrival.kept = callrow::keptFormOf(arrival.call);
        }
        if (auto done = placeAt(arrival, known.callRow); !done) {
            return done;
        }
        if (!hasChanged(known, arrival.place)) {
            ++outcome.unchanged;
            return m_writer.writeSeen(arrival.call, arrival.place);
        }
        if (auto done = m_writer.update(arrival.call, arrival.place); !done) {
            return done;
        }
        return finish(arrival, outcome);
    }

    /// Nothing but the mark differs, and the pull that stores this page had made it.
    [[nodiscard]] bool isOwnMarkGone(const Arrival& arrival) const {
        return arrival.known && m_pullBegan && arrival.known->notFoundSince >= m_pullBegan &&
               arrival.known->contentHash == arrival.place.contentHash && !arrival.known->unlistedSince;
    }

    /// The row is written.
    [[nodiscard]] Done finish(Arrival& arrival, PageOutcome& outcome) {
        const bool isNew = !arrival.known;
        if (auto done = m_writer.writeBesides(arrival.call, arrival.kept, arrival.place, isNew); !done) {
            return done;
        }
        ++(isNew ? outcome.added : isOwnMarkGone(arrival) ? outcome.unchanged : outcome.changed);
        if (isNew) {
            outcome.addedIds.append(arrival.call.key.remoteId);
        }
        IndexRow& row = outcome.rows.emplace_back();
        callrow::takeIndexRow(row, std::move(arrival.call), arrival.place, arrival.names);
        if (!isNew && !m_listedAt) {
            row.call.unlistedSince = arrival.known->unlistedSince;
        }
        return {};
    }

    Private* const d;
    PageWriter m_writer;
    const QString m_account;
    const qint64 m_accountRow;
    const Moment m_now;
    const std::optional<Moment> m_pullBegan;
    const std::optional<Moment> m_listedAt;
};

Result<PageOutcome> CallsDatabase::storePage(PageToStore page, Moment now) {
    if (page.keptForms.size() != page.calls.size()) {
        prepare(page);
    }
    PageOutcome outcome;
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
        PageStoring storing(d.get(), std::move(*writer), *accountRow, page, now);
        for (size_t i = 0; i < page.calls.size(); ++i) {
            auto stored = storing.store(page.calls[i], page.keptForms[i], outcome);
            if (!stored) {
                return stored;
            }
        }
        return page.cursor ? d->saveCursor(*page.cursor) : Done();
    });
    return done ? Result<PageOutcome>(std::move(outcome)) : failure(done.error());
}

}  // namespace earmark
