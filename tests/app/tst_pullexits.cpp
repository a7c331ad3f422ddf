// What `earmark pull` answers when not everything came: rows that cannot be read, campaigns that do not exist.
#include "tests/app/program.h"
#include "tests/support/yotelserver.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestPullExits : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        m_server = std::make_unique<YotelServer>();
        m_server->addCampaign(u"north"_s, u"North"_s);
        m_server->addCalls(u"north"_s, 30);
        m_program = std::make_unique<Program>();
        m_program->setEnvironment(u"EARMARK_KEY_MAIN"_s, QString::fromLatin1(m_server->key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                            m_server->account().baseUrl.toString()})
                     .exitCode,
                 0);
    }
    void rowsThatCannotBeRead_data() {
        QTest::addColumn<QByteArray>("row");
        QTest::newRow("null") << QByteArray("null");
        QTest::newRow("without an id") << QByteArray("{\"status\": \"completed\"}");
        QTest::newRow("a number") << QByteArray("7");
    }
    void rowsThatCannotBeRead() {
        QFETCH(QByteArray, row);
        const YotelServer& server = *m_server;
        m_server->on(m_server->pagePath(u"north"_s), [this, row](const Request& request) {
            Reply reply = m_server->answer(request);
            reply.body.replace("\"items\":[", QByteArray("\"items\":[" + row + ','));
            return reply;
        });
        const Ran ran = m_program->run({u"pull"_s, u"--json"_s});
        QVERIFY(server.count() > 1);
        QCOMPARE(ran.exitCode, 3);
        const QJsonObject account = ran.object().value(u"accounts"_s).toArray().first().toObject();
        QVERIFY(account.value(u"rejected"_s).toInt() > 0);
        QCOMPARE(m_program->run({u"count"_s}).out.trimmed(), QByteArray("30"));  // the others came
        m_server->on(m_server->pagePath(u"north"_s),
                     [this](const Request& request) { return m_server->answer(request); });
        QCOMPARE(m_program->run({u"pull"_s, u"--full"_s}).exitCode, 0);
    }
    void campaignsThatDoNotExist() {
        QCOMPARE(m_program->run({u"pull"_s, u"--campaign"_s, u"nowhere"_s}).exitCode, 1);
        QCOMPARE(m_program->run({u"count"_s}).out.trimmed(), QByteArray("0"));
        const Ran both = m_program->run({u"pull"_s, u"--campaign"_s, u"nowhere"_s, u"--campaign"_s, u"north"_s});
        QCOMPARE(both.exitCode, 3);
        QVERIFY2(both.err.contains("nowhere"), both.err.constData());
        QCOMPARE(m_program->run({u"count"_s}).out.trimmed(), QByteArray("30"));
        QCOMPARE(m_program->run({u"pull"_s, u"--campaign"_s, u"north"_s}).exitCode, 0);
    }

 private:
    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<Program> m_program;
};

QTEST_GUILESS_MAIN(TestPullExits)
#include "tst_pullexits.moc"
