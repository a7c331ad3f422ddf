// JSON, CSV, tables and arguments of the command line: small pure parts.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

#include "app/commandline/arguments.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/detailshapes.h"
#include "app/redaction.h"
#include "app/secrets.h"
#include "models/domain/signedlink.h"
#include "models/providers/rawobject.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr OptionSpec kOptions[] = {
    {"filter", OptionSpec::Kind::Value, "E"}, {"call", OptionSpec::Kind::Repeated, "ID"}, {"json"}};
constexpr CommandSpec kSpec = {"list", "", "", kOptions, 0, 1};

/// JSON written with single quotes (moc loses its way in raw strings).
QByteArray quoted(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

ReviewedCall sampleCall() {
    ReviewedCall reviewed;
    Call& call = reviewed.call;
    call.key = {u"main"_s, u"a/1"_s};
    call.status = CallStatus::Completed;
    call.direction = Direction::Outbound;
    call.talkSeconds = 184;
    call.ringSeconds = 0.4;
    call.totalSeconds = 0;
    call.dialTime = momentFromMs(1776523022419);
    call.notes = u"=1+1, \"quoted\"\nsecond"_s;
    call.raw = quoted(
        "{'id':12345678901234567890,'recording_url':'https://storage.example/"
        "x.wav?X-Goog-Expires=1&X-Goog-Signature=SIGCANARY','notes':'see https://wiki.example/?page=7'}");
    return reviewed;
}

}  // namespace

