// The part of ReviewsDatabase that keeps what lies beside the file: how far it had come, and where its schema is.
#include "models/store/historychain.h"
#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewsgeneration.h"
#include "models/store/reviewtables.h"
#include "models/store/schemapages.h"

using namespace Qt::StringLiterals;

namespace earmark {

void ReviewsDatabase::keepGeneration() {
    d->keepGeneration();
}

void ReviewsDatabase::Private::keepGeneration() {
    if (!isWritable || !connection || connection->isInTransaction()) {
        return;
    }
    auto now = generationOf(*connection);
    if (now && kept != *now && storeGeneration(connection->file(), *now)) {
        kept = std::move(*now);
    }
}

void ReviewsDatabase::Private::lookBeside(bool wasRescued) {
    static_cast<void>(historychain::adopt(*connection));
    static_cast<void>(keepSchemaPages(*connection));
    const auto stored = storedGeneration(connection->file());
    const auto older = stored ? isOlderThan(*connection, *stored) : Result<bool>(false);
    if (!older) {
        return;
    }
    if (*older) {
        const auto held = holdWhatMayHaveBeenSent(*stored);
        if (!held) {
            return;  // the next start says so again, and nothing is sent before
        }
        if (!wasRescued) {
            notices += QCoreApplication::translate(
                "Database",
                "An older copy of your reviews lies in the place of newer ones: what was done later is not in it. "
                "Edits "
                "that were waiting to be sent are held, for they may have been sent already: look at each of them and "
                "send it again or keep it here.");
        }
    }
    kept = stored;
    keepGeneration();
}

Done ReviewsDatabase::Private::holdWhatMayHaveBeenSent(const Generation& stored) {
    static const std::string hold =
        reviewtables::updateSql(reviewtables::kOutbox,
                                {{"state", "'refused'"}, {"next_try", "NULL"}, {"reason", "?1"}}) +
        " WHERE state IN ('waiting', 'sending')";
    auto transaction = Transaction::begin(*connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    auto done = connection->run(
        hold, QCoreApplication::translate("Database",
                                          "An older copy of your reviews was put in place of the newer one; "
                                          "this may have been sent already."));
    // Numbers that targets have seen are not given out a second time.
    if (done) {
        done = raise("edits", stored.edits);
    }
    if (done) {
        done = raise("deliveries", stored.attempts);
    }
    return done ? transaction->commit() : done;
}

/// SQLite's own table of highest numbers, in which "deliveries" is a name of ours.
Done ReviewsDatabase::Private::raise(const char* name, qint64 number) {
    auto done = connection->run(
        "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, 0 WHERE NOT EXISTS"
        " (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
        QString::fromLatin1(name));
    return done ? connection->run("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1",
                                  QString::fromLatin1(name), number)
                : done;
}

Done ReviewsDatabase::Private::countAttempt() {
    const auto made = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'");
    return made ? raise("deliveries", *made + 1) : failure(made.error());
}

}  // namespace earmark
