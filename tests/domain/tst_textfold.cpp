// Folding for search must make the same word equal however it was typed, and showing must be safe whatever the text.
#include <QRandomGenerator>
#include <QTest>

#include "models/domain/textfold.h"
#include "tests/support/processortime.h"

using namespace earmark;
using namespace Qt::StringLiterals;

class TestTextFold : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void sameWord_data() {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        const auto row = [](const char* name, const char* one, const char* other) {
            QTest::newRow(name) << QString::fromUtf8(one) << QString::fromUtf8(other);
        };
        row("case", "Refund", "rEFUND");
        row("composed and decomposed", "caf\u00e9", "cafe\u0301");
        row("accents left out", "Muñoz Ångström", "munoz angstrom");
        row("vietnamese, two marks", "Nguy\u1ec5n", "nguyen");
        row("sharp s", "Straße", "STRASSE");
        row("capital sharp s", "STRA\u1e9eE", "strasse");
        row("dotless i", "Is\u0131l Işık", "isil isik");
        row("capital I with dot", "\u0130stanbul", "istanbul");
        row("i with combining dot", "I\u0307stanbul", "istanbul");
        row("final sigma", "ΟΔΟΣ", "οδος");
        row("greek tonos", "Αθήνα", "αθηνα");
        row("russian yo", "ещё", "еще");
        row("full width", "ＡＢＣ１２３", "abc123");
        row("ligature", "o\ufb03ce", "office");
        row("stroke letters", "Łódź Ørsted Đorđe", "lodz orsted dorde");
        row("ae and oe", "Æsir œuvre", "aesir oeuvre");
        row("arabic vowel marks", "مُحَمَّد", "محمد");
        row("arabic tatweel", "مـــحمد", "محمد");
        row("hebrew points", "שָׁלוֹם", "שלום");
        row("hindi nukta, two spellings", "\u0958\u0932\u092e", "\u0915\u093c\u0932\u092e");
        row("tamil o vowel sign, two spellings", "\u0b95\u0bca", "\u0b95\u0bc6\u0bbe");
        row("korean, two spellings", "한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8");
        row("soft hyphen", "re\u00adfund", "refund");
        row("joiner", "क्\u200dष", "क्ष");
        row("iota subscript", "\u1fb3", "\u03b1");
        row("variation selector", "☎\ufe0f", "☎");
    }
    void sameWord() {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QCOMPARE(foldedText(one), foldedText(other));
    }

    void differentWords_data() {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        const auto row = [](const char* name, const char* one, const char* other) {
            QTest::newRow(name) << QString::fromUtf8(one) << QString::fromUtf8(other);
        };
        // What looks like a mark to Unicode is a vowel or a consonant to its readers.
        row("hindi vowel signs", "कि", "की");
        row("hindi vowel sign u", "कुल", "कल");
        row("hindi virama", "क्ल", "कल");
        row("hindi nukta", "ज़रा", "जरा");
        row("tamil vowel signs", "கி", "கு");
        row("thai vowels", "กิน", "กัน");
        row("thai tones", "ไม่", "ไม้");
        row("japanese voicing", "かき", "がき");
        row("letters", "refund", "refunds");
    }
    void differentWords() {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QVERIFY(foldedText(one) != foldedText(other));
    }

    void foldingTwiceChangesNothing() {
        QRandomGenerator random(7);
        for (int round = 0; round < 20'000; ++round) {
            QString text;
            for (int i = 0; i < 8; ++i) {
                text += QChar(static_cast<char16_t>(random.bounded(round % 2 == 0 ? 0x600 : 0x10000)));
            }
            const QString once = foldedText(text);
            QVERIFY2(foldedText(once) == once, text.toUtf8().toHex().constData());
            for (const auto form : {QString::NormalizationForm_C, QString::NormalizationForm_D}) {
                QVERIFY2(foldedText(text.normalized(form)) == once, text.toUtf8().toHex().constData());
            }
        }
    }

    void words_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* text, const char* words) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(words);
        };
        row("", "");
        row("...", "");
        row("Call back, at 16:30!", "call|back|at|16|30");
        row("o'clock e-mail a_b", "o|clock|e|mail|a|b");
        row("+91 98-00", "91|98|00");
        row("<unk> said [noise]", "unk|said|noise");
        row("वार्ता हिन्दी", "वार्ता|हिन्दी");
        row("ไม่ดี ครับ", "ไม่ดี|ครับ");
        row("a\u200bb", "a|b");
        row("𝐀𝐁 𐐀x 😀 end", "ab|𐐨x|end");
        row("Café caf\u0065\u0301", "cafe|cafe");
    }
    void words() {
        QFETCH(QString, text);
        QFETCH(QString, words);
        QCOMPARE(foldedWords(text).join(u'|'), words);
        QCOMPARE(foldedWords(foldedText(text)).join(u'|'), words);
    }

    void manyMarksCostLittle() {
        // Marks of alternating classes make naive sorting quadratic; 200,000 of them would then take minutes.
        QString text(1, u'\u0e01');
        for (int i = 0; i < 200'000; ++i) {
            text += i % 2 == 0 ? QChar(0x0e48) : QChar(0x0e38);
        }
        const ProcessorTime used;
        const QString folded = foldedText(text);
        QVERIFY(folded.size() < 100);
        QVERIFY2(used.ms() < 2'000, qPrintable(QString::number(used.ms())));
    }

    void shown_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* name, const QString& text, const char* shown) {
            QTest::newRow(name) << text << QString::fromUtf8(shown);
        };
        row("plain", QStringLiteral("call back"), "call back");
        row("markup stays text", QStringLiteral("<b>x</b> &amp; <img src=file:///etc/passwd>"),
            "<b>x</b> &amp; <img src=file:///etc/passwd>");
        row("line breaks", QStringLiteral("a\nb\r\nc\rd\u2028e\u2029f\u0085g\vh"), "a b c d e f g h");
        row("tab", QStringLiteral("a\tb"), "a b");
        row("NUL", QString(QLatin1StringView("a\0b", 3)), "a\u2400b");
        row("bell and escape", QStringLiteral("\a\u001b[31m"), "\u2407\u241b[31m");
        row("delete", QStringLiteral("\u007f"), "\u2421");
        row("C1", QStringLiteral("\u009b"), "<U+009B>");
        row("right-to-left override", QStringLiteral("exe.\u202egpj"), "exe.<U+202E>gpj");
        row("isolates", QStringLiteral("\u2066x\u2069"), "<U+2066>x<U+2069>");
        row("marks", QStringLiteral("\u200e\u200f\u061c"), "<U+200E><U+200F><U+061C>");
        row("object and frame marks", QStringLiteral("\ufffc\ufdd0\uffff"), "<U+FFFC><U+FDD0><U+FFFF>");
        row("noncharacter beyond", QString::fromUcs4(U"\U0001fffe"), "<U+1FFFE>");
        row("lone halves", QString(QChar(0xd83d)) + u'x' + QChar(0xdc00), "\ufffdx\ufffd");
        row("emoji with joiner", QStringLiteral("👩\u200d💻"), "👩\u200d💻");
        row("hindi with joiner", QStringLiteral("क्\u200dष"), "क्\u200dष");
    }
    void shown() {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(shownText(text), shown);
    }

    void limitIsKept() {
        QCOMPARE(shownText(u"abcdef", 6), QStringLiteral("abcdef"));
        QCOMPARE(shownText(u"abcdefg", 6), QStringLiteral("abcde\u2026"));
        QCOMPARE(shownText(u"abc", 0), QString());
        QCOMPARE(shownText(u"abc", -1), QString());
        QCOMPARE(shownText(u"abc", 1), QStringLiteral("\u2026"));
        QCOMPARE(shownText(u"", 1), QString());
        QRandomGenerator random(11);
        for (int round = 0; round < 5'000; ++round) {
            QString text;
            for (int i = 0; i < 20; ++i) {
                text += random.bounded(3) == 0 ? QStringLiteral("😀")
                                               : QString(QChar(static_cast<char16_t>(random.bounded(0x2100))));
            }
            const auto limit = static_cast<qsizetype>(random.bounded(1, 40));
            const QString shown = shownText(text, limit);
            QVERIFY(shown.size() <= limit);
            for (qsizetype i = 0; i < shown.size(); ++i) {
                if (shown[i].isHighSurrogate()) {
                    QVERIFY(i + 1 < shown.size() && shown[i + 1].isLowSurrogate());
                }
                QVERIFY(shown[i].category() != QChar::Other_Control);
            }
        }
    }

    void showingCostsTheLimitNotTheText() {
        const QString huge(10'000'000, u'x');
        const ProcessorTime used;
        for (int i = 0; i < 1'000; ++i) {
            QCOMPARE(shownText(huge).size(), 512);
        }
        // A thousand cells; looking at the whole text once each would be 10,000 million characters.
        QVERIFY2(used.ms() < 2'000, qPrintable(QString::number(used.ms())));
    }

    void paragraphs() {
        QCOMPARE(shownParagraphs(u"a\r\nb\rc\nd\te\u2029f"), QStringLiteral("a\nb\nc\nd\te\nf"));
        QCOMPARE(shownParagraphs(u"x\u202ey\a"), QStringLiteral("x<U+202E>y\u2407"));
        QCOMPARE(shownParagraphs(QString(10'000, u'x')).size(), 10'000);
    }

    void isolation() {
        QCOMPARE(isolated(u"a\nb"), QStringLiteral("\u2068a b\u2069"));
        // Data cannot close the isolate early.
        QCOMPARE(isolated(u"a\u2069b").count(u'\u2069'), 1);
    }

    void countsMarksThatNoWritingHas() {
        const QString marks(2'000, QChar(0x0301));
        QCOMPARE(shownText(QString(u"a"_s + marks + u" b"_s)), QString(u"a"_s + marks.left(16) + u"<+1984 marks> b"_s));
        QCOMPARE(shownParagraphs(QString(marks + u"\nx"_s)), QString(marks.left(16) + u"<+1984 marks>\nx"_s));
        // Vowel signs and accents of real words are left alone.
        const QString hindi = u"\u0915\u094D\u0937\u093F\u0902 e\u0301\u0323"_s;
        QCOMPARE(shownText(hindi), hindi);
    }
};

QTEST_GUILESS_MAIN(TestTextFold)
#include "tst_textfold.moc"
