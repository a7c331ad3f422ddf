// Hostile answers through the real program under strace: no crash, no hang, bounded memory, no file and no connection
// that the data talked it into, and every lawful row kept with the values that are lawful.
#include "models/domain/callkey.h"
#include "tests/faults/hostileserver.h"
#include "tests/faults/traced.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kDeadlineMs = 120'000;  // a wait that ends, not a measure of speed
#ifdef __SANITIZE_ADDRESS__
constexpr qint64 kMostMiB = 4 * 512;  // freed memory is kept aside for a while
#else
constexpr qint64 kMostMiB = 512;
#endif

constexpr const char* kFields[] = {"campaign_id",     "lead_id",
                                   "agent_id",        "fs_uuid",
                                   "direction",       "status",
                                   "dial_time",       "ring_time",
                                   "answer_time",     "agent_connect_time",
                                   "end_time",        "ring_duration_s",
                                   "talk_duration_s", "total_duration_s",
                                   "hangup_cause",    "has_recording",
                                   "recording_url",   "disposition",
                                   "notes",           "ai_summary",
                                   "ai_sentiment",    "ai_next_action"};
constexpr const char* kTexts[] = {"lead_id",      "agent_id",       "direction",    "status",
                                  "hangup_cause", "disposition",    "notes",        "ai_summary",
                                  "ai_sentiment", "ai_next_action", "recording_url"};

/// Control characters, bidi controls and line separators that a terminal would obey.
QString firstControl(const QByteArray& printed) {
    for (const char32_t letter : QString::fromUtf8(printed).toUcs4()) {
        const bool control = (letter < 0x20 && letter != '\n') || (letter >= 0x7f && letter < 0xa0);
        const bool bidi = (letter >= 0x202a && letter <= 0x202e);
        if (control || bidi || letter == 0x2028 || letter == 0x2029) {
            return QString::number(letter, 16);
        }
    }
    return {};
}

}  // namespace

class TestHostileAnswers final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void brokenAnswersAreRefusedAndNamed();
    void everyFieldWithEveryOddValue();
    void naughtyTextsAreShownAsTexts();
    void oddIdsComeAndGoWhole();
    void hugeAnswersStayWithinMemory();
    void aBadKeyNamesNoSecret();

 private:
    [[nodiscard]] Ran run(const QStringList& arguments) { return m_traced->run(arguments, {}, kDeadlineMs); }
    void addAccount();
    [[nodiscard]] QJsonObject pull(int exitCode);
    [[nodiscard]] QHash<QString, QJsonObject> calls();
    void nothingOddHappened();

    std::unique_ptr<HostileServer> m_server;
    std::unique_ptr<Traced> m_traced;
};

void TestHostileAnswers::initTestCase() {
    if (const QString why = Traced::whyNot(); !why.isEmpty()) {
        QSKIP(qPrintable(why));
    }
}

void TestHostileAnswers::init() {
    m_server = std::make_unique<HostileServer>();
    m_traced = std::make_unique<Traced>();
}

void TestHostileAnswers::cleanup() {
    m_traced.reset();
    m_server.reset();
}

void TestHostileAnswers::addAccount() {
    m_traced->program().setEnvironment(u"EARMARK_KEY_MAIN"_s, u"yt_live_CANARY0001"_s);
    const Ran added =
        run({u"account"_s, u"add"_s, u"main"_s, u"--provider"_s, u"yotel"_s, u"--base-url"_s, m_server->base()});
    QVERIFY2(added.exitCode == 0, added.err.constData());
}

QJsonObject TestHostileAnswers::pull(int exitCode) {
    addAccount();
    const Ran pulled = run({u"pull"_s, u"--json"_s});
    const QByteArray what = pulled.out.left(2000) + pulled.err.left(2000);
    [&] {
        QVERIFY2(!pulled.crashed && !pulled.err.startsWith("timed out"), what.constData());
        QVERIFY2(pulled.exitCode == exitCode, what.constData());
        QVERIFY2(firstControl(pulled.err).isEmpty(), qPrintable(firstControl(pulled.err)));
    }();
    return pulled.object().value(u"accounts"_s).toArray().at(0).toObject();
}

