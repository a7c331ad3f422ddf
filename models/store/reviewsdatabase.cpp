#include "models/store/reviewsdatabase.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QUuid>

#include "models/store/databasefile.h"
#include "models/store/reviewsrescue.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kAccounts;
using reviewtables::kDrafts;
using reviewtables::kEdits;
using reviewtables::kHistory;
using reviewtables::kOutbox;

constexpr qint64 kSumCheckLimitBytes = 64 * 1024 * 1024;

const QString kEdit = u"edit"_s;
const QString kRestore = u"restore"_s;

DatabaseKind reviewsKind() {
    return {u":/sql/reviews"_s, Connection::Durability::Full, true};
}

QString translated(const char* text) {
    return QCoreApplication::translate("Database", text);
}

/// The row that counts for one field of one call.
struct Counting {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    QString kind;
    LocalEdit edit;
};

void layOver(Review& review, const Counting& row) {
    if (row.kind != kEdit) {
        return;
    }
    switch (row.field) {
        case ReviewField::Disposition:
            review.disposition = row.edit;
            break;
        case ReviewField::Notes:
            review.notes = row.edit;
            break;
        case ReviewField::Reviewed:
            if (row.edit.value) {
                review.reviewedAt = row.edit.editedAt;
            }
            break;
        case ReviewField::Flag:
            review.flag = row.edit.value;
            break;
    }
}

/// Outbox row and, should that be damaged, its twin in edits.
std::string countingSql(std::string_view tail) {
    return "SELECT o.sequence, o.account, o.remote_id, o.field, o.kind, o.base, o.value, o.edited_at, o.state, "
           "o.delivery, " +
           reviewtables::isIntact(kOutbox, "o.") +
           ", e.account, e.remote_id, e.field, e.kind, e.base, e.value, e.edited_at, coalesce(" +
           reviewtables::isIntact(kEdits, "e.") +
           ", 0), o.attempts, o.next_try, o.reason, o.target FROM outbox o LEFT JOIN edits e ON e.sequence = o.sequence"
           " WHERE o.superseded_by IS NULL " +
           std::string(tail);
}

std::optional<Counting> countingFrom(const Statement& s) {
    const bool sound = s.integer(10) != 0;
    if (!sound && s.integer(18) == 0) {
        return std::nullopt;
    }
    const int from = sound ? 1 : 11;
    const auto field = reviewFieldFromWord(s.text(from + 2));
    if (!field) {
        return std::nullopt;
    }
    Counting row;
    row.key = {s.text(from), s.text(from + 1)};
    row.field = *field;
    row.kind = s.text(from + 3);
    row.edit.sequence = s.integer(0);
    row.edit.base = s.optionalText(from + 4);
    row.edit.value = s.optionalText(from + 5);
    row.edit.editedAt = s.moment(from + 6);
    row.edit.state = editStateFromWord(s.text(8)).value_or(EditState::Kept);
    row.edit.delivery = s.text(9);
    return row;
}

}  // namespace

class ReviewsDatabase::Private {
 public:
    std::unique_ptr<Connection> connection;
    QStringList notices;

    const std::string countingOfField = countingSql("AND o.account = ?1 AND o.remote_id = ?2 AND o.field = ?3");
    const std::string countingOfCall = countingSql("AND o.account = ?1 AND o.remote_id = ?2");
    const std::string countingOfAll = countingSql("ORDER BY o.sequence");
    const std::string insertEdit = reviewtables::insertSql(kEdits);
    const std::string insertOutbox = reviewtables::insertSql(kOutbox);
    const std::string insertHistory = reviewtables::insertSql(kHistory);

