// The scanner must see the same parts as QJsonDocument on every lawful text, and stay inside the text on every other.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include "models/providers/excerpt.h"
#include "models/providers/jsonbody.h"
#include "models/providers/jsonlaw.h"
#include "models/providers/jsonspans.h"

using namespace earmark;

namespace {

class Writer {
 public:
    explicit Writer(quint32 seed) : m_random(seed) {}

    QByteArray blanks() {
        static const char* const kBlanks[] = {"", "", "", " ", "\n", "\t \r\n"};
        return kBlanks[m_random.bounded(6)];
    }

    QByteArray string() {
        static const char* const kPieces[] = {
            "a", "id", "items", "\\\"",    "\\\\",           "{",      "}", "[", "]", ",", ":", " ", "\\n",
            "é", "😀",  "\\/",   "\\u00e9", "\\ud83d\\ude00", "\\u0000"};
        QByteArray text = "\"";
        for (quint32 i = m_random.bounded(6U); i > 0; --i) {
            text += kPieces[m_random.bounded(static_cast<quint32>(std::size(kPieces)))];
        }
        return text + '"';
    }

    QByteArray value(int depth) {
        static const char* const kScalars[] = {
            "null", "true", "false", "0", "-1", "3.70", "1e5", "9007199254740993", "12345678901234567890"};
        const quint32 kind = m_random.bounded(depth > 0 ? 4U : 2U);
        if (kind == 0) {
            return kScalars[m_random.bounded(static_cast<quint32>(std::size(kScalars)))];
        }
        if (kind == 1) {
            return string();
        }
        QByteArray text = kind == 2 ? "[" : "{";
        const quint32 count = m_random.bounded(4U);
        for (quint32 i = 0; i < count; ++i) {
            text += i > 0 ? "," : "";
            text += blanks();
            if (kind == 3) {
                text += string() + blanks() + ':' + blanks();
            }
            text += value(depth - 1) + blanks();
        }
        return text + blanks() + (kind == 2 ? ']' : '}');
    }

 private:
    QRandomGenerator m_random;
};

QJsonValue valueOf(QByteArrayView text) {
    QJsonParseError error;
    const QJsonArray array = QJsonDocument::fromJson('[' + text.toByteArray() + ']', &error).array();
    return error.error == QJsonParseError::NoError && array.size() == 1 ? array.first()
                                                                        : QJsonValue(QJsonValue::Undefined);
}

/// Compares every part that the scanner finds with QJsonDocument's, all the way down.
bool sameParts(QByteArrayView text, const QJsonValue& value) {
    if (value.isArray()) {
        const auto elements = arrayElements(text);
        if (!elements || static_cast<qsizetype>(elements->size()) != value.toArray().size()) {
            return false;
        }
        for (qsizetype i = 0; i < value.toArray().size(); ++i) {
            if (!sameParts((*elements)[static_cast<std::size_t>(i)], value.toArray().at(i))) {
                return false;
            }
        }
        return true;
    }
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        const auto members = objectMembers(text);
        if (!members || static_cast<qsizetype>(members->size()) < object.size()) {
            return false;
        }
        for (const QString& name : object.keys()) {
            const auto member = memberText(text, name);
            if (!member || !sameParts(*member, object.value(name))) {
                return false;
            }
        }
        return true;
    }
    return valueOf(text) == value;
}

}  // namespace

