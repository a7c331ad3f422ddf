// What keeps reviews whole when their file, or that of the calls, is not what it was: the chain over history, copies of
// touched calls, daily backups, and the mark that tells an older copy.
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "models/store/reviewbackups.h"
#include "models/store/store.h"
#include "tests/store/samplecalls.h"
#include "tests/support/smalldisk.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;
using sample::wholeCall;

namespace {

CallKey keyOf(int i, const QString& account = u"main"_s) {
    return wholeCall(i, account).key;
}

EditToCommit notes(int i, const QString& text, const QString& account = u"main"_s) {
    return {keyOf(i, account), ReviewField::Notes, u"provider's"_s, text, u"desk"_s};
}

Account accountOf(const QString& name, TargetKind target = TargetKind::None) {
    Account account;
    account.name = name;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    account.target.kind = target;
    account.target.url = QUrl(u"https://hooks.example.test/in"_s);
    return account;
}

std::unique_ptr<ReviewsDatabase> opened(const QString& file,
                                        ReviewsDatabase::Access access = ReviewsDatabase::Access::ReadWrite) {
    auto database = ReviewsDatabase::open(file, access);
    return database ? std::move(*database) : nullptr;
}

/// As somebody with a tool for databases would: past all that this program does.
void tamper(const QString& file, const QByteArray& sql) {
    auto connection = Connection::open(file, Connection::Access::ReadWrite);
    QVERIFY(connection && (*connection)->addRowSumFunction());
    QVERIFY((*connection)->runScript("PRAGMA foreign_keys=OFF"));
    const auto done = (*connection)->runScript(sql);
    QVERIFY2(done, qPrintable(done ? QString() : done.error().detail));
    QVERIFY((*connection)->checkpoint(Connection::Checkpoint::Truncate));
}

QByteArray bytesOf(const QString& file) {
    QFile disk(file);
    return disk.open(QIODevice::ReadOnly) ? disk.readAll() : QByteArray();
}

QStringList backupNames(const QString& folder) {
    return QDir(folder + u"/backups"_s).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

/// Asks, waits and hands the answer out.
template <typename T>
class Answer {
 public:
    Store::Reply<T> taker() {
        return [this](Result<T> answer) { m_answer = std::make_unique<Result<T>>(std::move(answer)); };
    }
    Result<T>& wait() {
        if (!QTest::qWaitFor([this] { return m_answer != nullptr; }, 20'000)) {
            qFatal("no answer came");
        }
        return *m_answer;
    }
    QObject context;

 private:
    std::unique_ptr<Result<T>> m_answer;
};

}  // namespace

class TestSafekeeping : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aTamperedHistoryIsFound_data();
    void aTamperedHistoryIsFound();
    void linesOfBeforeAreAdopted();
    void whatIsErasedLeavesAWholeChain();
    void anOlderCopyIsTold();
    void aBackupADay();
    void anErasedAccountIsInNoBackup();
    void callsComeBackFromTheirCopies();
    void copiesFollowTheirCalls();
    void everythingIsPrivate();
    void aChainedEditCostsLittle();
    void aFullDiskTakesNothingByHalves();

 private:
    [[nodiscard]] QString file(const QString& name = u"reviews.db"_s) const { return m_folder->filePath(name); }
    [[nodiscard]] std::unique_ptr<Store> openStore() const;
    [[nodiscard]] qint64 copiesKept() const;
    std::unique_ptr<QTemporaryDir> m_folder;
};

std::unique_ptr<Store> TestSafekeeping::openStore() const {
    auto store = std::make_unique<Store>(Store::Options{m_folder->path(), nullptr, {}});
    Answer<void> opened;
    store->open(&opened.context, opened.taker());
    return opened.wait() ? std::move(store) : nullptr;
}

qint64 TestSafekeeping::copiesKept() const {
    auto connection = Connection::open(file(), Connection::Access::ReadOnly);
    return connection ? (*connection)->integer("SELECT count(*) FROM call_copies").value_or(-1) : -1;
}

void TestSafekeeping::aTamperedHistoryIsFound_data() {
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<QString>("found");
    const QByteArray sum = ", row_sum = row_sum(line, sequence, account, remote_id, field, before, ";
    QTest::newRow("a text changed, with its checksum")
        << "UPDATE history SET after = 'other'" + sum + "'other', origin, at) WHERE line = 3" << u"Line 3 "_s;
    QTest::newRow("a time changed") << "UPDATE history SET at = at + 1" + sum + "after, origin, at + 1) WHERE line = 2"
                                    << u"Line 2 "_s;
    QTest::newRow("one in the middle removed") << QByteArray("DELETE FROM history WHERE line = 4") << u"Line 4 "_s;
    QTest::newRow("one removed with its link")
        << QByteArray("DELETE FROM history WHERE line = 4; DELETE FROM history_chain WHERE line = 4") << u"Line 4 "_s;
    QTest::newRow("the last removed with its link")
        << QByteArray("DELETE FROM history WHERE line = 8; DELETE FROM history_chain WHERE line = 8") << u"Line 8 "_s;
    QTest::newRow("the last removed without a trace in the file")
        << QByteArray(
               "DELETE FROM history WHERE line = 8; DELETE FROM history_chain WHERE line = 8;"
               "UPDATE sqlite_sequence SET seq = 7 WHERE name = 'history'")
        << u"lines at its end are gone"_s;
    QTest::newRow("one inserted") << QByteArray(
                                         "INSERT INTO history SELECT 9, 900, account, remote_id, field, before,"
                                         " after, origin, at, row_sum FROM history WHERE line = 1")
                                  << u"Line 9 "_s;
    QTest::newRow("two changed places")
        << QByteArray(
               "UPDATE history SET line = 100 WHERE line = 2; UPDATE history SET line = 2 WHERE line = 3;"
               "UPDATE history SET line = 3 WHERE line = 100")
        << u"Line 2 "_s;
    QTest::newRow("two links changed places")
        << QByteArray(
               "UPDATE history_chain SET line = 100 WHERE line = 2; UPDATE history_chain SET line = 2 WHERE line "
               "= 3; UPDATE history_chain SET line = 3 WHERE line = 100")
        << u"Line 2 "_s;
    QTest::newRow("erased, and there again")
        << QByteArray("UPDATE history_chain SET salt = NULL WHERE line = 5") << u"Line 5 "_s;
}

void TestSafekeeping::aTamperedHistoryIsFound() {
    QFETCH(QByteArray, sql);
    QFETCH(QString, found);
    {
        const auto database = opened(file());
        for (int i = 1; i <= 8; ++i) {
            QVERIFY(database->commitEdit(notes(i % 3, u"note %1"_s.arg(i)), kNow));
        }
        QCOMPARE(*database->check(), QStringList());
    }
    tamper(file(), sql);
    // Who only looks, as doctor does: opening for writing mends rows whose checksums are wrong.
    const auto database = opened(file(), ReviewsDatabase::Access::ReadOnly);
    QVERIFY(database);
    const QString findings = database->check()->join(u'\n');
    QVERIFY2(findings.contains(found), qPrintable(findings));
}

void TestSafekeeping::linesOfBeforeAreAdopted() {
    {
        const auto database = opened(file());
        for (int i = 1; i <= 5; ++i) {
            QVERIFY(database->commitEdit(notes(i, u"note %1"_s.arg(i)), kNow));
        }
    }
    QVERIFY(QFile::remove(file(u"reviews.db.generation"_s)));
    tamper(file(),
           "DELETE FROM history_chain; DELETE FROM history WHERE line = 2; DELETE FROM outbox WHERE sequence = 2;"
           "DELETE FROM edits WHERE sequence = 2");
    const auto database = opened(file());
    QVERIFY(database->commitEdit(notes(9, u"next"_s), kNow));
    QCOMPARE(*database->check(), QStringList());
    auto connection = Connection::open(file(), Connection::Access::ReadOnly);
    QCOMPARE((*connection)->integer("SELECT count(*) FROM history_chain").value(), 6);
    QCOMPARE((*connection)->integer("SELECT count(*) FROM history_chain WHERE salt IS NULL").value(), 1);
}

void TestSafekeeping::whatIsErasedLeavesAWholeChain() {
    const auto database = opened(file());
    QVERIFY(database->saveAccount(accountOf(u"main"_s)) && database->saveAccount(accountOf(u"other"_s)));
    for (int i = 1; i <= 6; ++i) {
        QVERIFY(database->commitEdit(notes(i, u"note %1"_s.arg(i), i % 2 ? u"main"_s : u"other"_s), kNow));
    }
    QVERIFY(database->removeAccountWithReviews(u"main"_s));
    QCOMPARE(*database->check(), QStringList());
    QVERIFY(database->commitEdit(notes(2, u"goes on"_s, u"other"_s), kNow));
    QCOMPARE(*database->check(), QStringList());
    auto connection = Connection::open(file(), Connection::Access::ReadOnly);
    QCOMPARE((*connection)->integer("SELECT count(*) FROM history_chain").value(), 7);
    QCOMPARE((*connection)->integer("SELECT count(*) FROM history_chain WHERE salt IS NULL").value(), 3);
}

/// An edit that had left already in the newer file must not leave by itself a second time.
void TestSafekeeping::anOlderCopyIsTold() {
    const Account account = accountOf(u"main"_s, TargetKind::Webhook);
    const auto due = [&](ReviewsDatabase& database) {
        const auto deliveries = database.dueDeliveries(account, std::nullopt, 10);
        return deliveries ? *deliveries : std::vector<Delivery>();
    };
    QString sent;
    {
        const auto database = opened(file());
        QVERIFY(database->saveAccount(account));
        QVERIFY(database->commitEdit(notes(1, u"first"_s), kNow));
        QVERIFY(database->commitEdit(notes(2, u"second"_s), kNow));
        QVERIFY(database->checkpoint());
        QVERIFY(QFile::copy(file(), file(u"older"_s)));
        const auto deliveries = due(*database);
        QCOMPARE(deliveries.size(), size_t(2));
        sent = deliveries.front().id;
        // Not one edit more than in the copy: only that something was sent tells that it is older.
        const auto taken =
            database->takeForSending(deliveries.front(), u"test"_s, kNow + 60s, "body"_ba, u"there"_s, kNow);
        QVERIFY(taken && *taken);
    }
    QFile::remove(file());
    QFile::remove(file() + u"-wal"_s);
    QVERIFY(QFile::rename(file(u"older"_s), file()));
    auto database = opened(file());
    QCOMPARE(database->notices().size(), 1);
    QVERIFY2(database->notices().front().contains(u"older copy"_s), qPrintable(database->notices().front()));
    QVERIFY(due(*database).empty());
    QCOMPARE(database->review(keyOf(1))->notes->state, EditState::Refused);
    QCOMPARE(*database->check(), QStringList());
    database.reset();
    database = opened(file());
    QVERIFY(database->notices().isEmpty());  // said once
    QVERIFY(due(*database).empty());
    // Asked for by people, it goes with the key that it had.
    QVERIFY(database->sendAgain(u"main"_s, sent));
    const auto again = due(*database);
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again.front().id, sent);
}

