#include "models/store/historychain.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QtEndian>
#include <array>
#include <string>
#include <vector>

using namespace Qt::StringLiterals;

namespace earmark::historychain {

namespace {

constexpr int kMostFindings = 50;

// What is hashed, in this order for ever: a column that is added to the table later is not covered by old links.
constexpr std::string_view kLineColumns =
    "h.line, h.sequence, h.account, h.remote_id, h.field, h.before, h.after, h.origin, h.at";
constexpr int kLineColumnCount = 9;

constexpr std::string_view kInsertLink =
    "INSERT INTO history_chain (line, salt, row_hash, chain) VALUES (?1, ?2, ?3, ?4)";

QByteArray sha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

QByteArray newSalt() {
    std::array<quint32, 4> numbers{};
    QRandomGenerator::system()->fillRange(numbers.data(), static_cast<qsizetype>(numbers.size()));
    return QByteArray(reinterpret_cast<const char*>(numbers.data()), sizeof numbers);
}

/// Each value with its kind and its length, so that no two lines look alike by accident.
void encode(QByteArray& to, const Statement& row, int column) {
    std::array<char, 8> number{};
    if (row.isNull(column)) {
        to += 'n';
    } else if (row.isInteger(column)) {
        qToLittleEndian(row.integer(column), number.data());
        to += 'i';
        to.append(number.data(), number.size());
    } else {
        const std::string_view text = row.utf8(column);
        qToLittleEndian(static_cast<qint64>(text.size()), number.data());
        to += 't';
        to.append(number.data(), number.size());
        to.append(text.data(), static_cast<qsizetype>(text.size()));
    }
}

/// The columns of kLineColumns from `first` on.
QByteArray hashOfLine(const QByteArray& salt, const Statement& row, int first) {
    QByteArray bytes = salt;
    for (int column = first; column < first + kLineColumnCount; ++column) {
        encode(bytes, row, column);
    }
    return sha256(bytes);
}

/// A line that was gone before its link was made: nothing can ever match it.
QByteArray hashOfNothing() {
    return sha256(newSalt());
}

Done insertLink(Connection& connection, qint64 line, const std::optional<QByteArray>& salt, const QByteArray& rowHash,
                const QByteArray& before) {
    return connection.run(kInsertLink, line, salt, rowHash, sha256(before + rowHash));
}

struct Line {
    qint64 number;
    QByteArray salt;
    QByteArray rowHash;
};

/// Links for all lines after `chain`; numbers without a line get a link without a salt.
Done linkAll(Connection& connection) {
    std::vector<Line> lines;
    static const std::string sql = "SELECT " + std::string(kLineColumns) + " FROM history h ORDER BY h.line";
    auto done = connection.read(sql, [&](const Statement& row) {
        const QByteArray salt = newSalt();
        lines.push_back({row.integer(0), salt, hashOfLine(salt, row, 0)});
        return true;
    });
    const auto last = connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'history'");
    if (!done || !last) {
        return failure(done ? last.error() : done.error());
    }
    QByteArray chain;
    qint64 next = 1;
    const auto link = [&](const std::optional<QByteArray>& salt, const QByteArray& rowHash) {
        auto linked = insertLink(connection, next, salt, rowHash, chain);
        chain = sha256(chain + rowHash);
        ++next;
        return linked;
    };
    for (const Line& line : lines) {
        while (done && next < line.number) {
            done = link(std::nullopt, hashOfNothing());
        }
        if (done) {
            done = link(line.salt, line.rowHash);
        }
    }
    while (done && next <= *last) {
        done = link(std::nullopt, hashOfNothing());
    }
    return done;
}

constexpr const char* kChanged =
    QT_TRANSLATE_NOOP("Database", "Line %1 of the history was changed after it was written.");
constexpr const char* kRemoved = QT_TRANSLATE_NOOP("Database", "Line %1 of the history was removed.");
constexpr const char* kInserted =
    QT_TRANSLATE_NOOP("Database", "Line %1 of the history was inserted: it is not in the chain.");
constexpr const char* kBroken =
    QT_TRANSLATE_NOOP("Database", "The chain of the history breaks at line %1: a line there was removed or moved.");

class Verifier final {
 public:
    [[nodiscard]] Done run(Connection& connection) {
        static const std::string sql = "SELECT c.line, c.salt, c.row_hash, c.chain, " + std::string(kLineColumns) +
                                       " FROM history_chain c LEFT JOIN history h ON h.line = c.line ORDER BY c.line";
        auto done = connection.read(sql, [this](const Statement& row) {
            take(row);
            return m_findings.size() < kMostFindings;
        });
        const auto last = connection.integer("SELECT seq FROM sqlite_sequence WHERE name = 'history'");
        const auto strangers = connection.texts(
            "SELECT line FROM history WHERE line NOT IN (SELECT line FROM history_chain) ORDER BY line LIMIT 50");
        if (!done || !last || !strangers) {
            return failure(!done ? done.error() : !last ? last.error() : strangers.error());
        }
        for (const QString& line : *strangers) {
            add(line.toLongLong(), kInserted);
        }
        if (m_findings.size() < kMostFindings) {
            addMissing(*last + 1);
        }
        return {};
    }
    [[nodiscard]] const QStringList& findings() const { return m_findings; }

