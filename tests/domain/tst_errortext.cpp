// What people read when something failed: two sentences, whatever the kind.
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include "models/domain/error.h"

using namespace earmark;

namespace {
constexpr int kKinds = static_cast<int>(ErrorKind::Internal) + 1;
}

class TestErrorText : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void everyKindHasItsWordAndTwoSentences() {
        QSet<QString> words;
        QSet<QString> texts;
        static const QRegularExpression isWord(QStringLiteral("^[a-z]+(_[a-z]+)*$"));
        static const QRegularExpression sentenceEnd(QStringLiteral("[.!?](\\s|$)"));
        for (int i = 0; i < kKinds; ++i) {
            const auto kind = static_cast<ErrorKind>(i);
            const QString kindWord = errorKindWord(kind);
            QVERIFY2(isWord.match(kindWord).hasMatch(), qPrintable(kindWord));
            words += kindWord;
            const QString text = errorText(makeError(kind));
            QVERIFY2(text.count(sentenceEnd) >= 2, qPrintable(text));
            QVERIFY2(text.endsWith(u'.'), qPrintable(text));
            texts += text;
        }
        QCOMPARE(words.size(), kKinds);
        QCOMPARE(texts.size(), kKinds);
    }

    void wordsThatOthersRelyOn() {
        QCOMPARE(errorKindWord(ErrorKind::Offline), QStringLiteral("offline"));
        QCOMPARE(errorKindWord(ErrorKind::Unauthorized), QStringLiteral("unauthorized"));
        QCOMPARE(errorKindWord(ErrorKind::NotTheApi), QStringLiteral("not_the_api"));
        QCOMPARE(errorKindWord(ErrorKind::RateLimited), QStringLiteral("rate_limited"));
        QCOMPARE(errorKindWord(ErrorKind::HeldElsewhere), QStringLiteral("held_elsewhere"));
        QCOMPARE(errorKindWord(ErrorKind::Internal), QStringLiteral("internal"));
    }

    void messageOpensAndTheAdviceStays() {
        const QString plain = errorText(makeError(ErrorKind::Unauthorized));
        const QString advice = plain.mid(plain.indexOf(u". ") + 2);
        QCOMPARE(errorText(makeError(ErrorKind::Unauthorized, QStringLiteral(" Invalid API key "))),
                 QStringLiteral("Invalid API key. ") + advice);
        QCOMPARE(errorText(makeError(ErrorKind::Unauthorized, QStringLiteral("Really?"))),
                 QStringLiteral("Really? ") + advice);
        QCOMPARE(errorText(makeError(ErrorKind::Unauthorized, QStringLiteral("   "))), plain);
    }

    void wordsOfOthersBringTheirOwnStop() {
        const QString text =
            errorText(makeError(ErrorKind::Refused, QStringLiteral("It said: \u2068not found.\u2069")));
        QVERIFY2(text.startsWith(QStringLiteral("It said: \u2068not found.\u2069 ")), qPrintable(text));
    }

    void detailIsNotForPeople() {
        const QString text = errorText(makeError(ErrorKind::BadAnswer, QString(), QStringLiteral("offset 17")));
        QVERIFY(!text.contains(QStringLiteral("offset 17")));
    }

    void waitingTimeIsNamed() {
        Error error = makeError(ErrorKind::RateLimited);
        error.retryAfter = std::chrono::milliseconds(6'500);
        QVERIFY2(errorText(error).endsWith(QStringLiteral("Try again in 7 seconds.")), qPrintable(errorText(error)));
        error.retryAfter = std::chrono::milliseconds(900);
        QVERIFY2(errorText(error).endsWith(QStringLiteral("Try again in one second.")), qPrintable(errorText(error)));
        error.retryAfter = std::chrono::milliseconds(600'001);
        QVERIFY2(errorText(error).endsWith(QStringLiteral("Try again in 11 minutes.")), qPrintable(errorText(error)));
        error.retryAfter = std::chrono::milliseconds(0);
        QCOMPARE(errorText(error), errorText(makeError(ErrorKind::RateLimited)));
    }
};

QTEST_GUILESS_MAIN(TestErrorText)
#include "tst_errortext.moc"
