// Row and detail of a call as one object, for people and for output.
#include <QTest>

#include "models/providers/rawobject.h"

using namespace earmark;
using namespace Qt::StringLiterals;

class RawObjectTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void theDetailLiesOverTheRow_data() {
        QTest::addColumn<QByteArray>("row");
        QTest::addColumn<QByteArray>("detail");
        QTest::addColumn<QByteArray>("merged");
        QTest::newRow("no detail") << QByteArray("{\"a\":1.0}") << QByteArray() << QByteArray("{\"a\":1.0}");
        QTest::newRow("no row") << QByteArray() << QByteArray("{\"a\":1}") << QByteArray("{\"a\":1}");
        QTest::newRow("order and digits")
            << QByteArray("{\"z\":1,\"a\":12345678901234567890,\"m\":\"x\"}") << QByteArray("{\"m\":1.50,\"b\":[1, 2]}")
            << QByteArray("{\"z\":1,\"a\":12345678901234567890,\"m\":1.50,\"b\":[1, 2]}");
        QTest::newRow("null takes nothing away")
            << QByteArray("{\"a\":1,\"b\":null}") << QByteArray("{\"a\":null,\"b\":2,\"c\":null}")
            << QByteArray("{\"a\":1,\"b\":2,\"c\":null}");
        QTest::newRow("names with quotes")
            << QByteArray("{\"a\\\"b\":1}") << QByteArray("{\"a\\u0022b\":2}") << QByteArray("{\"a\\\"b\":2}");
        QTest::newRow("damaged detail") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":") << QByteArray("{\"a\":1}");
        QTest::newRow("damaged row") << QByteArray("[") << QByteArray("{\"a\":1}") << QByteArray("{\"a\":1}");
        QTest::newRow("a name twice") << QByteArray("{\"a\":1,\"a\":2}") << QByteArray("{\"b\":1}")
                                      << QByteArray("{\"a\":2,\"b\":1}");
    }
    void theDetailLiesOverTheRow() {
        QFETCH(QByteArray, row);
        QFETCH(QByteArray, detail);
        QFETCH(QByteArray, merged);
        QCOMPARE(mergedRaw(row, detail), merged);
    }

    void signaturesAreInNeither() {
        Call call;
        call.raw = "{\"recording_url\":\"https://x.example/a.wav?X-Amz-Signature=CANARY\"}";
        call.rawDetail = "{\"other\":\"https://x.example/b.wav?sig=CANARY\"}";
        QCOMPARE(shownRaw(call),
                 QByteArray("{\"recording_url\":\"https://x.example/a.wav\",\"other\":\"https://x.example/b.wav\"}"));
        call.raw = "{\"recording_url\":\"http://user:CANARY@x.example/a.wav\"}";
        QCOMPARE(shownRaw(call.raw), QByteArray("{\"recording_url\":\"http://x.example/a.wav\"}"));
        QCOMPARE(shownRaw(Call()), QByteArray("null"));
    }
};

QTEST_GUILESS_MAIN(RawObjectTest)
#include "tst_rawobject.moc"
