// reviews.db: edits, outbox and history in one transaction, what counts, drafts, accounts, checksums, faults at every
// step.
#include <sqlite3.h>

#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/accountsettings.h"
#include "models/store/reviewsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;

namespace {

const CallKey kKey{u"main"_s, u"call-1"_s};

std::unique_ptr<ReviewsDatabase> opened(const QString& file,
                                        ReviewsDatabase::Access access = ReviewsDatabase::Access::ReadWrite,
                                        SqlFaultSeam seam = {}) {
    auto database = ReviewsDatabase::open(file, access, std::move(seam));
    if (!database) {
        qWarning("open failed: %s | %s", qPrintable(database.error().message), qPrintable(database.error().detail));
        return nullptr;
    }
    return std::move(*database);
}

EditToCommit edit(ReviewField field, const std::optional<QString>& base, const std::optional<QString>& value,
                  const CallKey& key = kKey) {
    return {key, field, base, value, u"desk"_s};
}

EditToCommit notes(const QString& value, const std::optional<QString>& base = std::nullopt) {
    return edit(ReviewField::Notes, base, value);
}

/// Another program's look at the file: raw SQL, without our code.
qint64 rawNumber(const QString& file, const char* sql) {
    sqlite3* handle = nullptr;
    sqlite3_open_v2(QFile::encodeName(file).constData(), &handle, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_stmt* statement = nullptr;
    qint64 number = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) == SQLITE_OK) {
        const int code = sqlite3_step(statement);
        number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : code == SQLITE_DONE ? 0 : -1;
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return number;
}

}  // namespace

