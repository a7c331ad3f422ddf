// `earmark target` on the real program: what can be set, what becomes of earlier edits, and that no secret is told.
#include <QDir>

#include "tests/app/targetprogram.h"
#include "tests/support/autocallsserver.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestTarget : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        m_desk = std::make_unique<TargetProgram>();
    }
    void cleanup() {
        if (m_desk) {
            QVERIFY(!m_desk->program.printed().contains("SECRETCANARY"));
            QCOMPARE(m_desk->program.filesWith("SECRETCANARY"), QStringList());
        }
        m_desk.reset();
    }

    void showsWhatIsSet() {
        const QJsonObject none = m_desk->show();
        QCOMPARE(none.value(u"target"_s).toString(), u"none"_s);
        QVERIFY(none.value(u"destination"_s).isNull());
        QCOMPARE(m_desk->setWebhook(" --manual --only-mapped").exitCode, 0);
        QCOMPARE(m_desk->run("target map main ESCALATE later").exitCode, 0);
        const QJsonObject set = m_desk->show();
        QCOMPARE(set.value(u"target"_s).toString(), u"webhook"_s);
        QVERIFY(set.value(u"destination"_s).toString().endsWith(u"/reviews"_s));
        QVERIFY(set.value(u"format"_s).isNull());
        QCOMPARE(set.value(u"sends_by_itself"_s).toBool(), false);
        QCOMPARE(set.value(u"mapping"_s).toObject().value(u"ESCALATE"_s).toString(), u"later"_s);
        QCOMPARE(set.value(u"secret"_s).toString(), u"environment"_s);
        // What is not said again stays.
        QCOMPARE(m_desk->setWebhook(" --sends-by-itself").exitCode, 0);
        QCOMPARE(m_desk->show().value(u"sends_by_itself"_s).toBool(), true);
        QCOMPARE(m_desk->show().value(u"mapping"_s).toObject().size(), 1);
        QCOMPARE(m_desk->run("target map main ESCALATE ").exitCode, 0);
        QCOMPARE(m_desk->show().value(u"mapping"_s).toObject().size(), 0);
        QCOMPARE(m_desk->run("target show main").exitCode, 0);
    }

    void earlierEditsAreSentOrKept() {
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE --notes x").exitCode, 0);
        QCOMPARE(m_desk->show().value(u"kept"_s).toInt(), 2);
        const Ran kept = m_desk->setWebhook(" --earlier keep");
        QCOMPARE(kept.exitCode, 0);
        QVERIFY2(kept.err.contains("2 earlier edits stay"), kept.err.constData());
        QCOMPARE(m_desk->show().value(u"waiting"_s).toInt(), 0);
        const Ran sent = m_desk->setWebhook();
        QVERIFY2(sent.err.contains("2 earlier edits wait"), sent.err.constData());
        QCOMPARE(m_desk->show().value(u"waiting"_s).toInt(), 2);
        const Ran none = m_desk->run("target set main none");
        QCOMPARE(none.exitCode, 0);
        QCOMPARE(m_desk->show().value(u"waiting"_s).toInt(), 0);
        QCOMPARE(m_desk->show().value(u"kept"_s).toInt(), 2);
    }

    void unmappedIsRefusedHere() {
        QCOMPARE(m_desk->setWebhook(" --only-mapped").exitCode, 0);
        QCOMPARE(m_desk->run("target map main SALE sold").exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00002 --disposition SALE").exitCode, 0);
        const Ran ran = m_desk->run("sync --json");
        QCOMPARE(ran.exitCode, 3);
        QCOMPARE(TargetProgram::pushOf(ran).value(u"refused"_s).toInt(), 1);
        QCOMPARE(m_desk->receiver.count(), 1);
        QCOMPARE(m_desk->receiver.valueOf(u"north-00002"_s, u"disposition"_s).toString(), u"sold"_s);
    }

    void withoutAKeyringTheVariableIsSaid() {
        m_desk->program.removeEnvironment(u"EARMARK_TARGET_SECRET_MAIN"_s);
        const Ran bare = m_desk->setWebhook();
        QCOMPARE(bare.exitCode, 0);
        QVERIFY2(bare.err.contains("EARMARK_TARGET_SECRET_MAIN"), bare.err.constData());
        const Ran given = m_desk->run("target set main webhook --secret-stdin", m_desk->receiver.secret() + '\n');
        QCOMPARE(given.exitCode, 0);
        QVERIFY2(given.err.contains("EARMARK_TARGET_SECRET_MAIN"), given.err.constData());
        QCOMPARE(m_desk->show().value(u"secret"_s).toString(), u"none"_s);
        const QJsonObject doctor = m_desk->run("doctor --json").object();
        const QJsonObject target = doctor.value(u"targets"_s).toArray().first().toObject();
        QCOMPARE(target.value(u"ok"_s).toBool(), false);
        QCOMPARE(target.value(u"account"_s).toString(), u"main"_s);
    }

    void testsTheTarget() {
        QCOMPARE(m_desk->run("target test main").exitCode, 1);  // none
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        const Ran fine = m_desk->run("target test main --json");
        QCOMPARE(fine.exitCode, 0);
        QVERIFY(fine.object().value(u"ok"_s).toBool());
        QCOMPARE(m_desk->receiver.tests(), 1);
        m_desk->program.setEnvironment(u"EARMARK_TARGET_SECRET_MAIN"_s, u"another"_s);
        const Ran wrong = m_desk->run("target test main --json");
        QCOMPARE(wrong.exitCode, 1);
        QCOMPARE(wrong.object().value(u"error"_s).toObject().value(u"kind"_s).toString(), u"unauthorized"_s);
        QCOMPARE(m_desk->receiver.appliedCount(), 0);
    }

    void filesInAFolder() {
        const QByteArray folder = m_desk->program.home().toUtf8() + "/edits";
        QCOMPARE(m_desk->run("target set main file --folder " + folder + " --format jsonl").exitCode, 0);
        QCOMPARE(m_desk->show().value(u"destination"_s).toString().toUtf8(), folder);
        QCOMPARE(m_desk->show().value(u"format"_s).toString(), u"jsonl"_s);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        QCOMPARE(m_desk->run("sync").exitCode, 0);
        QVERIFY(!QDir(QString::fromUtf8(folder)).entryList({u"*.jsonl"_s}).isEmpty());
        const QJsonArray targets = m_desk->run("doctor --json").object().value(u"targets"_s).toArray();
        QVERIFY(targets.first().toObject().value(u"ok"_s).toBool());
    }

    void aFolderThatCannotBe() {
        const QByteArray home = m_desk->program.home().toUtf8();
        const Ran ran = m_desk->run("target set main file --folder " + home + "/gone/edits");
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("/gone"), ran.err.constData());
        QCOMPARE(m_desk->show().value(u"target"_s).toString(), u"none"_s);
        QCOMPARE(m_desk->run("target set main file --folder " + home + "/edits").exitCode, 0);
        QJsonArray targets = m_desk->run("doctor --json").object().value(u"targets"_s).toArray();
        QCOMPARE(targets.first().toObject().value(u"ok"_s).toBool(), false);
        const Ran tested = m_desk->run("target test main");
        QCOMPARE(tested.exitCode, 0);
        QVERIFY2(tested.err.contains("was not there"), tested.err.constData());
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE").exitCode, 0);
        QCOMPARE(m_desk->run("sync").exitCode, 0);
        targets = m_desk->run("doctor --json").object().value(u"targets"_s).toArray();
        QCOMPARE(targets.first().toObject().value(u"ok"_s).toBool(), true);
        QVERIFY(!m_desk->run("target test main").err.contains("was not there"));
    }

    void aGroupAloneShowsItsUsage() {
        const Ran helped = m_desk->run("target --help");
        QCOMPARE(helped.exitCode, 0);
        QVERIFY2(helped.out.contains("target set") && helped.out.contains("target map"), helped.out.constData());
        for (const char* words : {"target", "target frob"}) {
            const Ran ran = m_desk->run(words);
            QCOMPARE(ran.exitCode, 2);
            QVERIFY2(ran.err.contains("target test"), ran.err.constData());
        }
        QVERIFY(m_desk->run("account").err.contains("account add"));
        QVERIFY(m_desk->run("frob --help").err.contains("There is no command"));
    }

    void wrongUsage_data() {
        QTest::addColumn<QByteArray>("words");
        for (const char* words :
             {"nowhere", "webhook", "webhook --url http://example.com/x", "webhook --url ftp://127.0.0.1/",
              "webhook --url https://user:secret@example.com/", "file", "file --folder x --format xml",
              "none --folder x", "autocalls-lead", "webhook --url https://e.com --manual --sends-by-itself",
              "webhook --url https://e.com --earlier maybe", "webhook --url https://e.com --with-notes"}) {
            QTest::newRow(words) << QByteArray(words);
        }
    }
    void wrongUsage() {
        QFETCH(QByteArray, words);
        const Ran ran = m_desk->run("target set main " + words);
        QCOMPARE(ran.exitCode, 2);
        QVERIFY(!ran.err.isEmpty());
        QCOMPARE(m_desk->show().value(u"target"_s).toString(), u"none"_s);
        QCOMPARE(m_desk->run("target set nobody none").exitCode, 1);
    }

    void notesForLeadsAreWarnedOf() {
        AutocallsServer leads;
        m_desk->run("account add dialer --provider autocalls --base-url " + leads.account().baseUrl.toEncoded());
        const Ran ran = m_desk->run("target set dialer autocalls-lead --with-notes");
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(ran.err.contains("rompts can read variables"), ran.err.constData());
        QVERIFY(m_desk->run("target show dialer --json").object().value(u"with_notes"_s).toBool());
    }

 private:
    std::unique_ptr<TargetProgram> m_desk;
};

QTEST_GUILESS_MAIN(TestTarget)
#include "tst_target.moc"
