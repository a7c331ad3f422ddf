// The shared collection of calls, served as Yotel would and pulled by the real program: every count and sum must be as
// the collection's own table of truth says.
#include "tests/app/program.h"
#include "tests/support/loopbackserver.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QJsonDocument readJson(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()) : QJsonDocument();
}

/// The pages of the collection, cut anew to the page size that is asked for.
class YotelPages {
 public:
    explicit YotelPages(const QString& folder) {
        QDir campaigns(folder + u"/campaigns"_s);
        for (const QString& id : campaigns.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QDir pages(campaigns.filePath(id));
            for (int page = 1; pages.exists(u"calls_page_%1.json"_s.arg(page)); ++page) {
                const QJsonArray items =
                    readJson(pages.filePath(u"calls_page_%1.json"_s.arg(page))).object().value(u"items"_s).toArray();
                for (const auto& item : items) {
                    m_campaigns[id].append(item);
                    m_calls.insert(item.toObject().value(u"id"_s).toString(), item.toObject());
                }
            }
        }
        QDir single(folder + u"/calls"_s);
        for (const QString& file : single.entryList({u"*.json"_s}, QDir::Files)) {
            m_unlisted.append(file.chopped(5));
            m_calls.insert(m_unlisted.last(), readJson(single.filePath(file)).object());
        }
    }
    [[nodiscard]] Reply answer(const Request& request) const {
        const QString path = QString::fromLatin1(request.path);
        if (!request.header("authorization").startsWith("Bearer yt_test_")) {
            return Reply::json("{\"detail\": \"Invalid API key\"}", 401);
        }
        if (path == u"/api/v1/campaigns"_s) {
            QJsonArray list;
            for (auto it = m_campaigns.begin(); it != m_campaigns.end(); ++it) {
                list.append(
                    QJsonObject{{u"id"_s, it.key()}, {u"name"_s, it.key().left(8)}, {u"status"_s, u"running"_s}});
            }
            return Reply::json(QJsonDocument(list).toJson());
        }
        const QString id = path.section(u'/', 4, 4);
        if (path.startsWith(u"/api/v1/calls/"_s) && m_calls.contains(id)) {
            return Reply::json(QJsonDocument(m_calls.value(id)).toJson());
        }
        if (!path.startsWith(u"/api/v1/campaigns/"_s) || !m_campaigns.contains(id)) {
            return Reply::json("{\"detail\": \"Not found\"}", 404);
        }
        const QJsonArray& all = *m_campaigns.find(id);
        const int page = std::max(1, request.queryItem("page").toInt());
        const int size =
            std::min(7, std::max(1, request.queryItem("page_size").toInt()));  // a server that gives fewer than asked
        QJsonArray items;
        for (int i = (page - 1) * size; i < std::min<int>(page * size, int(all.size())); ++i) {
            items.append(all.at(i));
        }
        return Reply::json(
            QJsonDocument(
                QJsonObject{{u"items"_s, items}, {u"total"_s, all.size()}, {u"page"_s, page}, {u"page_size"_s, size}})
                .toJson());
    }
    [[nodiscard]] const QStringList& unlistedIds() const { return m_unlisted; }

 private:
    QMap<QString, QJsonArray> m_campaigns;
    QMap<QString, QJsonObject> m_calls;
    QStringList m_unlisted;
};

}  // namespace

