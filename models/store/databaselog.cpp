#include "models/store/databaselog.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QtEndian>
#include <bit>
#include <optional>

#include "models/store/databaseaside.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

// The file formats of SQLite: www.sqlite.org/fileformat2.html
constexpr qint64 kLogHeaderBytes = 32;
constexpr qint64 kFrameHeaderBytes = 24;
constexpr qint64 kPageBytes = 4096;
constexpr qint64 kHeaderBytes = 100;
constexpr qsizetype kNumberAt = 68;
constexpr int kFlippedBitsAtMost = 2;

quint32 bigEndian(const QByteArray& bytes, qsizetype at) {
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

/// 0 where there is none, or where the header around it is damaged: then nobody knows whose the log is.
quint32 numberIn(QFile& file, qint64 pageAt) {
    const QByteArray header = file.seek(pageAt) ? file.read(kHeaderBytes) : QByteArray();
    const bool isHeader = header.size() == kHeaderBytes &&
                          header.startsWith(QByteArrayView("SQLite format 3\0\x10", 17)) &&
                          header.mid(20, 4) == QByteArrayView("\x00\x40\x20\x20", 4);
    return isHeader ? bigEndian(header, kNumberAt) : 0;
}

/// Of the last first page in the log; nullopt when it holds none.
std::optional<quint32> numberInLog(QFile& log) {
    const QByteArray header = log.read(kLogHeaderBytes);
    if (header.size() != kLogHeaderBytes || bigEndian(header, 8) != kPageBytes) {
        return std::nullopt;
    }
    std::optional<quint32> number;
    for (qint64 at = kLogHeaderBytes; at + kFrameHeaderBytes + kPageBytes <= log.size();
         at += kFrameHeaderBytes + kPageBytes) {
        const QByteArray frame = log.seek(at) ? log.read(kFrameHeaderBytes) : QByteArray();
        // The rest of a log that is used again from its beginning is of former rounds.
        if (frame.size() != kFrameHeaderBytes || frame.mid(8, 8) != header.mid(16, 8)) {
            break;
        }
        if (bigEndian(frame, 0) == 1) {
            number = numberIn(log, at + kFrameHeaderBytes);
        }
    }
    return number;
}

}  // namespace

bool logIsOrphaned(const QString& file) {
    return QFileInfo(file).size() == 0 && QFileInfo(file + "-wal"_L1).size() > kLogHeaderBytes;
}

bool logIsForeign(const QString& file) {
    QFile database(file);
    QFile log(file + "-wal"_L1);
    if (!log.open(QIODevice::ReadOnly) || log.size() <= kLogHeaderBytes || !database.open(QIODevice::ReadOnly)) {
        return false;
    }
    const quint32 own = numberIn(database, 0);
    const quint32 logs = own != 0 ? numberInLog(log).value_or(0) : 0;
    return own != 0 && logs != 0 && std::popcount(own ^ logs) > kFlippedBitsAtMost;
}

Result<QString> setForeignLogAside(const QString& file) {
    return logIsForeign(file) ? setLogAside(file) : Result<QString>(QString());
}

QString foreignLogSentence(const QString& file, const QString& aside) {
    return QCoreApplication::translate(
               "Database",
               "Beside %1 lay the log of another database; it was not used and is kept as %2. If the file "
               "was copied here, copy it again with the program closed.")
        .arg(QFileInfo(file).fileName(), QFileInfo(aside).fileName());
}

Done numberDatabase(Connection& connection) {
    const auto known = connection.integer("PRAGMA application_id");
    if (!known) {
        return failure(known.error());
    }
    const qint64 number = *known != 0 ? *known : QRandomGenerator::system()->bounded(1 << 30) + 1;
    if (*known == 0) {
        if (auto done = connection.runScript("PRAGMA application_id=" + QByteArray::number(number)); !done) {
            return done;
        }
    }
    connection.signLogs(number);
    return {};
}

}  // namespace earmark
