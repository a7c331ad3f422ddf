// What `earmark pull` answers when not everything came: rows that cannot be read, campaigns that do not exist.
#include "tests/app/program.h"
#include "tests/support/vatelserver.h"
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
    void aMissingCallIsToldOnce() {
        const Ran ran = m_program->run({u"pull"_s, u"main"_s, u"--call"_s, u"nowhere"_s});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.err.count("nowhere"), 1);
    }
    void aForgottenValueIsWrongUsage() {
        m_server->forgetRequests();
        const Ran ran = m_program->run({u"pull"_s, u"main"_s, u"--call"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 2);
        QVERIFY2(ran.err.contains("--call") && ran.err.contains("--json"), ran.err.constData());
        QCOMPARE(m_server->count(), 0);
        QCOMPARE(m_program->run({u"count"_s, u"--filter"_s, u"--json"_s}).exitCode, 2);
    }
    /// What the pull brings meets the edits before the command ends; what does not fit is a conflict, and show tells
    /// it.
    void bothSidesArePutTogether() {
        const QString first = u"north-00001"_s;
        const QString second = u"north-00002"_s;
        const auto says = [&](const QString& id, const QString& notes) {
            m_server->changeCall(id, {{u"notes"_s, notes}});
        };
        says(first, u"one\ntwo"_s);
        says(second, u"theirs"_s);
        QCOMPARE(m_program->run({u"pull"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"edit"_s, u"main/"_s + first, u"--notes"_s, u"one\ntwo\nmine"_s}).exitCode, 0);
        QCOMPARE(m_program->run({u"edit"_s, u"main/"_s + second, u"--notes"_s, u"mine"_s}).exitCode, 0);
        says(first, u"ONE\ntwo"_s);
        says(second, u"theirs, changed"_s);
        QCOMPARE(m_program->run({u"pull"_s, u"--full"_s}).exitCode, 0);

        const auto shown = [&](const QString& id) {
            return m_program->run({u"show"_s, u"main/"_s + id, u"--format"_s, u"json"_s}).object();
        };
        QCOMPARE(shown(first).value(u"notes"_s).toString(), u"ONE\ntwo\nmine"_s);
        QCOMPARE(shown(second).value(u"notes"_s).toString(), u"mine"_s);
        QCOMPARE(m_program->run({u"count"_s, u"--filter"_s, u"is:conflict"_s}).out.trimmed(), QByteArray("1"));
        const QString text = m_program->run({u"show"_s, u"main/"_s + second}).text();
        const qsizetype conflict = text.indexOf(u"In conflict"_s);
        QVERIFY2(conflict > 0, qPrintable(text));
        for (const QString& part : {u"theirs"_s, u"mine"_s, u"theirs, changed"_s, u"the provider"_s}) {
            QVERIFY2(text.indexOf(part, conflict) > 0, qPrintable(text));
        }
        QVERIFY(!m_program->run({u"show"_s, u"main/"_s + first}).text().contains(u"In conflict"_s));
    }
    // Vatel does not tell when it dialled.
    void theTableHasTheNextBest() {
        VatelServer vatel;
        vatel.addCalls(1);
        m_program->setEnvironment(u"EARMARK_KEY_VATEL"_s, QString::fromLatin1(vatel.key()));
        QCOMPARE(m_program
                     ->run({u"account"_s, u"add"_s, u"vatel"_s, u"--provider"_s, u"vatel"_s, u"--base-url"_s,
                            vatel.account().baseUrl.toString()})
                     .exitCode,
                 0);
        QCOMPARE(m_program->run({u"pull"_s, u"vatel"_s}).exitCode, 0);
        const QString created = m_program->run({u"list"_s, u"--columns"_s, u"created_time"_s}).text().split(u'\n')[1];
        const QStringList table = m_program->run({u"list"_s}).text().split(u'\n');
        QVERIFY2(table[0].contains(u"Start"_s) && !table[0].contains(u"Dialled"_s), qPrintable(table[0]));
        QVERIFY2(!created.trimmed().isEmpty() && table[1].contains(created.trimmed()), qPrintable(table[1]));
    }

 private:
    std::unique_ptr<YotelServer> m_server;
    std::unique_ptr<Program> m_program;
};

QTEST_GUILESS_MAIN(TestPullExits)
#include "tst_pullexits.moc"