void TestSafekeeping::aBackupADay() {
    {
        const auto database = opened(file());
        QVERIFY(isBackupDue(file(), kNow));
        QCOMPARE(makeBackup(file(), kNow).value(), QString());  // there is nothing yet
        QVERIFY(database->commitEdit(notes(1, u"kept"_s), kNow));
        for (int day = 0; day < 10; ++day) {
            QVERIFY(isBackupDue(file(), kNow + day * 24h));
            QFile half(file(u"backups/reviews-20260101T000000Z.db.part"_s));
            QVERIFY(day == 0 || half.open(QIODevice::WriteOnly));
            const auto made = makeBackup(file(), kNow + day * 24h);
            QVERIFY2(made && QFileInfo::exists(*made), qPrintable(made ? QString() : made.error().detail));
            QVERIFY(!isBackupDue(file(), kNow + day * 24h + 23h));
        }
    }
    QCOMPARE(backupNames(m_folder->path()).size(), kBackupsKept);
    const std::vector<Backup> all = backupsOf(file());
    QCOMPARE(all.size(), size_t(kBackupsKept));
    QCOMPARE(all.front().madeAt, std::chrono::floor<std::chrono::seconds>(kNow) + 9 * 24h);
    // It can be used: stop, copy, start.
    const QTemporaryDir place;
    QVERIFY(QFile::copy(all.front().file, place.filePath(u"reviews.db"_s)));
    const auto used = opened(place.filePath(u"reviews.db"_s));
    QVERIFY(used && used->notices().isEmpty() && used->check()->isEmpty());
    QCOMPARE(used->review(keyOf(1))->notes->value, std::optional(u"kept"_s));
}

