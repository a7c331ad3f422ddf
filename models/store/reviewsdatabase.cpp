#include "models/store/reviewsdatabase.h"

#include <QCoreApplication>
#include <QFileInfo>

#include "models/store/accountsettings.h"
#include "models/store/databaseaside.h"
#include "models/store/databasefile.h"
#include "models/store/databaselog.h"
#include "models/store/historychain.h"
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewsrescue.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kAccounts;
using reviewtables::kDrafts;

constexpr qint64 kSumCheckLimitBytes = 64 * 1024 * 1024;

DatabaseKind reviewsKind() {
    return {u":/sql/reviews"_s, Connection::Durability::Full, true};
}

}  // namespace

ReviewsDatabase::ReviewsDatabase() : d(std::make_unique<Private>()) {}
ReviewsDatabase::~ReviewsDatabase() {
    d->keepGeneration();
}

namespace {

QString rescueSentence(const Rescue& rescue, const QString& aside) {
    QString sentence =
        QCoreApplication::translate(
            "Database", "Your reviews were damaged on the disk. %1 edits, %2 drafts and %3 accounts were taken over.")
            .arg(rescue.edits)
            .arg(rescue.drafts)
            .arg(rescue.accounts);
    if (rescue.marks > 0) {
        sentence += u' ' + QCoreApplication::translate("Database", "So were %1 marks in recordings.").arg(rescue.marks);
    }
    if (rescue.unread || rescue.refused > 0) {
        sentence += u' ' + QCoreApplication::translate("Database", "Not everything could be read.");
    }
    if (rescue.accounts == 0) {
        sentence += u' ' + QCoreApplication::translate("Database", "No account is left: add your accounts again.");
    }
    return sentence + u' ' +
           QCoreApplication::translate("Database", "The damaged file is kept as %1.").arg(QFileInfo(aside).fileName());
}

QString mendSentence(const Rescue& rescue, const QString& copy) {
    return QCoreApplication::translate(
               "Database", "%1 rows of your reviews were damaged on the disk; %2 were made again from their copies.")
               .arg(rescue.refused)
               .arg(rescue.rebuilt) +
           u' ' +
           QCoreApplication::translate("Database", "The file as it was is kept as %1.").arg(QFileInfo(copy).fileName());
}

}  // namespace

/// SQLite cannot use the file: what can be read goes into a new one, and only when that is complete do the two change
/// places. A full disk or a kill on the way leaves the damaged file where it is, to be tried again.
Result<std::unique_ptr<Connection>> ReviewsDatabase::Private::beginAnew(const QString& file, const SqlFaultSeam& seam) {
    const QString work = rescueWorkName(file);
    removeDatabase(work);  // of a rescue that was cut off
    Rescue rescue;
    {
        auto fresh = openDatabase(work, Connection::Access::ReadWrite, reviewsKind(), seam);
        if (!fresh) {
            return fresh;
        }
        if (auto done = (*fresh)->addRowSumFunction(); !done) {
            return failure(done.error());
        }
        const auto rescued = rescueReviews(file, **fresh, work);
        if (!rescued) {
            return failure(rescued.error());
        }
        rescue = *rescued;
        if (auto done = (*fresh)->checkpoint(Connection::Checkpoint::Truncate); !done) {
            return failure(done.error());
        }
    }
    if (auto done = declareSuccessor(file); !done) {
        return failure(done.error());
    }
    const auto succession = putSuccessorInPlace(file);
    if (!succession) {
        return failure(succession.error());
    }
    notices += rescueSentence(rescue, succession->aside);
    return openDatabase(file, Connection::Access::ReadWrite, reviewsKind(), seam);
}

/// An earlier start may have been cut off after its rescue was complete; a log of another database may lie here.
Done ReviewsDatabase::Private::tidyUp(const QString& file) {
    const auto succession = putSuccessorInPlace(file);
    if (!succession) {
        return failure(succession.error());
    }
    const auto foreign = setForeignLogAside(file);
    if (!foreign) {
        return failure(foreign.error());
    }
    if (!foreign->isEmpty()) {
        notices += foreignLogSentence(file, *foreign);
    }
    if (succession->happened) {
        notices += QCoreApplication::translate(
            "Database",
            "Your reviews were damaged on the disk. What could be read was taken over; the damaged file is "
            "kept beside it.");
    }
    return {};
}

/// SQLite can use the file, but rows are not what they were.
void ReviewsDatabase::Private::mend(const QString& file) {
    if (QFileInfo(file).size() > kSumCheckLimitBytes) {
        return;  // doctor looks at those
    }
    const auto damaged = damagedRows();
    if (!damaged || damaged->isEmpty()) {
        return;
    }
    const auto copy = keepCopy(*connection, QFileInfo(file).absolutePath(), u"damaged"_s);
    const auto rescue = copy ? mendReviews(*connection) : Result<Rescue>(failure(copy.error()));
    if (rescue) {
        notices += mendSentence(*rescue, *copy);
    } else {
        notices += *damaged;  // the disk is full, for example: sound twins are used all the same
    }
}

