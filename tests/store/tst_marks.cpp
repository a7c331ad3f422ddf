// Marks in recordings: as durable as edits, touched calls with copies, gone with their account, refused read-only and
// on a full disk, unharmed by every failing step.
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
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

CallMark markOf(int call, std::chrono::milliseconds at, const QString& text, const QString& account = u"main"_s) {
    return {u"mark-%1-%2-%3"_s.arg(account).arg(call).arg(at.count()),
            wholeCall(call, account).key,
            at,
            text,
            u"praise"_s,
            kNow};
}

std::unique_ptr<ReviewsDatabase> opened(const QString& file,
                                        ReviewsDatabase::Access access = ReviewsDatabase::Access::ReadWrite,
                                        SqlFaultSeam seam = {}) {
    auto database = ReviewsDatabase::open(file, access, std::move(seam));
    return database ? std::move(*database) : nullptr;
}

Account accountOf(const QString& name) {
    Account account;
    account.name = name;
    account.baseUrl = QUrl(u"https://api.yotel.test/api/v1"_s);
    return account;
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

Done save(Store& store, const CallMark& mark) {
    Answer<void> answer;
    store.saveMark(mark, &answer.context, answer.taker());
    return answer.wait();
}

Done remove(Store& store, const CallMark& mark) {
    Answer<void> answer;
    store.removeMark(mark, &answer.context, answer.taker());
    return answer.wait();
}

CallMarks load(Store& store, const CallKey& key) {
    Answer<CallMarks> answer;
    store.loadMarks(key, &answer.context, answer.taker());
    return answer.wait().value_or(CallMarks());
}

}  // namespace