void TestSafekeeping::anErasedAccountIsInNoBackup() {
    const QByteArray canary("CANARY of an erased review");
    {
        const auto store = openStore();
        QVERIFY(store);
        for (const QString& name : {u"main"_s, u"other"_s}) {
            Answer<void> saved;
            store->saveAccount(accountOf(name), &saved.context, saved.taker());
            QVERIFY(saved.wait());
            Answer<Review> edited;
            store->commitEdit(notes(1, name == u"main"_s ? QString::fromLatin1(canary) : u"stays"_s, name),
                              &edited.context, edited.taker());
            QVERIFY(edited.wait());
        }
        QVERIFY(makeBackup(file(), kNow));
        QVERIFY(makeBackup(file(), kNow + 24h));
        QVERIFY(bytesOf(backupsOf(file()).front().file).contains(canary));
        Answer<void> removed;
        store->removeAccountWithReviews(u"main"_s, &removed.context, removed.taker());
        QVERIFY(removed.wait());
    }
    for (const QString& name : backupNames(m_folder->path())) {
        QVERIFY2(!bytesOf(file(u"backups/"_s + name)).contains(canary), qPrintable(name));
    }
    QCOMPARE(backupsOf(file()).size(), size_t(2));
    const QTemporaryDir place;
    QVERIFY(QFile::copy(backupsOf(file()).front().file, place.filePath(u"reviews.db"_s)));
    const auto used = opened(place.filePath(u"reviews.db"_s));
    QCOMPARE(used->review(keyOf(1, u"other"_s))->notes->value, std::optional(u"stays"_s));
    QCOMPARE(*used->check(), QStringList());
}