QHash<QString, QJsonObject> TestHostileAnswers::calls() {
    const Ran listed = run({u"list"_s, u"--format"_s, u"json"_s});
    QHash<QString, QJsonObject> found;
    for (const auto& call : listed.array()) {
        found.insert(call.toObject().value(u"id"_s).toString(), call.toObject());
    }
    return found;
}

void TestHostileAnswers::nothingOddHappened() {
    const QStringList files = m_traced->oddFiles();
    QVERIFY2(files.isEmpty(), qPrintable(u"opened: "_s + files.join(u", "_s)));
    const QStringList connections = m_traced->oddConnections({m_server->port()});
    QVERIFY2(connections.isEmpty(), qPrintable(u"connected to: "_s + connections.join(u", "_s)));
    QCOMPARE(m_traced->startedPrograms(), m_traced->runs());
    QVERIFY2(!QFile::exists(m_traced->program().home() + u"/owned"_s), "a text was run as a command");
    QVERIFY2(m_traced->peakMiB() > 0 && m_traced->peakMiB() < kMostMiB,
             qPrintable(u"%1 MiB"_s.arg(m_traced->peakMiB())));
}

void TestHostileAnswers::brokenAnswersAreRefusedAndNamed() {
    const std::vector<HostileBody> bodies = brokenBodies();
    for (const HostileBody& body : bodies) {
        m_server->addPage(body.name, body.make);
    }
    m_server->addPage("sound", [] { return pageOf({"{\"id\":\"sound\"}"_ba}); });
    const QJsonObject report = pull(3);
    QCOMPARE(report.value(u"error"_s).toObject().value(u"kind"_s).toString().isEmpty(), false);
    const auto known = calls();
    QVERIFY(known.contains(u"sound"_s));
    QVERIFY(known.contains(u"duplicate-keys"_s));
    QVERIFY(!known.contains(u"first"_s));
    QVERIFY(!known.contains(u"same"_s));
    for (const auto& call : known) {
        const QString id = call.value(u"id"_s).toString();
        QVERIFY2(
            id == u"sound" || id == u"duplicate-keys" || id.startsWith(u"fragment-"_s) || id.startsWith(u"depth-"_s),
            qPrintable(id));
    }
    nothingOddHappened();
    qInfo("%d bodies, %d rows kept, peak %lld MiB", int(bodies.size()), int(known.size()), m_traced->peakMiB());
}

void TestHostileAnswers::everyFieldWithEveryOddValue() {
    QByteArrayList rows;
    for (const char* field : kFields) {
        int number = 0;
        for (const QByteArray& value : oddValues()) {
            rows.append("{\"id\":\"" + QByteArray(field) + '-' + QByteArray::number(number++) +
                        "\",\"campaign_id\":\"odd\",\"agent_id\":\"neighbour\",\"" + field + "\":" + value + '}');
        }
    }
    m_server->addPage("odd", [rows] { return pageOf(rows); });
    const QJsonObject report = pull(0);
    QCOMPARE(report.value(u"rejected"_s).toInt(), 0);
    const auto known = calls();
    QCOMPARE(known.size(), rows.size());
    qsizetype noted = 0;
    for (const char* name : {"ring_seconds", "talk_seconds", "total_seconds"}) {
        const QString field = QString::fromLatin1(name);
        const QString given = QString(field).replace(u"seconds"_s, u"duration_s"_s);
        for (int i = 0; i < oddValues().size(); ++i) {
            const QJsonValue value = known.value(given + u'-' + QString::number(i)).value(field);
            const QByteArray written = oddValues()[i];
            if (value.isDouble()) {  // what is shown is what was written, never wrapped, never 0 for a mistake
                const bool text = written.startsWith('"');
                const double meant = (text ? written.mid(1, written.size() - 2) : written).toDouble();
                QVERIFY2(value.toDouble() == meant, written.constData());
            } else {
                QVERIFY2(value.isNull() && written != "0" && written != "3.7", written.constData());
            }
        }
    }
    for (const QString& id : {u"talk_duration_s-4"_s, u"dial_time-19"_s, u"status-15"_s, u"notes-17"_s}) {
        const QJsonObject shown = run({u"show"_s, u"main/"_s + id, u"--format"_s, u"json"_s}).object();
        noted += shown.value(u"field_errors"_s).toArray().size();
        QCOMPARE(shown.value(u"agent_id"_s).toString(), u"neighbour"_s);
        QVERIFY(!shown.value(u"raw"_s).isNull());
    }
    QVERIFY2(noted >= 4, qPrintable(QString::number(noted)));
    nothingOddHappened();
}

