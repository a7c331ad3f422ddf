// Every way in which a list can misbehave while it is read: a pull ends, in few requests, with every row it was shown,
// and nothing that is known is lost. The modes know no dialect; the next dialect's server brings the same table.
#include <QTest>
#include <set>

#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestPageModes final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyMode_data();
    void everyMode();
    void aListThatMisbehavesLaterLosesNothing_data();
    void aListThatMisbehavesLaterLosesNothing();

 private:
    static constexpr int kRows = 60;
    static constexpr int kPageSize = 20;
    [[nodiscard]] static Account smallPages(const YotelServer& server) {
        Account account = server.account();
        account.pageSize = kPageSize;
        return account;
    }
    [[nodiscard]] static bool stillAt(YotelServer& server, const QString& id) {
        Request request;
        request.path = server.callPath(id);
        request.headers = {{"authorization"_ba, "Bearer "_ba + server.key()}};
        return server.answer(request).status == 200;
    }
    [[nodiscard]] static std::set<QString> ids(SyncRig& rig) {
        std::set<QString> all;
        for (const auto& [id, row] : rig.rows()) {
            all.insert(id);
        }
        return all;
    }
    static void rowsByMode() {
        QTest::addColumn<int>("mode");
        for (int i = 0; i < int(pageModes().size()); ++i) {
            QTest::newRow(pageModes()[size_t(i)].name) << i;
        }
    }
};

void TestPageModes::everyMode_data() {
    rowsByMode();
}

void TestPageModes::everyMode() {
    QFETCH(int, mode);
    const NamedPageMode& named = pageModes()[size_t(mode)];
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, kRows);
    server.setPageMode(named.make());
    SyncRig rig(server);
    const PullReport report = rig.pull({smallPages(server)});
    QVERIFY(report.allOk());
    const int pages = (kRows + 6) / 7;  // the smallest page of all modes
    const int asked = server.count(server.pagePath(u"c"_s));
    QVERIFY2(asked <= 2 * (pages + 2), qPrintable(QString::number(asked)));
    if (named.promise == NamedPageMode::Promise::AllNextTime) {
        QVERIFY(rig.pull({smallPages(server)}).allOk());
    }
    const auto found = ids(rig);
    if (named.promise != NamedPageMode::Promise::AllShown) {
        for (int i = 4; i <= kRows; ++i) {  // modes that remove rows take them from the top or the middle
            const QString id = u"c-%1"_s.arg(i, 5, 10, QLatin1Char('0'));
            const bool gone = !stillAt(server, id);
            QVERIFY2(gone || found.contains(id), qPrintable(id));
        }
    }
    QCOMPARE(found.size(), rig.rows().size());
    for (const auto& [id, row] : rig.rows()) {
        QVERIFY2(!row.call.notFoundSince, qPrintable(id));
    }
}

void TestPageModes::aListThatMisbehavesLaterLosesNothing_data() {
    rowsByMode();
}

/// Everything is known and one call is edited; then the server begins to misbehave. Nothing known goes, and when it is
/// honest again, rows that it still has are not marked as gone.
void TestPageModes::aListThatMisbehavesLaterLosesNothing() {
    QFETCH(int, mode);
    YotelServer server;
    server.addCampaign(u"c"_s, u"C"_s);
    server.addCalls(u"c"_s, kRows);
    SyncRig rig(server);
    QVERIFY(rig.pull({smallPages(server)}).allOk());
    const CallKey edited{u"main"_s, u"c-00001"_s};
    EditToCommit edit;
    edit.key = edited;
    edit.field = ReviewField::Notes;
    edit.value = u"mine"_s;
    QVERIFY(awaited<Review>([&](auto done) { rig.store->commitEdit(edit, &rig.context, done); }).has_value());
    const auto known = ids(rig);
    server.setPageMode(pageModes()[size_t(mode)].make());
    const PullReport report = rig.pull({smallPages(server)});
    QVERIFY(report.allOk());
    for (const QString& id : known) {
        QVERIFY2(ids(rig).contains(id), qPrintable(id));
    }
    QCOMPARE(rig.store->review(edited).notes->value, std::optional(u"mine"_s));
    server.setPageMode({});
    QVERIFY(rig.pull({smallPages(server)}).allOk());
    for (const auto& [id, row] : rig.rows()) {
        if (stillAt(server, id)) {
            QVERIFY2(!row.call.unlistedSince && !row.call.notFoundSince, qPrintable(id));
        }
    }
}

QTEST_GUILESS_MAIN(TestPageModes)
#include "tst_pagemodes.moc"