    [[nodiscard]] Result<std::vector<Counting>> counting(Statement& statement);
    [[nodiscard]] Result<std::optional<Counting>> countingFor(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<Review> review(const CallKey& key);
    [[nodiscard]] Done append(const EditToCommit& edit, const QString& kind, const std::optional<QString>& before,
                              const std::optional<QString>& after, Moment now);
    [[nodiscard]] Done dropDraft(const CallKey& key, ReviewField field);
    [[nodiscard]] Result<QStringList> damagedRows();
    [[nodiscard]] Result<std::unique_ptr<Connection>> beginAnew(const QString& file, const SqlFaultSeam& seam);
    void mend(const QString& file);
};

ReviewsDatabase::ReviewsDatabase() : d(std::make_unique<Private>()) {}
ReviewsDatabase::~ReviewsDatabase() = default;

namespace {

QString rescueSentence(const Rescue& rescue, const QString& aside) {
    QString sentence =
        translated("Your reviews were damaged on the disk. %1 edits, %2 drafts and %3 accounts were taken over.")
            .arg(rescue.edits)
            .arg(rescue.drafts)
            .arg(rescue.accounts);
    if (rescue.unread || rescue.refused > 0) {
        sentence += u' ' + translated("Not everything could be read.");
    }
    return sentence + u' ' + translated("The damaged file is kept as %1.").arg(QFileInfo(aside).fileName());
}

QString mendSentence(const Rescue& rescue, const QString& copy) {
    return translated("%1 rows of your reviews were damaged on the disk; %2 were made again from their copies.")
               .arg(rescue.refused)
               .arg(rescue.rebuilt) +
           u' ' + translated("The file as it was is kept as %1.").arg(QFileInfo(copy).fileName());
}

}  // namespace

/// SQLite cannot use the file: what can be read goes into a new one, and only when that is complete do the two change
/// places. A full disk or a kill on the way leaves the damaged file where it is, to be tried again.
Result<std::unique_ptr<Connection>> ReviewsDatabase::Private::beginAnew(const QString& file, const SqlFaultSeam& seam) {
    const QString next = rescuedName(file);
    removeDatabase(next);  // of a rescue that was cut off
    Rescue rescue;
    {
        auto fresh = openDatabase(next, Connection::Access::ReadWrite, reviewsKind(), seam);
        if (!fresh) {
            return fresh;
        }
        if (auto done = (*fresh)->addRowSumFunction(); !done) {
            return failure(done.error());
        }
        const auto rescued = rescueReviews(file, **fresh, next);
        if (!rescued) {
            return failure(rescued.error());
        }
        rescue = *rescued;
        if (auto done = (*fresh)->checkpoint(Connection::Checkpoint::Truncate); !done) {
            return failure(done.error());
        }
    }
    const auto aside = setAside(file);
    if (!aside) {
        return failure(aside.error());
    }
    if (auto done = putRescuedInPlace(file); !done) {
        return failure(done.error());
    }
    notices += rescueSentence(rescue, *aside);
    return openDatabase(file, Connection::Access::ReadWrite, reviewsKind(), seam);
}

/// SQLite can use the file, but rows are not what they were.
void ReviewsDatabase::Private::mend(const QString& file) {
    if (QFileInfo(file).size() > kSumCheckLimitBytes) {
        return;  // doctor looks at those
    }
    const auto damaged = damagedRows();
    if (!damaged || damaged->isEmpty()) {
        return;
    }
    const auto copy = keepCopy(*connection, file);
    const auto rescue = copy ? mendReviews(*connection) : Result<Rescue>(failure(copy.error()));
    if (rescue) {
        notices += mendSentence(*rescue, *copy);
    } else {
        notices += *damaged;  // the disk is full, for example: sound twins are used all the same
    }
}

Result<std::unique_ptr<ReviewsDatabase>> ReviewsDatabase::open(const QString& file, Access access, SqlFaultSeam seam,
                                                               Trust trust) {
    const auto mode = access == Access::ReadWrite ? Connection::Access::ReadWrite : Connection::Access::ReadOnly;
    std::unique_ptr<ReviewsDatabase> database(new ReviewsDatabase);
    if (access == Access::ReadWrite) {
        if (auto done = putRescuedInPlace(file); !done) {
            return failure(done.error());
        }
    }
    auto connection = openDatabase(file, mode, reviewsKind(), seam);
    const bool damaged = connection ? trust == Trust::Rescue : connection.error().kind == ErrorKind::Damaged;
    if (damaged && access == Access::ReadWrite) {
        connection = Result<std::unique_ptr<Connection>>();  // closed before the file is renamed
        connection = database->d->beginAnew(file, seam);
    }
    if (!connection) {
        return failure(connection.error());
    }
    if (auto done = (*connection)->addRowSumFunction(); !done) {
        return failure(done.error());
    }
    database->d->connection = std::move(*connection);
    if (access == Access::ReadWrite) {
        database->d->mend(file);
    }
    return database;
}

Result<std::unique_ptr<ReviewsDatabase>> ReviewsDatabase::openEmpty() {
    auto connection = emptyDatabase(reviewsKind());
    if (!connection) {
        return failure(connection.error());
    }
    if (auto done = (*connection)->addRowSumFunction(); !done) {
        return failure(done.error());
    }
    std::unique_ptr<ReviewsDatabase> database(new ReviewsDatabase);
    database->d->connection = std::move(*connection);
    return database;
}

const QStringList& ReviewsDatabase::notices() const {
    return d->notices;
}

Done ReviewsDatabase::checkpoint() {
    return d->connection->checkpoint(Connection::Checkpoint::Truncate);
}

// --- what counts

Result<std::vector<Counting>> ReviewsDatabase::Private::counting(Statement& statement) {
    std::vector<Counting> rows;
    auto row = statement.step();
    for (; row && *row; row = statement.step()) {
        if (auto counts = countingFrom(statement)) {
            rows.push_back(std::move(*counts));
        }
    }
    if (!row) {
        return failure(row.error());
    }
    return rows;
}

Result<std::optional<Counting>> ReviewsDatabase::Private::countingFor(const CallKey& key, ReviewField field) {
    auto read = connection->prepare(countingOfField);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId, word(field));
    const auto rows = counting(*read);
    if (!rows) {
        return failure(rows.error());
    }
    return rows->empty() ? std::nullopt : std::optional(rows->front());
}

