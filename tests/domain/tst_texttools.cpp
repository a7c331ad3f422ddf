// Finding in a text whatever case and accents, and JSON made readable.
#include <QJsonDocument>
#include <QTest>

#include "models/domain/jsontext.h"
#include "models/domain/textfold.h"
#include "models/domain/textmatches.h"

using namespace earmark;
using namespace Qt::StringLiterals;

class TextToolsTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void findsInPositionsOfTheText_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("found");
        QTest::newRow("case") << u"Card CARD card"_s << u"cArd"_s << QStringList{u"Card"_s, u"CARD"_s, u"card"_s};
        QTest::newRow("accents") << u"Café, cafe\u0301!"_s << u"CAFE"_s << QStringList{u"Café"_s, u"cafe\u0301"_s};
        QTest::newRow("longer when folded")
            << u"Straße und Strasse"_s << u"strasse"_s << QStringList{u"Straße"_s, u"Strasse"_s};
        QTest::newRow("part of a folded letter") << u"ß"_s << u"s"_s << QStringList{u"ß"_s, u""_s};
        QTest::newRow("after astral letters") << u"😀😀 vote"_s << u"vote"_s << QStringList{u"vote"_s};
        QTest::newRow("no overlap") << u"aaaa"_s << u"aa"_s << QStringList{u"aa"_s, u"aa"_s};
        QTest::newRow("marks of the provider") << u"I want <unk> now"_s << u"<UNK>"_s << QStringList{u"<unk>"_s};
        QTest::newRow("Tamil keeps its vowel signs") << u"வணக்கம்"_s << u"வணக்கம்"_s << QStringList{u"வணக்கம்"_s};
        QTest::newRow("nothing") << u"abc"_s << u"x"_s << QStringList{};
        QTest::newRow("nothing typed") << u"abc"_s << QString() << QStringList{};
    }
    void findsInPositionsOfTheText() {
        QFETCH(QString, text);
        QFETCH(QString, typed);
        QFETCH(QStringList, found);
        QStringList pieces;
        for (const TextMatch& match : matchesIn(text, foldedText(typed))) {
            pieces << text.mid(match.from, match.length);
        }
        found.removeAll(QString());
        pieces.removeDuplicates();
        found.removeDuplicates();
        QCOMPARE(pieces, found);
    }

    void jsonBecomesReadable_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("digits and order") << QByteArray("{\"b\":12345678901234567890,\"a\":1.50}")
                                          << QByteArray("{\n  \"b\": 12345678901234567890,\n  \"a\": 1.50\n}");
        QTest::newRow("empty ones") << QByteArray("{\"a\":[ ],\"b\":{}}")
                                    << QByteArray("{\n  \"a\": [],\n  \"b\": {}\n}");
        QTest::newRow("signs in strings")
            << QByteArray("[\"a,b:{\\\"\",2]") << QByteArray("[\n  \"a,b:{\\\"\",\n  2\n]");
        QTest::newRow("escaped letters") << QByteArray("[\"caf\\u00e9 \\ud83d\\ude00 \\n \\u0000 a\\/b\"]")
                                         << QByteArray("[\n  \"caf\u00e9 \U0001F600 \\n \\u0000 a/b\"\n]");
        QTest::newRow("half a pair") << QByteArray("[\"\\ud83d\"]") << QByteArray("[\n  \"\\ud83d\"\n]");
        QTest::newRow("no JSON") << QByteArray("not stored") << QByteArray("notstored");
        QTest::newRow("cut") << QByteArray("{\"a\":\"b\\") << QByteArray("{\n  \"a\": \"b\\");
        QTest::newRow("nothing") << QByteArray() << QByteArray();
    }
    void jsonBecomesReadable() {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, shown);
        QCOMPARE(formattedJson(json), shown);
        if (const QJsonDocument document = QJsonDocument::fromJson(json); !document.isNull()) {
            QCOMPARE(QJsonDocument::fromJson(shown), document);
        }
    }

    void deepNestingCostsNoSquare() {
        const QByteArray deep = QByteArray(200'000, '[') + QByteArray(200'000, ']');
        QVERIFY(formattedJson(deep).size() < 200'000 * 2 * 80);
    }
};

QTEST_GUILESS_MAIN(TextToolsTest)
#include "tst_texttools.moc"