class TestReviewsDatabase : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void durabilityIsFull();
    void oneEditMakesThreeRows();
    void newestEditCountsAndHistoryKeepsAll();
    void sameValueIsNoNewEdit();
    void clearingIsAnEdit();
    void restoreDropsTheEdit();
    void marks();
    void marksAreNotPending();
    void draftsComeBackAndGoWithTheEdit();
    void accountsAreKept();
    void everySettingIsKept();
    void anAccountGoesWithItsEdits();
    void editsRememberWhoseAccountItWas();
    void codesInUse();
    void oddIdsAndTexts();
    void refusesNonsense();
    void readOnly();
    void damagedRowIsReportedAndItsTwinCounts();
    void damagedTwinsAreNotUsed();
    void everyFailingStepIsRepairedByTheNextTry();

 private:
    [[nodiscard]] QString file() const { return m_folder->filePath(u"reviews.db"_s); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestReviewsDatabase::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestReviewsDatabase::durabilityIsFull() {
    QStringList asked;
    auto database = opened(file(), ReviewsDatabase::Access::ReadWrite, [&](const char* sql) {
        asked += QString::fromUtf8(sql);
        return 0;
    });
    QVERIFY(database);
    QVERIFY(asked.contains(u"PRAGMA synchronous=FULL"_s));
    QVERIFY(QFileInfo::exists(file() + "-wal"_L1));
    for (const auto& suffix : {""_L1, "-wal"_L1, "-shm"_L1}) {
        QCOMPARE(QFile::permissions(file() + suffix) &
                     (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions());
    }
}

void TestReviewsDatabase::oneEditMakesThreeRows() {
    auto database = opened(file());
    QVERIFY(database);
    const auto review = database->commitEdit(notes(u"refund promised"_s, u"provider's"_s), kNow);
    QVERIFY(review && review->notes);
    QVERIFY(review->notes->value == u"refund promised"_s && review->notes->base == u"provider's"_s);
    QCOMPARE(review->notes->state, EditState::Kept);
    QCOMPARE(toMs(review->notes->editedAt), toMs(kNow));
    QCOMPARE(review->notes->sequence, 1);
    QCOMPARE(review->notes->delivery.size(), 36);
    QVERIFY(!review->disposition);

    database = opened(file());
    QVERIFY(database);
    QCOMPARE(*database->review(kKey), *review);
    QCOMPARE(database->allReviews()->value(kKey), *review);
    const auto pending = database->pending();
    QVERIFY(pending);
    QCOMPARE(pending->size(), size_t(1));
    const PendingEdit& line = pending->front();
    QCOMPARE(line.key, kKey);
    QCOMPARE(line.field, ReviewField::Notes);
    QVERIFY(line.from == u"provider's"_s && line.to == u"refund promised"_s);
    QCOMPARE(line.target, u"none"_s);
    QCOMPARE(line.delivery, review->notes->delivery);
    QVERIFY(line.attempts == 0 && !line.nextTry && line.reason.isEmpty() && line.editedAt == kNow);
    const auto history = database->history(kKey);
    QVERIFY(history);
    QCOMPARE(history->size(), size_t(1));
    QVERIFY(history->front().from == u"provider's"_s && history->front().to == u"refund promised"_s);
    QCOMPARE(history->front().origin, u"desk"_s);
    QCOMPARE(history->front().fate, u"kept"_s);
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::newestEditCountsAndHistoryKeepsAll() {
    auto database = opened(file());
    QVERIFY(database);
    const auto first = database->commitEdit(notes(u"one"_s, u"A"_s), kNow);
    const auto second =
        database->commitEdit(notes(u"two"_s, u"B"_s), kNow - 1h);  // the clock went back: order is by sequence
    QVERIFY(first && second);
    QVERIFY(second->notes->value == u"two"_s && second->notes->base == u"B"_s);
    QVERIFY(second->notes->sequence > first->notes->sequence);
    QVERIFY(second->notes->delivery != first->notes->delivery);
    QCOMPARE(database->pending()->size(), size_t(1));
    QVERIFY(database->pending()->front().to == u"two"_s);
    const auto history = database->history(kKey);
    QCOMPARE(history->size(), size_t(2));
    QVERIFY((*history)[1].from == u"one"_s && (*history)[1].to == u"two"_s);
    QCOMPARE((*history)[0].fate, u"superseded"_s);
    QCOMPARE((*history)[1].fate, u"kept"_s);
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::sameValueIsNoNewEdit() {
    auto database = opened(file());
    QVERIFY(database);
    auto review = database->commitEdit(notes(u"as it is"_s, u"as it is"_s), kNow);
    QVERIFY(review);
    QCOMPARE(*review, Review());
    review = database->commitEdit(edit(ReviewField::Disposition, std::nullopt, std::nullopt), kNow);
    QVERIFY(review && *review == Review());
    const auto first = database->commitEdit(notes(u"new"_s, u"as it is"_s), kNow);
    const auto again = database->commitEdit(notes(u"new"_s, u"as it is"_s), kNow + 1h);
    QVERIFY(first && again);
    QCOMPARE(*again, *first);
    QCOMPARE(database->history(kKey)->size(), size_t(1));
    // Typing the provider's value over an edit is an edit: it stays when the provider changes its mind.
    const auto back = database->commitEdit(notes(u"as it is"_s, u"as it is"_s), kNow);
    QVERIFY(back && back->notes && back->notes->value == u"as it is"_s);
}

void TestReviewsDatabase::clearingIsAnEdit() {
    auto database = opened(file());
    QVERIFY(database);
    const auto review = database->commitEdit(edit(ReviewField::Disposition, u"SALE"_s, std::nullopt), kNow);
    QVERIFY(review && review->disposition && !review->disposition->value);
    QVERIFY(isEdited(*review));
    database = opened(file());
    QCOMPARE(*database->review(kKey), *review);
    const auto pending = database->pending();
    QVERIFY(pending->size() == 1 && !pending->front().to && pending->front().from == u"SALE"_s);
    // "" is a value of its own.
    const auto empty = database->commitEdit(edit(ReviewField::Disposition, u"SALE"_s, u""_s), kNow);
    QVERIFY(empty && empty->disposition->value && empty->disposition->value->isEmpty());
}

void TestReviewsDatabase::restoreDropsTheEdit() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->commitEdit(notes(u"mine"_s, u"theirs"_s), kNow));
    QVERIFY(database->commitEdit(edit(ReviewField::Disposition, u"SALE"_s, u"CALLBACK"_s), kNow));
    QVERIFY(database->saveDraft({kKey, ReviewField::Notes, std::nullopt, u"half"_s, kNow}));
    const auto review = database->restoreField(kKey, ReviewField::Notes, u"restore"_s, kNow + 1min);
    QVERIFY(review && !review->notes && review->disposition);
    QVERIFY(database->drafts()->empty());
    database = opened(file());
    QVERIFY(!database->review(kKey)->notes);
    QCOMPARE(database->pending()->size(), size_t(1));
    auto history = database->history(kKey);
    QCOMPARE(history->size(), size_t(3));
    QCOMPARE((*history)[0].fate, u"withdrawn"_s);
    QCOMPARE((*history)[2].origin, u"restore"_s);
    QVERIFY((*history)[2].from == u"mine"_s && (*history)[2].to == u"theirs"_s);
    QVERIFY(database->restoreField(kKey, ReviewField::Notes, u"restore"_s, kNow));  // nothing to restore: no line
    QCOMPARE(database->history(kKey)->size(), size_t(3));
    QVERIFY(database->restoreField({u"main"_s, u"never"_s}, ReviewField::Notes, u"restore"_s, kNow));
    // After a restore the provider's value counts again: the same text is a new edit.
    const auto again = database->commitEdit(notes(u"mine"_s, u"theirs"_s), kNow);
    QVERIFY(again && again->notes && again->notes->value == u"mine"_s);
    QVERIFY(database->restoreField(kKey, ReviewField::Disposition, u"restore"_s, kNow));
    QVERIFY(database->restoreField(kKey, ReviewField::Notes, u"restore"_s, kNow));
    QVERIFY(!database->allReviews()->contains(kKey));
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::marks() {
    auto database = opened(file());
    QVERIFY(database);
    auto review = database->commitEdit(edit(ReviewField::Reviewed, std::nullopt, u"1"_s), kNow);
    QVERIFY(review && review->reviewedAt == kNow);
    review = database->commitEdit(edit(ReviewField::Reviewed, std::nullopt, u"1"_s), kNow + 1h);
    QVERIFY(review && review->reviewedAt == kNow);  // it was reviewed then, not now
    review = database->commitEdit(edit(ReviewField::Flag, std::nullopt, u""_s), kNow);
    QVERIFY(review && review->flag && review->flag->isEmpty());
    review = database->commitEdit(edit(ReviewField::Flag, std::nullopt, u"coach"_s), kNow);
    QVERIFY(review && review->flag == u"coach"_s);
    database = opened(file());
    QCOMPARE(*database->review(kKey), *review);
    QVERIFY(!isEdited(*review));
    review = database->commitEdit(edit(ReviewField::Reviewed, std::nullopt, std::nullopt), kNow);
    QVERIFY(review && !review->reviewedAt && review->flag);
    review = database->restoreField(kKey, ReviewField::Flag, u"restore"_s, kNow);
    QVERIFY(review && !review->flag);
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::marksAreNotPending() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->commitEdit(edit(ReviewField::Reviewed, std::nullopt, u"1"_s), kNow));
    QVERIFY(database->commitEdit(edit(ReviewField::Flag, std::nullopt, u"x"_s), kNow));
    QVERIFY(database->commitEdit(notes(u"text"_s), kNow));
    QVERIFY(database->commitEdit(edit(ReviewField::Disposition, std::nullopt, u"SALE"_s), kNow));
    QCOMPARE(database->pending()->size(), size_t(2));
}

void TestReviewsDatabase::draftsComeBackAndGoWithTheEdit() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->saveDraft({kKey, ReviewField::Notes, u"base"_s, u"half a sen"_s, kNow}));
    QVERIFY(database->saveDraft({kKey, ReviewField::Notes, u"base"_s, u"half a sentence"_s, kNow + 2s}));
    QVERIFY(database->saveDraft({kKey, ReviewField::Disposition, std::nullopt, u"SA"_s, kNow}));
    database = opened(file());
    const auto drafts = database->drafts();
    QVERIFY(drafts);
    QCOMPARE(drafts->size(), size_t(2));
    QCOMPARE(drafts->front().text, u"half a sentence"_s);
    QVERIFY(drafts->front().base == u"base"_s && drafts->front().savedAt == kNow + 2s && drafts->front().key == kKey);
    QVERIFY(database->review(kKey) == Review());  // a draft never counts
    QVERIFY(database->pending()->empty());
    QVERIFY(database->commitEdit(notes(u"half a sentence, done"_s, u"base"_s), kNow));
    QCOMPARE(database->drafts()->size(), size_t(1));
    QVERIFY(database->commitEdit(edit(ReviewField::Disposition, u"SALE"_s, u"SALE"_s),
                                 kNow));  // no edit, but the draft is over
    QVERIFY(database->drafts()->empty());
    QVERIFY(database->saveDraft({kKey, ReviewField::Notes, std::nullopt, u"x"_s, kNow}));
    QVERIFY(database->dropDraft(kKey, ReviewField::Notes));
    QVERIFY(database->dropDraft(kKey, ReviewField::Notes));
    QVERIFY(database->drafts()->empty());
}