Result<std::unique_ptr<ReviewsDatabase>> ReviewsDatabase::open(const QString& file, Access access, SqlFaultSeam seam,
                                                               Trust trust) {
    const auto mode = access == Access::ReadWrite ? Connection::Access::ReadWrite : Connection::Access::ReadOnly;
    std::unique_ptr<ReviewsDatabase> database(new ReviewsDatabase);
    if (access == Access::ReadWrite) {
        if (auto done = database->d->tidyUp(file); !done) {
            return failure(done.error());
        }
    }
    auto connection = openDatabase(file, mode, reviewsKind(), seam);
    const bool rescues = access == Access::ReadWrite;
    if (rescues && !connection && connection.error().kind == ErrorKind::Damaged) {
        connection = secondLook(file, reviewsKind(), seam);
    }
    bool wasRescued = !database->d->notices.isEmpty();
    const auto hasSchema = rescues && connection ? hasItsSchema(**connection, reviewsKind()) : Result<bool>(true);
    if (!hasSchema && hasSchema.error().kind != ErrorKind::Damaged) {
        return failure(hasSchema.error());
    }
    const bool damaged = connection ? trust == Trust::Rescue || !hasSchema || !*hasSchema
                                    : connection.error().kind == ErrorKind::Damaged;
    if (damaged && rescues) {
        connection = Result<std::unique_ptr<Connection>>();  // closed before the file is renamed
        connection = database->d->beginAnew(file, seam);
        wasRescued = true;
    }
    if (!connection) {
        return failure(connection.error());
    }
    if (auto done = (*connection)->addRowSumFunction(); !done) {
        return failure(done.error());
    }
    database->d->connection = std::move(*connection);
    if (access == Access::ReadWrite) {
        database->d->isWritable = true;
        database->d->mend(file);
        database->d->lookBeside(wasRescued);
    }
    return database;
}

Result<std::unique_ptr<ReviewsDatabase>> ReviewsDatabase::openEmpty() {
    auto connection = emptyDatabase(reviewsKind());
    if (!connection) {
        return failure(connection.error());
    }
    if (auto done = (*connection)->addRowSumFunction(); !done) {
        return failure(done.error());
    }
    std::unique_ptr<ReviewsDatabase> database(new ReviewsDatabase);
    database->d->connection = std::move(*connection);
    return database;
}

const QStringList& ReviewsDatabase::notices() const {
    return d->notices;
}

Done ReviewsDatabase::checkpoint() {
    d->keepGeneration();
    return d->connection->checkpoint(Connection::Checkpoint::Truncate);
}

// --- drafts

Done ReviewsDatabase::saveDraft(const Draft& draft) {
    static const std::string sql = reviewtables::insertSql(kDrafts, "INSERT OR REPLACE");
    return d->connection->run(sql, draft.key.account, draft.key.remoteId, word(draft.field), draft.base, draft.text,
                              draft.savedAt);
}

Done ReviewsDatabase::Private::dropDraft(const CallKey& key, ReviewField field) {
    return connection->run("DELETE FROM drafts WHERE account = ?1 AND remote_id = ?2 AND field = ?3", key.account,
                           key.remoteId, word(field));
}

Done ReviewsDatabase::dropDraft(const CallKey& key, ReviewField field) {
    return d->dropDraft(key, field);
}

Result<std::vector<Draft>> ReviewsDatabase::drafts() {
    static const std::string sql = "SELECT " + reviewtables::columns(kDrafts) + " FROM drafts WHERE " +
                                   reviewtables::isIntact(kDrafts) + " ORDER BY rowid";
    std::vector<Draft> drafts;
    const auto done = d->connection->read(sql, [&](const Statement& row) {
        if (const auto field = reviewFieldFromWord(row.text(2))) {
            drafts.push_back({{row.text(0), row.text(1)}, *field, row.optionalText(3), row.text(4), row.moment(5)});
        }
        return true;
    });
    return done ? Result<std::vector<Draft>>(std::move(drafts)) : failure(done.error());
}

// --- accounts

Result<std::vector<Account>> ReviewsDatabase::accounts() {
    static const std::string sql = "SELECT " + reviewtables::columns(kAccounts) + " FROM accounts WHERE " +
                                   reviewtables::isIntact(kAccounts) + " ORDER BY rowid";
    std::vector<Account> accounts;
    const auto done = d->connection->read(sql, [&](const Statement& row) {
        if (const auto provider = providerFromWord(row.text(1))) {
            Account account;
            account.name = row.text(0);
            account.provider = *provider;
            account.baseUrl = QUrl(row.text(2), QUrl::StrictMode);
            account.assumedZone = row.text(3);
            account.pageSize = static_cast<int>(row.integer(4));
            account.agentIsFirstChannel = row.integer(5) != 0;
            readAccountSettings(row.text(6), account);
            accounts.push_back(std::move(account));
        }
        return true;
    });
    return done ? Result<std::vector<Account>>(std::move(accounts)) : failure(done.error());
}