Result<Review> ReviewsDatabase::Private::review(const CallKey& key) {
    auto read = connection->prepare(countingOfCall);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId);
    const auto rows = counting(*read);
    if (!rows) {
        return failure(rows.error());
    }
    Review review;
    for (const Counting& row : *rows) {
        layOver(review, row);
    }
    return review;
}

Result<Review> ReviewsDatabase::review(const CallKey& key) {
    return d->review(key);
}

Result<QHash<CallKey, Review>> ReviewsDatabase::allReviews() {
    auto read = d->connection->prepare(d->countingOfAll);
    if (!read) {
        return failure(read.error());
    }
    const auto rows = d->counting(*read);
    if (!rows) {
        return failure(rows.error());
    }
    QHash<CallKey, Review> reviews;
    for (const Counting& row : *rows) {
        if (row.kind == kEdit) {
            layOver(reviews[row.key], row);
        }
    }
    return reviews;
}

// --- edits

Done ReviewsDatabase::Private::append(const EditToCommit& edit, const QString& kind,
                                      const std::optional<QString>& before, const std::optional<QString>& after,
                                      Moment now) {
    // The sequence is chosen here and not by the insert, because the row's checksum covers it. AUTOINCREMENT remembers
    // the highest one ever used.
    const auto last = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'edits'");
    if (!last) {
        return failure(last.error());
    }
    const qint64 sequence = *last + 1;
    const QString field = word(edit.field);
    if (auto done = connection->run(insertEdit, sequence, edit.key.account, edit.key.remoteId, field, kind, edit.base,
                                    edit.value, edit.origin, now);
        !done) {
        return done;
    }
    // A row that is damaged keeps its wrong checksum: a fresh one would hide the damage.
    static const std::string supersede = [] {
        std::string superseded = reviewtables::columns(kOutbox);
        superseded.replace(superseded.find("superseded_by"), std::string_view("superseded_by").size(), "?1");
        return "UPDATE outbox SET superseded_by = ?1, row_sum = iif(" + reviewtables::isIntact(kOutbox) + ", row_sum(" +
               superseded +
               "), row_sum) WHERE account = ?2 AND remote_id = ?3 AND field = ?4 AND superseded_by IS NULL";
    }();
    if (auto done = connection->run(supersede, sequence, edit.key.account, edit.key.remoteId, field); !done) {
        return done;
    }
    std::optional<QString> provider;
    std::optional<QString> baseUrl;
    {
        auto account = connection->prepare("SELECT provider, base_url FROM accounts WHERE name = ?1");
        if (!account) {
            return failure(account.error());
        }
        account->bindAll(edit.key.account);
        const auto row = account->step();
        if (!row) {
            return failure(row.error());
        }
        if (*row) {
            provider = account->text(0);
            baseUrl = account->text(1);
        }
    }
    const QString delivery = QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (auto done =
            connection->run(insertOutbox, sequence, edit.key.account, provider, baseUrl, edit.key.remoteId, field, kind,
                            edit.base, edit.value, edit.origin, now, delivery, word(EditState::Kept), u"none"_s, 0,
                            std::optional<Moment>(), u""_s, std::optional<qint64>());
        !done) {
        return done;
    }
    const auto lastLine = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'history'");
    if (!lastLine) {
        return failure(lastLine.error());
    }
    return connection->run(insertHistory, *lastLine + 1, sequence, edit.key.account, edit.key.remoteId, field, before,
                           after, edit.origin, now);
}

