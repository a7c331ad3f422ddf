// `earmark pending` and what `earmark edit` makes of several fields: one delivery, one step, and its fate in words.
#include "tests/app/targetprogram.h"

using namespace earmark::test;
using namespace Qt::StringLiterals;

class TestPending : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void init() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        m_desk = std::make_unique<TargetProgram>();
    }

    void fieldsThatTravelTogetherShareADelivery() {
        QCOMPARE(m_desk->setWebhook().exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition ESCALATE --notes later --reviewed --flag x").exitCode,
                 0);
        QCOMPARE(m_desk->run("edit main/north-00002 --disposition SALE").exitCode, 0);
        const QJsonArray pending = m_desk->pending();
        QCOMPARE(pending.size(), 3);
        QHash<QString, QStringList> deliveries;
        for (const auto& value : pending) {
            const QJsonObject edit = value.toObject();
            QCOMPARE(edit.value(u"state"_s).toString(), u"waiting"_s);
            QCOMPARE(edit.value(u"target"_s).toString(), u"webhook"_s);
            deliveries[edit.value(u"delivery"_s).toString()].append(edit.value(u"key"_s).toString());
        }
        QCOMPARE(deliveries.size(), 2);
        QVERIFY(deliveries.values().contains(QStringList({u"main/north-00001"_s, u"main/north-00001"_s})));
        QCOMPARE(m_desk->run("sync").exitCode, 0);
        QCOMPARE(m_desk->receiver.appliedCount(), 2);
        QCOMPARE(m_desk->pending().first().toObject().value(u"state"_s).toString(), u"sent"_s);
    }

    void everyFateHasItsWords() {
        QCOMPARE(m_desk->run("edit main/north-00001 --disposition KEPT").exitCode, 0);
        QVERIFY2(m_desk->run("pending").text().contains(u"kept here"_s), m_desk->run("pending").out.constData());
        QCOMPARE(m_desk->setWebhook(" --earlier keep").exitCode, 0);
        QCOMPARE(m_desk->run("edit main/north-00002 --disposition REFUSED").exitCode, 0);
        m_desk->receiver.misbehave({Mishap::Unprocessable});
        QCOMPARE(m_desk->run("sync").exitCode, 3);
        QCOMPARE(m_desk->run("edit main/north-00003 --disposition WAITS").exitCode, 0);
        const QString text = m_desk->run("pending").text();
        for (const auto& words : {u"kept here"_s, u"refused"_s, u"waiting"_s, u"422"_s, u"127.0.0.1"_s}) {
            QVERIFY2(text.contains(words), qPrintable(text));
        }
        QCOMPARE(m_desk->run("sync").exitCode, 0);
        QVERIFY(m_desk->run("pending").text().contains(u"sent 20"_s));
    }

    void whatIsNotUtf8IsRefused() {
        m_desk->program.runUnder({u"/bin/sh"_s, u"-c"_s, u"exec \"$@\" --notes \"$(printf 'caf\\351')\""_s, u"sh"_s});
        const Ran ran = m_desk->run("edit main/north-00001 --disposition SALE");
        m_desk->program.runUnder({});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY2(ran.err.contains("not UTF-8"), ran.err.constData());
        QVERIFY(m_desk->pending().isEmpty());
        QCOMPARE(m_desk->run(QByteArray("edit main/north-00001 --notes caf\xc3\xa9")).exitCode, 0);
        QCOMPARE(m_desk->pending().first().toObject().value(u"to"_s).toString(), u"caf\u00e9"_s);
    }

    void reviewedKeepsItsMoment() {
        QCOMPARE(m_desk->run("edit main/north-00001 --reviewed").exitCode, 0);
        const QJsonObject first = m_desk->run("show main/north-00001 --format json").object();
        QVERIFY(first.value(u"reviewed_at"_s).isString());
        QCOMPARE(m_desk->run("edit main/north-00001 --reviewed").exitCode, 0);
        const QJsonObject second = m_desk->run("show main/north-00001 --format json").object();
        QCOMPARE(second.value(u"reviewed_at"_s), first.value(u"reviewed_at"_s));
        QCOMPARE(second.value(u"history"_s).toArray().size(), 1);
        QCOMPARE(m_desk->pending().size(), 0);  // marks are of this desk
    }

 private:
    std::unique_ptr<TargetProgram> m_desk;
};

QTEST_GUILESS_MAIN(TestPending)
#include "tst_pending.moc"