void TestSafekeeping::callsComeBackFromTheirCopies() {
    constexpr int kCalls = 5;
    Call known;
    {
        const auto store = openStore();
        QVERIFY(store);
        for (const QString& name : {u"main"_s, u"gone"_s}) {
            Answer<void> saved;
            store->saveAccount(accountOf(name), &saved.context, saved.taker());
            QVERIFY(saved.wait());
            std::vector<Call> calls;
            for (int i = 1; i <= kCalls; ++i) {
                calls.push_back(wholeCall(i, name));
            }
            calls.front().transcriptText = u"Agent: good morning"_s;
            calls.front().cost = 0.1 + 0.2;  // no short decimal
            Answer<PageOutcome> stored;
            store->storePage({name, calls, std::nullopt}, &stored.context, stored.taker());
            QVERIFY(stored.wait());
            for (const int i : {1, 2}) {
                Answer<Review> edited;
                store->commitEdit(notes(i, u"mine %1"_s.arg(i), name), &edited.context, edited.taker());
                QVERIFY(edited.wait());
            }
        }
        QTRY_COMPARE(copiesKept(), 4);
        Answer<void> removed;
        store->removeAccount(u"gone"_s, &removed.context, removed.taker());
        QVERIFY(removed.wait());
        QCOMPARE(copiesKept(), 2);
        Answer<std::optional<ReviewedCall>> call;
        store->loadCall(keyOf(1), &call.context, call.taker());
        known = call.wait().value()->call;
    }
    for (const QString& name : {u"reviews.db"_s, u"reviews.db-wal"_s}) {
        QVERIFY2(!bytesOf(file(name)).contains("X-Goog-Signature"), "a signed link in a copy");
    }
    for (const QString& name : {u"calls.db"_s, u"calls.db-wal"_s, u"calls.db-shm"_s}) {
        QFile::remove(file(name));
    }
    const auto store = openStore();
    QVERIFY(store);
    QVERIFY(store->notices().join(u' ').contains(u"2 calls"_s));
    Answer<qint64> count;
    store->countCalls(u"main"_s, &count.context, count.taker());
    QCOMPARE(count.wait().value(), 2);
    Answer<std::optional<ReviewedCall>> call;
    store->loadCall(keyOf(1), &call.context, call.taker());
    const auto back = call.wait().value();
    QVERIFY(back);
    QCOMPARE(back->review.notes->value, std::optional(u"mine 1"_s));
    const Call& call1 = back->call;
    QVERIFY(!call1.recordingUrl);
    QCOMPARE(call1.raw, known.raw);
    QVERIFY(call1.cost == known.cost && call1.talkSeconds == known.talkSeconds &&
            call1.ringSeconds == known.ringSeconds);
    QVERIFY(call1.dialTime == known.dialTime && call1.endTime == known.endTime && call1.status == known.status);
    QVERIFY(call1.leadName == known.leadName && call1.summary == known.summary && call1.notes == known.notes);
    QVERIFY(call1.campaignId == known.campaignId && call1.tags == known.tags &&
            call1.hasRecording == known.hasRecording);
    QCOMPARE(call1.fieldErrors.size(), known.fieldErrors.size());
    // The next page that shows it is taken as a change, whatever the copy was.
    Answer<PageOutcome> pulled;
    store->storePage({u"main"_s, {wholeCall(1)}, std::nullopt}, &pulled.context, pulled.taker());
    QCOMPARE(pulled.wait()->changed, 1);
}

