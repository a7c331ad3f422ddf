#include "models/store/reviewbackups.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <cerrno>
#include <optional>

#include "models/store/databaseaside.h"
#include "models/store/databasefile.h"
#include "models/store/sqlite.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr auto kBackupEvery = std::chrono::hours(24);
constexpr auto kStampFormat = "yyyyMMdd'T'HHmmss'Z'"_L1;
constexpr auto kWorkEnding = ".part"_L1;

/// "reviews" of ".../reviews.db".
QString stemOf(const QString& database) {
    return QFileInfo(database).completeBaseName();
}

std::optional<Moment> madeAt(const QString& name, const QString& stem) {
    if (!name.startsWith(stem + u'-') || !name.endsWith(".db"_L1)) {
        return std::nullopt;
    }
    const qsizetype from = stem.size() + 1;
    QDateTime time = QDateTime::fromString(name.mid(from, name.size() - from - 3), QString(kStampFormat));
    time.setTimeSpec(Qt::UTC);
    return time.isValid() ? std::optional(momentFromMs(time.toMSecsSinceEpoch())) : std::nullopt;
}

void removeHalfWritten(const QString& database) {
    const QDir folder(backupFolder(database));
    const QStringList names = folder.entryList({u'*' + kWorkEnding + u'*'}, QDir::Files | QDir::Hidden);
    for (const QString& name : names) {
        ::unlink(QFile::encodeName(folder.filePath(name)).constData());
    }
}

void removeOld(const QString& database) {
    const std::vector<Backup> all = backupsOf(database);
    for (size_t i = kBackupsKept; i < all.size(); ++i) {
        removeDatabase(all[i].file);
    }
}

Done flush(const QString& file) {
    const int handle = ::open(QFile::encodeName(file).constData(), O_RDONLY | O_CLOEXEC);
    const int failed = handle < 0 ? errno : ::fsync(handle) == 0 ? 0 : errno;
    if (handle >= 0) {
        ::close(handle);
    }
    return failed == 0 ? Done() : failure(databaseFileError(failed, file));
}

/// What nobody could get anew: edits, and marks where the schema has them.
Result<qint64> countPrecious(Connection& connection) {
    const auto tables = connection.texts("SELECT name FROM sqlite_master WHERE name IN ('edits', 'marks')");
    if (!tables) {
        return failure(tables.error());
    }
    qint64 rows = 0;
    for (const QString& table : *tables) {
        const auto count = connection.integer("SELECT count(*) FROM " + table.toStdString());
        if (!count) {
            return count;
        }
        rows += *count;
    }
    return rows;
}

/// What was written is opened and read as a whole; a backup that nobody can open is none.
Done verify(const QString& file, qint64 rows) {
    auto connection = Connection::open(file, Connection::Access::ReadOnly);
    if (!connection) {
        return failure(connection.error());
    }
    const auto findings = (*connection)->texts("PRAGMA quick_check(3)");
    const auto found = countPrecious(**connection);
    if (!findings || !found) {
        return failure(findings ? found.error() : findings.error());
    }
    return *findings == QStringList{u"ok"_s} && *found >= rows
               ? Done()
               : failure(ErrorKind::Storage, {}, u"a backup does not read back: "_s + findings->join(u"; "_s));
}

Done copyInto(const QString& database, const QString& work, const std::stop_token& stop, qint64& rows) {
    auto connection = Connection::open(database, Connection::Access::ReadOnly);
    if (!connection) {
        return failure(connection.error());
    }
    const auto count = countPrecious(**connection);
    if (!count || *count == 0) {
        return count ? Done() : failure(count.error());
    }
    rows = *count;
    if (auto done = makePrivateFile(work); !done) {
        return done;
    }
    if (stop.stop_requested()) {
        return failure(makeError(ErrorKind::Cancelled));  // an interrupt is only heard by a statement that runs
    }
    Connection* const running = connection->get();
    const std::stop_callback interrupt(stop, [running] { running->interrupt(); });
    auto done = running->run("VACUUM INTO ?1", work);
    return stop.stop_requested() ? failure(makeError(ErrorKind::Cancelled)) : done;
}

