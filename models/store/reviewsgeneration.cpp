#include "models/store/reviewsgeneration.h"

#include <fcntl.h>
#include <unistd.h>

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <cerrno>
#include <cstdio>

#include "models/store/databaseaside.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

QString generationName(const QString& file) {
    return file + ".generation"_L1;
}

QString sumOf(const QJsonObject& object) {
    return QString::fromLatin1(
        QCryptographicHash::hash(QJsonDocument(object).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256)
            .toHex());
}

Done writeAll(int handle, const QByteArray& bytes, const QString& file) {
    for (qsizetype at = 0; at < bytes.size();) {
        const ssize_t written = ::write(handle, bytes.constData() + at, static_cast<size_t>(bytes.size() - at));
        if (written < 0 && errno != EINTR) {
            return failure(databaseFileError(errno, file));
        }
        at += std::max<ssize_t>(written, 0);
    }
    return ::fsync(handle) == 0 ? Done() : failure(databaseFileError(errno, file));
}

}  // namespace

Done writeBeside(const QString& file, const QByteArray& bytes) {
    const QString work = file + ".part"_L1;
    const QByteArray name = QFile::encodeName(work);
    const int handle = ::open(name.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (handle < 0) {
        return failure(databaseFileError(errno, file));
    }
    auto done = writeAll(handle, bytes, file);
    ::close(handle);
    if (done && ::rename(name.constData(), QFile::encodeName(file).constData()) != 0) {
        done = failure(databaseFileError(errno, file));
    }
    if (done) {
        syncFolder(QFileInfo(file).absolutePath());
    } else {
        ::unlink(name.constData());
    }
    return done;
}

Result<Generation> generationOf(Connection& connection) {
    const auto edits = connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'edits'");
    const auto attempts = connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'deliveries'");
    auto head = historychain::head(connection);
    if (!edits || !attempts || !head) {
        return failure(!edits ? edits.error() : !attempts ? attempts.error() : head.error());
    }
    return Generation{*edits, *attempts, std::move(*head)};
}

std::optional<Generation> storedGeneration(const QString& file) {
    QFile stored(generationName(file));
    if (!stored.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    QJsonObject object = QJsonDocument::fromJson(stored.read(4096)).object();
    const QString sum = object.take("sum"_L1).toString();
    if (sum.isEmpty() || sum != sumOf(object)) {
        return std::nullopt;
    }
    return Generation{
        object.value("edits"_L1).toInteger(),
        object.value("attempts"_L1).toInteger(),
        {object.value("line"_L1).toInteger(), QByteArray::fromHex(object.value("chain"_L1).toString().toLatin1())}};
}

Done storeGeneration(const QString& file, const Generation& generation) {
    QJsonObject object{{u"edits"_s, generation.edits},
                       {u"attempts"_s, generation.attempts},
                       {u"line"_s, generation.head.line},
                       {u"chain"_s, QString::fromLatin1(generation.head.chain.toHex())}};
    object.insert("sum"_L1, sumOf(object));
    return writeBeside(generationName(file), QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void forgetGeneration(const QString& file) {
    ::unlink(QFile::encodeName(generationName(file)).constData());
    syncFolder(QFileInfo(file).absolutePath());
}

Result<bool> isOlderThan(Connection& connection, const Generation& stored) {
    const auto now = generationOf(connection);
    if (!now) {
        return failure(now.error());
    }
    if (now->edits < stored.edits || now->attempts < stored.attempts) {
        return true;
    }
    if (stored.head.line == 0) {
        return false;
    }
    const auto chain = historychain::chainAt(connection, stored.head.line);
    return chain ? Result<bool>(*chain != stored.head.chain) : failure(chain.error());
}

}  // namespace earmark
