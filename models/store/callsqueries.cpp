// The part of CallsDatabase that only reads.
#include "models/domain/latefields.h"
#include "models/store/callsdatabaseprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

// Letter for letter as in the indexes calls_open and calls_fresh, which are used only then.
constexpr std::string_view kLastTime =
    "coalesce(end_time, agent_connect_time, answer_time, ring_time, dial_time, created_time)";
constexpr std::string_view kIsOpen = "status < 5";
constexpr std::string_view kIsFresh =
    "refreshed_at <"
    " coalesce(end_time, agent_connect_time, answer_time, ring_time, dial_time, created_time) + 86400000";
static_assert(int(CallStatus::Completed) == 5);

/// A field that comes late, as a condition that holds while it is missing.
std::string missingSql(Field field) {
    using namespace callrow;
    const auto bit = [](int one) { return "(texts_present & " + std::to_string(one) + ") = 0"; };
    switch (field) {
        case Field::HasRecording:
            return "has_recording IS NOT 1 OR " + bit(HasRecordingUrl);
        case Field::Summary:
            return bit(HasSummary);
        case Field::NextAction:
            return bit(HasNextAction);
        case Field::Sentiment:
            return "sentiment IS NULL";
        default:
            return "0";
    }
}

/// Not ended; or ended just now, and the recording or what the AI says has not come yet. What was told last longest ago
/// comes first, so that everything has its turn where there is more than can be read.
std::string rereadSql(Provider provider) {
    std::string missing = "0";
    for (const Field field : lateFields(provider)) {
        missing += " OR " + missingSql(field);
    }
    const std::string open(kIsOpen);
    const std::string time(kLastTime);
    // ?4: 0 = all; 1 = those for which a quarter of their age has passed since they were told last.
    const std::string due =
        " AND not_found_since IS NULL AND (?4 = 0 OR (?5 - refreshed_at) * 4 >= ?5 - coalesce(" + time + ", 0))";
    return "SELECT remote_id FROM (SELECT remote_id, refreshed_at FROM calls INDEXED BY calls_open"
           " WHERE account_row = ?1 AND " +
           open + due +
           " UNION ALL SELECT remote_id, refreshed_at FROM calls INDEXED BY calls_fresh WHERE account_row = ?1 AND " +
           std::string(kIsFresh) + " AND NOT (" + open + ") AND " + time + " BETWEEN ?2 AND ?3 AND (" + missing + ")" +
           due + ") ORDER BY refreshed_at";
}

/// Ended some time ago, so that transcript and analysis are there, and read in lists alone. `young`: by the index.
std::string withoutDetailSql(bool young) {
    const std::string time(kLastTime);
    return "SELECT remote_id FROM calls " + std::string(young ? "INDEXED BY calls_fresh" : "NOT INDEXED") +
           " WHERE account_row = ?1 AND NOT (" + std::string(kIsOpen) + ") AND not_found_since IS NULL AND " +
           (young ? std::string(kIsFresh) + " AND " : std::string()) + time + " >= ?2 AND " + time +
           " + 1000 * coalesce(iif(end_time IS NULL, talk_seconds, 0), 0) <= ?3"
           " AND NOT EXISTS (SELECT 1 FROM details WHERE details.call_row = calls.call_row) ORDER BY " +
           time + " DESC LIMIT ?4";
}

CallTexts textsFrom(const Statement& row) {
    return {row.integer(0), row.optionalText(1), row.optionalText(2), row.optionalText(3), std::nullopt};
}

/// The answer when `done`, else the error.
template <typename T>
Result<T> answer(const Done& done, T&& value) {
    return done ? Result<T>(std::move(value)) : failure(done.error());
}

}  // namespace

Result<QHash<QString, Moment>> CallsDatabase::serverWishes() {
    QHash<QString, Moment> wishes;
    const auto done = d->connection->read("SELECT substr(name, 13), value FROM meta WHERE name LIKE 'server_wish %'",
                                          [&wishes](const Statement& row) {
                                              wishes.insert(row.text(0), momentFromMs(row.integer(1)));
                                              return true;
                                          });
    return done ? Result<QHash<QString, Moment>>(std::move(wishes)) : failure(done.error());
}