/// In a copy whose schema may be of any step: what belongs to the account by its column.
Done eraseIn(Connection& connection, const QString& account, WhatGoes what) {
    if (auto done = connection.runScript("PRAGMA foreign_keys=OFF; PRAGMA secure_delete=ON"); !done) {
        return done;
    }
    const auto tables = connection.texts("SELECT name FROM sqlite_master WHERE type = 'table'");
    if (!tables) {
        return failure(tables.error());
    }
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    const auto erase = [&](const QString& table, const std::string& column) -> Done {
        return tables->contains(table)
                   ? connection.run("DELETE FROM " + table.toStdString() + " WHERE " + column + " = ?1", account)
                   : Done();
    };
    auto done = erase(u"call_copies"_s, "account");
    if (what == WhatGoes::Everything) {
        if (done && tables->contains("history_chain"_L1)) {
            done = connection.run(
                "UPDATE history_chain SET salt = NULL WHERE line IN (SELECT line FROM history WHERE account = ?1)",
                account);
        }
        for (const char* table : {"history", "outbox", "deliveries", "conflicts", "edits", "drafts", "marks"}) {
            done = done ? erase(QString::fromLatin1(table), "account") : done;
        }
        done = done ? erase(u"accounts"_s, "name") : done;
    }
    return done ? transaction->commit() : done;
}

Done rewrite(const QString& file, const QString& account, WhatGoes what) {
    auto connection = Connection::open(file, Connection::Access::ReadWrite);
    auto done = connection ? eraseIn(**connection, account, what) : failure(connection.error());
    return done ? (*connection)->run("VACUUM") : done;
}

}  // namespace

std::vector<Backup> backupsOf(const QString& database) {
    const QString stem = stemOf(database);
    const QDir folder(backupFolder(database));
    std::vector<Backup> all;
    const QStringList names = folder.entryList({stem + u"-*.db"_s}, QDir::Files);
    for (const QString& name : names) {
        if (const auto at = madeAt(name, stem)) {
            all.push_back({folder.filePath(name), *at});
        }
    }
    std::sort(all.begin(), all.end(), [](const Backup& a, const Backup& b) { return a.madeAt > b.madeAt; });
    return all;
}

bool isBackupDue(const QString& database, Moment now) {
    const std::vector<Backup> all = backupsOf(database);
    return all.empty() || now - all.front().madeAt >= kBackupEvery || all.front().madeAt > now + kBackupEvery;
}

Result<QString> makeBackup(const QString& database, Moment now, const std::stop_token& stop) {
    removeHalfWritten(database);
    const QString folder = backupFolder(database);
    const QString stamp = QDateTime::fromMSecsSinceEpoch(toMs(now), Qt::UTC).toString(QString(kStampFormat));
    const QString name = folder + u'/' + stemOf(database) + u'-' + stamp + u".db"_s;
    const QString work = name + kWorkEnding;
    qint64 rows = 0;
    auto done = copyInto(database, work, stop, rows);
    if (done && rows == 0) {
        return QString();
    }
    if (done) {
        done = flush(work);
    }
    if (done) {
        done = verify(work, rows);
    }
    if (done && ::rename(QFile::encodeName(work).constData(), QFile::encodeName(name).constData()) != 0) {
        done = failure(databaseFileError(errno, name));
    }
    if (!done) {
        removeDatabase(work);
        return failure(done.error());
    }
    syncFolder(folder);
    removeOld(database);
    return name;
}

Done eraseFromBackups(const QString& database, const QString& account, WhatGoes what) {
    removeHalfWritten(database);
    const QDir folder(backupFolder(database));
    const QStringList names = folder.entryList({stemOf(database) + u"*"_s}, QDir::Files);
    for (const QString& name : names) {
        const QString file = folder.filePath(name);
        if (name.endsWith("-journal"_L1) || rewrite(file, account, what)) {
            continue;
        }
        removeDatabase(file);
        if (QFileInfo::exists(file)) {
            return failure(ErrorKind::Storage,
                           QCoreApplication::translate("Database",
                                                       "The account is gone, but the backup %1 could neither be "
                                                       "rewritten nor deleted. Delete it by hand.")
                               .arg(name));
        }
    }
    syncFolder(folder.path());
    return {};
}

}  // namespace earmark
