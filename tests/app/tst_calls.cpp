// pull, list, count, show, edit, pending and recording: the real program against the demo provider in a process of its
// own.
#include <sys/stat.h>

#include "app/profile.h"
#include "tests/app/program.h"
#include "tests/support/loopbackserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

QString jsonText(const QJsonValue& value) {
    return value.toString();
}

}  // namespace

class TestCalls : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        if (!Program::exists()) {
            QSKIP("the program is not built here");
        }
        m_server = m_serverHome.start({u"demo-server"_s});
        QTRY_VERIFY_WITH_TIMEOUT(m_server->canReadLine() || m_server->state() == QProcess::NotRunning, 10000);
        m_base = QJsonDocument::fromJson(m_server->readLine()).object().value(u"yotel"_s).toString();
        QVERIFY(m_base.startsWith(u"http://127.0.0.1:"_s));
        m_pulled = std::make_unique<Program>();
        prepare(*m_pulled);
        m_report = m_pulled->run({u"pull"_s, u"--json"_s});
        QCOMPARE(m_report.exitCode, 0);
        m_calls = m_pulled->run({u"list"_s, u"--format"_s, u"json"_s}).array();
    }

    void cleanupTestCase() {
        if (m_server && m_server->state() == QProcess::Running) {
            m_server->terminate();
            QVERIFY(m_server->waitForFinished(5000));
            QCOMPARE(m_server->exitStatus(), QProcess::NormalExit);
            QCOMPARE(m_server->exitCode(), 0);
        }
    }

    void pullReports() {
        const QJsonObject document = m_report.object();
        QCOMPARE(document.keys(), QStringList{u"accounts"_s});
        const QJsonObject row = document.value(u"accounts"_s).toArray().at(0).toObject();
        QCOMPARE(row.keys(), QStringList({u"account"_s, u"changed"_s, u"error"_s, u"new"_s, u"ok"_s, u"pages"_s,
                                          u"received"_s, u"rejected"_s, u"requests"_s, u"seconds"_s, u"unlisted"_s}));
        QCOMPARE(row.value(u"account"_s).toString(), u"demo"_s);
        QVERIFY(row.value(u"ok"_s).toBool());
        QVERIFY(row.value(u"error"_s).isNull());
        QVERIFY(row.value(u"new"_s).toInt() >= 24);
        QCOMPARE(row.value(u"new"_s).toInt(), m_calls.size());
        QVERIFY(row.value(u"requests"_s).toInt() >= 4);
    }

    void listHasEveryKeyInOrder() {
        QVERIFY(m_calls.size() >= 24);
        const Ran ran = m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--limit"_s, u"1"_s});
        qsizetype at = 0;
        for (const auto& name :
             {u"\"key\""_s, u"\"account\""_s, u"\"status\""_s, u"\"campaign_id\""_s, u"\"dial_time\""_s,
              u"\"ring_seconds\""_s, u"\"hangup_cause\""_s, u"\"disposition\""_s, u"\"provider_notes\""_s,
              u"\"summary\""_s, u"\"tags\""_s, u"\"edited\""_s, u"\"unlisted_since\""_s}) {
            const qsizetype here = ran.text().indexOf(name, at);
            QVERIFY2(here >= at, qPrintable(name));
            at = here;
        }
        for (const auto& value : std::as_const(m_calls)) {
            const QJsonObject call = value.toObject();
            QCOMPARE(call.size(), 49);
            QCOMPARE(call.value(u"account"_s).toString(), u"demo"_s);
            QCOMPARE(call.value(u"provider"_s).toString(), u"yotel"_s);
            QCOMPARE(call.value(u"key"_s).toString(), u"demo/"_s + call.value(u"id"_s).toString());
            QVERIFY(!call.value(u"campaign"_s).toString().isEmpty());
            QVERIFY(call.value(u"customer_number"_s).isNull());
            QVERIFY(call.value(u"edited"_s).isBool());
            if (!call.value(u"dial_time"_s).isNull()) {
                static const QRegularExpression form(u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$"_s);
                QVERIFY(form.match(call.value(u"dial_time"_s).toString()).hasMatch());
            }
        }
    }

    void newestComeFirst() {
        QString former = u"9999"_s;
        bool sawMissing = false;
        for (const auto& value : std::as_const(m_calls)) {
            const QJsonValue dial = value.toObject().value(u"dial_time"_s);
            if (dial.isNull()) {
                sawMissing = true;
                continue;
            }
            QVERIFY(!sawMissing);  // what is missing stands last
            QVERIFY(dial.toString() <= former);
            former = dial.toString();
        }
    }

    void sortsBothWays() {
        for (const auto& sort : {u"talk_seconds"_s, u"-talk_seconds"_s}) {
            const QJsonArray calls = m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--sort"_s, sort}).array();
            QCOMPARE(calls.size(), m_calls.size());
            double former = sort.startsWith(u'-') ? 1e9 : -1;
            bool sawMissing = false;
            for (const auto& value : calls) {
                const QJsonValue talk = value.toObject().value(u"talk_seconds"_s);
                if (talk.isNull()) {
                    sawMissing = true;
                    continue;
                }
                QVERIFY(!sawMissing);
                QVERIFY(sort.startsWith(u'-') ? talk.toDouble() <= former : talk.toDouble() >= former);
                former = talk.toDouble();
            }
            QVERIFY(sawMissing);
        }
    }

    void limitsAndOffsetsCutTheSameOrder() {
        const QJsonArray part =
            m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--limit"_s, u"5"_s, u"--offset"_s, u"7"_s}).array();
        QCOMPARE(part.size(), 5);
        for (int i = 0; i < 5; ++i) {
            QCOMPARE(part.at(i).toObject().value(u"key"_s), m_calls.at(7 + i).toObject().value(u"key"_s));
        }
        QCOMPARE(m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--offset"_s, u"100000"_s}).array().size(), 0);
        QCOMPARE(m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--limit"_s, u"0"_s}).array().size(), 0);
    }

    void filtersAndCountsAgree() {
        const auto naive = [this](const QString& key, const QString& value) {
            qint64 count = 0;
            for (const auto& call : std::as_const(m_calls)) {
                count += call.toObject().value(key).toString() == value ? 1 : 0;
            }
            return count;
        };
        for (const auto& status : {u"completed"_s, u"no_answer"_s, u"busy"_s, u"failed"_s, u"unknown"_s}) {
            const qint64 expected = naive(u"status"_s, status);
            QVERIFY2(expected > 0, qPrintable(status));
            QCOMPARE(m_pulled->run({u"count"_s, u"--filter"_s, u"status:"_s + status, u"--json"_s})
                         .object()
                         .value(u"count"_s)
                         .toInteger(),
                     expected);
            QCOMPARE(m_pulled->run({u"list"_s, u"--filter"_s, u"status:"_s + status, u"--format"_s, u"json"_s})
                         .array()
                         .size(),
                     expected);
        }
        // Words in texts that lie in the database, not in the index.
        const QJsonArray found =
            m_pulled->run({u"list"_s, u"--filter"_s, u"summary:wardrobe"_s, u"--format"_s, u"json"_s}).array();
        QCOMPARE(found.size(), 1);
        QVERIFY(found.at(0).toObject().value(u"summary"_s).toString().contains(u"wardrobe"_s));
        QCOMPARE(m_pulled->run({u"count"_s, u"--filter"_s, u"-summary:wardrobe"_s, u"--json"_s})
                     .object()
                     .value(u"count"_s)
                     .toInteger(),
                 m_calls.size() - 1);
        QVERIFY(m_pulled->run({u"count"_s, u"--filter"_s, u"date:today OR date:yesterday"_s, u"--json"_s})
                    .object()
                    .value(u"count"_s)
                    .toInteger() > 20);
    }

    void countByAddsUp() {
        const QJsonObject counted = m_pulled->run({u"count"_s, u"--by"_s, u"disposition"_s, u"--json"_s}).object();
        const QJsonObject by = counted.value(u"by"_s).toObject();
        qint64 sum = 0;
        for (auto it = by.begin(); it != by.end(); ++it) {
            sum += it.value().toInteger();
        }
        QCOMPARE(sum, counted.value(u"count"_s).toInteger());
        QCOMPARE(counted.value(u"count"_s).toInteger(), m_calls.size());
        QVERIFY(by.value(u"none"_s).toInteger() > 0);
        QCOMPARE(m_pulled->run({u"count"_s}).out.trimmed(), QByteArray::number(m_calls.size()));
        QVERIFY(m_pulled->run({u"count"_s, u"--by"_s, u"status"_s}).text().contains(u"completed"_s));
    }

    void csvIsLawful() {
        const Ran ran =
            m_pulled->run({u"list"_s, u"--format"_s, u"csv"_s, u"--columns"_s, u"id,notes,talk_seconds,dial_time"_s});
        const QList<QByteArray> lines = ran.out.split('\n');
        QCOMPARE(lines.first(), QByteArray("id,notes,talk_seconds,dial_time\r"));
        QVERIFY(ran.out.contains("'=SUM of patience"));   // no formula
        QVERIFY(ran.out.contains("\"Promised to ring"));  // a line break inside quotes
        QVERIFY(ran.out.endsWith("\r\n"));
    }

    void columnsChooseInJsonToo() {
        const QJsonObject call =
            m_pulled->run({u"list"_s, u"--format"_s, u"json"_s, u"--limit"_s, u"1"_s, u"--columns"_s, u"status,key"_s})
                .array()
                .at(0)
                .toObject();
        QCOMPARE(call.keys(), QStringList({u"key"_s, u"status"_s}));
    }

    void theTableIsForPeople() {
        const Ran ran = m_pulled->run({u"list"_s, u"--limit"_s, u"3"_s});
        QCOMPARE(ran.exitCode, 0);
        const QStringList lines = ran.text().trimmed().split(u'\n');
        QCOMPARE(lines.size(), 4);
        for (const QString& line : lines) {
            QVERIFY(line.size() < 400);
        }
        QVERIFY(lines.at(1).startsWith(u"demo/"_s));
    }

    void showTellsEverything() {
        const QJsonObject listed = recorded();
        const Ran ran = m_pulled->run({u"show"_s, jsonText(listed.value(u"key"_s)), u"--format"_s, u"json"_s});
        QCOMPARE(ran.exitCode, 0);
        const QJsonObject shown = ran.object();
        for (auto it = listed.begin(); it != listed.end(); ++it) {
            QCOMPARE(shown.value(it.key()), it.value());
        }
        for (const auto& key :
             {u"transcript"_s, u"metrics"_s, u"variables"_s, u"latency"_s, u"field_errors"_s, u"history"_s}) {
            QVERIFY2(shown.value(key).isArray(), qPrintable(key));
        }
        QVERIFY(shown.contains(u"feedback"_s) && shown.value(u"feedback"_s).isNull());
        QCOMPARE(shown.value(u"raw"_s).toObject().value(u"id"_s), listed.value(u"id"_s));
        QCOMPARE(shown.value(u"raw"_s).toObject().size(), 23);
        const QJsonObject provenance = shown.value(u"provenance"_s).toObject();
        QCOMPARE(provenance.size(), listed.size());
        QCOMPARE(provenance.value(u"summary"_s).toString(), u"provider"_s);
        QCOMPARE(provenance.value(u"cost"_s).toString(), u"not_offered"_s);
        QVERIFY(!ran.out.contains("X-Goog-Signature"));
        const Ran text = m_pulled->run({u"show"_s, jsonText(listed.value(u"key"_s))});
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.text().contains(u"not offered by Yotel"_s));
        QVERIFY(!text.out.contains("X-Goog-Signature"));
    }

    void unknownCallsAreNamed() {
        for (const QStringList& words : {QStringList{u"show"_s, u"demo/none"_s},
                                         QStringList{u"edit"_s, u"demo/none"_s, u"--disposition"_s, u"X"_s},
                                         QStringList{u"recording"_s, u"demo/none"_s}}) {
            const Ran ran = m_pulled->run(words);
            QCOMPARE(ran.exitCode, 1);
            QVERIFY(ran.err.contains("demo/none"));
            QVERIFY(ran.err.contains("earmark pull"));
        }
    }

    void editsCountAndAreRemembered() {
        Program program;
        prepare(program);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        const QJsonObject before =
            program
                .run({u"list"_s, u"--format"_s, u"json"_s, u"--filter"_s,
                      u"disposition:RENEWED notes:none OR disposition:REFUNDED"_s, u"--limit"_s, u"1"_s})
                .array()
                .at(0)
                .toObject();
        const QString key = jsonText(before.value(u"key"_s));
        QVERIFY(!key.isEmpty());
        QCOMPARE(program
                     .run({u"edit"_s, key, u"--disposition"_s, u"FOLLOW_UP"_s, u"--notes"_s, u"first\nsecond"_s,
                           u"--reviewed"_s, u"--flag"_s, u"look"_s})
                     .exitCode,
                 0);
        QJsonObject after = show(program, key);
        QCOMPARE(after.value(u"disposition"_s).toString(), u"FOLLOW_UP"_s);
        QCOMPARE(after.value(u"provider_disposition"_s), before.value(u"disposition"_s));
        QCOMPARE(after.value(u"notes"_s).toString(), u"first\nsecond"_s);
        QVERIFY(after.value(u"edited"_s).toBool());
        QCOMPARE(after.value(u"edit_state"_s).toString(), u"kept"_s);
        QVERIFY(!after.value(u"reviewed_at"_s).isNull());
        QCOMPARE(after.value(u"flagged"_s).toString(), u"look"_s);
        QCOMPARE(after.value(u"provenance"_s).toObject().value(u"disposition"_s).toString(), u"edited"_s);
        const QJsonArray history = after.value(u"history"_s).toArray();
        QVERIFY(history.size() >= 2);
        QCOMPARE(history.at(0).toObject().value(u"origin"_s).toString(), u"command_line"_s);

        const QJsonArray pending = program.run({u"pending"_s, u"--json"_s}).array();
        QCOMPARE(pending.size(), 2);
        for (const auto& value : pending) {
            const QJsonObject edit = value.toObject();
            QCOMPARE(edit.keys(),
                     QStringList({u"attempts"_s, u"delivery"_s, u"edited_at"_s, u"field"_s, u"from"_s, u"key"_s,
                                  u"next_try"_s, u"reason"_s, u"state"_s, u"target"_s, u"to"_s}));
            QCOMPARE(edit.value(u"key"_s).toString(), key);
            QCOMPARE(edit.value(u"state"_s).toString(), u"kept"_s);
            QCOMPARE(edit.value(u"target"_s).toString(), u"none"_s);
            QVERIFY(!edit.value(u"delivery"_s).toString().isEmpty());
        }
        QCOMPARE(program
                     .run({u"count"_s, u"--filter"_s,
                           u"is:edited disposition:FOLLOW_UP notes:second is:reviewed is:flagged"_s, u"--json"_s})
                     .object()
                     .value(u"count"_s)
                     .toInt(),
                 1);

        // Clearing is an edit too: null, and edited.
        QCOMPARE(program.run({u"edit"_s, key, u"--disposition"_s, u""_s, u"--no-reviewed"_s, u"--no-flag"_s}).exitCode,
                 0);
        after = show(program, key);
        QVERIFY(after.value(u"disposition"_s).isNull() && after.value(u"edited"_s).toBool());
        QVERIFY(after.value(u"reviewed_at"_s).isNull() && after.value(u"flagged"_s).isNull());
        // Pulling again overwrites nothing.
        QCOMPARE(program.run({u"pull"_s, u"--full"_s}).exitCode, 0);
        QVERIFY(show(program, key).value(u"disposition"_s).isNull());
        // Restoring brings the provider's value back.
        QCOMPARE(program.run({u"edit"_s, key, u"--restore"_s, u"disposition"_s, u"--restore"_s, u"notes"_s}).exitCode,
                 0);
        after = show(program, key);
        QCOMPARE(after.value(u"disposition"_s), before.value(u"disposition"_s));
        QCOMPARE(after.value(u"notes"_s), before.value(u"notes"_s));
        QVERIFY(!after.value(u"edited"_s).toBool());
        QVERIFY(after.value(u"history"_s).toArray().size() > history.size());
    }

    void notesComeFromFiles() {
        Program program;
        prepare(program);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        const QString key = jsonText(m_calls.at(0).toObject().value(u"key"_s));
        const auto fromFile = [&](const QByteArray& bytes) {
            QFile file(program.home() + u"/notes.txt"_s);
            if (file.open(QIODevice::WriteOnly)) {
                file.write(bytes);
            }
            file.close();
            return program.run({u"edit"_s, key, u"--notes-file"_s, file.fileName()}).exitCode;
        };
        const QByteArray odd =
            "первая\nline \xe2\x80\xae two\n\n  <img src='file:///etc/passwd'> %1 %2 é\xf0\x9f\x98\x80";
        QCOMPARE(fromFile(odd), 0);
        QCOMPARE(show(program, key).value(u"notes"_s).toString(), QString::fromUtf8(odd));
        QCOMPARE(fromFile(odd + '\n'), 0);
        QCOMPARE(show(program, key).value(u"notes"_s).toString(), QString::fromUtf8(odd));
        QCOMPARE(fromFile("\xff\xfe bad"), 1);
        QCOMPARE(show(program, key).value(u"notes"_s).toString(), QString::fromUtf8(odd));
        QCOMPARE(program.run({u"edit"_s, key, u"--notes-file"_s, u"/nonexistent"_s}).exitCode, 1);
        QCOMPARE(program.run({u"edit"_s, key, u"--notes-file"_s, u"-"_s}, "from standard input\n").exitCode, 0);
        QCOMPARE(show(program, key).value(u"notes"_s).toString(), u"from standard input"_s);
    }

    void acknowledgedEditsSurviveKill() {
        Program program;
        prepare(program);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        const QString key = jsonText(m_calls.at(0).toObject().value(u"key"_s));
        QString acknowledged;
        int saved = 0;
        for (int round = 0; round < 20; ++round) {
            const QString code = u"CODE_%1"_s.arg(round);
            const auto process = program.start({u"edit"_s, key, u"--disposition"_s, code});
            QVERIFY(process->waitForStarted());
            // Killed the moment it says "saved", or a little before.
            if (round % 2 == 0) {
                QTRY_VERIFY_WITH_TIMEOUT(process->canReadLine() || process->state() == QProcess::NotRunning, 20000);
            } else {
                process->waitForReadyRead(round * 2);
            }
            process->kill();  // SIGKILL; nothing when it has ended already
            process->waitForFinished();
            if (process->readAllStandardOutput().contains(code.toUtf8())) {
                acknowledged = code;
                ++saved;
            }
            const QString now = show(program, key).value(u"disposition"_s).toString();
            // Never something older than what was said to be saved.
            QVERIFY2(now == acknowledged || now == code || (acknowledged.isEmpty() && round == 0), qPrintable(now));
            acknowledged = now;
        }
        QVERIFY(saved >= 5);
        QCOMPARE(program.run({u"doctor"_s}).exitCode, 0);
    }

    void recordingsAreFetchedAndCopied() {
        Program program;
        prepare(program);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        const QString key = jsonText(recorded().value(u"key"_s));
        Ran ran = program.run({u"recording"_s, key});
        QVERIFY2(ran.exitCode == 0, ran.err.constData());
        const QString cached = ran.text().trimmed();
        QVERIFY(cached.startsWith(program.profile()));
        const QByteArray bytes = contents(cached);
        QVERIFY(bytes.size() > 20000);
        const QString copy = program.home() + u"/copy.bin"_s;
        ran = program.run({u"recording"_s, key, u"--output"_s, copy});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(ran.text().trimmed(), copy);
        QVERIFY(ran.err.contains("cache"));
        QCOMPARE(contents(copy), bytes);
        QCOMPARE(QFile::permissions(copy) & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther),
                 QFile::Permissions());
        QCOMPARE(program.run({u"recording"_s, key, u"--output"_s, u"/nonexistent/x"_s}).exitCode, 1);
        // Never over the program's own data, nor over what is no ordinary file, nor through a link to either.
        const QString link = program.home() + u"/link"_s;
        QVERIFY(QFile::link(program.profile() + u"/reviews.db"_s, link));
        const QString pipe = program.home() + u"/pipe"_s;
        QCOMPARE(mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
        const QByteArray reviews = contents(program.profile() + u"/reviews.db"_s);
        const QStringList places{
            program.profile() + u"/reviews.db"_s,         program.profile() + u"/new.wav"_s, link, pipe, program.home(),
            program.profile() + u"/../profile/calls.db"_s};
        for (const QString& place : places) {
            ran = program.run({u"recording"_s, key, u"--output"_s, place});
            QCOMPARE(ran.exitCode, 1);
            QVERIFY2(ran.err.contains("Choose another file"), ran.err.constData());
        }
        QCOMPARE(contents(program.profile() + u"/reviews.db"_s), reviews);
        QVERIFY(!QFileInfo(pipe).isFile());
        ran = program.run({u"recording"_s, jsonText(unrecorded().value(u"key"_s))});
        QCOMPARE(ran.exitCode, 1);
        QVERIFY(ran.err.contains("recording"));
    }

    void aHeldProfileIsReadButNotWritten() {
        const Profile profile(m_pulled->profile());
        const auto lock = ProfileLock::take(profile);
        QVERIFY(lock.has_value());
        const QByteArray pid = QByteArray::number(QCoreApplication::applicationPid());
        const QString key = jsonText(recorded().value(u"key"_s));
        QCOMPARE(m_pulled->run({u"count"_s, u"--json"_s}).object().value(u"count"_s).toInteger(), m_calls.size());
        QCOMPARE(m_pulled->run({u"show"_s, key}).exitCode, 0);
        QCOMPARE(m_pulled->run({u"recording"_s, key}).exitCode, 0);
        QVERIFY(QDir(m_pulled->profile()).entryList({u"fetch-*"_s}, QDir::Dirs).isEmpty());
        const Ran edit = m_pulled->run({u"edit"_s, key, u"--disposition"_s, u"X"_s});
        QCOMPARE(edit.exitCode, 1);
        QVERIFY2(edit.err.contains(pid), edit.err.constData());
        const Ran pull = m_pulled->run({u"pull"_s, u"demo"_s, u"--json"_s});
        QCOMPARE(pull.exitCode, 1);
        const QJsonObject row = pull.object().value(u"accounts"_s).toArray().at(0).toObject();
        QCOMPARE(row.value(u"error"_s).toObject().value(u"kind"_s).toString(), u"held_elsewhere"_s);
        QVERIFY(row.value(u"error"_s).toObject().value(u"message"_s).toString().contains(QString::fromLatin1(pid)));
    }

    void pullsPartlyAndNotAtAll() {
        Program program;
        prepare(program);
        QCOMPARE(program
                     .run({u"account"_s, u"add"_s, u"broken"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s,
                           u"http://127.0.0.1:1/api/v1"_s})
                     .exitCode,
                 0);
        program.setEnvironment(u"EARMARK_KEY_BROKEN"_s, u"yt_test_x"_s);
        Ran ran = program.run({u"pull"_s, u"--json"_s});
        QCOMPARE(ran.exitCode, 3);
        int good = 0;
        for (const auto& value : ran.object().value(u"accounts"_s).toArray()) {
            const QJsonObject row = value.toObject();
            good += row.value(u"ok"_s).toBool() ? 1 : 0;
            if (!row.value(u"ok"_s).toBool()) {
                QCOMPARE(row.value(u"account"_s).toString(), u"broken"_s);
                QCOMPARE(row.value(u"error"_s).toObject().value(u"kind"_s).toString(), u"offline"_s);
            }
        }
        QCOMPARE(good, 1);
        QCOMPARE(program.run({u"pull"_s, u"broken"_s, u"--json"_s}).exitCode, 1);
        QCOMPARE(program.run({u"pull"_s, u"nobody"_s, u"--json"_s}).exitCode, 1);
        QCOMPARE(program.run({u"pull"_s, u"nobody"_s, u"demo"_s, u"--json"_s}).exitCode, 3);
    }

    void pullsSingleCallsAndCampaigns() {
        Program program;
        prepare(program);
        const QJsonObject call = recorded();
        QCOMPARE(program.run({u"pull"_s, u"--call"_s, jsonText(call.value(u"id"_s))}).exitCode, 0);
        QCOMPARE(program.run({u"count"_s}).out.trimmed(), QByteArray("1"));
        QCOMPARE(program.run({u"pull"_s, u"--campaign"_s, jsonText(call.value(u"campaign_id"_s))}).exitCode, 0);
        qint64 expected = 0;
        for (const auto& value : std::as_const(m_calls)) {
            expected += value.toObject().value(u"campaign_id"_s) == call.value(u"campaign_id"_s) ? 1 : 0;
        }
        QCOMPARE(program.run({u"count"_s}).out.trimmed(), QByteArray::number(expected));
    }

    void removingAnAccountKeepsTheEdits() {
        Program program;
        prepare(program);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        const QString key = jsonText(m_calls.at(0).toObject().value(u"key"_s));
        QCOMPARE(program.run({u"edit"_s, key, u"--notes"_s, u"kept"_s}).exitCode, 0);
        const Ran removed = program.run({u"account"_s, u"remove"_s, u"demo"_s});
        QCOMPARE(removed.exitCode, 0);
        QVERIFY2(removed.out.contains("stay"), removed.out.constData());
        QCOMPARE(program.run({u"count"_s}).out.trimmed(), QByteArray("0"));
        QCOMPARE(program.run({u"pending"_s, u"--json"_s}).array().size(), 1);
        QCOMPARE(program.run({u"account"_s, u"add"_s, u"demo"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, m_base})
                     .exitCode,
                 0);
        QCOMPARE(program.run({u"pull"_s}).exitCode, 0);
        QCOMPARE(show(program, key).value(u"notes"_s).toString(), u"kept"_s);
    }

    void secretsAreNowhere() {
        // Whatever the other tests did with this profile: key and signatures are in no output; the key in no file.
        QVERIFY(!m_pulled->printed().contains("CANARYKEY"));
        QVERIFY(!m_pulled->printed().contains("X-Goog-Signature"));
        QCOMPARE(m_pulled->filesWith("CANARYKEY"), QStringList());
    }

    void aClosedOutputIsAFailure() {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"EARMARK_PROFILE"_s, m_pulled->profile());
        process.setProcessEnvironment(environment);
        process.start(u"/bin/sh"_s, {u"-c"_s, u"\"$EARMARK_PROGRAM\" list --format json > /dev/full"_s});
        QVERIFY(process.waitForFinished(30000));
        QCOMPARE(process.exitCode(), 1);
        const QByteArray said = process.readAllStandardError();
        QVERIFY2(said.contains("could not be written"), said.constData());
    }

 private:
    void prepare(Program& program) {
        program.setEnvironment(u"EARMARK_KEY_DEMO"_s, u"yt_test_CANARYKEY"_s);
        QCOMPARE(program.run({u"account"_s, u"add"_s, u"demo"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, m_base})
                     .exitCode,
                 0);
    }
    static QJsonObject show(const Program& program, const QString& key) {
        return program.run({u"show"_s, key, u"--format"_s, u"json"_s}).object();
    }
    static QByteArray contents(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QJsonObject firstWith(bool isRecorded) const {
        for (const auto& value : m_calls) {
            const QJsonObject call = value.toObject();
            if (call.value(u"has_recording"_s).toBool() == isRecorded && !call.value(u"end_time"_s).isNull() &&
                (!isRecorded || !call.value(u"summary"_s).isNull())) {
                return call;
            }
        }
        return {};
    }
    [[nodiscard]] QJsonObject recorded() const { return firstWith(true); }
    [[nodiscard]] QJsonObject unrecorded() const { return firstWith(false); }

    Program m_serverHome;
    std::unique_ptr<QProcess> m_server;
    QString m_base;
    std::unique_ptr<Program> m_pulled;
    Ran m_report;
    QJsonArray m_calls;
};

QTEST_GUILESS_MAIN(TestCalls)
#include "tst_calls.moc"