Result<std::vector<PullCursor>> CallsDatabase::cursors(const QString& account) {
    std::vector<PullCursor> cursors;
    const auto done = d->connection->read(
        "SELECT campaign_id, next_page, complete, last_total, completed_at, problem, asked FROM cursors"
        " WHERE account_row = (SELECT account_row FROM accounts WHERE name = ?1) ORDER BY campaign_id",
        [&](const Statement& row) {
            cursors.push_back({account, row.text(0), static_cast<int>(row.integer(1)), row.integer(2) != 0,
                               row.optionalInteger(3), row.optionalMoment(4), row.text(5), row.text(6)});
            return true;
        },
        account);
    return answer(done, std::move(cursors));
}

Result<std::vector<Campaign>> CallsDatabase::campaigns(const QString& account) {
    std::vector<Campaign> campaigns;
    const auto done = d->connection->read(
        "SELECT remote_id, name, status, raw FROM campaigns WHERE listed = 1"
        " AND account_row = (SELECT account_row FROM accounts WHERE name = ?1) ORDER BY campaign_row",
        [&](const Statement& row) {
            campaigns.push_back({account, row.text(0), row.text(1), row.optionalText(2), row.blob(3)});
            return true;
        },
        account);
    return answer(done, std::move(campaigns));
}

Result<std::vector<Agent>> CallsDatabase::agents(const QString& account) {
    std::vector<Agent> agents;
    const auto done = d->connection->read(
        "SELECT remote_id, name, raw FROM agents"
        " WHERE account_row = (SELECT account_row FROM accounts WHERE name = ?1) ORDER BY agent_row",
        [&](const Statement& row) {
            agents.push_back({row.text(0), row.text(1), row.blob(2)});
            return true;
        },
        account);
    return answer(done, std::move(agents));
}

Result<Call> CallsDatabase::Private::record(const CallKey& key) {
    std::optional<Call> call;
    const auto done = connection->read(
        byKeySql,
        [&](const Statement& row) {
            call = std::move(reader.record(row).call);
            return true;
        },
        key.account, key.remoteId);
    if (!done) {
        return failure(done.error());
    }
    return call ? Result<Call>(std::move(*call)) : failure(unknownCall());
}

Result<std::vector<CallKey>> CallsDatabase::callsToReread(const QString& account, Provider provider,
                                                          CallsToReread which, Moment now) {
    const auto accountRow = d->knownAccountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    std::vector<CallKey> keys;
    // A clock that is a little behind the provider's must not hide what ended just now.
    const auto done = d->connection->read(
        rereadSql(provider),
        [&](const Statement& row) {
            keys.push_back({account, row.text(0)});
            return true;
        },
        *accountRow, Moment(now - kLateFieldsComeWithin), Moment(now + kLateFieldsComeWithin),
        qint64(which == CallsToReread::ByAge), now);
    return answer(done, std::move(keys));
}

Result<std::vector<CallKey>> CallsDatabase::callsWithoutDetail(const QString& account, std::optional<Moment> since,
                                                               int most, Moment now) {
    const auto accountRow = d->knownAccountRow(account);
    if (!accountRow) {
        return failure(accountRow.error());
    }
    std::vector<CallKey> keys;
    const bool young = since && now - *since <= std::chrono::hours(24);
    const auto done = d->connection->read(
        withoutDetailSql(young),
        [&](const Statement& row) {
            keys.push_back({account, row.text(0)});
            return true;
        },
        *accountRow, since.value_or(momentFromMs(0)), Moment(now - kDetailsAreWhole), qint64(most));
    return answer(done, std::move(keys));
}

Result<std::optional<ReviewedCall>> CallsDatabase::call(const CallKey& key) {
    std::optional<ReviewedCall> call;
    auto done = d->knowNames();
    if (done) {
        done = d->connection->read(
            d->byKeySql,
            [&](const Statement& row) {
                call = d->reader.record(row);
                return true;
            },
            key.account, key.remoteId);
    }
    return answer(done, std::move(call));
}