void TestReviewsDatabase::accountsAreKept() {
    auto database = opened(file());
    QVERIFY(database);
    Account account;
    account.name = u"main"_s;
    account.provider = Provider::Autocalls;
    account.baseUrl = QUrl(u"https://app.autocalls.test/api"_s);
    account.assumedZone = u"Asia/Kolkata"_s;
    account.pageSize = 50;
    account.agentIsFirstChannel = false;
    QVERIFY(database->saveAccount(account));
    Account second;
    second.name = u"a-second"_s;
    second.baseUrl = QUrl(u"http://127.0.0.1:8099"_s);
    QVERIFY(database->saveAccount(second));
    account.pageSize = 100;
    QVERIFY(database->saveAccount(account));
    database = opened(file());
    auto accounts = database->accounts();
    QVERIFY(accounts);
    QCOMPARE(accounts->size(), size_t(2));
    const Account& read = accounts->front();
    QCOMPARE(read.name, account.name);
    QCOMPARE(read.provider, account.provider);
    QCOMPARE(read.baseUrl, account.baseUrl);
    QCOMPARE(read.assumedZone, account.assumedZone);
    QCOMPARE(read.pageSize, 100);
    QCOMPARE(read.agentIsFirstChannel, false);
    QVERIFY(database->commitEdit(notes(u"stays"_s), kNow));
    QVERIFY(database->removeAccount(u"main"_s));
    QCOMPARE(database->accounts()->size(), size_t(1));
    QVERIFY(database->review(kKey)->notes);  // edits outlive their account
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::everySettingIsKept() {
    auto database = opened(file());
    QVERIFY(database);
    Account account;
    account.name = u"main"_s;
    account.provider = Provider::Vatel;
    account.baseUrl = QUrl(u"https://api.vatel.test/v1"_s);
    account.organizationId = u"org \"1\" \u00fc"_s;
    account.mostRequestsPerMinute = 0;
    account.isEnabled = false;
    account.watchEvery = std::chrono::seconds(0);
    account.scope.since = momentFromMs(-5);
    account.scope.until = kNow;
    account.scope.campaigns = {u"c1"_s, u"c2"_s};
    account.scope.agents = {u"a1"_s};
    account.scope.sources = {u"phone"_s};
    QVERIFY(database->saveAccount(account));
    database = opened(file());
    QCOMPARE(database->accounts()->front(), account);
    QVERIFY(database->check()->isEmpty());
    account.scope = {};
    account.scope.lastDays = 14;
    account.mostRequestsPerMinute.reset();
    QVERIFY(database->saveAccount(account));
    QCOMPARE(database->accounts()->front(), account);
    // What a row holds beyond its range is not taken for a setting.
    Account read = account;
    readAccountSettings(
        uR"({"last_days":-3,"watch_every_seconds":1e99,"enabled":"no","campaigns":[1,"",{},"x","x"]})"_s, read);
    QVERIFY(!read.scope.lastDays && !read.isEnabled && read.watchEvery == account.watchEvery);
    QCOMPARE(read.scope.campaigns, QStringList{u"x"_s});
    readAccountSettings(u"no JSON"_s, read);
    QCOMPARE(read.scope, CallScope());
}

void TestReviewsDatabase::anAccountGoesWithItsEdits() {
    const CallKey other{u"other"_s, u"call-1"_s};
    int fuse = -1;
    auto database = opened(file(), ReviewsDatabase::Access::ReadWrite,
                           [&](const char*) { return fuse >= 0 && fuse-- == 0 ? 778 /* SQLITE_IOERR_WRITE */ : 0; });
    QVERIFY(database);
    Account account;
    account.name = u"main"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    QVERIFY(database->saveAccount(account));
    QVERIFY(database->commitEdit(notes(u"the secret of call one"_s), kNow));
    QVERIFY(database->commitEdit(edit(ReviewField::Notes, {}, u"stays"_s, other), kNow));
    QVERIFY(database->saveDraft({kKey, ReviewField::Notes, std::nullopt, u"the secret draft"_s, kNow}));
    int failures = 0;
    for (int n = 0;; ++n) {
        QVERIFY(n < 100);
        fuse = n;
        const bool done = database->removeAccountWithReviews(u"main"_s).has_value();
        fuse = -1;
        // All or nothing, whichever step fails.
        QCOMPARE(database->accounts()->empty(), done);
        QCOMPARE(database->review(kKey)->notes.has_value(), !done);
        QCOMPARE(database->drafts()->empty(), done);
        QVERIFY(database->check()->isEmpty());
        if (done) {
            break;
        }
        ++failures;
    }
    QVERIFY2(failures >= 6, qPrintable(QString::number(failures)));
    QVERIFY(database->history(kKey)->empty());
    QVERIFY(database->review(other)->notes);
    QVERIFY(database->checkpoint());
    QFile bytes(file());
    QVERIFY(bytes.open(QIODevice::ReadOnly));
    QVERIFY(!bytes.readAll().contains("the secret"));
}

void TestReviewsDatabase::editsRememberWhoseAccountItWas() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->commitEdit(notes(u"before"_s), kNow));
    Account account;
    account.name = u"main"_s;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    QVERIFY(database->saveAccount(account));
    QVERIFY(database->commitEdit(notes(u"after"_s), kNow));
    account.baseUrl = QUrl(u"https://other.test"_s);
    QVERIFY(database->saveAccount(account));
    database.reset();
    QCOMPARE(rawNumber(file(), "SELECT count(*) FROM outbox WHERE provider IS NULL AND base_url IS NULL"), 1);
    QCOMPARE(rawNumber(file(),
                       "SELECT count(*) FROM outbox WHERE provider = 'yotel'"
                       " AND base_url = 'https://api.yotel.test/api/v1'"),
             1);
}