class TestJsonSpans : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void agreesWithQJsonDocument() {
        int objects = 0;
        int lawful = 0;
        for (quint32 seed = 1; seed <= 20'000; ++seed) {
            Writer writer(seed);
            const QByteArray text = writer.blanks() + writer.value(4) + writer.blanks();
            const QJsonValue value = valueOf(text);
            QVERIFY2(!value.isUndefined(), text.constData());
            objects += value.isObject() ? 1 : 0;
            QVERIFY2(sameParts(text, value), text.constData());
            lawful += isPlainlyLawfulJson(QByteArray('[' + text + ']')) ? 1 : 0;
            const QByteArray compact = compactJson(text);
            QVERIFY2(valueOf(compact) == value, compact.constData());
            QVERIFY(compact.size() <= text.size());
            QCOMPARE(compactJson(compact), compact);
        }
        QVERIFY(objects > 1'000);
        QVERIFY2(lawful > 8'000, qPrintable(QString::number(lawful)));  // the others hold a number with an exponent
    }

    void whatIsPlainlyLawfulIsAcceptedByQJsonDocument() {
        static const char kSigns[] = "{}[]\",:\\ 0123456789.-+eEtrufalsn/b\n\t\x01\x7f\xc3\xa9\xed\xa0\x80\0";
        QRandomGenerator random(11);
        int lawful = 0;
        for (quint32 seed = 1; seed <= 200'000; ++seed) {
            QByteArray text = '[' + Writer(seed % 20'000).value(3) + ']';
            for (quint32 changes = random.bounded(1U, 4U); changes > 0 && !text.isEmpty(); --changes) {
                const auto place = static_cast<qsizetype>(random.bounded(static_cast<quint32>(text.size())));
                const char sign = kSigns[random.bounded(static_cast<quint32>(sizeof kSigns))];
                switch (random.bounded(3)) {
                    case 0:
                        text[place] = sign;
                        break;
                    case 1:
                        text.insert(place, sign);
                        break;
                    default:
                        text.remove(place, 1);
                }
            }
            if (isPlainlyLawfulJson(text)) {
                ++lawful;
                QJsonParseError error;
                (void)QJsonDocument::fromJson(text, &error);
                QVERIFY2(error.error == QJsonParseError::NoError, text.constData());
            }
        }
        QVERIFY(lawful > 5'000);
    }

    void lawfulJson_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isLawful");
        const auto row = [](const char* text, bool isLawful) { QTest::newRow(text) << QByteArray(text) << isLawful; };
        row(" [ ] ", true);
        row("{\"a\":[{},null,true,false,-0.5,\"\\u00e9\\n\"]}", true);
        row("", false);
        row("1", false);
        row("[1,]", false);
        row("[,1]", false);
        row("{\"a\":1,}", false);
        row("{\"a\"}", false);
        row("{a:1}", false);
        row("[01]", false);
        row("[1.]", false);
        row("[-]", false);
        row("[nul]", false);
        row("[nulll]", false);
        row("[1}", false);
        row("[1][", false);
        row("[[1]", false);
        row("[\"\\u12g4\"]", false);
        row("[\"\\x\"]", false);
        row("[\"\xc3\"]", false);
        row("[\"a", false);
        QTest::newRow("deep") << QByteArray(QByteArray(400, '[') + QByteArray(400, ']')) << true;
        QTest::newRow("too deep") << QByteArray(QByteArray(2'000, '[') + QByteArray(2'000, ']')) << false;
    }
    void lawfulJson() {
        QFETCH(QByteArray, text);
        QFETCH(bool, isLawful);
        QCOMPARE(isPlainlyLawfulJson(text), isLawful);
    }

    void staysInsideOtherTexts() {
        // Cut and garbled texts: the answers do not matter, crossing the end would (address sanitizer).
        QRandomGenerator random(5);
        for (quint32 seed = 1; seed <= 20'000; ++seed) {
            QByteArray text = Writer(seed).value(4);
            text.truncate(static_cast<qsizetype>(random.bounded(static_cast<quint32>(text.size() + 1))));
            if (!text.isEmpty() && seed % 2 == 0) {
                text[static_cast<qsizetype>(random.bounded(static_cast<quint32>(text.size())))] =
                    static_cast<char>(random.bounded(256));
            }
            const QByteArray exact(text.constData(), text.size());
            (void)compactJson(exact);
            (void)isPlainlyLawfulJson(exact);
            for (const auto& element : arrayElements(exact).value_or(std::vector<QByteArrayView>())) {
                QVERIFY(element.begin() >= exact.cbegin() && element.end() <= exact.cend());
            }
            for (const auto& member : objectMembers(exact).value_or(std::vector<JsonMember>())) {
                QVERIFY(member.value.begin() >= exact.cbegin() && member.value.end() <= exact.cend());
            }
        }
    }

    void keepsWhatQJsonDocumentLoses() {
        const QByteArray text = R"( {"z": 12345678901234567890, "a" : 1.50, "z" : 9223372036854775808 } )";
        QCOMPARE(compactJson(text), QByteArray(R"({"z":12345678901234567890,"a":1.50,"z":9223372036854775808})"));
        QCOMPARE(memberText(text, u"z")->toByteArray(), QByteArray("9223372036854775808"));
        QCOMPARE(memberText(text, u"a")->toByteArray(), QByteArray("1.50"));
        QVERIFY(!memberText(text, u"b"));
        QCOMPARE(memberText(R"({"\u0069d":7})", u"id")->toByteArray(), QByteArray("7"));
    }

    void deepNestingCostsNoStack() {
        const QByteArray deep = QByteArray(2'000'000, '[') + QByteArray(2'000'000, ']');
        QCOMPARE(arrayElements(deep)->size(), std::size_t{1});
        QVERIFY(!arrayElements(QByteArray(2'000'000, '[')));
    }

    void whatIsNoJson_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("code");
        const auto row = [](const char* name, const QByteArray& body, ErrorKind kind, const char* code) {
            QTest::newRow(name) << body << static_cast<int>(kind) << QString::fromLatin1(code);
        };
        row("empty", "", ErrorKind::NotTheApi, "empty_body");
        row("blanks", " \n\t", ErrorKind::NotTheApi, "empty_body");
        row("mark alone", "\xef\xbb\xbf", ErrorKind::NotTheApi, "empty_body");
        row("web page", "\n<!doctype html><title>x</title>", ErrorKind::NotTheApi, "html_body");
        row("xml", "<?xml version='1.0'?><Error/>", ErrorKind::NotTheApi, "html_body");
        row("plain text", "upstream timed out", ErrorKind::NotTheApi, "text_body");
        row("cut", R"({"items": [{"id": "1")", ErrorKind::BadAnswer, "bad_json");
        row("comma too many", R"({"items": [],})", ErrorKind::BadAnswer, "bad_json");
        row("not a number", R"({"items": [NaN]})", ErrorKind::BadAnswer, "bad_json");
        row("two documents", "{}{}", ErrorKind::BadAnswer, "bad_json");
        row("bad UTF-8", "{\"a\": \"\xff\"}", ErrorKind::BadAnswer, "bad_json");
        row("too deep", QByteArray(2'000, '[') + QByteArray(2'000, ']'), ErrorKind::BadAnswer, "bad_json");
        row("null", "null", ErrorKind::BadAnswer, "bad_shape");
        row("number", " 17 ", ErrorKind::BadAnswer, "bad_shape");
        row("text", R"("no")", ErrorKind::BadAnswer, "bad_shape");
        row("UTF-16", QByteArray("\xff\xfe{\0}\0", 6), ErrorKind::BadAnswer, "not_utf8");
        row("UTF-16 without mark", QByteArray("{\0}\0", 4), ErrorKind::BadAnswer, "not_utf8");
        row("gzip", QByteArray("\x1f\x8b\x08\x00\x00", 5), ErrorKind::BadAnswer, "unannounced_gzip");
    }
    void whatIsNoJson() {
        QFETCH(QByteArray, body);
        QFETCH(int, kind);
        QFETCH(QString, code);
        const auto parsed = JsonBody::parse(body);
        QVERIFY(!parsed.has_value());
        QCOMPARE(static_cast<int>(parsed.error().kind), kind);
        QCOMPARE(parsed.error().code, code);
        QVERIFY(!parsed.error().message.isEmpty());
        QVERIFY(parsed.error().detail.size() <= 300);
    }

    void rowsAsNumberedObject() {
        const auto rowsOf = [](const char* body) -> qsizetype {
            const auto rows = JsonBody::parse(body)->rows(QStringLiteral("items"));
            return rows ? static_cast<qsizetype>(rows->size()) : -1;
        };
        QCOMPARE(rowsOf(R"({"items": {"0": {"id": "a"}, "1": {"id": "b"}}})"), 2);
        QCOMPARE(rowsOf(R"({"items": {"1": {"id": "b"}, "0": {"id": "a"}}})"), 2);
        QCOMPARE(rowsOf(R"({"items": []})"), 0);
        QCOMPARE(rowsOf(R"({"items": {}})"), -1);
        QCOMPARE(rowsOf(R"({"items": {"0": {"id": "a"}, "2": {"id": "b"}}})"), -1);
        QCOMPARE(rowsOf(R"({"items": {"0": {"id": "a"}, "1": 5}})"), -1);
        QCOMPARE(rowsOf(R"({"items": {"id": "a"}})"), -1);
        QCOMPARE(rowsOf(R"({"items": null})"), -1);
        QCOMPARE(rowsOf(R"({"items": "none"})"), -1);
        QCOMPARE(rowsOf(R"({"rows": []})"), -1);
        const auto rows = JsonBody::parse(R"({"items": {"1": {"id": "b"}, "0": {"id": "a"}}})");
        QCOMPARE(rows->rows(QStringLiteral("items"))->front().text.toByteArray(), QByteArray(R"({"id": "a"})"));
    }

    void excerptsHoldNoSecrets_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* text, const char* shown) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(shown);
        };
        row("see https://x.test/a.wav?X-Goog-Signature=00ff&b=1 now", "see https://x.test/a.wav?... now");
        row("https://user:hunter2@x.test/", "https://...x.test/");
        row("Authorization: Bearer yt_live_abcdef0123456789", "Authorization: Bearer ...");
        row("key yt_test_a1b2c3 is wrong", "key yt_test_... is wrong");
        row("api_key=12345 and signature: 9f", "api_key=... and signature=...");
        row("API key must start with yt_live_ or yt_test_", "API key must start with yt_live_ or yt_test_");
        row("Really? Yes.", "Really? Yes.");
        row("two\n  lines\x1b[31m", "two lines\u241b[31m");
    }
    void excerptsHoldNoSecrets() {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(redactedLine(text), shown);
        QVERIFY(!bodyExcerpt(text.toUtf8()).contains(QStringLiteral("hunter2")));
    }

    void excerptOfJsonIsItsShape() {
        QCOMPARE(bodyExcerpt(R"({"notes": "call +91 98 \"x\"", "n": 1234.5, "ok": true, "list": ["secret"]})"),
                 QStringLiteral(R"({"notes": "...", "n": 0, "ok": true, "list": ["..."]})"));
        QCOMPARE(bodyExcerpt(R"({"notes": "cut in the mid)"), QStringLiteral(R"({"notes": "...")"));
        const QByteArray huge = "[" + QByteArray(10'000'000, '1');
        QVERIFY(bodyExcerpt(huge).size() <= kExcerptCharacters);
        QVERIFY(bodyExcerpt(QByteArray(10'000'000, 'x')).size() <= kExcerptCharacters);
    }
};

QTEST_GUILESS_MAIN(TestJsonSpans)
#include "tst_jsonspans.moc"
