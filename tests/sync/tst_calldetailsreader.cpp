// What is told beyond the row, made off the main thread: for the call that is wanted last, and for no other.
#include <QTest>

#include "models/sync/calldetailsreader.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

Call callOf(const QString& id) {
    Call call;
    call.key = {u"gone"_s, id};
    call.raw = "{\"id\":\"" + id.toUtf8() + "\",\"n\":1.50}";
    return call;
}

}  // namespace

class CallDetailsReaderTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void answersInALaterTurn() {
        CallDetailsReader reader(nullptr);
        std::shared_ptr<const ReadDetails> made;
        reader.read(callOf(u"a"_s), [&](const auto& answer) { made = answer; });
        QVERIFY(!made);
        QTRY_VERIFY(made);
        QVERIFY(made->details.transcript.empty());
        QVERIFY(!made->areMissing);  // Yotel's calls are whole
    }

    void onlyTheLastQuestionIsAnswered() {
        CallDetailsReader reader(nullptr);
        QStringList answered;
        for (int i = 0; i < 20; ++i) {
            reader.readRaw(callOf(QString::number(i)), [&answered](const QString& text) { answered << text; });
        }
        QTRY_COMPARE(answered, QStringList{u"{\n  \"id\": \"19\",\n  \"n\": 1.50\n}"_s});
        bool answeredAll = false;
        reader.readRaw(callOf(u"forgotten"_s), [&answered](const QString& text) { answered << text; });
        reader.forget();
        reader.readRaw(callOf(u"last"_s), [&](const QString&) { answeredAll = true; });
        QTRY_VERIFY(answeredAll);
        QCOMPARE(answered.size(), 1);
    }

    void detailsAndRawDoNotDisturbEachOther() {
        CallDetailsReader reader(nullptr);
        int answers = 0;
        reader.read(callOf(u"a"_s), [&](const auto&) { ++answers; });
        reader.readRaw(callOf(u"a"_s), [&](const QString&) { ++answers; });
        QTRY_COMPARE(answers, 2);
    }

    void diesWithItsWork() {
        bool answered = false;
        {
            CallDetailsReader reader(nullptr);
            reader.readRaw(callOf(u"a"_s), [&](const QString&) { answered = true; });
        }
        QTest::qWait(20);
        QVERIFY(!answered);
    }
};

QTEST_GUILESS_MAIN(CallDetailsReaderTest)
#include "tst_calldetailsreader.moc"
