// The part of CallsDatabase that gives copies of calls away and takes them back.
#include <QCborMap>
#include <QCborValue>
#include <QJsonDocument>
#include <QJsonObject>
#include <limits>

#include "models/store/callcopy.h"
#include "models/store/callsdatabaseprivate.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr auto kBroughtBack = "copies_brought_back";
constexpr auto kRawWord = "call_texts.raw"_L1;
constexpr auto kTranscriptWord = "transcripts.text"_L1;
constexpr auto kDetailWord = "details.raw"_L1;

// Numbers of rows mean nothing in another database.
const QStringList kOwnNumbers{u"call_row"_s, u"account_row"_s, u"campaign_row"_s};

QJsonValue jsonOf(const Statement& row, int column) {
    if (row.isNull(column)) {
        return QJsonValue(QJsonValue::Null);
    }
    if (row.isInteger(column)) {
        return row.integer(column);
    }
    return row.isReal(column) ? QJsonValue(row.real(column)) : QJsonValue(row.text(column));
}

Result<QStringList> columnsOf(Connection& connection, const char* table) {
    return connection.texts(std::string("SELECT name FROM pragma_table_info('") + table + "')");
}

std::string sqlList(const QStringList& columns, const std::string& prefix) {
    return columns.isEmpty()
               ? std::string()
               : prefix + columns.join(QLatin1String(", ") + QString::fromStdString(prefix)).toStdString();
}

/// What a copy's JSON holds, over the columns that this schema has.
Done insertRow(Connection& connection, const std::string& table, const QStringList& known, const QJsonObject& values,
               const std::optional<QByteArray>& raw = {}) {
    QStringList columns;
    QStringList places;
    for (const QString& column : known) {
        if (values.contains(column) || (raw && column == "raw"_L1)) {
            columns += column;
            places += u'?' + QString::number(columns.size());
        }
    }
    auto insert = connection.prepare("INSERT INTO " + table + " (" + columns.join(u", "_s).toStdString() +
                                     ") VALUES (" + places.join(u", "_s).toStdString() + ")");
    if (!insert) {
        return failure(insert.error());
    }
    int index = 0;
    for (const QString& column : columns) {
        const QJsonValue value = values.value(column);
        ++index;
        if (raw && column == "raw"_L1) {
            insert->bind(index, *raw);
        } else if (value.isString()) {
            insert->bind(index, value.toString());
        } else if (value.isDouble()) {
            // A whole number is one, whatever its column: SQLite makes a REAL of it where the column is one.
            const double real = value.toDouble();
            const qint64 whole = value.toInteger(std::numeric_limits<qint64>::min());
            if (whole != std::numeric_limits<qint64>::min()) {
                insert->bind(index, whole);
            } else {
                insert->bind(index, real);
            }
        } else {
            insert->bind(index, std::nullopt);
        }
    }
    return insert->run();
}

QJsonValue withoutSignedLink(const QJsonValue& url) {
    return url.toString().contains(u'?') ? QJsonValue(QJsonValue::Null) : url;
}

}  // namespace

Result<std::vector<CallCopy>> CallsDatabase::copiesOf(const std::vector<CallKey>& keys, Moment now) {
    const auto calls = columnsOf(*d->connection, "calls");
    auto texts = columnsOf(*d->connection, "call_texts");
    if (!calls || !texts) {
        return failure(calls ? texts.error() : calls.error());
    }
    texts->removeAll(u"raw"_s);
    const std::string sql = "SELECT " + sqlList(*calls, "c.") + ", " + sqlList(*texts, "t.") +
                            ", t.raw, r.text, d.raw, p.remote_id FROM calls c JOIN call_texts t USING (call_row)"
                            " LEFT JOIN transcripts r USING (call_row) LEFT JOIN details d USING (call_row)"
                            " LEFT JOIN campaigns p ON p.campaign_row = c.campaign_row WHERE " +
                            std::string(Private::kKeyIs);
    const int firstText = static_cast<int>(calls->size());
    const int raw = firstText + static_cast<int>(texts->size());
    std::vector<CallCopy> copies;
    for (const CallKey& key : keys) {
        const auto done = d->connection->read(
            sql,
            [&](const Statement& row) {
                QJsonObject call;
                for (int i = 0; i < firstText; ++i) {
                    if (!kOwnNumbers.contains(calls->at(i))) {
                        call.insert(calls->at(i), jsonOf(row, i));
                    }
                }
                QJsonObject beside;
                for (int i = firstText; i < raw; ++i) {
                    const QString& column = texts->at(i - firstText);
                    if (!kOwnNumbers.contains(column)) {
                        beside.insert(column, jsonOf(row, i));
                    }
                }
                beside.insert("recording_url"_L1, withoutSignedLink(beside.value("recording_url"_L1)));
                if (beside.value("recording_url"_L1).isNull()) {
                    const qint64 bits = call.value("texts_present"_L1).toInteger();
                    call.insert("texts_present"_L1, bits & ~qint64(callrow::HasRecordingUrl));
                }
                QJsonObject columns{{u"calls"_s, call}, {u"call_texts"_s, beside}};
                columns.insert("campaign_id"_L1, jsonOf(row, raw + 3));
                QCborMap rest{{QString(kRawWord), row.blob(raw)}};
                if (!row.isNull(raw + 1)) {
                    rest.insert(QString(kTranscriptWord), row.text(raw + 1));
                }
                if (!row.isNull(raw + 2)) {
                    rest.insert(QString(kDetailWord), row.blob(raw + 2));
                }
                copies.push_back({key, now, QString::fromUtf8(QJsonDocument(columns).toJson(QJsonDocument::Compact)),
                                  qCompress(rest.toCborValue().toCbor(), 3)});
                return true;
            },
            key.account, key.remoteId);
        if (!done) {
            return failure(done.error());
        }
    }
    return copies;
}