void TestHostileAnswers::naughtyTextsAreShownAsTexts() {
    QByteArrayList rows;
    const QStringList texts = naughtyTexts();
    for (int i = 0; i < texts.size(); ++i) {
        QByteArray members;
        for (const char* field : kTexts) {
            members += ",\""_ba + field + "\":" + quoted(texts[i]);
        }
        rows.append("{\"id\":\"n" + QByteArray::number(i) + "\",\"has_recording\":true" + members + '}');
    }
    m_server->addPage("naughty", [rows] { return pageOf(rows); });
    (void)pull(0);
    const auto known = calls();
    QCOMPARE(known.size(), texts.size());
    for (int i = 0; i < texts.size(); ++i) {
        const QJsonObject call = known.value(u"n%1"_s.arg(i));
        for (const QString& field : {u"notes"_s, u"summary"_s, u"next_action"_s}) {
            QVERIFY2(call.value(field).toString() == texts[i] ||
                         (texts[i].trimmed().isEmpty() && call.value(field).toString().isEmpty()),
                     qPrintable(field + u": "_s + texts[i].left(80)));
        }
    }
    for (const QStringList& command :
         {QStringList{u"list"_s}, QStringList{u"list"_s, u"--columns"_s, u"key,notes,summary,disposition,status_raw"_s},
          QStringList{u"count"_s, u"--by"_s, u"disposition"_s}, QStringList{u"show"_s, u"main/n0"_s},
          QStringList{u"show"_s, u"main/n49"_s}}) {
        const Ran ran = run(command);
        QVERIFY2(!ran.crashed && ran.exitCode == 0, ran.err.constData());
        QVERIFY2(firstControl(ran.out + ran.err).isEmpty(),
                 qPrintable(command.join(u' ') + u": U+"_s + firstControl(ran.out + ran.err)));
    }
    const Ran recording = run({u"recording"_s, u"main/n0"_s});
    QCOMPARE(recording.exitCode, 1);
    nothingOddHappened();
}

