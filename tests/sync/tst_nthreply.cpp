// The n-th reply fails, for every n and every way of failing: the pull says so, keeps what came, and the next one
// repairs everything: exactly the server's rows, none twice, none that the server never had, and the edit untouched.
#include <QTest>
#include <set>

#include "tests/support/faultmodes.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// Ends what hangs soon, so that hanging can be tried at every place.
class ImpatientClient final : public HttpClient {
 public:
    using HttpClient::HttpClient;
    std::unique_ptr<HttpTicket> send(HttpRequest request, std::function<void(Result<HttpAnswer>)> done) override {
        request.inactivityDeadline = 80ms;
        request.totalDeadline = 400ms;
        return HttpClient::send(std::move(request), std::move(done));
    }
};

constexpr int kPageSize = 4;

FaultModes modes() {
    return {
        {"500", Reply::code(500)},
        {"429", Reply::tooMany("0"_ba)},
        {"429 junk", Reply::tooMany("soon"_ba)},
        {"401", Reply::json("{\"detail\": \"Invalid API key\"}"_ba, 401)},
        {"404", Reply::json("{\"detail\": \"not found\"}"_ba, 404)},
        {"422", Reply::code(422)},
        {"closed", Reply::broken(Fault::CloseBeforeAnswer)},
        {"reset", Reply::broken(Fault::ResetBeforeAnswer)},
        {"cut chunks", Reply::broken(Fault::CutChunked)},
        {"cut without a length", Reply::broken(Fault::CloseDelimitedCut, "{\"items\": [{\"id\": \"ghost\"}]}"_ba)},
        {"short length", Reply::broken(Fault::ShortContentLength, "{\"items\": [{\"id\": \"ghost\"}]}"_ba)},
        {"hangs", Reply::broken(Fault::Hang)},
        {"html", Reply::html("<html>sign in</html>"_ba)},
        {"empty", Reply::json(QByteArray())},
        {"garbage", Reply::json("{\"items\": [{\"id\": "_ba)},
        {"redirect", Reply::redirect("http://127.0.0.1:9/elsewhere"_ba)},
    };
}

}  // namespace

class TestNthReply final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyReplyEveryFault_data();
    void everyReplyEveryFault();

 private:
    static void fill(YotelServer& server);
    [[nodiscard]] static PullReport pull(SyncRig& rig, const YotelServer& server, HttpClient& http);
    [[nodiscard]] static QString differences(SyncRig& rig, const std::set<QString>& wanted);
};

void TestNthReply::fill(YotelServer& server) {
    for (const auto& [id, count] : {std::pair(u"a"_s, 9), std::pair(u"b"_s, 5), std::pair(u"c"_s, 2)}) {
        server.addCampaign(id, id.toUpper());
        server.addCalls(id, count);
    }
    // Two of them may still change, so the pull reads them singly first.
    server.changeCall(u"a-00001"_s, {{u"status"_s, u"ringing"_s}, {u"end_time"_s, QJsonValue()}});
    server.changeCall(u"b-00002"_s, {{u"status"_s, u"answered"_s}, {u"end_time"_s, QJsonValue()}});
}

PullReport TestNthReply::pull(SyncRig& rig, const YotelServer& server, HttpClient& http) {
    Account account = server.account();
    account.pageSize = kPageSize;
    Puller puller(rig.store.get(), &http, &rig.keys, rig.clock);
    puller.setPatience(quickPatience());
    return SyncRig::finished(puller, {account});
}

QString TestNthReply::differences(SyncRig& rig, const std::set<QString>& wanted) {
    QStringList wrong;
    const auto rows = rig.rows();
    for (const QString& id : wanted) {
        if (!rows.contains(id)) {
            wrong.append(u"missing "_s + id);
        }
    }
    for (const auto& [id, row] : rows) {
        if (!wanted.contains(id)) {
            wrong.append(u"phantom "_s + id);
        } else if (row.call.unlistedSince || row.call.notFoundSince) {
            wrong.append(u"marked "_s + id);
        }
    }
    return wrong.join(u", "_s);
}

void TestNthReply::everyReplyEveryFault_data() {
    QTest::addColumn<int>("mode");
    const FaultModes all = modes();
    for (int i = 0; i < int(all.size()); ++i) {
        QTest::newRow(all[size_t(i)].name) << i;
    }
}

void TestNthReply::everyReplyEveryFault() {
    QFETCH(int, mode);
    const Reply fault = modes()[size_t(mode)].reply;
    YotelServer server;
    fill(server);
    std::set<QString> wanted;
    SyncRig rig(server);
    QVERIFY(pull(rig, server, rig.http).allOk());
    for (const auto& [id, row] : rig.rows()) {
        wanted.insert(id);
    }
    QCOMPARE(wanted.size(), size_t(16));
    EditToCommit edit;
    edit.key = {u"main"_s, u"a-00003"_s};
    edit.field = ReviewField::Notes;
    edit.value = u"mine"_s;
    QVERIFY(awaited<Review>([&](auto done) { rig.store->commitEdit(edit, &rig.context, done); }).has_value());

    int added = 0;
    int failed = 0;
    bool reached = true;
    for (int n = 1; reached; ++n) {
        QVERIFY2(n < 60, "the sweep does not end");
        // Something new each time, so that a walk that is cut short would be seen.
        const QString news = u"a-new-%1"_s.arg(++added);
        server.addCallAtTop(yotelCall(news, u"a"_s));
        server.addCall(yotelCall(news + u"-last"_s, u"a"_s));
        wanted.insert({news, news + u"-last"_s});
        const auto seen = std::make_shared<std::atomic<int>>(0);
        server.onAnythingElse([&server, seen, n, fault](const Request& request) {
            return ++*seen == n ? fault : server.answer(request);
        });
        ImpatientClient impatient(rig.clock);
        const PullReport report = pull(rig, server, impatient);
        reached = *seen >= n;
        failed += report.allOk() ? 0 : 1;
        const auto rows = rig.rows();
        for (const auto& [id, row] : rows) {
            QVERIFY2(wanted.contains(id), qPrintable(u"reply %1 made up %2"_s.arg(n).arg(id)));
        }
        if (report.allOk() && fault.status != 404) {  // a campaign that is gone is no failure
            const QString missing = differences(rig, wanted);
            QVERIFY2(missing.isEmpty(),
                     qPrintable(u"reply %1 failed, and the pull did not say so: %2"_s.arg(n).arg(missing)));
        }
        server.onAnythingElse([&server](const Request& request) { return server.answer(request); });
        QVERIFY2(pull(rig, server, rig.http).allOk(), qPrintable(u"after reply %1"_s.arg(n)));
        const QString wrong = differences(rig, wanted);
        QVERIFY2(wrong.isEmpty(), qPrintable(u"after reply %1: %2"_s.arg(n).arg(wrong)));
        QCOMPARE(rig.store->review(edit.key).notes->value, edit.value);
        QCOMPARE(rig.rows().at(u"a-00003"_s).call.review.notes->value, edit.value);
    }
    QVERIFY(added > 8);
    qInfo("%d places, %d pulls said that something failed", added - 1, failed);
}

QTEST_GUILESS_MAIN(TestNthReply)
#include "tst_nthreply.moc"
