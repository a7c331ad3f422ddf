// calls.db, pages as walks bring them: new and known calls on one page, and pages prepared ahead.
#include <QTemporaryDir>
#include <QTest>

#include "models/store/callsdatabase.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using sample::kNow;
using sample::wholeCall;

class TestPagesToStore : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init();
    void newAndKnownCallsTakeTurns();
    void preparedPagesAreStoredAlike();

 private:
    [[nodiscard]] std::unique_ptr<CallsDatabase> opened() const {
        auto database = CallsDatabase::open(m_folder->filePath(u"calls.db"_s), CallsDatabase::Access::ReadWrite);
        return database ? std::move(*database) : nullptr;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestPagesToStore::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void TestPagesToStore::newAndKnownCallsTakeTurns() {
    auto database = opened();
    QVERIFY(database);
    // 1, 2 new | 2 known, 3 new, 1 changed, 4 new, 4 again, 2 known, 5 new: whether a call is new shows only when it is
    // stored, and no row id is lost on one that is not.
    QVERIFY(database->storePage({u"main"_s, {wholeCall(1), wholeCall(2)}, std::nullopt}, kNow));
    Call changed = wholeCall(1);
    changed.disposition = u"REFUSED"_s;
    const std::vector<Call> mixed{wholeCall(2), wholeCall(3), changed,     wholeCall(4),
                                  wholeCall(4), wholeCall(2), wholeCall(5)};
    const auto outcome = database->storePage({u"main"_s, mixed, std::nullopt}, kNow + 1min);
    QVERIFY(outcome);
    QCOMPARE(outcome->added, 3);
    QCOMPARE(outcome->changed, 1);
    QCOMPARE(outcome->unchanged, 3);
    std::vector<IndexRow> rows;
    QVERIFY(database->forEachIndexRow([&rows](IndexRow&& row) {
        rows.push_back(std::move(row));
        return true;
    }));
    QCOMPARE(rows.size(), size_t(5));
    for (int i = 0; i < 5; ++i) {
        const IndexRow& row = rows[size_t(i)];
        QCOMPARE(row.call.callRow, rows.front().call.callRow + i);
        QVERIFY(row.call.call.key == wholeCall(i + 1).key);
    }
    QVERIFY(rows.front().call.call.disposition == u"REFUSED"_s);
}

void TestPagesToStore::preparedPagesAreStoredAlike() {
    auto database = opened();
    QVERIFY(database);
    PageToStore page{u"main"_s, {wholeCall(1), wholeCall(2)}, std::nullopt};
    page.calls[0].raw = R"({"link": "https://recordings.example.test/1.wav?X-Goog-Signature=abc"})";
    const auto plain = database->storePage(page, kNow);
    QVERIFY(plain);
    QCOMPARE(plain->added, 2);
    prepare(page);
    QCOMPARE(page.keptForms.size(), size_t(2));
    const auto prepared = database->storePage(page, kNow + 1min);
    QVERIFY(prepared);
    QCOMPARE(prepared->unchanged, 2);
    // What was prepared is what is kept, without another look at the call.
    page.keptForms[0].raw = "{}";
    page.keptForms[0].contentHash += 1;
    const auto changed = database->storePage(page, kNow + 2min);
    QVERIFY(changed);
    QCOMPARE(changed->changed, 1);
    QCOMPARE((*database->call(page.calls[0].key))->call.raw, QByteArray("{}"));
    // Forms that do not belong to these calls are made anew.
    page.keptForms.pop_back();
    QVERIFY(database->storePage(page, kNow + 3min));
    const QByteArray anew = R"({"link": "https://recordings.example.test/1.wav"})";
    QCOMPARE((*database->call(page.calls[0].key))->call.raw, anew);
}

QTEST_GUILESS_MAIN(TestPagesToStore)
#include "tst_pagestostore.moc"
