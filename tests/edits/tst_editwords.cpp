// What was done, in words: every origin and fate, marks without raw times, texts from data made safe.
#include <QTest>

#include "models/edits/editwords.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

QString when(Moment moment) {
    return u"at %1"_s.arg(toMs(moment));
}

HistoryEntry entry(ReviewField field, const std::optional<QString>& from, const std::optional<QString>& to) {
    HistoryEntry made;
    made.field = field;
    made.from = from;
    made.to = to;
    made.at = momentFromMs(1'776'000'000'000);
    made.origin = u"desk"_s;
    made.fate = u"kept"_s;
    return made;
}

QString bare(QString text) {
    return text.remove(QChar(0x2068)).remove(QChar(0x2069));
}

QString change(ReviewField field, const std::optional<QString>& from, const std::optional<QString>& to) {
    return bare(changeText(entry(field, from, to), 40));
}

}  // namespace

class TestEditWords : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void saysWhatChanged();
    void saysHowItCameAbout_data();
    void saysHowItCameAbout();
    void saysWhereItWent();
    void marksGoNowhere();
};

void TestEditWords::saysWhatChanged() {
    QCOMPARE(change(ReviewField::Disposition, std::nullopt, u"SALE"_s), u"Disposition: nothing → SALE"_s);
    QCOMPARE(change(ReviewField::Notes, u"a\nb"_s, std::nullopt), u"Notes: a b → nothing"_s);
    QVERIFY(isCutShort(entry(ReviewField::Notes, u"a\nb"_s, std::nullopt), 40));
    QVERIFY(isCutShort(entry(ReviewField::Notes, {}, QString(41, u'x')), 40));
    QVERIFY(!isCutShort(entry(ReviewField::Notes, {}, QString(40, u'x')), 40));
    QVERIFY(change(ReviewField::Notes, {}, QString(500, u'x')).size() < 80);

    const QString mark = reviewedMarkText({momentFromMs(1'776'000'000'000), 73.4});
    QCOMPARE(change(ReviewField::Reviewed, std::nullopt, mark), u"Marked as reviewed, listened for 1:13"_s);
    QCOMPARE(change(ReviewField::Reviewed, std::nullopt, u"1"_s), u"Marked as reviewed"_s);
    QCOMPARE(change(ReviewField::Reviewed, mark, mark), u"Marked as reviewed again, listened for 1:13"_s);
    QCOMPARE(change(ReviewField::Reviewed, mark, std::nullopt), u"No longer marked as reviewed"_s);
    QCOMPARE(change(ReviewField::Flag, std::nullopt, QString(u""_s)), u"Flagged"_s);
    QCOMPARE(change(ReviewField::Flag, u"a"_s, u"coach"_s), u"Flagged: coach"_s);
    QCOMPARE(change(ReviewField::Flag, u"coach"_s, std::nullopt), u"Flag taken away: coach"_s);
    QVERIFY(!change(ReviewField::Flag, {}, u"\u202ehcaoc"_s).contains(QChar(0x202e)));
}

void TestEditWords::saysHowItCameAbout_data() {
    QTest::addColumn<QString>("words");
    QTest::newRow("desk") << u"at the desk"_s;
    QTest::newRow("command_line") << u"on the command line"_s;
    QTest::newRow("restore") << u"provider's value restored"_s;
    QTest::newRow("bulk") << u"edited together with other calls"_s;
    QTest::newRow("undo") << u"taken back"_s;
    QTest::newRow("redo") << u"done again"_s;
    QTest::newRow("merge") << u"joined with what the provider changed"_s;
    QTest::newRow("conflict") << u"chosen in a conflict"_s;
    QTest::newRow("of_a_newer_version") << u"of_a_newer_version"_s;
}

void TestEditWords::saysHowItCameAbout() {
    QFETCH(const QString, words);
    QCOMPARE(originText(QString::fromLatin1(QTest::currentDataTag())), words);
}

void TestEditWords::saysWhereItWent() {
    HistoryEntry one = entry(ReviewField::Disposition, {}, u"SALE"_s);
    const auto fate = [&one](const QString& word) {
        one.fate = word;
        return bare(fateText(one, when));
    };
    QCOMPARE(fate(u"kept"_s), u"kept on this computer"_s);
    QCOMPARE(fate(u"waiting"_s), u"waits to be sent"_s);
    QCOMPARE(fate(u"superseded"_s), u"replaced by a later edit"_s);
    one.destination = u"hooks.example"_s;
    one.reason = u"offline"_s;
    QCOMPARE(fate(u"waiting"_s), u"waits to be sent to hooks.example: offline"_s);
    QCOMPARE(fate(u"sending"_s), u"being sent to hooks.example"_s);
    one.reason = u"code 12\u202e"_s;
    QCOMPARE(fate(u"refused"_s), u"refused by hooks.example: code 12<U+202E>"_s);
    one.sentAt = momentFromMs(7);
    QCOMPARE(fate(u"sent"_s), u"sent to hooks.example, at 7"_s);
    QCOMPARE(fate(u"superseded"_s), u"sent to hooks.example, at 7; replaced by a later edit"_s);
    QCOMPARE(fate(u"withdrawn"_s), u"taken back later"_s);
    QCOMPARE(fate(u"conflict"_s), u"in conflict with the other side's value"_s);
}

void TestEditWords::marksGoNowhere() {
    QCOMPARE(fateText(entry(ReviewField::Reviewed, {}, u"1"_s), when), QString());
    QCOMPARE(fateText(entry(ReviewField::Flag, {}, u"x"_s), when), QString());
}

QTEST_GUILESS_MAIN(TestEditWords)

#include "tst_editwords.moc"