Result<Review> ReviewsDatabase::commitEdit(const EditToCommit& edit, Moment now) {
    const bool isMark = edit.field == ReviewField::Reviewed;
    if (edit.key.account.isEmpty() || edit.key.remoteId.isEmpty() || (isMark && edit.value && *edit.value != "1"_L1)) {
        return failure(ErrorKind::InvalidInput, {}, u"commitEdit: "_s + word(edit.field));
    }
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    const auto counting = d->countingFor(edit.key, edit.field);
    if (!counting) {
        return failure(counting.error());
    }
    const bool isEditedAlready = *counting && (*counting)->kind == kEdit;
    const std::optional<QString> before = isEditedAlready ? (*counting)->edit.value : edit.base;
    if (before != edit.value) {
        if (auto done = d->append(edit, kEdit, before, edit.value, now); !done) {
            return failure(done.error());
        }
    }
    if (auto done = d->dropDraft(edit.key, edit.field); !done) {
        return failure(done.error());
    }
    // Read before COMMIT: once that has succeeded, nothing may turn the answer into a failure.
    auto review = d->review(edit.key);
    if (!review) {
        return review;
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    return review;
}

Result<Review> ReviewsDatabase::restoreField(const CallKey& key, ReviewField field, const QString& origin, Moment now) {
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    const auto counting = d->countingFor(key, field);
    if (!counting) {
        return failure(counting.error());
    }
    if (*counting && (*counting)->kind == kEdit) {
        const LocalEdit& edit = (*counting)->edit;
        const EditToCommit restore{key, field, edit.base, std::nullopt, origin};
        if (auto done = d->append(restore, kRestore, edit.value, edit.base, now); !done) {
            return failure(done.error());
        }
    }
    if (auto done = d->dropDraft(key, field); !done) {
        return failure(done.error());
    }
    auto review = d->review(key);
    if (!review) {
        return review;
    }
    if (auto done = transaction->commit(); !done) {
        return failure(done.error());
    }
    return review;
}

Result<std::vector<HistoryEntry>> ReviewsDatabase::history(const CallKey& key) {
    static const std::string sql =
        "SELECT h.at, h.field, h.before, h.after, h.origin, o.kind, o.state, s.kind FROM history h"
        " LEFT JOIN outbox o ON o.sequence = h.sequence LEFT JOIN outbox s ON s.sequence = o.superseded_by"
        " WHERE h.account = ?1 AND h.remote_id = ?2 AND " +
        reviewtables::isIntact(kHistory, "h.") + " ORDER BY h.line";
    auto read = d->connection->prepare(sql);
    if (!read) {
        return failure(read.error());
    }
    read->bindAll(key.account, key.remoteId);
    std::vector<HistoryEntry> lines;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        const auto field = reviewFieldFromWord(read->text(1));
        if (!field) {
            continue;
        }
        // What has reached a target is told as it is; what has not may have been overtaken by a later edit.
        const QString state = read->text(6);
        const bool hasLeft = state == word(EditState::Sent) || state == word(EditState::Refused);
        const QString supersededBy = read->text(7);
        const QString fate = hasLeft || supersededBy.isEmpty() ? state
                             : supersededBy == kRestore        ? u"withdrawn"_s
                                                               : u"superseded"_s;
        lines.push_back({read->moment(0), *field, read->optionalText(2), read->optionalText(3), read->text(4), fate});
    }
    if (!row) {
        return failure(row.error());
    }
    return lines;
}