Result<std::vector<ReviewedCall>> CallsDatabase::callsByRow(const std::vector<qint64>& callRows) {
    std::vector<ReviewedCall> calls;
    auto done = d->knowNames();
    for (auto it = callRows.cbegin(); done && it != callRows.cend(); ++it) {
        done = d->connection->read(
            d->byRowSql,
            [&](const Statement& row) {
                calls.push_back(d->reader.record(row));
                return true;
            },
            *it);
    }
    return answer(done, std::move(calls));
}

Result<std::vector<CallTexts>> CallsDatabase::texts(const std::vector<qint64>& callRows) {
    std::vector<CallTexts> texts;
    Done done;
    for (auto it = callRows.cbegin(); done && it != callRows.cend(); ++it) {
        done = d->connection->read(
            "SELECT call_row, summary, notes, next_action FROM call_texts WHERE call_row = ?1",
            [&](const Statement& row) {
                texts.push_back(textsFrom(row));
                return true;
            },
            *it);
    }
    return answer(done, std::move(texts));
}

Done CallsDatabase::forEachIndexRow(const std::function<bool(IndexRow&&)>& take, qint64 afterRow) {
    if (auto done = d->knowNames(); !done) {
        return done;
    }
    return d->connection->read(
        d->indexAfterSql, [&](const Statement& row) { return take(d->reader.indexRow(row)); }, afterRow);
}

Done CallsDatabase::forEachTexts(const std::function<bool(CallTexts&&)>& take, qint64 afterRow) {
    return d->connection->read(
        "SELECT t.call_row, t.summary, t.notes, t.next_action, s.text FROM call_texts t"
        " LEFT JOIN transcripts s USING (call_row) WHERE t.call_row > ?1 ORDER BY t.call_row",
        [&](const Statement& row) {
            CallTexts texts = textsFrom(row);
            texts.transcript = row.optionalText(4);
            return take(std::move(texts));
        },
        afterRow);
}

Result<std::vector<IndexRow>> CallsDatabase::indexRowsOfCampaign(const QString& account, const QString& campaignId) {
    std::optional<qint64> campaign;
    const auto done = d->connection->read(
        "SELECT campaign_row FROM campaigns WHERE remote_id = ?2"
        " AND account_row = (SELECT account_row FROM accounts WHERE name = ?1)",
        [&](const Statement& row) {
            campaign = row.integer(0);
            return true;
        },
        account, campaignId);
    if (!done || !campaign) {
        return answer(done, std::vector<IndexRow>());
    }
    return d->indexRows(d->indexOfCampaignSql, *campaign);
}

Result<std::vector<DispositionCount>> CallsDatabase::dispositionCodes() {
    std::vector<DispositionCount> codes;
    const auto done = d->connection->read(
        "SELECT disposition, count(*) FROM calls WHERE disposition <> '' GROUP BY disposition ORDER BY 2 DESC, 1",
        [&](const Statement& row) {
            codes.push_back({row.text(0), row.integer(1)});
            return true;
        });
    return answer(done, std::move(codes));
}

Result<std::optional<ListeningProgress>> CallsDatabase::listening(const CallKey& key) {
    using std::chrono::milliseconds;
    std::optional<ListeningProgress> progress;
    static const std::string sql =
        std::string("SELECT p.position_ms, p.heard_ms, p.played FROM positions p JOIN calls c USING (call_row) WHERE ")
            .append(Private::kKeyIs);
    const auto done = d->connection->read(
        sql,
        [&](const Statement& row) {
            progress = {milliseconds(row.integer(0)), milliseconds(row.integer(1)), timeSpansFromText(row.text(2))};
            return true;
        },
        key.account, key.remoteId);
    return answer(done, std::move(progress));
}

Result<QStringList> CallsDatabase::check() {
    auto findings = d->connection->texts("PRAGMA integrity_check(100)");
    if (findings && *findings == QStringList{u"ok"_s}) {
        findings->clear();
    }
    return findings;
}

}  // namespace earmark