Done ReviewsDatabase::saveAccount(const Account& account) {
    static const std::string sql = [] {
        std::string sets;
        for (const char* column :
             {"provider", "base_url", "assumed_zone", "page_size", "agent_is_first_channel", "settings", "row_sum"}) {
            sets += std::string(sets.empty() ? "" : ", ") + column + " = excluded." + column;
        }
        return reviewtables::insertSql(kAccounts) + " ON CONFLICT (name) DO UPDATE SET " + sets;
    }();
    return d->connection->run(sql, account.name, word(account.provider), account.baseUrl.toString(QUrl::FullyEncoded),
                              account.assumedZone, account.pageSize, account.agentIsFirstChannel,
                              accountSettingsText(account));
}

Done ReviewsDatabase::removeAccount(const QString& name) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    auto done = d->dropAccount(name);
    if (done) {
        done = transaction->commit();
    }
    if (done) {
        static_cast<void>(checkpoint());  // what the copies of its calls held would stay in the log
    }
    return done;
}

Done ReviewsDatabase::Private::dropAccount(const QString& name) {
    // What was on its way has nobody to go to any more.
    static const std::string keep =
        reviewtables::updateSql(reviewtables::kOutbox,
                                {{"state", "'kept'"}, {"target", "'none'"}, {"reason", "''"}, {"next_try", "NULL"}}) +
        " WHERE account = ?1 AND superseded_by IS NULL AND state IN ('waiting', 'sending', 'refused')";
    auto done = endDeliveries(name);
    if (done) {
        done = connection->run(keep, name);
    }
    if (done) {
        // Its calls go from this computer: their copies are not kept in secret.
        done = connection->run("DELETE FROM call_copies WHERE account = ?1", name);
    }
    return done ? connection->run("DELETE FROM accounts WHERE name = ?1", name) : done;
}

Done ReviewsDatabase::removeAccountWithReviews(const QString& name) {
    // What goes for good is overwritten too, not only let go of.
    if (auto done = d->connection->runScript("PRAGMA secure_delete=ON"); !done) {
        return done;
    }
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    forgetGeneration(d->connection->file());
    d->kept.reset();
    if (auto done = historychain::forget(*d->connection, name); !done) {
        return done;
    }
    using namespace reviewtables;
    for (const Table& table : {kHistory, kOutbox, kEdits, kDrafts, kDeliveries, kConflicts, kCallCopies, kMarks}) {
        if (auto done = d->connection->run("DELETE FROM " + std::string(table.name) + " WHERE account = ?1", name);
            !done) {
            return done;
        }
    }
    if (auto done = d->dropAccount(name); !done) {
        return done;
    }
    if (auto done = transaction->commit(); !done) {
        return done;
    }
    static_cast<void>(checkpoint());  // the texts would stay in the log
    return {};
}

// --- soundness

Result<QStringList> ReviewsDatabase::Private::damagedRows() {
    QStringList found;
    for (const auto& table : reviewtables::kAll) {
        const auto rows = connection->texts("SELECT rowid FROM " + std::string(table.name) + " WHERE NOT " +
                                            reviewtables::isIntact(table));
        if (!rows) {
            return failure(rows.error());
        }
        for (const QString& row : *rows) {
            found += QCoreApplication::translate(
                         "Database", "Row %1 of the table %2 is damaged: its contents do not match its checksum.")
                         .arg(row, QString::fromLatin1(table.name.data(), static_cast<qsizetype>(table.name.size())));
        }
    }
    return found;
}

Result<QStringList> ReviewsDatabase::check() {
    const auto stored = storedGeneration(d->connection->file());
    auto findings = d->connection->texts("PRAGMA integrity_check(100)");
    if (!findings) {
        return findings;
    }
    if (*findings == QStringList{u"ok"_s}) {
        findings->clear();
    }
    const auto rows = d->damagedRows();
    if (!rows) {
        return rows;
    }
    *findings += *rows;
    const auto unequal = d->connection->integer(
        "SELECT count(*) FROM (SELECT sequence FROM edits UNION ALL SELECT sequence FROM outbox"
        " UNION ALL SELECT sequence FROM history) GROUP BY sequence HAVING count(*) <> 3");
    if (!unequal) {
        return failure(unequal.error());
    }
    const auto chain = historychain::findings(*d->connection);
    if (!chain) {
        return chain;
    }
    *findings += *chain;
    // Read before the database is: what is kept there is never ahead of it.
    if (chain->isEmpty() && stored) {
        const auto older = isOlderThan(*d->connection, *stored);
        if (older && *older) {
            *findings += QCoreApplication::translate(
                "Database", "The history holds less than it did, or something else: lines at its end are gone.");
        }
    }
    if (*unequal > 0) {
        *findings += QCoreApplication::translate("Database", "Edits, outbox and history do not agree.");
    }
    return findings;
}

}  // namespace earmark