Result<std::vector<PendingEdit>> ReviewsDatabase::pending() {
    auto read = d->connection->prepare(d->countingOfAll);
    if (!read) {
        return failure(read.error());
    }
    std::vector<PendingEdit> lines;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        const auto counts = countingFrom(*read);
        if (!counts || counts->kind != kEdit ||
            (counts->field != ReviewField::Disposition && counts->field != ReviewField::Notes)) {
            continue;
        }
        PendingEdit line;
        line.sequence = counts->edit.sequence;
        line.key = counts->key;
        line.field = counts->field;
        line.from = counts->edit.base;
        line.to = counts->edit.value;
        line.state = counts->edit.state;
        line.delivery = counts->edit.delivery;
        line.editedAt = counts->edit.editedAt;
        line.attempts = static_cast<int>(read->integer(19));
        line.nextTry = read->optionalMoment(20);
        line.reason = read->text(21);
        line.target = read->text(22);
        lines.push_back(std::move(line));
    }
    if (!row) {
        return failure(row.error());
    }
    return lines;
}

Result<std::vector<DispositionCount>> ReviewsDatabase::dispositionCodes() {
    auto read = d->connection->prepare(
        "SELECT value, count(*) FROM outbox WHERE superseded_by IS NULL AND kind = 'edit' AND field = 'disposition'"
        " AND value <> '' GROUP BY value ORDER BY 2 DESC, 1");
    if (!read) {
        return failure(read.error());
    }
    std::vector<DispositionCount> codes;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        codes.push_back({read->text(0), read->integer(1)});
    }
    if (!row) {
        return failure(row.error());
    }
    return codes;
}

// --- drafts

Done ReviewsDatabase::saveDraft(const Draft& draft) {
    static const std::string sql = reviewtables::insertSql(kDrafts, "INSERT OR REPLACE");
    return d->connection->run(sql, draft.key.account, draft.key.remoteId, word(draft.field), draft.base, draft.text,
                              draft.savedAt);
}

Done ReviewsDatabase::Private::dropDraft(const CallKey& key, ReviewField field) {
    return connection->run("DELETE FROM drafts WHERE account = ?1 AND remote_id = ?2 AND field = ?3", key.account,
                           key.remoteId, word(field));
}

Done ReviewsDatabase::dropDraft(const CallKey& key, ReviewField field) {
    return d->dropDraft(key, field);
}