class TestSharedCalls : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        const QString shared = QStringLiteral(EARMARK_SHARED_DIR) + u"/data"_s;
        if (!QFile::exists(shared + u"/truth.json"_s)) {
            QSKIP("the shared collection of calls is not on this computer");
        }
        const QJsonObject all = readJson(shared + u"/truth.json"_s).object();
        m_truth = all.value(u"providers"_s).toObject().value(u"yotel"_s).toObject();
        QVERIFY(!m_truth.isEmpty());
        m_unknown = all.value(u"unknown_values"_s).toArray();
        const auto pages = std::make_shared<YotelPages>(shared + u"/pages/yotel"_s);
        m_server.onAnythingElse([pages](const Request& request) { return pages->answer(request); });
        m_program.setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_test_x"_s);
        QCOMPARE(m_program
                     .run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                           m_server.url(u"/api/v1"_s).toString()})
                     .exitCode,
                 0);
        QCOMPARE(m_program.run({u"pull"_s}).exitCode, 0);
        // Calls without a campaign stand on no list; they are reached by their id.
        QStringList byId{u"pull"_s, u"main"_s};
        for (const QString& id : pages->unlistedIds()) {
            byId << u"--call"_s << id;
        }
        QCOMPARE(m_program.run(byId).exitCode, 0);
        m_calls = m_program.run({u"list"_s, u"--format"_s, u"json"_s}).array();
    }

    void everyCallIsThere() {
        QCOMPARE(m_calls.size(), m_truth.value(u"unique_ids"_s).toInt());
        QSet<QString> ids;
        for (const auto& call : std::as_const(m_calls)) {
            ids.insert(call.toObject().value(u"id"_s).toString());
        }
        for (const auto& id : m_truth.value(u"order"_s).toArray()) {
            QVERIFY2(ids.contains(id.toString()), qPrintable(id.toString()));
        }
        QCOMPARE(m_program.run({u"count"_s, u"--json"_s}).object().value(u"count"_s).toInteger(), m_calls.size());
    }

    void nullsAreNull_data() {
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("ours");
        for (const auto& [theirs, ours] :
             {std::pair{"campaign_id", "campaign_id"}, std::pair{"lead_id", "lead_id"},
              std::pair{"agent_id", "agent_id"}, std::pair{"ring_time", "ring_time"},
              std::pair{"answer_time", "answer_time"}, std::pair{"agent_connect_time", "agent_connect_time"},
              std::pair{"end_time", "end_time"}, std::pair{"ring_duration_s", "ring_seconds"},
              std::pair{"talk_duration_s", "talk_seconds"}, std::pair{"total_duration_s", "total_seconds"},
              std::pair{"hangup_cause", "hangup_cause"}, std::pair{"disposition", "disposition"},
              std::pair{"notes", "notes"}, std::pair{"ai_summary", "summary"}, std::pair{"ai_sentiment", "sentiment"},
              std::pair{"ai_next_action", "next_action"}}) {
            QTest::newRow(theirs) << QString::fromLatin1(theirs) << QString::fromLatin1(ours);
        }
    }
    void nullsAreNull() {
        QFETCH(QString, theirs);
        QFETCH(QString, ours);
        int nulls = 0;
        for (const auto& call : std::as_const(m_calls)) {
            QVERIFY(call.toObject().contains(ours));
            nulls += call.toObject().value(ours).isNull() ? 1 : 0;
        }
        QCOMPARE(nulls, m_truth.value(u"nulls"_s).toObject().value(theirs).toInt());
    }

    void sumsAddUp_data() {
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("ours");
        QTest::newRow("total") << u"sum_total_duration_s"_s << u"total_seconds"_s;
        QTest::newRow("talk") << u"sum_talk_duration_s"_s << u"talk_seconds"_s;
        QTest::newRow("ring") << u"sum_ring_duration_s"_s << u"ring_seconds"_s;
    }
    void sumsAddUp() {
        QFETCH(QString, theirs);
        QFETCH(QString, ours);
        double sum = 0;
        for (const auto& call : std::as_const(m_calls)) {
            sum += call.toObject().value(ours).toDouble(0);
        }
        QCOMPARE(sum, m_truth.value(theirs).toDouble(-1));
    }

    void countsByWord_data() {
        QTest::addColumn<QString>("theirs");
        QTest::addColumn<QString>("field");
        QTest::newRow("status") << u"status"_s << u"status_raw"_s;
        QTest::newRow("direction") << u"direction"_s << u"type_raw"_s;
        QTest::newRow("disposition") << u"disposition"_s << u"disposition"_s;
        QTest::newRow("sentiment") << u"ai_sentiment"_s << u"sentiment"_s;
        QTest::newRow("hangup cause") << u"hangup_cause"_s << u"hangup_cause"_s;
        QTest::newRow("campaign") << u"per_campaign"_s << u"campaign_id"_s;
    }
    void countsByWord() {
        QFETCH(QString, theirs);
        QFETCH(QString, field);
        const QJsonObject counted =
            m_program.run({u"count"_s, u"--by"_s, field, u"--json"_s}).object().value(u"by"_s).toObject();
        const QJsonObject expected = m_truth.value(theirs).toObject();
        QCOMPARE(counted.size(), expected.size());
        for (auto it = expected.begin(); it != expected.end(); ++it) {
            const QString key = it.key() == u"null"_s ? u"none"_s : it.key();
            QVERIFY2(counted.value(key).toInt() == it.value().toInt(), qPrintable(key));
        }
    }

    void unknownWordsAreKept() {
        int checked = 0;
        for (const auto& value : std::as_const(m_unknown)) {
            const QJsonObject odd = value.toObject();
            if (odd.value(u"provider"_s).toString() != u"yotel"_s) {
                continue;
            }
            const QJsonObject shown =
                m_program.run({u"show"_s, u"main/"_s + odd.value(u"id"_s).toString(), u"--format"_s, u"json"_s})
                    .object();
            const QJsonObject fields = odd.value(u"fields"_s).toObject();
            for (auto it = fields.begin(); it != fields.end(); ++it) {
                QCOMPARE(shown.value(u"raw"_s).toObject().value(it.key()), it.value());
                ++checked;
            }
            if (fields.contains(u"status"_s)) {
                QCOMPARE(shown.value(u"status"_s).toString(), u"unknown"_s);
                QCOMPARE(shown.value(u"status_raw"_s), fields.value(u"status"_s));
            }
        }
        QVERIFY(checked >= 4);
    }

    void textsAreFound() {
        const QJsonObject searches = m_truth.value(u"search"_s).toObject();
        for (auto it = searches.begin(); it != searches.end(); ++it) {
            const QString filter = u"summary:\"%1\" OR notes:\"%1\""_s.arg(it.key());
            QStringList found;
            for (const auto& call :
                 m_program.run({u"list"_s, u"--filter"_s, filter, u"--format"_s, u"json"_s}).array()) {
                found << call.toObject().value(u"id"_s).toString();
            }
            QStringList expected;
            for (const auto& id : it.value().toArray()) {
                expected << id.toString();
            }
            found.sort();
            expected.sort();
            QCOMPARE(found, expected);
        }
    }

    void recordingsAreCounted() {
        QCOMPARE(m_program.run({u"count"_s, u"--filter"_s, u"has:recording"_s, u"--json"_s})
                     .object()
                     .value(u"count"_s)
                     .toInt(),
                 m_truth.value(u"has_recording"_s).toInt());
    }

    void anotherPullChangesNothing() {
        const QJsonObject row = m_program.run({u"pull"_s, u"--full"_s, u"--json"_s})
                                    .object()
                                    .value(u"accounts"_s)
                                    .toArray()
                                    .at(0)
                                    .toObject();
        QCOMPARE(row.value(u"new"_s).toInt(-1), 0);
        QCOMPARE(row.value(u"changed"_s).toInt(-1), 0);
        QCOMPARE(m_program.run({u"list"_s, u"--format"_s, u"json"_s}).array(), m_calls);
    }

 private:
    Program m_program;
    LoopbackServer m_server;
    QJsonObject m_truth;
    QJsonArray m_unknown;
    QJsonArray m_calls;
};

QTEST_GUILESS_MAIN(TestSharedCalls)
#include "tst_sharedcalls.moc"
