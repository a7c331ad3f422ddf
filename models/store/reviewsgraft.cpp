#include "models/store/reviewsgraft.h"

#include <QFile>
#include <QFileInfo>
#include <iterator>

#include "models/store/databasefile.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr qint64 kPageBytes = 4096;

Error notWritten(const QFile& file) {
    const ErrorKind kind = file.error() == QFileDevice::ResourceError ? ErrorKind::DiskFull : ErrorKind::Storage;
    return makeError(kind, {}, u"the work file of a rescue: "_s + file.errorString());
}

/// From `at` on; bytes that the disk does not give are zeros.
Done copyBytes(QFile& from, qint64 at, QFile& to) {
    for (; at < from.size(); at += kPageBytes) {
        const qint64 size = std::min(kPageBytes, from.size() - at);
        QByteArray bytes = from.seek(at) ? from.read(size) : QByteArray();
        bytes.append(size - bytes.size(), '\0');
        if (to.write(bytes) != size) {
            return failure(notWritten(to));
        }
    }
    return to.flush() ? Done() : failure(notWritten(to));
}

Done openWork(QFile& work) {
    if (auto done = makePrivateFile(work.fileName()); !done) {
        return done;
    }
    return work.open(QIODevice::WriteOnly | QIODevice::Truncate | QIODevice::Unbuffered) ? Done()
                                                                                         : failure(notWritten(work));
}

/// A file that is there must open: that it does not is no damage, and it may pass.
Done openDamaged(QFile& file) {
    return file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)
               ? Done()
               : failure(ErrorKind::Storage, {}, u"%1: %2"_s.arg(file.fileName(), file.errorString()));
}

Done copyBody(const QByteArray& firstPage, const QString& damagedFile, QFile& work) {
    QByteArray page = firstPage;
    QFile damaged(damagedFile);
    const bool hasBody = QFileInfo(damagedFile).size() > kPageBytes;
    if (hasBody) {
        if (auto done = openDamaged(damaged); !done) {
            return done;
        }
    }
    const auto pages = static_cast<quint32>(hasBody ? damaged.size() / kPageBytes : 1);
    for (int i = 0; i < 4; ++i) {
        page[28 + i] = static_cast<char>(pages >> (24 - 8 * i));  // size of the database in pages
        page[32 + i] = 0;                                         // no free pages: they do not matter here
        page[36 + i] = 0;
    }
    if (work.write(page) != kPageBytes) {
        return failure(notWritten(work));
    }
    return hasBody ? copyBytes(damaged, kPageBytes, work) : Done();
}

}  // namespace

Done graftSchema(const QString& damagedFile, const SchemaPages& schema, const QString& workFile) {
    QFile work(workFile);
    auto done = openWork(work);
    if (done) {
        done = copyBody(schema.at(1), damagedFile, work);
    }
    for (auto page = std::next(schema.begin()); done && page != schema.end(); ++page) {
        // Also behind the end: of a file that is gone only the log may be left.
        done = work.seek((qint64(page->first) - 1) * kPageBytes) && work.write(page->second) == kPageBytes
                   ? Done()
                   : failure(notWritten(work));
    }
    const QString damagedLog = damagedFile + "-wal"_L1;
    if (!done || !QFileInfo::exists(damagedLog)) {
        return done;
    }
    QFile log(damagedLog);
    QFile workLog(workFile + "-wal"_L1);
    done = openDamaged(log);
    if (done) {
        done = openWork(workLog);
    }
    return done ? copyBytes(log, 0, workLog) : done;
}

}  // namespace earmark
