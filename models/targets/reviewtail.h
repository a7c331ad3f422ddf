// What stands in a file of reviews and in its manifest: reading both after a kill. Pure functions, any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>
#include <vector>

#include "models/domain/clock.h"
#include "models/domain/target.h"

namespace earmark {

struct ManifestEntry {
    QString delivery;
    QString file;
    qint64 offset = 0;  ///< of the record, bytes
    qint64 length = 0;
    QByteArray hash;  ///< sha256() of the record

    /// Whether `bytes`, read from `offset` on, begin with the record.
    [[nodiscard]] bool isIn(const QByteArray& bytes) const;
};

[[nodiscard]] QByteArray sha256(const QByteArray& bytes);  ///< hex
[[nodiscard]] QByteArray manifestLine(const ManifestEntry& entry, Moment now);
/// What every manifest line of this delivery begins with, and no other.
[[nodiscard]] QByteArray manifestKey(const QString& delivery);
/// The last line that is one; nullopt for an empty manifest.
[[nodiscard]] std::optional<ManifestEntry> lastManifestEntry(const QByteArray& manifest);

/// The end of a file, behind the last record that the manifest knows.
struct ReviewTail {
    struct Record {
        QString delivery;
        qint64 offset = 0;  ///< within the tail
        QByteArray bytes;
    };
    std::vector<Record> records;   ///< whole ones of ours
    std::optional<qint64> tornAt;  ///< from here on stands the beginning of one of ours, or nothing that was written
};

/// `fromTheStart`: the tail is the whole file, with its header where the format has one. Reading ends at the first
/// thing that is not ours.
[[nodiscard]] ReviewTail readTail(const QByteArray& tail, ExportFormat format, bool fromTheStart);

}  // namespace earmark