Result<std::vector<IndexRow>> CallsDatabase::bringBack(const std::vector<CallCopy>& copies) {
    std::vector<IndexRow> rows;
    const auto done = d->inTransaction([&]() -> Done {
        const auto calls = columnsOf(*d->connection, "calls");
        const auto texts = columnsOf(*d->connection, "call_texts");
        if (!calls || !texts) {
            return failure(calls ? texts.error() : calls.error());
        }
        for (const CallCopy& copy : copies) {
            const auto accountRow = d->accountRow(copy.key.account);
            if (!accountRow) {
                return failure(accountRow.error());
            }
            bool isHere = false;
            auto written = d->connection->read(
                "SELECT 1 FROM calls WHERE account_row = ?1 AND remote_id = ?2",
                [&](const Statement&) {
                    isHere = true;
                    return false;
                },
                *accountRow, copy.key.remoteId);
            if (written && !isHere) {
                written = d->insertCopy(copy, *accountRow, *calls, *texts);
                if (written) {
                    auto row = d->indexRows(d->indexByKeySql, copy.key.account, copy.key.remoteId);
                    written = row ? Done() : failure(row.error());
                    if (row) {
                        rows.insert(rows.end(), std::make_move_iterator(row->begin()),
                                    std::make_move_iterator(row->end()));
                    }
                }
            }
            if (!written) {
                return written;
            }
        }
        return {};
    });
    return done ? Result<std::vector<IndexRow>>(std::move(rows)) : failure(done.error());
}

Done CallsDatabase::Private::insertCopy(const CallCopy& copy, qint64 account, const QStringList& callColumns,
                                        const QStringList& textColumns) {
    const QJsonObject columns = QJsonDocument::fromJson(copy.columns.toUtf8()).object();
    const QCborMap rest = QCborValue::fromCbor(qUncompress(copy.raw)).toMap();
    QJsonObject call = columns.value("calls"_L1).toObject();
    QJsonObject texts = columns.value("call_texts"_L1).toObject();
    if (call.isEmpty() || rest.isEmpty() || call.value("remote_id"_L1).toString() != copy.key.remoteId) {
        return {};  // a form that this version does not know
    }
    const auto callRow = nextCallRow();
    if (!callRow) {
        return failure(callRow.error());
    }
    call.insert("call_row"_L1, *callRow);
    call.insert("account_row"_L1, account);
    // Nothing hashes to this by design: the next page that shows the call is stored as a change.
    call.insert("content_hash"_L1, 0);
    if (const QString campaign = columns.value("campaign_id"_L1).toString(); !campaign.isEmpty()) {
        const auto row = campaignRow(account, campaign);
        if (!row) {
            return failure(row.error());
        }
        call.insert("campaign_row"_L1, *row);
    }
    texts.insert("call_row"_L1, *callRow);
    auto done = insertRow(*connection, "calls", callColumns, call);
    if (done) {
        done = insertRow(*connection, "call_texts", textColumns, texts, rest.value(kRawWord).toByteArray());
    }
    if (done && rest.contains(kTranscriptWord)) {
        done = connection->run("INSERT INTO transcripts (call_row, text) VALUES (?1, ?2)", *callRow,
                               rest.value(kTranscriptWord).toString());
    }
    if (done && rest.contains(kDetailWord)) {
        done = connection->run("INSERT INTO details (call_row, raw) VALUES (?1, ?2)", *callRow,
                               rest.value(kDetailWord).toByteArray());
    }
    return done;
}

Result<bool> CallsDatabase::hasCopiesBack() {
    const auto noted =
        d->connection->integer(std::string("SELECT count(*) FROM meta WHERE name = '") + kBroughtBack + "'");
    return noted ? Result<bool>(*noted > 0) : failure(noted.error());
}

Done CallsDatabase::noteCopiesBack() {
    return d->connection->run(std::string("INSERT OR REPLACE INTO meta (name, value) VALUES ('") + kBroughtBack +
                              "', 1)");
}

}  // namespace earmark