Result<std::vector<Draft>> ReviewsDatabase::drafts() {
    static const std::string sql = "SELECT " + reviewtables::columns(kDrafts) + " FROM drafts WHERE " +
                                   reviewtables::isIntact(kDrafts) + " ORDER BY rowid";
    auto read = d->connection->prepare(sql);
    if (!read) {
        return failure(read.error());
    }
    std::vector<Draft> drafts;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        if (const auto field = reviewFieldFromWord(read->text(2))) {
            drafts.push_back(
                {{read->text(0), read->text(1)}, *field, read->optionalText(3), read->text(4), read->moment(5)});
        }
    }
    if (!row) {
        return failure(row.error());
    }
    return drafts;
}

// --- accounts

Result<std::vector<Account>> ReviewsDatabase::accounts() {
    static const std::string sql = "SELECT " + reviewtables::columns(kAccounts) + " FROM accounts WHERE " +
                                   reviewtables::isIntact(kAccounts) + " ORDER BY rowid";
    auto read = d->connection->prepare(sql);
    if (!read) {
        return failure(read.error());
    }
    std::vector<Account> accounts;
    auto row = read->step();
    for (; row && *row; row = read->step()) {
        const auto provider = providerFromWord(read->text(1));
        if (!provider) {
            continue;
        }
        Account account;
        account.name = read->text(0);
        account.provider = *provider;
        account.baseUrl = QUrl(read->text(2), QUrl::StrictMode);
        account.assumedZone = read->text(3);
        account.pageSize = static_cast<int>(read->integer(4));
        account.agentIsFirstChannel = read->integer(5) != 0;
        accounts.push_back(std::move(account));
    }
    if (!row) {
        return failure(row.error());
    }
    return accounts;
}

Done ReviewsDatabase::saveAccount(const Account& account) {
    static const std::string sql = [] {
        std::string sets;
        for (const char* column :
             {"provider", "base_url", "assumed_zone", "page_size", "agent_is_first_channel", "row_sum"}) {
            sets += std::string(sets.empty() ? "" : ", ") + column + " = excluded." + column;
        }
        return reviewtables::insertSql(kAccounts) + " ON CONFLICT (name) DO UPDATE SET " + sets;
    }();
    return d->connection->run(sql, account.name, word(account.provider), account.baseUrl.toString(QUrl::FullyEncoded),
                              account.assumedZone, account.pageSize, account.agentIsFirstChannel);
}

Done ReviewsDatabase::removeAccount(const QString& name) {
    return d->connection->run("DELETE FROM accounts WHERE name = ?1", name);
}

// --- soundness

Result<QStringList> ReviewsDatabase::Private::damagedRows() {
    QStringList found;
    for (const auto& table : reviewtables::kAll) {
        const auto rows = connection->texts("SELECT rowid FROM " + std::string(table.name) + " WHERE NOT " +
                                            reviewtables::isIntact(table));
        if (!rows) {
            return failure(rows.error());
        }
        for (const QString& row : *rows) {
            found += translated("Row %1 of the table %2 is damaged: its contents do not match its checksum.")
                         .arg(row, QString::fromLatin1(table.name.data(), static_cast<qsizetype>(table.name.size())));
        }
    }
    return found;
}

Result<QStringList> ReviewsDatabase::check() {
    auto findings = d->connection->texts("PRAGMA integrity_check(100)");
    if (!findings) {
        return findings;
    }
    if (*findings == QStringList{u"ok"_s}) {
        findings->clear();
    }
    const auto rows = d->damagedRows();
    if (!rows) {
        return rows;
    }
    *findings += *rows;
    const auto unequal = d->connection->integer(
        "SELECT count(*) FROM (SELECT sequence FROM edits UNION ALL SELECT sequence FROM outbox"
        " UNION ALL SELECT sequence FROM history) GROUP BY sequence HAVING count(*) <> 3");
    if (!unequal) {
        return failure(unequal.error());
    }
    if (*unequal > 0) {
        *findings += translated("Edits, outbox and history do not agree.");
    }
    return findings;
}

}  // namespace earmark