void TestHostileAnswers::oddIdsComeAndGoWhole() {
    QByteArrayList rows;
    for (const QString& id : oddIds()) {
        rows.append("{\"id\":"_ba + quoted(id) + ",\"notes\":\"before\"}");
        m_server->addCall(id.toUtf8(), "{\"id\":"_ba + quoted(id) + ",\"notes\":\"after\"}");
    }
    rows.append("{\"id\":\"\"}"_ba);
    rows.append("{\"id\":\"  \"}"_ba);
    rows.append("{\"id\":17}"_ba);
    rows.append("{\"id\":9007199254740993}"_ba);
    m_server->addPage("ids", [rows] { return pageOf(rows); });
    const QJsonObject report = pull(3);  // the two empty ones are no calls
    QCOMPARE(report.value(u"rejected"_s).toInt(), 2);
    const auto known = calls();
    QCOMPARE(known.size(), oddIds().size() + 2);
    QVERIFY(known.contains(u"9007199254740993"_s));
    for (const QString& id : oddIds()) {
        QVERIFY2(known.contains(id), qPrintable(id.left(60)));
        const QString key = known.value(id).value(u"key"_s).toString();
        const auto parsed = callKeyFromText(key);
        QVERIFY2(parsed && parsed->remoteId == id, qPrintable(key.left(60)));
    }
    for (const QString& id :
         {u"../../etc/passwd"_s, u"%2e%2e%2f"_s, u"a?b=c"_s, u"a#b"_s, u"--help"_s, u"\u202Eid"_s}) {
        const Ran shown =
            run({u"show"_s, u"--format"_s, u"json"_s, u"--"_s, known.value(id).value(u"key"_s).toString()});
        QVERIFY2(shown.object().value(u"id"_s).toString() == id,
                 qPrintable(id + u": "_s + QString::fromUtf8(shown.err)));
        const Ran again = run({u"pull"_s, u"main"_s, u"--call="_s + id, u"--json"_s});
        QVERIFY2(again.exitCode == 0, QByteArray(id.toUtf8() + again.err).constData());
    }
    QVERIFY(run({u"pull"_s, u"main"_s, u"--call=.."_s, u"--json"_s}).exitCode == 1);  // there is no such address
    const auto after = calls();
    QCOMPARE(after.value(u"../../etc/passwd"_s).value(u"notes"_s).toString(), u"after"_s);
    QCOMPARE(after.value(u"a?b=c"_s).value(u"notes"_s).toString(), u"after"_s);
    nothingOddHappened();
}

void TestHostileAnswers::hugeAnswersStayWithinMemory() {
    for (const HostileBody& body : hugeBodies()) {
        m_server->addPage(body.name, body.make);
    }
    m_server->addReply("gzip-bomb", Reply::broken(Fault::GzipBomb));
    m_server->addReply("endless", Reply::broken(Fault::EndlessBody));
    (void)pull(3);
    qInfo("after pull: peak %lld MiB", m_traced->peakMiB());
    const auto known = calls();
    qInfo("after pull and list: peak %lld MiB", m_traced->peakMiB());
    QCOMPARE(known.value(u"text-10-MiB"_s).value(u"notes"_s).toString().size(), qsizetype(2 * 1024 * 1024));
    QVERIFY(!known.contains(u"text-100-MiB"_s));
    QVERIFY(known.contains(u"blanks"_s));
    QVERIFY(known.contains(u"full-8999"_s));
    QCOMPARE(run({u"list"_s}).exitCode, 0);
    QCOMPARE(run({u"show"_s, u"main/text-10-MiB"_s}).exitCode, 0);
    QCOMPARE(run({u"list"_s, u"--filter"_s, u"notes:nobody"_s}).exitCode, 0);
    nothingOddHappened();
    qInfo("peak %lld MiB", m_traced->peakMiB());
}

/// The server gives back what it was sent, as a badly written one does.
void TestHostileAnswers::aBadKeyNamesNoSecret() {
    m_server->on("/api/v1/campaigns"_ba, [](const Request& request) {
        return Reply::json("{\"detail\": \"Invalid key: "_ba + request.header("authorization"_ba) + "\"}", 401);
    });
    addAccount();
    const Ran pulled = run({u"pull"_s, u"--json"_s});
    QCOMPARE(pulled.exitCode, 1);
    QCOMPARE(pulled.object()
                 .value(u"accounts"_s)
                 .toArray()
                 .at(0)
                 .toObject()
                 .value(u"error"_s)
                 .toObject()
                 .value(u"kind"_s)
                 .toString(),
             u"unauthorized"_s);
    QCOMPARE(m_server->count(), 1);  // not once more with a bad key
    QVERIFY(!m_traced->program().printed().contains("CANARY"));
    QVERIFY(m_traced->program().filesWith("CANARY0001").isEmpty());
    nothingOddHappened();
}

QTEST_GUILESS_MAIN(TestHostileAnswers)
#include "tst_hostileanswers.moc"