void TestSafekeeping::copiesFollowTheirCalls() {
    {
        // Killed between edit and copy: the edit is there, no copy is.
        const auto database = opened(file());
        QVERIFY(database->saveAccount(accountOf(u"main"_s)));
        QVERIFY(database->commitEdit(notes(1, u"mine"_s), kNow));
        const auto calls = CallsDatabase::open(file(u"calls.db"_s), CallsDatabase::Access::ReadWrite);
        QVERIFY((*calls)->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, std::nullopt}, kNow));
    }
    const auto store = openStore();
    QVERIFY(store);
    QTRY_COMPARE_WITH_TIMEOUT(copiesKept(), 1, 10'000);  // the sweep
    Call changed = wholeCall(1);
    changed.leadName = u"Renamed"_s;
    Answer<PageOutcome> stored;
    store->storePage({u"main"_s, {changed, wholeCall(3)}, std::nullopt}, &stored.context, stored.taker());
    QVERIFY(stored.wait());
    const auto copyIsNew = [&] {
        auto connection = Connection::open(file(), Connection::Access::ReadOnly);
        return (*connection)->integer("SELECT count(*) FROM call_copies WHERE columns LIKE '%Renamed%'").value_or(0) ==
               1;
    };
    QTRY_VERIFY_WITH_TIMEOUT(copyIsNew(), 10'000);
    QCOMPARE(copiesKept(), 1);
}

void TestSafekeeping::everythingIsPrivate() {
    {
        const auto store = openStore();
        Answer<Review> edited;
        store->commitEdit(notes(1, u"mine"_s), &edited.context, edited.taker());
        QVERIFY(edited.wait());
    }
    QVERIFY(makeBackup(file(), kNow));
    constexpr auto kOthers =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    for (const QString& name : {u"reviews.db"_s, u"reviews.db.generation"_s, u"reviews.db.schema"_s, u"backups"_s}) {
        QVERIFY2(QFileInfo::exists(file(name)), qPrintable(name));
        QCOMPARE(QFile::permissions(file(name)) & kOthers, QFile::Permissions());
    }
    for (const QString& name : backupNames(m_folder->path())) {
        QCOMPARE(QFile::permissions(file(u"backups/"_s + name)) & kOthers, QFile::Permissions());
    }
}

/// Beside an edit without a link, whose line is chained by nobody; the figure is printed, the bound is a wide one.
void TestSafekeeping::aChainedEditCostsLittle() {
    const auto database = opened(file());
    constexpr int kEdits = 2'000;
    std::vector<EditToCommit> edits;
    for (int i = 0; i < kEdits; ++i) {
        edits.push_back(notes(i, u"note %1"_s.arg(i)));
    }
    QElapsedTimer timer;
    timer.start();
    QVERIFY(database->commitEdits(edits, kNow));
    const qint64 whole = timer.nsecsElapsed();
    QVERIFY(database->checkpoint());
    tamper(file(), "DELETE FROM history_chain");
    timer.start();
    QVERIFY(QFile::remove(file(u"reviews.db.generation"_s)));
    const auto again = opened(file());  // adopts all lines
    const qint64 adopted = timer.nsecsElapsed();
    QCOMPARE(*again->check(), QStringList());
    qInfo("an edit of many %.1f us with its link; %d lines adopted, with the open, in %.1f ms",
          double(whole) / 1e3 / kEdits, kEdits, double(adopted) / 1e6);
    QVERIFY(adopted < 5'000'000'000);
}

/// A portion of bulk work and the end of an attempt to send: all of it or nothing, and at once when there is room
/// again.
void TestSafekeeping::aFullDiskTakesNothingByHalves() {
    const SmallDisk disk(m_folder->path(), "size=3m,mode=700");
    if (!disk.mounted()) {
        QSKIP("mounting a small tmpfs is not permitted here");
    }
    const Account account = accountOf(u"main"_s, TargetKind::Webhook);
    const auto database = opened(file());
    QVERIFY(database->saveAccount(account));
    QVERIFY(database->commitEdit(notes(1, u"to be sent"_s), kNow));
    const auto due = database->dueDeliveries(account, std::nullopt, 10);
    QVERIFY(due && due->size() == 1);
    const auto taken =
        database->takeForSending(due->front(), u"test"_s, kNow + 60s, QByteArray(100, 'b'), u"there"_s, kNow);
    QVERIFY(taken && *taken);
    std::vector<EditToCommit> portion;
    for (int i = 0; i < 200; ++i) {
        portion.push_back(notes(100 + i, QString(2'000, u'n')));
    }
    QVERIFY(database->checkpoint());
    {
        QFile ballast(file(u"ballast"_s));
        QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        const QByteArray bytes(4'096, 'f');
        while (ballast.write(bytes) == bytes.size()) {
        }
    }
    const auto refused = database->commitEdits(portion, kNow);
    QVERIFY(!refused);
    QCOMPARE(refused.error().kind, ErrorKind::DiskFull);
    Settlement sent;
    sent.state = EditState::Sent;
    const auto unsettled = database->settle(due->front().id, u"test"_s, sent, kNow);
    QVERIFY(!unsettled);
    QCOMPARE(unsettled.error().kind, ErrorKind::DiskFull);
    QCOMPARE(database->allReviews()->size(), 1);
    QCOMPARE(database->review(keyOf(1))->notes->state, EditState::Sending);
    QVERIFY(QFile::remove(file(u"ballast"_s)));
    QElapsedTimer freed;
    freed.start();
    QVERIFY(database->settle(due->front().id, u"test"_s, sent, kNow));
    QVERIFY(database->commitEdits(portion, kNow));
    qInfo("both done %lld ms after space came free", freed.elapsed());
    QCOMPARE(database->review(keyOf(1))->notes->state, EditState::Sent);
    QCOMPARE(database->allReviews()->size(), 201);
    QCOMPARE(*database->check(), QStringList());
}

QTEST_GUILESS_MAIN(TestSafekeeping)
#include "tst_safekeeping.moc"
