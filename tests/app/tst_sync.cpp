// `earmark sync` on the real program: what it sends, says and answers when something is in the way.
#include <csignal>

#include "tests/app/targetprogram.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestSync : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        m_desk = std::make_unique<TargetProgram>();
    }
    void cleanup() {
        // Wherever the secret was used, it is nowhere.
        if (m_desk) {
            QVERIFY(!m_desk->program.printed().contains("SECRETCANARY"));
            QCOMPARE(m_desk->program.filesWith("SECRETCANARY"), QStringList());
        }
        m_desk.reset();
    }

    void withoutATargetItIsAPull() {
        const Ran ran = m_desk->run("sync --json");
        QCOMPARE(ran.exitCode, 0);
        const QJsonObject account = TargetProgram::accountOf(ran);
        QCOMPARE(account.value(u"received"_s).toInt(), 3);
        const QJsonObject push = account.value(u"push"_s).toObject();
        QCOMPARE(push.keys(), QStringList({u"conflicts"_s, u"edits"_s, u"error"_s, u"refused"_s, u"requests"_s,
                                           u"sent"_s, u"target"_s, u"waiting"_s}));
        QCOMPARE(push.value(u"target"_s).toString(), u"none"_s);
        QCOMPARE(push.value(u"sent"_s).toInt(), 0);
        QVERIFY(push.value(u"error"_s).isNull());
        QCOMPARE(
            m_desk->run("pull --json").object().value(u"accounts"_s).toArray().first().toObject().contains(u"push"_s),
            false);
    }

    void sendsThenPulls() {
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        const Ran edited = m_desk->run("edit main/north-00001 --disposition ESCALATE --notes later");
        QCOMPARE(edited.exitCode, 0);
        QVERIFY2(edited.out.contains("waits for a webhook"), edited.out.constData());
        const Ran ran = m_desk->run("sync main --json");
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const QJsonObject push = TargetProgram::pushOf(ran);
        QCOMPARE(push.value(u"sent"_s).toInt(), 2);  // fields
        QCOMPARE(push.value(u"requests"_s).toInt(), 1);
        QVERIFY(push.value(u"edits"_s).toArray().isEmpty());
        QCOMPARE(push.value(u"waiting"_s).toInt(), 0);
        QCOMPARE(TargetProgram::accountOf(ran).value(u"received"_s).toInt(), 3);
        QCOMPARE(m_desk->receiver.appliedCount(), 1);
        QCOMPARE(m_desk->receiver.valueOf(u"north-00001"_s, u"notes"_s).toString(), u"later"_s);
        QCOMPARE(m_desk->receiver.forged(), 0);
        const Ran again = m_desk->run("sync main");
        QCOMPARE(again.exitCode, 0);
        QVERIFY2(again.out.contains("0 sent to a webhook"), again.out.constData());
        QCOMPARE(m_desk->receiver.count(), 1);
    }

    void whatGoesWrong_data() {
        QTest::addColumn<Mishap>("mishap");
        QTest::addColumn<QString>("field");
        QTest::newRow("refused") << Mishap::Unprocessable << u"refused"_s;
        QTest::newRow("conflict") << Mishap::Conflict << u"conflicts"_s;
        QTest::newRow("secret refused") << Mishap::Unauthorized << u"refused"_s;
        QTest::newRow("asked to wait") << Mishap::TooMany << u"waiting"_s;
    }
    void whatGoesWrong() {
        QFETCH(Mishap, mishap);
        QFETCH(QString, field);
        m_desk->receiver.setRetryAfter("1800"_ba);
        m_desk->receiver.misbehave({mishap});
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        const Ran ran = m_desk->run("sync --json");
        QCOMPARE(ran.exitCode, 3);  // the calls came all the same
        QCOMPARE(TargetProgram::pushOf(ran).value(field).toInt(), 1);
        QCOMPARE(TargetProgram::accountOf(ran).value(u"received"_s).toInt(), 3);
        checkEdits(TargetProgram::pushOf(ran).value(u"edits"_s).toArray(), field);
        if (mishap == Mishap::Unauthorized) {
            QVERIFY2(ran.err.contains("the same secret"), ran.err.constData());
            QVERIFY2(ran.out.contains("sent again with a new secret"), ran.out.constData());
            QVERIFY2(!ran.err.contains("key"), ran.err.constData());
            // Somebody asks again: it is sent again.
            const Ran again = m_desk->run("sync --json");
            QCOMPARE(again.exitCode, 0);
            QCOMPARE(TargetProgram::pushOf(again).value(u"sent"_s).toInt(), 1);
        } else if (mishap == Mishap::TooMany) {
            // The wish outlives the process, and is named.
            const Ran again = m_desk->run("sync --json");
            QCOMPARE(again.exitCode, 3);
            QCOMPARE(m_desk->receiver.count(), 1);
            const QJsonObject error = TargetProgram::pushOf(again).value(u"error"_s).toObject();
            QCOMPARE(error.value(u"kind"_s).toString(), u"rate_limited"_s);
            QVERIFY2(error.value(u"message"_s).toString().contains(u"asks to wait until"_s), again.out.constData());
        } else {
            QCOMPARE(m_desk->run("sync --json").exitCode, 0);  // nothing is sent again by itself
            QCOMPARE(m_desk->receiver.count(), 1);
        }
    }

    void everythingDownIsOne() {
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        m_desk->program.removeEnvironment(u"EARMARK_KEY_MAIN"_s);
        m_desk->program.removeEnvironment(u"EARMARK_TARGET_SECRET_MAIN"_s);
        const Ran ran = m_desk->run("sync --json");
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(TargetProgram::pushOf(ran).value(u"error"_s).toObject().value(u"kind"_s).toString(), u"no_key"_s);
        QCOMPARE(TargetProgram::pushOf(ran).value(u"waiting"_s).toInt(), 1);
        QVERIFY2(ran.err.contains("EARMARK_TARGET_SECRET_MAIN"), ran.err.constData());
        QCOMPARE(m_desk->run("sync nobody --json").exitCode, 1);
        QCOMPARE(m_desk->receiver.count(), 0);
    }

    void stoppedByHand() {
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        m_desk->receiver.misbehave({Mishap::AppliedThenHangs});
        const auto process = m_desk->program.start({u"sync"_s, u"--json"_s});
        QVERIFY(process->waitForStarted());
        QTRY_COMPARE(m_desk->receiver.appliedCount(), 1);
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(5000));
        QCOMPARE(process->exitCode(), 1);
        const Ran ran = m_desk->run("sync --json");
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(TargetProgram::pushOf(ran).value(u"sent"_s).toInt(), 1);
        QCOMPARE(m_desk->receiver.appliedCount(), 1);
        QCOMPARE(m_desk->receiver.applied()[0].requests, 2);
    }

    void besideAWindow() {
        m_desk->program.setEnvironment(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        const auto window = m_desk->program.start({});
        QVERIFY(window->waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(
            m_desk->run("doctor --json").object().value(u"profile"_s).toObject().value(u"held_by"_s).isString(),
            20'000);
        for (const QByteArray words :
             {"sync main", "target set main none", "target map main A B", "target test main"}) {
            const Ran ran = m_desk->run(words);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains(QByteArray::number(window->processId())), ran.err.constData());
        }
        QCOMPARE(m_desk->run("target show main").exitCode, 0);
        window->terminate();
        QVERIFY(window->waitForFinished(10'000));
    }

 private:
    /// What the target did not take is named; what waits is not among it.
    static void checkEdits(const QJsonArray& edits, const QString& field) {
        if (field == u"waiting"_s) {
            QVERIFY(edits.isEmpty());
            return;
        }
        QCOMPARE(edits.size(), 1);
        const QJsonObject edit = edits.first().toObject();
        QCOMPARE(edit.value(u"key"_s).toString(), u"main/north-00001"_s);
        QCOMPARE(edit.value(u"field"_s).toString(), u"disposition"_s);
        QCOMPARE(edit.value(u"state"_s).toString(), field == u"refused"_s ? u"refused"_s : u"conflict"_s);
        QVERIFY(!edit.value(u"reason"_s).toString().isEmpty());
    }

    std::unique_ptr<TargetProgram> m_desk;
};

QTEST_GUILESS_MAIN(TestSync)
#include "tst_sync.moc"
