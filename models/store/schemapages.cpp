#include "models/store/schemapages.h"

#include <QCryptographicHash>
#include <QFile>
#include <QtEndian>
#include <algorithm>

#include "models/store/reviewsgeneration.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

// The file format of SQLite, https://www.sqlite.org/fileformat2.html; page size and no reserved bytes as we make them.
constexpr qsizetype kPageBytes = 4096;
constexpr qsizetype kHeaderBytes = 100;
constexpr char kInteriorTable = 0x05;
constexpr char kLeafTable = 0x0d;
constexpr quint64 kMostLocal = kPageBytes - 35;
constexpr quint64 kLeastLocal = (kPageBytes - 12) * 32 / 255 - 23;
constexpr size_t kMostPages = 64;  // a schema is a few pages; more is damage

constexpr QByteArrayView kMagic = "Earmark schema 1\n";
constexpr qsizetype kSumBytes = 32;

quint32 number32(const QByteArray& bytes, qsizetype at) {
    return at >= 0 && at + 4 <= bytes.size() ? qFromBigEndian<quint32>(bytes.constData() + at) : 0;
}

quint16 number16(const QByteArray& bytes, qsizetype at) {
    return at >= 0 && at + 2 <= bytes.size() ? qFromBigEndian<quint16>(bytes.constData() + at) : 0;
}

/// Moves `at` behind it.
quint64 varint(const QByteArray& bytes, qsizetype& at) {
    quint64 value = 0;
    for (int i = 0; i < 9 && at < bytes.size(); ++i) {
        const auto byte = static_cast<quint8>(bytes[at++]);
        if (i == 8) {
            return (value << 8) | byte;
        }
        value = (value << 7) | (byte & 0x7f);
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    return value;
}

class Walk final {
 public:
    explicit Walk(const QString& file) : m_file(file) {}

    [[nodiscard]] std::optional<SchemaPages> run() {
        const bool whole = m_file.open(QIODevice::ReadOnly) && tree(1);
        return whole ? std::optional(std::move(m_pages)) : std::nullopt;
    }

 private:
    /// nullptr: it is not there, was there already, or there are too many.
    const QByteArray* take(quint32 page) {
        if (page == 0 || m_pages.size() >= kMostPages || m_pages.contains(page) ||
            !m_file.seek((qint64(page) - 1) * kPageBytes)) {
            return nullptr;
        }
        QByteArray bytes = m_file.read(kPageBytes);
        return bytes.size() == kPageBytes ? &(m_pages[page] = std::move(bytes)) : nullptr;
    }

    bool overflow(quint32 page) {
        while (page != 0) {
            const QByteArray* const bytes = take(page);
            if (!bytes) {
                return false;
            }
            page = number32(*bytes, 0);
        }
        return true;
    }

    bool leafCell(const QByteArray& bytes, qsizetype at) {
        const quint64 size = varint(bytes, at);
        varint(bytes, at);  // the row id
        if (size <= kMostLocal) {
            return true;
        }
        const quint64 local = kLeastLocal + (size - kLeastLocal) % (kPageBytes - 4);
        return overflow(number32(bytes, at + static_cast<qsizetype>(local <= kMostLocal ? local : kLeastLocal)));
    }

    bool tree(quint32 page) {
        const QByteArray* const taken = take(page);
        if (!taken) {
            return false;
        }
        const QByteArray bytes = *taken;
        const qsizetype header = page == 1 ? kHeaderBytes : 0;
        const char kind = bytes[header];
        if (kind != kInteriorTable && kind != kLeafTable) {
            return false;
        }
        const int cells = number16(bytes, header + 3);
        const qsizetype pointers = header + (kind == kInteriorTable ? 12 : 8);
        for (int i = 0; i < cells; ++i) {
            const qsizetype cell = number16(bytes, pointers + 2 * i);
            if (kind == kInteriorTable ? !tree(number32(bytes, cell)) : !leafCell(bytes, cell)) {
                return false;
            }
        }
        return kind == kLeafTable || tree(number32(bytes, header + 8));
    }

    QFile m_file;
    SchemaPages m_pages;
};

QString keptName(const QString& file) {
    return file + ".schema"_L1;
}

void append32(QByteArray& bytes, quint32 value) {
    std::array<char, 4> four{};
    qToBigEndian(value, four.data());
    bytes.append(four.data(), four.size());
}

/// In the header of the first page.
quint32 cookieOf(const SchemaPages& pages) {
    return number32(pages.at(1), 40);
}
quint32 databaseNumberOf(const SchemaPages& pages) {
    return number32(pages.at(1), 68);
}

}  // namespace

std::optional<SchemaPages> schemaPagesOf(const QString& file) {
    return Walk(file).run();
}

std::optional<SchemaPages> keptSchemaPages(const QString& file) {
    QFile kept(keptName(file));
    if (!kept.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    const QByteArray bytes = kept.read(static_cast<qint64>(kMostPages + 1) * (kPageBytes + 4));
    const QByteArray body = bytes.left(bytes.size() - kSumBytes);
    if (bytes.size() < kSumBytes || !body.startsWith(kMagic) ||
        QCryptographicHash::hash(body, QCryptographicHash::Sha256) != bytes.right(kSumBytes)) {
        return std::nullopt;
    }
    SchemaPages pages;
    for (qsizetype at = kMagic.size(); at + 4 + kPageBytes <= body.size(); at += 4 + kPageBytes) {
        pages[number32(body, at)] = body.mid(at + 4, kPageBytes);
    }
    return pages.contains(1) ? std::optional(std::move(pages)) : std::nullopt;
}

Done keepSchemaPages(Connection& connection) {
    const auto cookie = connection.integer("PRAGMA schema_version");
    const auto number = connection.integer("PRAGMA application_id");
    if (!cookie || !number) {
        return failure(cookie ? number.error() : cookie.error());
    }
    const auto isCurrent = [&](const std::optional<SchemaPages>& pages) {
        return pages && cookieOf(*pages) == *cookie && databaseNumberOf(*pages) == *number;
    };
    const QString& file = connection.file();
    if (isCurrent(keptSchemaPages(file))) {
        return {};
    }
    if (auto done = connection.checkpoint(Connection::Checkpoint::Truncate); !done) {
        return done;
    }
    const auto pages = schemaPagesOf(file);
    if (!isCurrent(pages)) {
        return failure(ErrorKind::Storage, {}, u"the schema of %1 cannot be read from its file"_s.arg(file));
    }
    QByteArray bytes(kMagic.toByteArray());
    for (const auto& [page, content] : *pages) {
        append32(bytes, page);
        bytes += content;
    }
    bytes += QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    return writeBeside(keptName(file), bytes);
}

}  // namespace earmark