void TestReviewsDatabase::codesInUse() {
    auto database = opened(file());
    QVERIFY(database);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(database->commitEdit(
            edit(ReviewField::Disposition, std::nullopt, u"B"_s, {u"main"_s, QString::number(i)}), kNow));
    }
    QVERIFY(database->commitEdit(edit(ReviewField::Disposition, std::nullopt, u"A"_s, {u"main"_s, u"0"_s}), kNow));
    const auto codes = database->dispositionCodes();
    QVERIFY(codes);
    QCOMPARE(codes->size(), size_t(2));
    QVERIFY(codes->front().code == u"B"_s && codes->front().calls == 2);
    QVERIFY(codes->back().code == u"A"_s && codes->back().calls == 1);
}

void TestReviewsDatabase::oddIdsAndTexts() {
    auto database = opened(file());
    QVERIFY(database);
    const CallKey odd{u"main"_s, u"'; DROP TABLE edits; --/%"_s + QChar(0) + u"\u202e"_s};
    const QString text =
        u"line\r\nline "_s + QChar(0) + u" \U0001F600 <img src='file:///etc/passwd'>"_s + QString(100'000, u'n');
    QVERIFY(database->commitEdit({odd, ReviewField::Notes, std::nullopt, text, u"desk"_s}, kNow));
    database = opened(file());
    QVERIFY(database->review(odd)->notes->value == text);
    QVERIFY(database->check()->isEmpty());
}

void TestReviewsDatabase::refusesNonsense() {
    auto database = opened(file());
    QVERIFY(database);
    QCOMPARE(database->commitEdit(edit(ReviewField::Reviewed, std::nullopt, u"yes"_s), kNow).error().kind,
             ErrorKind::InvalidInput);
    QCOMPARE(
        database->commitEdit(edit(ReviewField::Notes, std::nullopt, u"x"_s, {u"main"_s, u""_s}), kNow).error().kind,
        ErrorKind::InvalidInput);
    QVERIFY(database->allReviews()->isEmpty());
}

void TestReviewsDatabase::readOnly() {
    QCOMPARE(ReviewsDatabase::open(file(), ReviewsDatabase::Access::ReadOnly).error().kind, ErrorKind::NotFoundHere);
    auto writer = opened(file());
    QVERIFY(writer);
    QVERIFY(writer->commitEdit(notes(u"seen"_s), kNow));
    auto reader = opened(file(), ReviewsDatabase::Access::ReadOnly);
    QVERIFY(reader);
    QVERIFY(reader->review(kKey)->notes);
    QCOMPARE(reader->commitEdit(notes(u"no"_s), kNow).error().kind, ErrorKind::ReadOnly);
    QVERIFY(writer->commitEdit(notes(u"yes"_s), kNow));
    QVERIFY(reader->review(kKey)->notes->value == u"yes"_s);
}

void TestReviewsDatabase::damagedRowIsReportedAndItsTwinCounts() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->commitEdit(notes(u"refund of 100"_s, u"theirs"_s), kNow));
    QVERIFY(database->checkpoint());
    // A flipped bit that SQLite itself cannot see: the value in the outbox only.
    QCOMPARE(rawNumber(file(), "UPDATE outbox SET value = 'refund of 900'"), 0);
    const auto found = database->check();
    QVERIFY(found);
    QVERIFY2(found->join(u' ').contains(u"outbox"_s), qPrintable(found->join(u' ')));
    QVERIFY(database->review(kKey)->notes->value == u"refund of 100"_s);
    QVERIFY(database->pending()->front().to == u"refund of 100"_s);
    // The next edit goes on from there, and the wrong checksum is not made right by it.
    QVERIFY(database->commitEdit(notes(u"refund of 200"_s, u"theirs"_s), kNow));
    QVERIFY(database->history(kKey)->back().from == u"refund of 100"_s);
    QVERIFY(!database->check()->isEmpty());
}

