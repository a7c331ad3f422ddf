// A folder for the file target with deliveries to put into it, and the question whether file and manifest are right.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QUuid>

#include "models/targets/filedialect.h"
#include "models/targets/reviewrecord.h"
#include "models/targets/reviewtail.h"
#include "tests/targets/answered.h"

namespace earmark::test {

[[nodiscard]] inline QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArrayLiteral("(no file)");
}

class ReviewFolder final {
 public:
    /// In memory where that is offered: thousands of fsync() on a disk would take minutes, and a kill is no power cut.
    ReviewFolder()
        : m_parent(QFileInfo(QStringLiteral("/dev/shm")).isWritable()
                       ? QStringLiteral("/dev/shm/earmark-test-XXXXXX")
                       : QDir::tempPath() + QStringLiteral("/earmark-XXXXXX")) {}

    /// Of `name`, which is not made here.
    [[nodiscard]] QString beside(const QString& name) const { return m_parent.filePath(name); }
    [[nodiscard]] QString folder() const { return beside(QStringLiteral("reviews")); }
    [[nodiscard]] QString path(const QString& name) const { return folder() + u'/' + name; }

    [[nodiscard]] static Account accountFor(const QString& folder, ExportFormat format) {
        Account account;
        account.name = QStringLiteral("main");
        account.target.kind = TargetKind::File;
        account.target.folder = folder;
        account.target.format = format;
        return account;
    }
    [[nodiscard]] Account account(ExportFormat format) const { return accountFor(folder(), format); }

    /// Number `n` of a row of deliveries whose notes have line breaks and quotes in them.
    [[nodiscard]] FileStep step(int n, ExportFormat format, const QString& salt = {}) const {
        return stepFor(account(format), n, salt);
    }
    [[nodiscard]] static FileStep stepFor(const Account& account, int n, const QString& salt = {}) {
        const FileDialect dialect;
        OutgoingReview review = reviewOf({{ReviewField::Notes, {}, QStringLiteral("line 1\r\n\"line\" %1\n").arg(n)}});
        review.delivery.id = QUuid::createUuidV5(QUuid(), salt + QString::number(n)).toString(QUuid::WithoutBraces);
        const auto steps =
            dialect.push(account, review, dialect.compose(account, review).value(), {}, false, kEditedAt);
        return std::get<FileStep>(steps->first());
    }

    /// "" when the file holds exactly these records and its manifest one right line for each.
    [[nodiscard]] QString whatIsWrong(const std::vector<FileStep>& steps) const {
        QByteArray expected = steps.front().format == ExportFormat::Csv ? reviewCsvHeader() : QByteArray();
        QByteArray manifest;
        for (const FileStep& one : steps) {
            manifest += manifestLine({one.delivery, one.file, expected.size(), one.record.size(), sha256(one.record)},
                                     kEditedAt);
            expected += one.record;
        }
        const QByteArray file = contentOf(path(steps.front().file));
        if (file != expected) {
            return QStringLiteral("the file is\n") + QString::fromUtf8(file);
        }
        const QByteArray found = contentOf(path(manifestName(steps.front().file)));
        return found == manifest ? QString() : QStringLiteral("the manifest is\n") + QString::fromUtf8(found);
    }

 private:
    QTemporaryDir m_parent;
};

}  // namespace earmark::test
