// What cells say: nothing, not offered and zero are three things; unknown words stay; markup never becomes markup.
#include <QSet>
#include <QTest>

#include "models/tables/celltext.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

IndexRow bareRow(qint64 number) {
    IndexRow row;
    row.call.callRow = number;
    row.call.call.key = {u"main"_s, u"call-%1"_s.arg(number)};
    return row;
}

CallIndexPtr indexOf(const std::vector<IndexRow>& rows) {
    return CallIndex::empty()->with(rows);
}

}  // namespace

class CellTextTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void columnsAreWhole() {
        QSet<QString> names;
        for (const CallColumnInfo& column : callColumns()) {
            const QString name = QString::fromLatin1(column.name);
            QVERIFY2(!names.contains(name), column.name);
            names.insert(name);
            QCOMPARE(columnFromName(name), std::optional(column.column));
            QVERIFY(!columnTitle(column.column).isEmpty());
            QVERIFY(column.width >= 6);
        }
        QCOMPARE(names.size(), int(CallColumn::Count));
        QVERIFY(!columnFromName(u"no such"_s));
    }

    void nullNotOfferedAndZeroAreThreeThings() {
        IndexRow row = bareRow(1);
        row.call.call.talkSeconds = 0.0;
        const CallIndexPtr index = indexOf({row});
        QCOMPARE(cellText(*index, 0, CallColumn::Talk), u"0:00"_s);
        QCOMPARE(absenceText(*index, 0, CallColumn::Talk), QString());
        QCOMPARE(cellText(*index, 0, CallColumn::Total), noValueSign());
        QCOMPARE(absenceText(*index, 0, CallColumn::Total), u"no value"_s);
        // Yotel has no field that says who answered.
        QVERIFY(!offers(Provider::Yotel, Field::AnsweredBy));
        QCOMPARE(cellText(*index, 0, CallColumn::AnsweredBy), notOfferedSign());
        QCOMPARE(absenceText(*index, 0, CallColumn::AnsweredBy), u"not offered by Yotel"_s);
        QVERIFY(noValueSign() != notOfferedSign());
    }

    void unknownWordsStayAsTheyAre() {
        IndexRow row = bareRow(1);
        row.call.call.status = CallStatus::Unknown;
        row.call.call.statusRaw = u"parked_on_mars"_s;
        row.call.call.sentiment = u"Wütend"_s;
        const CallIndexPtr index = indexOf({row});
        QCOMPARE(cellText(*index, 0, CallColumn::Status), u"parked_on_mars"_s);
        QCOMPARE(cellText(*index, 0, CallColumn::Sentiment), u"Wütend"_s);
        QCOMPARE(wordText(Field::Status, u"no_answer"_s), u"No answer"_s);
        QCOMPARE(wordText(Field::Sentiment, u"POSITIVE"_s), u"Positive"_s);
        QCOMPARE(wordText(Field::HangupCause, u"NO_ANSWER"_s), u"NO_ANSWER"_s);
    }

    void namesFallBackToTheirIds() {
        IndexRow row = bareRow(1);
        row.call.call.agentId = u"va_17"_s;
        row.call.call.createdTime = momentFromMs(1'776'523'022'419);
        const CallIndexPtr index = indexOf({row});
        QCOMPARE(cellText(*index, 0, CallColumn::Agent), u"va_17"_s);
        QCOMPARE(absenceText(*index, 0, CallColumn::Agent), QString());
        QCOMPARE(cellText(*index, 0, CallColumn::Start), cellTime(momentFromMs(1'776'523'022'419)));
    }

    void timesSaySeconds() {
        QVERIFY2(cellTime(momentFromMs(1'776'523'022'419)).contains(u":02"_s),
                 qPrintable(cellTime(momentFromMs(1'776'523'022'419))));
    }

    void recordingIsThreeValued() {
        std::vector<IndexRow> rows{bareRow(1), bareRow(2), bareRow(3)};
        rows[0].call.call.hasRecording = true;
        rows[1].call.call.hasRecording = false;
        const CallIndexPtr index = indexOf(rows);
        QCOMPARE(cellText(*index, 0, CallColumn::Recording), u"Yes"_s);
        QCOMPARE(cellText(*index, 1, CallColumn::Recording), u"No"_s);
        QCOMPARE(cellText(*index, 2, CallColumn::Recording), u"Unknown"_s);
    }

    void editsAreSaidAndCount() {
        IndexRow row = bareRow(1);
        row.call.call.disposition = u"SALE"_s;
        row.call.review.disposition = LocalEdit{1, u"SALE"_s, u"CALLBACK"_s, EditState::Kept, Moment{}, {}};
        const CallIndexPtr index = indexOf({row, bareRow(2)});
        QCOMPARE(cellText(*index, 0, CallColumn::Disposition), u"CALLBACK"_s);
        QCOMPARE(cellText(*index, 0, CallColumn::Edited), u"Edited"_s);
        QCOMPARE(cellText(*index, 1, CallColumn::Edited), QString());
        QVERIFY(rowSentence(*index, 0).contains(u"edited here"_s));
        QVERIFY(!rowSentence(*index, 1).contains(u"edited"_s));
        for (const EditState state : {EditState::Kept, EditState::Waiting, EditState::Sending, EditState::Sent,
                                      EditState::Refused, EditState::Conflict}) {
            QVERIFY(!editMarkText(state).isEmpty());
        }
    }

    void theSentenceLeavesOutWhatIsNotThere() {
        IndexRow row = bareRow(1);
        row.call.call.leadName = u"Jane"_s;
        row.call.call.status = CallStatus::Completed;
        row.call.call.hasRecording = true;
        row.call.notFoundSince = momentFromMs(1);
        const QString sentence = rowSentence(*indexOf({row}), 0);
        QVERIFY2(sentence.contains(u"Jane"_s) && sentence.contains(u"Completed"_s), qPrintable(sentence));
        QVERIFY(sentence.contains(u"with recording"_s));
        QVERIFY(sentence.contains(u"not found at Yotel"_s));
        QVERIFY(!sentence.contains(noValueSign()));
        QVERIFY(sentence.endsWith(u'.'));
    }

    void hostileTextStaysText() {
        IndexRow row = bareRow(1);
        row.call.call.leadName = u"<img src='file:///etc/passwd'>\u202Egnp.exe"_s;
        row.call.call.agentName = QString(10'000, u'x');
        const CallIndexPtr index = indexOf({row});
        QVERIFY(!cellText(*index, 0, CallColumn::Lead).contains(QChar(0x202e)));
        QVERIFY(cellText(*index, 0, CallColumn::Agent).size() <= 512);
        const QString tip = escapedToolTip(u"<img src='file:///etc/passwd'> & co"_s);
        QCOMPARE(tip, u"<qt>&lt;img src='file:///etc/passwd'&gt; &amp; co</qt>"_s);
        QCOMPARE(escapedToolTip({}), QString());
    }

    void rawValuesKeepTheirKind() {
        QVERIFY(!rawValue(FieldValue{}).isValid());
        QCOMPARE(rawValue(FieldValue{2.5}).toDouble(), 2.5);
        QCOMPARE(rawValue(FieldValue{momentFromMs(5)}).toDateTime().toMSecsSinceEpoch(), 5);
        QCOMPARE(rawValue(FieldValue{u"a"_s}).toString(), u"a"_s);
        QCOMPARE(rawValue(FieldValue{false}), QVariant(false));
    }
};

QTEST_GUILESS_MAIN(CellTextTest)
#include "tst_celltext.moc"