class TestMarks : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void areKeptInTheOrderOfTheRecording() {
        const CallMark first = markOf(1, 12'300ms, u"greets by name"_s);
        const CallMark second = markOf(1, 48'001ms, u"\u202e <b>price</b>\n\"quoted\""_s + QChar(0));
        const CallMark other = markOf(2, 0ms, u""_s);
        {
            const auto database = opened(file());
            QVERIFY(database->saveMark(second) && database->saveMark(first) && database->saveMark(other));
            QCOMPARE(*database->marks(first.call), (CallMarks{first, second}));
        }
        const auto database = opened(file());
        QCOMPARE(*database->marks(first.call), (CallMarks{first, second}));
        QCOMPARE(*database->marks(other.call), CallMarks{other});
        QCOMPARE(database->marks({u"main"_s, {}})->size(), size_t(3));
        QCOMPARE(database->marks({})->size(), size_t(3));
        QVERIFY(database->marks({u"main"_s, u"nobody"_s})->empty());
        QCOMPARE(*database->check(), QStringList());
    }

    void otherWordsReplaceAndRemovalIsFinal() {
        const auto database = opened(file());
        CallMark mark = markOf(1, 12'300ms, u""_s);
        QVERIFY(database->saveMark(mark));
        mark.text = u"promises a refund"_s;
        mark.kind = u"compliance"_s;
        mark.at = 11s;
        QVERIFY(database->saveMark(mark));
        QCOMPARE(*database->marks(mark.call), CallMarks{mark});
        QCOMPARE(*database->check(), QStringList());
        QVERIFY(database->removeMark(mark));
        QVERIFY(database->removeMark(mark));  // removed already
        QVERIFY(database->marks(mark.call)->empty());
    }

    void refusesNonsense() {
        const auto database = opened(file());
        CallMark mark = markOf(1, 1s, u"x"_s);
        mark.id.clear();
        QCOMPARE(database->saveMark(mark).error().kind, ErrorKind::InvalidInput);
        mark = markOf(1, -1ms, u"x"_s);
        QCOMPARE(database->saveMark(mark).error().kind, ErrorKind::InvalidInput);
        mark = markOf(1, 1s, u"x"_s);
        mark.call.remoteId.clear();
        QCOMPARE(database->saveMark(mark).error().kind, ErrorKind::InvalidInput);
        QVERIFY(database->marks({})->empty());
    }

    void aReaderWritesNothing() {
        const CallMark mark = markOf(1, 1s, u"x"_s);
        const auto writer = opened(file());
        QVERIFY(writer->saveMark(mark));
        const auto reader = opened(file(), ReviewsDatabase::Access::ReadOnly);
        QCOMPARE(reader->saveMark(markOf(1, 2s, u"y"_s)).error().kind, ErrorKind::ReadOnly);
        QCOMPARE(reader->removeMark(mark).error().kind, ErrorKind::ReadOnly);
        QCOMPARE(*reader->marks(mark.call), CallMarks{mark});
        Store store(Store::Options{m_folder->path(), nullptr, {}, true});
        Answer<void> open;
        store.open(&open.context, open.taker());
        QVERIFY(open.wait());
        QCOMPARE(save(store, markOf(1, 2s, u"y"_s)).error().kind, ErrorKind::ReadOnly);
        QCOMPARE(load(store, mark.call), CallMarks{mark});
    }

    void everyFailingStepLeavesWhatWasThere() {
        int fuse = -1;
        const auto database = opened(file(), ReviewsDatabase::Access::ReadWrite, [&](const char*) {
            return fuse >= 0 && fuse-- == 0 ? 778 /* SQLITE_IOERR_WRITE */ : 0;
        });
        CallMark mark = markOf(1, 1s, u"before"_s);
        QVERIFY(database->saveMark(mark));
        int failures = 0;
        for (int n = 0;; ++n) {
            QVERIFY(n < 100);
            CallMark changed = mark;
            changed.text = u"round %1"_s.arg(n);
            fuse = n;
            const bool saved = database->saveMark(changed).has_value();
            fuse = -1;
            failures += saved ? 0 : 1;
            QCOMPARE(*database->marks(mark.call), CallMarks{saved ? changed : mark});
            QCOMPARE(*database->check(), QStringList());
            if (saved) {
                mark = changed;
                break;
            }
        }
        for (int n = 0;; ++n) {
            QVERIFY(n < 100);
            fuse = n;
            const bool removed = database->removeMark(mark).has_value();
            fuse = -1;
            failures += removed ? 0 : 1;
            QCOMPARE(database->marks(mark.call)->empty(), removed);
            if (removed) {
                break;
            }
        }
        QVERIFY2(failures >= 2, qPrintable(QString::number(failures)));
    }

    void aFullDiskSavesNothingAndSaysSo() {
        const SmallDisk disk(m_folder->path(), "size=2m,mode=700");
        if (!disk.mounted()) {
            QSKIP("mounting a small tmpfs is not permitted here");
        }
        const auto database = opened(file());
        const CallMark mark = markOf(1, 1s, u"before"_s);
        QVERIFY(database->saveMark(mark) && database->checkpoint());
        {
            QFile ballast(m_folder->filePath(u"ballast"_s));
            QVERIFY(ballast.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
            const QByteArray bytes(4'096, 'f');
            while (ballast.write(bytes) == bytes.size()) {
            }
        }
        const CallMark big = markOf(1, 2s, QString(20'000, u'w'));
        const auto refused = database->saveMark(big);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::DiskFull);
        QCOMPARE(*database->marks(mark.call), CallMarks{mark});
        QVERIFY(QFile::remove(m_folder->filePath(u"ballast"_s)));
        QVERIFY(database->saveMark(big));
        QCOMPARE(*database->marks(mark.call), (CallMarks{mark, big}));
    }

    void aMarkedCallIsATouchedOne() {
        const CallMark mark = markOf(1, 5s, u"here"_s);
        {
            const auto store = openStore();
            Answer<void> account;
            store->saveAccount(accountOf(u"main"_s), &account.context, account.taker());
            QVERIFY(account.wait());
            Answer<PageOutcome> page;
            store->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, std::nullopt}, &page.context, page.taker());
            QVERIFY(page.wait());
            const QSignalSpy changed(store.get(), &Store::marksChanged);
            QCOMPARE(store->countReviewedCalls(u"main"_s), 0);
            QVERIFY(save(*store, mark));
            QCOMPARE(changed.size(), 1);
            QCOMPARE(store->touchedCalls(), std::vector<CallKey>{mark.call});
            QCOMPARE(store->countReviewedCalls(u"main"_s), 1);
            QTRY_COMPARE(copiesKept(), 1);
            // Edited too it is one call all the same.
            Answer<Review> edited;
            store->commitEdit({mark.call, ReviewField::Notes, std::nullopt, u"n"_s, u"desk"_s}, &edited.context,
                              edited.taker());
            QVERIFY(edited.wait());
            QCOMPARE(store->countReviewedCalls(u"main"_s), 1);
            QCOMPARE(store->touchedCalls().size(), size_t(1));
            const CallMark second = markOf(2, 5s, u"there"_s);
            QVERIFY(save(*store, second) && save(*store, markOf(2, 6s, u"and there"_s)));
            QVERIFY(remove(*store, second));
            QCOMPARE(store->countReviewedCalls(u"main"_s), 2);
            QVERIFY(remove(*store, markOf(2, 6s, u""_s)));
            QCOMPARE(store->countReviewedCalls(u"main"_s), 1);
            QCOMPARE(changed.size(), 5);
        }
        for (const QString& name : {u"calls.db"_s, u"calls.db-wal"_s, u"calls.db-shm"_s}) {
            QFile::remove(m_folder->filePath(name));
        }
        const auto store = openStore();
        QCOMPARE(store->countReviewedCalls(u"main"_s), 1);
        Answer<qint64> count;
        store->countCalls(u"main"_s, &count.context, count.taker());
        QVERIFY(count.wait().value() >= 1);  // brought back from its copy
        QCOMPARE(load(*store, mark.call), CallMarks{mark});
    }

    /// Killed between mark and copy: the sweep of the next start finds it, among edited ones in any order.
    void theSweepFindsMarkedCalls() {
        {
            const auto database = opened(file());
            QVERIFY(database->saveAccount(accountOf(u"main"_s)));
            for (int i = 1; i <= 9; ++i) {
                const CallKey key = wholeCall(i).key;
                QVERIFY(i % 3 == 0 || database->saveMark(markOf(i, 1s, u"m"_s)));
                QVERIFY(i % 3 == 1 ||
                        database->commitEdit({key, ReviewField::Notes, std::nullopt, u"n"_s, u"desk"_s}, kNow));
            }
            std::vector<CallKey> found;
            CallKey after;
            for (int portions = 0; portions < 20; ++portions) {
                const auto portion = database->callsWithoutCopy(after, 2);
                QVERIFY(portion);
                found.insert(found.end(), portion->keys.begin(), portion->keys.end());
                after = portion->last;
                if (portion->atEnd) {
                    break;
                }
            }
            QCOMPARE(found.size(), size_t(9));
            for (int i = 1; i <= 9; ++i) {
                QCOMPARE(found[size_t(i - 1)], wholeCall(i).key);
            }
            const auto calls = CallsDatabase::open(m_folder->filePath(u"calls.db"_s), CallsDatabase::Access::ReadWrite);
            QVERIFY((*calls)->storePage({u"main"_s, {wholeCall(1), wholeCall(3)}, std::nullopt}, kNow));
        }
        const auto store = openStore();
        QTRY_COMPARE_WITH_TIMEOUT(copiesKept(), 2, 10'000);
    }

    void marksGoWithTheirAccountAndStayWithout_data() {
        QTest::addColumn<bool>("go");
        QTest::newRow("what was done goes too") << true;
        QTest::newRow("what was done stays") << false;
    }
    void marksGoWithTheirAccountAndStayWithout() {
        QFETCH(bool, go);
        const QByteArray canary("CANARY of a mark");
        {
            const auto store = openStore();
            for (const QString& name : {u"main"_s, u"other"_s}) {
                Answer<void> account;
                store->saveAccount(accountOf(name), &account.context, account.taker());
                QVERIFY(account.wait());
                QVERIFY(
                    save(*store, markOf(1, 5s, name == "main"_L1 ? QString::fromLatin1(canary) : u"stays"_s, name)));
            }
            const auto made = makeBackup(file(), kNow);  // marks alone are worth one
            QVERIFY(made && !made->isEmpty());
            QVERIFY(bytesOf(*made).contains(canary));
            Answer<void> removed;
            if (go) {
                store->removeAccountWithReviews(u"main"_s, &removed.context, removed.taker());
            } else {
                store->removeAccount(u"main"_s, &removed.context, removed.taker());
            }
            QVERIFY(removed.wait());
            QCOMPARE(store->countReviewedCalls(u"main"_s), go ? 0 : 1);
            QCOMPARE(load(*store, wholeCall(1).key).empty(), go);
            QCOMPARE(load(*store, wholeCall(1, u"other"_s).key).size(), size_t(1));
            QCOMPARE(bytesOf(*made).contains(canary), !go);
        }
        QCOMPARE(bytesOf(file()).contains(canary), !go);
    }

    void aDamagedMarkIsNotBelieved() {
        {
            const auto database = opened(file());
            QVERIFY(database->saveMark(markOf(1, 5s, u"sound"_s)) &&
                    database->saveMark(markOf(1, 6s, u"refund of 100"_s)) && database->checkpoint());
        }
        QByteArray bytes = bytesOf(file());
        const qsizetype at = bytes.lastIndexOf("refund of 100");
        QVERIFY(at > 0);
        bytes[at + 10] = '9';
        QFile disk(file());
        QVERIFY(disk.open(QIODevice::WriteOnly) && disk.write(bytes) == bytes.size());
        disk.close();
        {
            const auto reader = opened(file(), ReviewsDatabase::Access::ReadOnly);
            QVERIFY2(reader->check()->join(u' ').contains(u"marks"_s), qPrintable(reader->check()->join(u' ')));
            QCOMPARE(reader->marks(wholeCall(1).key)->size(), size_t(1));
        }
        const auto database = opened(file());
        QCOMPARE(database->notices().size(), 1);
        QCOMPARE(*database->marks(wholeCall(1).key), CallMarks{markOf(1, 5s, u"sound"_s)});
        QCOMPARE(*database->check(), QStringList());
    }

 private:
    [[nodiscard]] QString file() const { return m_folder->filePath(u"reviews.db"_s); }
    static QByteArray bytesOf(const QString& name) {
        QFile disk(name);
        return disk.open(QIODevice::ReadOnly) ? disk.readAll() : QByteArray();
    }
    [[nodiscard]] std::unique_ptr<Store> openStore() const {
        auto store = std::make_unique<Store>(Store::Options{m_folder->path(), nullptr, {}});
        Answer<void> opened;
        store->open(&opened.context, opened.taker());
        return opened.wait() ? std::move(store) : nullptr;
    }
    [[nodiscard]] qint64 copiesKept() const {
        auto connection = Connection::open(file(), Connection::Access::ReadOnly);
        return connection ? (*connection)->integer("SELECT count(*) FROM call_copies").value_or(-1) : -1;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestMarks)
#include "tst_marks.moc"