class TestShapes : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void keysStandInTheContractsOrder() {
        JsonWriter json(1);
        writeCall(json, sampleCall(), listFields());
        const QByteArray text = json.take();
        // The order is the contract, so it is written out here and not taken from the table.
        const QByteArray expected =
            "key account provider id status status_raw direction type_raw source campaign_id campaign lead_id lead "
            "agent_id agent "
            "customer_number own_number created_time dial_time ring_time answer_time agent_connect_time end_time "
            "updated_time "
            "ring_seconds talk_seconds total_seconds hangup_cause end_reason end_reason_raw answered_by disposition "
            "notes "
            "provider_disposition provider_notes summary sentiment next_action has_recording has_transcript cost "
            "cost_unit carrier_cost tags "
            "edited edit_state reviewed_at flagged unlisted_since";
        QByteArrayList found;
        qsizetype at = 0;
        for (const QByteArray& name : expected.split(' ')) {
            const qsizetype here = text.indexOf(QByteArray("\"" + name + "\": "), at);
            QVERIFY2(here >= at, name.constData());
            at = here;
            found.append(name);
        }
        QCOMPARE(QJsonDocument::fromJson(text).object().size(), found.size());
    }

    void valuesKeepTheirKind() {
        JsonWriter json(0);
        writeCall(json, sampleCall(),
                  {Field::Key, Field::TalkSeconds, Field::RingSeconds, Field::TotalSeconds, Field::DialTime,
                   Field::EndTime, Field::Tags, Field::Edited, Field::HasRecording});
        QCOMPARE(
            json.take(),
            QByteArray("{\"key\": \"main/a%2F1\", \"talk_seconds\": 184, \"ring_seconds\": 0.4, \"total_seconds\": 0, "
                       "\"dial_time\": \"2026-04-18T14:37:02.419Z\", \"end_time\": null, \"tags\": [], \"edited\": "
                       "false, \"has_recording\": null}\n"));
    }

    void numbersHaveNoExponent_data() {
        QTest::addColumn<double>("number");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("whole") << 12.0 << QByteArray("12");
        QTest::newRow("minus zero") << -0.0 << QByteArray("0");
        QTest::newRow("fraction") << 49.350622 << QByteArray("49.350622");
        QTest::newRow("small") << 0.00000125 << QByteArray("0.00000125");
        QTest::newRow("large") << 1e15 << QByteArray("1000000000000000");
        QTest::newRow("negative") << -3.5 << QByteArray("-3.5");
    }
    void numbersHaveNoExponent() {
        QFETCH(double, number);
        QFETCH(QByteArray, text);
        QCOMPARE(plainNumber(number), text);
    }

    void textsAreEscaped() {
        JsonWriter json(0);
        const QString odd = u"a\"b\\c\n\r\t\u0001\u007f \u202e é 😀"_s + QChar(0xd800);
        json.beginArray();
        json.text(odd);
        json.number(qQNaN());
        json.endArray();
        const QByteArray text = json.take();
        QJsonParseError problem;
        const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
        QCOMPARE(problem.error, QJsonParseError::NoError);
        QVERIFY(document.array().at(0).toString().startsWith(u"a\"b\\c\n\r\t\u0001\u007f \u202e é 😀"_s));
        QVERIFY(document.array().at(1).isNull());
        for (const char c : text.trimmed()) {
            QVERIFY(static_cast<unsigned char>(c) >= 0x20);
        }
    }

    void nestingIsLawful() {
        JsonWriter json(2);
        json.beginObject();
        json.key(u"empty");
        json.beginArray();
        json.endArray();
        json.key(u"list");
        json.beginArray();
        json.beginObject();
        json.key(u"a");
        json.number(qint64(1));
        json.key(u"b");
        json.null();
        json.endObject();
        json.text(u"x");
        json.endArray();
        json.endObject();
        QCOMPARE(QJsonDocument::fromJson(json.take()).toJson(QJsonDocument::Compact),
                 quoted("{'empty':[],'list':[{'a':1,'b':null},'x']}"));
    }

    void wholeCallHasTheSecondGroup() {
        ReviewedCall call = sampleCall();
        call.call.fieldErrors = {{u"talk_duration_s"_s, u"\"12\""_s}};
        JsonWriter json(2);
        writeWholeCall(json, call, {},
                       {{1, momentFromMs(1000), ReviewField::Notes, u"old"_s, std::nullopt, u"desk"_s, u"kept"_s,
                         QString(), std::nullopt}});
        const QByteArray text = json.take();
        const QJsonObject object = QJsonDocument::fromJson(text).object();
        QVERIFY(!object.isEmpty());
        for (const auto& name : {u"transcript"_s, u"metrics"_s, u"variables"_s, u"latency"_s}) {
            QVERIFY(object.value(name).isArray());
            QVERIFY(object.value(name).toArray().isEmpty());
        }
        QVERIFY(object.value(u"feedback"_s).isNull());
        QCOMPARE(object.value(u"provenance"_s).toObject().size(), qsizetype(listFields().size()));
        QCOMPARE(object.value(u"provenance"_s).toObject().value(u"customer_number"_s).toString(), u"not_offered"_s);
        QCOMPARE(object.value(u"field_errors"_s).toArray().at(0).toObject().value(u"path"_s).toString(),
                 u"talk_duration_s"_s);
        const QJsonObject entry = object.value(u"history"_s).toArray().at(0).toObject();
        QCOMPARE(entry.keys(), QStringList({u"at"_s, u"fate"_s, u"field"_s, u"from"_s, u"origin"_s, u"to"_s}));
        QVERIFY(entry.value(u"to"_s).isNull());
        // The provider's own digits survive, the signature does not.
        QVERIFY(text.contains("12345678901234567890"));
        QVERIFY(!text.contains("SIGCANARY"));
        QCOMPARE(object.value(u"raw"_s).toObject().value(u"recording_url"_s).toString(),
                 u"https://storage.example/x.wav"_s);
        QCOMPARE(object.value(u"raw"_s).toObject().value(u"notes"_s).toString(), u"see https://wiki.example/?page=7"_s);
    }

    void detailsStandInTheContractsShape() {
        CallDetails details;
        Turn turn{Speaker::Agent, TurnKind::Message, u"Hello"_s, momentFromMs(1776523022419),
                  std::chrono::milliseconds(1500)};
        details.transcript = {turn, {Speaker::Unknown, TurnKind::ToolCall, u"look_up {}"_s}};
        details.metrics = {{u"interest"_s, u"0.8"_s, u"number"_s, 0.75, u"asked twice"_s}, {u"bare"_s}};
        details.variables = {{u"plan"_s, u"gold"_s, u"string"_s, std::nullopt, u"said so"_s}};
        details.latency = {{u"agent"_s, 812.5, 3}, {u"turn"_s, 20}};
        details.feedback = Feedback{4.5, std::nullopt};
        JsonWriter json(1);
        json.beginObject();
        writeDetails(json, details);
        json.endObject();
        QCOMPARE(QJsonDocument::fromJson(json.take()).toJson(QJsonDocument::Compact),
                 quoted("{'feedback':{'notes':null,'stars':4.5},"
                        "'latency':[{'ms':812.5,'part':'agent','turn':3},{'ms':20,'part':'turn','turn':null}],"
                        "'metrics':[{'confidence':0.75,'name':'interest','reason':'asked twice','type':'number',"
                        "'value':'0.8'},{'confidence':null,'name':'bare','reason':null,'type':null,'value':null}],"
                        "'transcript':[{'at':'2026-04-18T14:37:02.419Z','estimated':false,'kind':'message',"
                        "'offset_ms':1500,'speaker':'agent','text':'Hello'},{'at':null,'estimated':false,"
                        "'kind':'tool_call','offset_ms':null,'speaker':'unknown','text':'look_up {}'}],"
                        "'variables':[{'description':null,'name':'plan','rationale':'said so','type':'string',"
                        "'value':'gold'}]}"));
    }

    void textTellsDetailsAndWhatIsNotOffered() {
        Call call;
        call.provider = Provider::Vatel;
        CallDetails details;
        details.variables = {{u"plan"_s, u"gold\u202e"_s, u"string"_s, std::nullopt, u"said so"_s}};
        details.feedback = Feedback{4, u"kind"_s};
        details.transcript = {{Speaker::Customer, TurnKind::Message, u"one\ntwo"_s}};
        const QString text = detailsText(call, details);
        QVERIFY(text.contains(QRegularExpression(u"Metrics +not offered by Vatel"_s)));
        QVERIFY(text.contains(QRegularExpression(u"plan +gold<U\\+202E>  \\(string; said so\\)"_s)));
        QVERIFY(text.contains(u"The caller's feedback"_s) && text.contains(u"kind"_s));
        QVERIFY(transcriptText(details).contains(QRegularExpression(u"customer +one\n +two\n"_s)));
    }

    void damagedRawIsNull() {
        QCOMPARE(shownRaw("{\"a\":"), QByteArray("null"));
        QCOMPARE(shownRaw(""), QByteArray("null"));
    }

    void signedLinksLoseTheirQuery_data() {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << quoted("{'u':'https://a.example/b.wav?X-Sig=1&X-Expires=2'}")
                               << quoted("{'u':'https://a.example/b.wav'}");
        QTest::newRow("escaped ampersand") << quoted("{'u':'https://a.example/b.wav?x=1\\u0026Signature=2'}")
                                           << quoted("{'u':'https://a.example/b.wav'}");
        QTest::newRow("escaped slashes") << quoted("{'u':'https:\\/\\/a.example\\/b.wav?token=1'}")
                                         << quoted("{'u':'https:\\/\\/a.example\\/b.wav'}");
        QTest::newRow("in quotes") << quoted("{'n':'he said \\'https://a.example/?sig=1\\' twice'}")
                                   << quoted("{'n':'he said \\'https://a.example/\\' twice'}");
        QTest::newRow("two, and a question")
            << quoted("{'n':'why? http://a.example/?key=1 or https://b.example/x?sig=2#c'}")
            << quoted("{'n':'why? http://a.example/ or https://b.example/x'}");
        QTest::newRow("after other words") << quoted("{'n':'\xc3\xa4:?\\nhttps://a.example/?token=1','m':'?'}")
                                           << quoted("{'n':'\xc3\xa4:?\\nhttps://a.example/','m':'?'}");
        QTest::newRow("user and password") << quoted("{'u':'http://user:secret@a.example/b.wav','m':'x@y'}")
                                           << quoted("{'u':'http://a.example/b.wav','m':'x@y'}");
        QTest::newRow("user alone, escaped slashes") << quoted("{'u':'https:\\/\\/token@a.example\\/b.wav?sig=1'}")
                                                     << quoted("{'u':'https:\\/\\/a.example\\/b.wav'}");
        QTest::newRow("escaped signs") << quoted("{'u':'https://u:p\\u0040q\\u0040a.example/b'}")
                                       << quoted("{'u':'https://a.example/b'}");
        QTest::newRow("signs in the path") << quoted("{'u':'https://a.example/@me?to=b@c.example'}")
                                           << quoted("{'u':'https://a.example/@me?to=b@c.example'}");
        QTest::newRow("harmless") << quoted("{'n':'https://a.example/?id=1'}")
                                  << quoted("{'n':'https://a.example/?id=1'}");
    }
    void signedLinksLoseTheirQuery() {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, shown);
        QCOMPARE(withoutLinkSecrets(raw), shown);
        QVERIFY(!QJsonDocument::fromJson(shownRaw(raw)).isNull());
    }

    void csvQuotes() {
        QCOMPARE(csvLine({u"a"_s, u"b,c"_s, u"d\"e"_s, u"f\ng"_s, QString(), u" h"_s}),
                 QByteArray("a,\"b,c\",\"d\"\"e\",\"f\ng\",,\" h\"\r\n"));
    }

    void formulasAreGuarded_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("guarded");
        for (const auto& text : {u"=1+1"_s, u"+1"_s, u"-1"_s, u"@x"_s, u"\tx"_s, u"\rx"_s, u"\nx"_s, u"\u00a0=1"_s,
                                 u"  =1"_s, u"\uff1d1"_s, u"+919876543210"_s}) {
            QTest::addRow("%s", qPrintable(text)) << text << true;
        }
        for (const auto& text : {u"x=1"_s, u""_s, u"CALLBACK"_s, u"1-2"_s}) {
            QTest::addRow("'%s'", qPrintable(text)) << text << false;
        }
    }
    void formulasAreGuarded() {
        QFETCH(QString, text);
        QFETCH(bool, guarded);
        QCOMPARE(guardedFormula(text), guarded ? u'\'' + text : text);
    }

    void numbersInCsvStayNumbers() {
        ReviewedCall call = sampleCall();
        call.call.talkSeconds = -5;
        QCOMPARE(csvCell(call, Field::TalkSeconds), u"-5"_s);
        QCOMPARE(csvCell(call, Field::EndTime), QString());
        QVERIFY(csvCell(call, Field::Notes).startsWith(u"'=1+1"_s));
    }

    void tableIsAligned() {
        TextTable table({u"Name"_s, u"Talk"_s}, 8);
        table.setRightAligned(1);
        table.addRow({u"a very long name"_s, u"3:04"_s});
        table.addRow({u"b\nc"_s, u"12:00:00"_s});
        const QStringList lines = table.text().split(u'\n');
        QCOMPARE(lines.at(0), u"Name          Talk"_s);
        QCOMPARE(lines.at(1), u"a very …      3:04"_s);
        QCOMPARE(lines.at(2).right(8), u"12:00:00"_s);
        QCOMPARE(lines.size(), 4);  // a line break in data starts no line
    }

    void argumentsAreRead() {
        const auto read = Arguments::parse(kSpec, {u"--filter"_s, u"-status:completed"_s, u"--call=a"_s, u"--call"_s,
                                                   u"b"_s, u"--json"_s, u"--"_s, u"--key"_s});
        QVERIFY(read.has_value());
        QCOMPARE(read->value("filter"), u"-status:completed"_s);
        QCOMPARE(read->values("call"), QStringList({u"a"_s, u"b"_s}));
        QVERIFY(read->has("json"));
        QCOMPARE(read->positional(), QStringList({u"--key"_s}));
    }

    void valuesMayBeginWithDashes() {
        const auto read = Arguments::parse(kSpec, {u"--filter=--json"_s, u"--call"_s, u"--text"_s});
        QVERIFY(read.has_value() && !read->has("json"));
        QCOMPARE(read->value("filter"), u"--json"_s);
        QCOMPARE(read->value("call"), u"--text"_s);
    }

    void wrongArgumentsAreNamed_data() {
        QTest::addColumn<QStringList>("words");
        QTest::newRow("unknown") << QStringList{u"--filler"_s, u"x"_s};
        QTest::newRow("short") << QStringList{u"-f"_s};
        QTest::newRow("no value") << QStringList{u"--filter"_s};
        QTest::newRow("an option for a value") << QStringList{u"--filter"_s, u"--json"_s};
        QTest::newRow("an option with its value for a value") << QStringList{u"--call"_s, u"--filter=a"_s};
        QTest::newRow("the profile for a value") << QStringList{u"--filter"_s, u"--profile=/tmp/x"_s};
        QTest::newRow("value for a flag") << QStringList{u"--json=1"_s};
        QTest::newRow("twice") << QStringList{u"--filter"_s, u"a"_s, u"--filter"_s, u"b"_s};
        QTest::newRow("too many") << QStringList{u"a"_s, u"b"_s};
    }
    void wrongArgumentsAreNamed() {
        QFETCH(QStringList, words);
        const auto read = Arguments::parse(kSpec, words);
        QVERIFY(!read.has_value());
        QVERIFY(!read.error().isEmpty());
    }

    void globalOptionsStandAnywhere() {
        const auto options = GlobalOptions::parse({u"list"_s, u"--profile"_s, u"/tmp/x"_s, u"--filter"_s, u"--help"_s});
        QVERIFY(options.has_value());
        QCOMPARE(options->profile, u"/tmp/x"_s);
        QVERIFY(!options->help);  // it is the filter's value
        QCOMPARE(options->words, QStringList({u"list"_s, u"--filter"_s, u"--help"_s}));
        const auto help = GlobalOptions::parse({u"list"_s, u"--help"_s});
        QVERIFY(help.has_value() && help->help);
        const auto edit = GlobalOptions::parse({u"edit"_s, u"a/b"_s, u"--notes"_s, u"--profile"_s});
        QVERIFY(edit.has_value() && edit->profile.isEmpty());
        QVERIFY(!GlobalOptions::parse({u"--nonsense"_s}).has_value());
        QVERIFY(!GlobalOptions::parse({u"--profile"_s}).has_value());
    }

    void keysAreChecked() {
        QCOMPARE(checkedKey("  yt_test_abc\r\n").value(), QByteArray("yt_test_abc"));
        for (const QByteArray& bad :
             {QByteArray("key\r\nX: y"), QByteArray(""), QByteArray(" \n"), QByteArray("yt_k ey"),
              QByteArray("a\0b", 3), QByteArray("sch\xc3\xb6n"), QByteArray(5000, char(97))}) {
            const auto key = checkedKey(bad);
            QVERIFY(!key.has_value());
            QCOMPARE(key.error().kind, ErrorKind::InvalidInput);
            QVERIFY(bad.size() < 3 || !key.error().message.contains(QString::fromUtf8(bad)));
        }
        QCOMPARE(keyVariable(u"my-desk-2"_s), u"EARMARK_KEY_MY_DESK_2"_s);
        QCOMPARE(keyVariable(targetSecretName(u"my-desk-2"_s)), u"EARMARK_TARGET_SECRET_MY_DESK_2"_s);
        QCOMPARE(checkedSecret(" several words \n").value(), QByteArray("several words"));
        QVERIFY(!checkedSecret("two\nlines"));
        QVERIFY(!checkedSecret(" \n"));
    }

    void secretsAreRedacted() {
        hideSecret("oddkey99");
        const QString text = redacted(
            u"GET https://user:pw@api.example/v1?token=abc Authorization: Bearer yt_live_CANARY1 then yt_test_CANARY2, "
            u"sk_CANARY3, "
            u"https://s3.example/x.wav?X-Amz-Signature=SIGCANARY X-Goog-Signature=SIGCANARY2 oddkey99\x1b[31m"_s);
        for (const auto& secret : {u"CANARY"_s, u"pw@"_s, u"abc"_s, u"oddkey99"_s, u"\x1b"_s}) {
            QVERIFY2(!text.contains(secret), qPrintable(text));
        }
        QVERIFY(text.contains(u"https://s3.example/x.wav"_s));
        QCOMPARE(redacted(u"File not found: calls.db"_s), u"File not found: calls.db"_s);
    }
};

QTEST_GUILESS_MAIN(TestShapes)
#include "tst_shapes.moc"
