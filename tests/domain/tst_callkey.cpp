// Keys as text: every id survives the way to the command line and back, and nothing but a key is taken for one.
#include <QRandomGenerator>
#include <QTest>

#include "models/domain/callkey.h"

using namespace earmark;

class TestCallKey : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void knownForms_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("text");
        QTest::newRow("uuid") << QStringLiteral("7d0c2b1e-4a59") << QStringLiteral("main/7d0c2b1e-4a59");
        QTest::newRow("number") << QStringLiteral("0") << QStringLiteral("main/0");
        QTest::newRow("slash") << QStringLiteral("a/b") << QStringLiteral("main/a%2Fb");
        QTest::newRow("percent") << QStringLiteral("50%") << QStringLiteral("main/50%25");
        QTest::newRow("dots") << QStringLiteral("..") << QStringLiteral("main/..");
        QTest::newRow("NUL and line feed")
            << QString(QLatin1StringView("a\0b\n", 4)) << QStringLiteral("main/a%00b%0A");
        QTest::newRow("C1 control") << QString(QChar(0x85)) << QStringLiteral("main/%C2%85");
        QTest::newRow("line separator") << QString(QChar(0x2028)) << QStringLiteral("main/%E2%80%A8");
        QTest::newRow("other scripts stay") << QStringLiteral("वार्ता é 😀") << QStringLiteral("main/वार्ता é 😀");
        QTest::newRow("lone high half") << QString(QChar(0xd83d)) << QStringLiteral("main/%ED%A0%BD");
        QTest::newRow("lone low half") << QString(QChar(0xdc00)) + u'x' << QStringLiteral("main/%ED%B0%80x");
    }
    void knownForms() {
        QFETCH(QString, id);
        QFETCH(QString, text);
        const CallKey key{QStringLiteral("main"), id};
        QCOMPARE(toText(key), text);
        const auto back = callKeyFromText(text);
        QVERIFY(back.has_value());
        QVERIFY(*back == key);
    }

    void everyIdComesBack() {
        // Units from the places where mistakes live: ASCII, '%', '/', controls, halves of pairs, the rest.
        QRandomGenerator random(20260418);
        for (int round = 0; round < 20'000; ++round) {
            QString id;
            const int length = 1 + static_cast<int>(random.bounded(12));
            for (int i = 0; i < length; ++i) {
                switch (random.bounded(6)) {
                    case 0:
                        id += QChar(static_cast<char16_t>(random.bounded(0x80)));
                        break;
                    case 1:
                        id += QChar(static_cast<char16_t>(0xd800 + random.bounded(0x800)));
                        break;
                    case 2:
                        id += u'%';
                        break;
                    case 3:
                        id += u'/';
                        break;
                    case 4:
                        id += QStringLiteral("2F");
                        break;
                    default:
                        id += QChar(static_cast<char16_t>(random.bounded(0x10000)));
                        break;
                }
            }
            const CallKey key{QStringLiteral("a-1"), id};
            const QString text = toText(key);
            const auto back = callKeyFromText(text);
            QVERIFY2(back.has_value(), qPrintable(text));
            QVERIFY2(*back == key, qPrintable(text));
            QCOMPARE(text.count(u'/'), 1);
            for (const QChar c : text) {
                QVERIFY(c.category() != QChar::Other_Control);
            }
        }
    }

    void typedForms() {
        // People write what they copied: a raw slash, small hexadecimal digits and needless encodings are understood.
        const auto id = [](const char* text) { return callKeyFromText(QString::fromUtf8(text))->remoteId; };
        QCOMPARE(id("main/a/b"), QStringLiteral("a/b"));
        QCOMPARE(id("main/a%2fb"), QStringLiteral("a/b"));
        QCOMPARE(id("main/%41%F0%9F%98%80"), QStringLiteral("A😀"));
    }

    void refused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "main", "/7d", "main/", "Main/7d", "-main/7d", "ma in/7d", "main/5%", "main/%2",
                                 "main/%zz", "main/%FF", "main/%C3", "main/%C3x", "main/%C0%AF", "main/%F5%80%80%80",
                                 "abcdefghijabcdefghijabcdefghijab/7d"}) {
            QTest::newRow(*text ? text : "empty") << QString::fromUtf8(text);
        }
    }
    void refused() {
        QFETCH(QString, text);
        const auto key = callKeyFromText(text);
        QVERIFY(!key.has_value());
        QVERIFY(key.error().kind == ErrorKind::InvalidInput);
        QVERIFY(!key.error().message.isEmpty());
    }

    void accountNames() {
        for (const char* name : {"a", "0", "main-2", "abcdefghijabcdefghijabcdefghija"}) {
            QVERIFY2(isAccountName(QString::fromLatin1(name)), name);
        }
        for (const char* name : {"", "-a", "A", "a_b", "a.b", "a/b", "abcdefghijabcdefghijabcdefghijab", "\xe4"}) {
            QVERIFY2(!isAccountName(QString::fromLatin1(name)), name);
        }
    }

    void equalKeysHashAlike() {
        const CallKey a{QStringLiteral("main"), QStringLiteral("1")};
        const CallKey b{QStringLiteral("main1"), QString()};
        QVERIFY(qHash(a, 7) == qHash(CallKey{QStringLiteral("main"), QStringLiteral("1")}, 7));
        QVERIFY(!(a == b));
    }
};

QTEST_GUILESS_MAIN(TestCallKey)
#include "tst_callkey.moc"