void TestReviewsDatabase::damagedTwinsAreNotUsed() {
    auto database = opened(file());
    QVERIFY(database);
    QVERIFY(database->commitEdit(notes(u"refund of 100"_s, u"theirs"_s), kNow));
    QVERIFY(database->saveDraft({kKey, ReviewField::Disposition, std::nullopt, u"SALE"_s, kNow}));
    QVERIFY(database->checkpoint());
    QCOMPARE(rawNumber(file(), "UPDATE outbox SET value = 'refund of 900'"), 0);
    QCOMPARE(rawNumber(file(), "UPDATE edits SET value = 'refund of 800'"), 0);
    QCOMPARE(rawNumber(file(), "UPDATE drafts SET text = 'REFUSED'"), 0);
    QVERIFY(!database->review(kKey)->notes);
    QVERIFY(database->allReviews()->isEmpty());
    QVERIFY(database->drafts()->empty());
    QCOMPARE(database->check()->size(), 3);
}

void TestReviewsDatabase::everyFailingStepIsRepairedByTheNextTry() {
    int fuse = -1;
    auto database = opened(file(), ReviewsDatabase::Access::ReadWrite,
                           [&](const char*) { return fuse >= 0 && fuse-- == 0 ? 778 /* SQLITE_IOERR_WRITE */ : 0; });
    QVERIFY(database);
    QString counted = u"start"_s;
    QVERIFY(database->commitEdit(notes(counted), kNow));
    int failures = 0;
    size_t lines = 1;
    for (int n = 0;; ++n) {
        QVERIFY(n < 200);
        const QString value = u"round %1"_s.arg(n);
        QVERIFY(database->saveDraft({kKey, ReviewField::Notes, std::nullopt, value, kNow}));
        fuse = n;
        auto outcome = database->commitEdit(notes(value), kNow);
        const bool done = outcome.has_value();
        fuse = -1;
        if (!done) {
            ++failures;
            QCOMPARE(outcome.error().kind, ErrorKind::Storage);
            QVERIFY(database->review(kKey)->notes->value == counted);  // nothing half done can be seen
            QCOMPARE(database->drafts()->front().text, value);         // and the text is still safe
            if (n % 2 == 0) {
                database.reset();  // every other time the program ends here
                database = opened(file(), ReviewsDatabase::Access::ReadWrite,
                                  [&](const char*) { return fuse >= 0 && fuse-- == 0 ? 778 : 0; });
                QVERIFY(database);
            }
            outcome = database->commitEdit(notes(value), kNow);
            QVERIFY2(outcome, qPrintable(u"step %1: %2"_s.arg(n).arg(outcome ? QString() : outcome.error().detail)));
        }
        counted = value;
        ++lines;
        QVERIFY(outcome->notes->value == counted);
        QVERIFY(database->drafts()->empty());
        QCOMPARE(database->history(kKey)->size(), lines);
        QCOMPARE(database->check()->size(), 0);
        if (done) {
            break;
        }
    }
    QVERIFY2(failures >= 10, qPrintable(QString::number(failures)));
    // Restore goes the same way.
    for (int n = 0;; ++n) {
        QVERIFY(database->commitEdit(notes(u"again %1"_s.arg(n)), kNow));
        fuse = n;
        const bool done = database->restoreField(kKey, ReviewField::Notes, u"restore"_s, kNow).has_value();
        fuse = -1;
        QCOMPARE(database->review(kKey)->notes.has_value(), !done);
        QCOMPARE(database->check()->size(), 0);
        if (done) {
            break;
        }
        QVERIFY(n < 200);
    }
}

QTEST_GUILESS_MAIN(TestReviewsDatabase)
#include "tst_reviewsdatabase.moc"