 private:
    void add(qint64 line, const char* sentence) {
        if (m_findings.size() < kMostFindings) {
            m_findings += QCoreApplication::translate("Database", sentence).arg(line);
        }
    }
    void addMissing(qint64 end) {
        for (qint64 line = m_next; line < end && m_findings.size() < kMostFindings; ++line) {
            add(line, kRemoved);
        }
    }
    void take(const Statement& row) {
        const qint64 line = row.integer(0);
        const QByteArray rowHash = row.blob(2);
        const QByteArray chain = row.blob(3);
        const bool follows = line == m_next;
        addMissing(line);
        const bool isThere = !row.isNull(4);
        if (row.isNull(1)) {
            if (isThere) {
                add(line, kInserted);
            }
        } else if (!isThere) {
            add(line, kRemoved);
        } else if (hashOfLine(row.blob(1), row, 4) != rowHash) {
            add(line, kChanged);
        }
        if (follows && chain != sha256(m_chain + rowHash)) {
            add(line, kBroken);
        }
        m_chain = chain;
        m_next = line + 1;
    }

    QStringList m_findings;
    QByteArray m_chain;
    qint64 m_next = 1;
};

}  // namespace

Done append(Connection& connection, qint64 line) {
    static const std::string sql = "SELECT " + std::string(kLineColumns) + " FROM history h WHERE h.line = ?1";
    const auto before = head(connection);
    if (!before) {
        return failure(before.error());
    }
    if (before->line == 0 && line > 1) {
        return linkAll(connection);  // adoption was not possible at open: the disk was full, for example
    }
    const QByteArray salt = newSalt();
    QByteArray rowHash;
    auto done = connection.read(
        sql,
        [&](const Statement& row) {
            rowHash = hashOfLine(salt, row, 0);
            return true;
        },
        line);
    if (!done) {
        return done;
    }
    return rowHash.isEmpty() ? failure(ErrorKind::Internal, {}, u"no line %1 to chain"_s.arg(line))
                             : insertLink(connection, line, salt, rowHash, before->chain);
}

Done adopt(Connection& connection) {
    const auto needed = connection.integer(
        "SELECT NOT EXISTS (SELECT 1 FROM history_chain) AND EXISTS"
        " (SELECT 1 FROM sqlite_sequence WHERE name = 'history' AND seq > 0)");
    if (!needed || *needed == 0) {
        return needed ? Done() : failure(needed.error());
    }
    auto transaction = Transaction::begin(connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    auto done = linkAll(connection);
    return done ? transaction->commit() : done;
}

Result<bool> keepOrBeginAnew(Connection& connection) {
    const auto found = findings(connection);
    if (!found) {
        return failure(found.error());
    }
    if (found->isEmpty()) {
        return false;
    }
    auto done = connection.run("DELETE FROM history_chain");
    if (done) {
        done = linkAll(connection);
    }
    return done ? Result<bool>(true) : failure(done.error());
}

Done forget(Connection& connection, const QString& account) {
    return connection.run(
        "UPDATE history_chain SET salt = NULL WHERE line IN (SELECT line FROM history WHERE account = ?1)", account);
}

Result<Head> head(Connection& connection) {
    Head head;
    const auto done =
        connection.read("SELECT line, chain FROM history_chain ORDER BY line DESC LIMIT 1", [&](const Statement& row) {
            head = {row.integer(0), row.blob(1)};
            return true;
        });
    return done ? Result<Head>(head) : failure(done.error());
}

Result<QByteArray> chainAt(Connection& connection, qint64 line) {
    QByteArray chain;
    const auto done = connection.read(
        "SELECT chain FROM history_chain WHERE line = ?1",
        [&](const Statement& row) {
            chain = row.blob(0);
            return true;
        },
        line);
    return done ? Result<QByteArray>(chain) : failure(done.error());
}

Result<QStringList> findings(Connection& connection) {
    Verifier verifier;
    const auto done = verifier.run(connection);
    return done ? Result<QStringList>(verifier.findings()) : failure(done.error());
}

}  // namespace earmark::historychain
