#include "models/targets/reviewtail.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "models/targets/reviewrecord.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr qsizetype kUuidLength = 36;

bool isUuidSign(char sign, qsizetype place) {
    const bool isDash = place == 8 || place == 13 || place == 18 || place == 23;
    return isDash ? sign == '-' : (sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'f');
}

/// How many signs at the beginning could be those of a UUID.
qsizetype uuidSigns(const QByteArray& text) {
    qsizetype place = 0;
    while (place < std::min(kUuidLength, text.size()) && isUuidSign(text[place], place)) {
        ++place;
    }
    return place;
}

/// Behind the line break that ends the record at `from`; -1 when it has no end.
qsizetype recordEnd(const QByteArray& text, qsizetype from, ExportFormat format) {
    bool isQuoted = false;
    for (qsizetype place = from; place < text.size(); ++place) {
        if (text[place] == '"' && format == ExportFormat::Csv) {
            isQuoted = !isQuoted;
        } else if (text[place] == '\n' && !isQuoted) {
            return place + 1;
        }
    }
    return -1;
}

/// "" for what is no whole record of ours.
QString deliveryIn(const QByteArray& record, ExportFormat format) {
    if (format == ExportFormat::JsonLines) {
        const QJsonObject object = QJsonDocument::fromJson(record).object();
        return object[u"schema"_s] == u"earmark.review/1"_s ? object[u"delivery"_s].toString() : QString();
    }
    const bool isWhole = uuidSigns(record) == kUuidLength && record.size() > kUuidLength &&
                         record[kUuidLength] == ',' && record.endsWith("\r\n");
    return isWhole ? QString::fromLatin1(record.left(kUuidLength)) : QString();
}

/// The beginning of a record of ours, or the zeros that a power cut leaves of one.
bool isTorn(const QByteArray& piece, ExportFormat format) {
    if (piece.contains('\0')) {
        return true;  // our records have none
    }
    if (format == ExportFormat::JsonLines) {
        constexpr QByteArrayView kStart = "{\"schema\":\"earmark.review/1\",\"delivery\":\"";
        return QByteArrayView(piece).first(std::min(piece.size(), kStart.size())) ==
               kStart.first(std::min(piece.size(), kStart.size()));
    }
    const qsizetype signs = uuidSigns(piece);
    return signs == piece.size() || (signs == kUuidLength && piece[kUuidLength] == ',');
}

}  // namespace

bool ManifestEntry::isIn(const QByteArray& bytes) const {
    return bytes.size() >= length && sha256(bytes.first(length)) == hash;
}

QByteArray sha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray manifestKey(const QString& delivery) {
    return "{\"delivery\":" + jsonString(delivery) + ',';
}

QByteArray manifestLine(const ManifestEntry& entry, Moment now) {
    return manifestKey(entry.delivery) + "\"file\":" + jsonString(entry.file) +
           ",\"offset\":" + QByteArray::number(entry.offset) + ",\"length\":" + QByteArray::number(entry.length) +
           ",\"sha256\":\"" + entry.hash + "\",\"at\":" + jsonString(toIsoText(now)) + "}\n";
}

std::optional<ManifestEntry> lastManifestEntry(const QByteArray& manifest) {
    qsizetype end = manifest.size();
    while (end > 0) {
        const qsizetype begin = end > 1 ? manifest.lastIndexOf('\n', end - 2) + 1 : 0;
        const QJsonObject line = QJsonDocument::fromJson(manifest.sliced(begin, end - begin)).object();
        ManifestEntry entry{line[u"delivery"_s].toString(), line[u"file"_s].toString(), line[u"offset"_s].toInteger(-1),
                            line[u"length"_s].toInteger(-1), line[u"sha256"_s].toString().toLatin1()};
        if (!entry.delivery.isEmpty() && entry.offset >= 0 && entry.length > 0) {
            return entry;
        }
        end = begin;
    }
    return std::nullopt;
}

ReviewTail readTail(const QByteArray& tail, ExportFormat format, bool fromTheStart) {
    ReviewTail found;
    qsizetype place = 0;
    if (fromTheStart && format == ExportFormat::Csv) {
        const QByteArray header = reviewCsvHeader();
        if (!tail.startsWith(header)) {
            if (header.startsWith(tail) || tail.startsWith('\0')) {
                found.tornAt = 0;
            }
            return found;
        }
        place = header.size();
    }
    while (place < tail.size()) {
        const qsizetype end = recordEnd(tail, place, format);
        const QByteArray record = tail.sliced(place, (end < 0 ? tail.size() : end) - place);
        const QString delivery = end < 0 || record.contains('\0') ? QString() : deliveryIn(record, format);
        if (delivery.isEmpty()) {
            if ((end < 0 || record.contains('\0')) && isTorn(record, format)) {
                found.tornAt = place;
            }
            break;
        }
        found.records.push_back({delivery, place, record});
        place = end;
    }
    return found;
}

}  // namespace earmark
