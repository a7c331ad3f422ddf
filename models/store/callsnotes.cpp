// The part of CallsDatabase that learns about calls from elsewhere than their pages: agents' names, sound that was
// asked for.
#include "models/store/callsdatabaseprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

Result<IndexRow> CallsDatabase::noteRecordingFound(const CallKey& key, bool found) {
    IndexRow noted;
    const auto done = d->inTransaction([&]() -> Done {
        const std::string note = "UPDATE calls AS c SET recording_found = ?3 WHERE ";
        if (auto written = d->connection->run(note + std::string(Private::kKeyIs), key.account, key.remoteId, found);
            !written) {
            return written;
        }
        auto rows = d->indexRows(d->indexByKeySql, key.account, key.remoteId);
        if (!rows || rows->empty()) {
            return failure(rows ? Private::unknownCall() : rows.error());
        }
        noted = std::move(rows->front());
        return {};
    });
    return done ? Result<IndexRow>(std::move(noted)) : failure(done.error());
}

Result<std::vector<IndexRow>> CallsDatabase::saveAgents(const QString& account, const std::vector<Agent>& agents) {
    std::vector<IndexRow> renamed;
    const auto done = d->inTransaction([&]() -> Done {
        const auto accountRow = d->accountRow(account);
        if (!accountRow) {
            return failure(accountRow.error());
        }
        if (auto known = d->knowNames(); !known) {
            return known;
        }
        QStringList changed;
        for (const Agent& agent : agents) {
            const std::optional<QString> name = agent.name.isEmpty() ? std::nullopt : std::optional(agent.name);
            const auto former = d->reader.agents.constFind({*accountRow, agent.id});
            if ((former == d->reader.agents.cend() ? std::nullopt : std::optional(*former)) != name) {
                changed += agent.id;
            }
            if (auto written = d->connection->run(
                    "INSERT INTO agents (account_row, remote_id, name, raw) VALUES (?1, ?2, ?3, ?4)"
                    " ON CONFLICT (account_row, remote_id) DO UPDATE SET name = excluded.name, raw = excluded.raw",
                    *accountRow, agent.id, name, agent.raw);
                !written) {
                return written;
            }
        }
        d->namesKnown = false;
        for (const QString& id : changed) {
            auto rows =
                d->indexRows(callrow::indexSql("WHERE c.account_row = ?1 AND c.agent_id = ?2"), *accountRow, id);
            if (!rows) {
                return failure(rows.error());
            }
            renamed.insert(renamed.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
        }
        return {};
    });
    d->namesKnown = false;
    return done ? Result<std::vector<IndexRow>>(std::move(renamed)) : failure(done.error());
}

}  // namespace earmark
