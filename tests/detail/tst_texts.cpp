// Texts of any size and any malice: parts, layout time, plain display, faithful copies.
#include <QApplication>
#include <QClipboard>
#include <QMimeData>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

#include "tests/support/processortime.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/fieldtable.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/notesinput.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

/// Sanitizers cost 5-20 times; the figure proves something in plain builds only.
constexpr bool isInstrumented() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

}  // namespace

class TextsTest final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void cutsIntoParts();
    void showsHostileTextPlainly();
    void laysOutAnythingQuickly_data();
    void laysOutAnythingQuickly();
    void copiesWhatWasThere();
    void readsEachParagraphInItsDirection();
    void notesKeepEveryCharacter();
    void notesRefuseAFloodOfText();
    void dispositionIgnoresWheelAndArrows();
    void tellsEveryField();
    void tellsWhereEachValueComesFrom();
};

void TextsTest::cutsIntoParts() {
    QCOMPARE(partEnd(u"", 0, 10), qsizetype(0));
    QCOMPARE(partEnd(u"abc", 0, 10), qsizetype(3));
    const QString pair = QString(9, u'a') + QString::fromUcs4(U"😀", 1) + u"b"_s;
    QCOMPARE(partEnd(pair, 0, 10), qsizetype(9));  // not between the halves of a sign
    QCOMPARE(partEnd(pair, 9, 10), pair.size());
    const QString words = u"first line\nsecond line"_s;
    QCOMPARE(partEnd(words, 0, 15), qsizetype(11));
    QCOMPARE(partEnd(words, 11, 15), words.size());
    // What is shown counts: eight letters for each control character.
    QCOMPARE(partEnd(QString(10'000, QChar(0x202e)), 0, 1'000), qsizetype(125));
    QCOMPARE(partEnd(QString(10'000, u'\n'), 2'000, 9'000), qsizetype(7'000));
}

void TextsTest::showsHostileTextPlainly() {
    LongTextView view;
    const QString hostile =
        u"<img src='file:///etc/passwd'><b>bold</b> \u202Eevil\u202C "_s + QChar(0) + u"end\x1b[31m"_s;
    view.setText(hostile);
    const QString shown = view.area()->toPlainText();
    QVERIFY(shown.contains(u"<img src='file:///etc/passwd'><b>bold</b>"_s));
    QVERIFY(shown.contains(u"<U+202E>evil<U+202C>"_s));
    QVERIFY(shown.contains(QChar(0x2400)));
    QVERIFY(shown.contains(QChar(0x241b)));
    QCOMPARE(view.text(), hostile);
}

void TextsTest::laysOutAnythingQuickly_data() {
    QTest::addColumn<QString>("text");
    const qsizetype size = 10'000'000;
    QTest::newRow("words") << u"The customer asked about the refund. "_s.repeated(size / 37);
    QTest::newRow("no blanks") << QString(size, u'x');
    QTest::newRow("lines") << u"short\n"_s.repeated(size / 6);
    QTest::newRow("arabic") << u"أراد العميل معرفة موعد الاسترداد "_s.repeated(size / 33);
    QTest::newRow("empty lines") << QString(size, u'\n');
    QTest::newRow("marks") << u"a\u0301\u0302\u0303"_s.repeated(size / 4);
    QTest::newRow("control") << QString(size, QChar(0x202e));
}

void TextsTest::laysOutAnythingQuickly() {
    QFETCH(QString, text);
    LongTextView view;
    view.resize(340, 400);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const ProcessorTime used;
    view.setText(text);
    view.grab();
    const double first = used.ms();
    QVERIFY(view.hasNext() && !view.hasPrevious());
    const ProcessorTime again;
    view.showNext();
    view.grab();
    const double next = again.ms();
    QVERIFY(view.hasPrevious());
    qInfo("first part %.1f ms, next part %.1f ms", first, next);
    if (!isInstrumented()) {
        QVERIFY2(first < 50, "the first part freezes the window");
        QVERIFY2(next < 50, "turning to another part freezes the window");
    }
}

void TextsTest::copiesWhatWasThere() {
    LongTextView view;
    const QString text = QString(9'000, u'y') + u"\nsecond\nthird"_s;
    view.setText(text);
    QVERIFY(view.area()->document()->blockCount() > 3);  // laid out in pieces
    view.area()->selectAll();
    view.area()->copy();
    QCOMPARE(QGuiApplication::clipboard()->text(), text);
}

void TextsTest::readsEachParagraphInItsDirection() {
    LongTextView view;
    view.setText(u"left to right\nمرحبا بكم\n12 left"_s);
    const QTextDocument* document = view.area()->document();
    QCOMPARE(document->findBlockByNumber(0).textDirection(), Qt::LeftToRight);
    QCOMPARE(document->findBlockByNumber(1).textDirection(), Qt::RightToLeft);
    QCOMPARE(document->findBlockByNumber(2).textDirection(), Qt::LeftToRight);
    view.resize(400, 200);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.grab();
    const QTextLine arabic = document->findBlockByNumber(1).layout()->lineAt(0);
    QVERIFY(std::abs(arabic.naturalTextRect().right() - arabic.rect().right()) < 2);  // at its own edge
    QVERIFY(document->findBlockByNumber(0).layout()->lineAt(0).naturalTextRect().left() < 2);
    NotesInput notes;
    notes.showText(u"مرحبا\nplain"_s);
    QCOMPARE(notes.document()->findBlockByNumber(0).textDirection(), Qt::RightToLeft);
    QCOMPARE(notes.document()->findBlockByNumber(1).textDirection(), Qt::LeftToRight);
}

void TextsTest::notesKeepEveryCharacter() {
    NotesInput notes;
    const QString text = u"no\u00a0break \u202Eturned\u202C <b>tag</b>\n\ttab \u200b😀"_s;
    notes.showText(text);
    QCOMPARE(notes.typedText(), text);
    int typed = 0;
    connect(&notes, &NotesInput::typed, this, [&typed] { ++typed; });
    notes.showText(u"other"_s);
    QCOMPARE(typed, 0);  // showing is not typing
    QTest::keyClicks(&notes, u"x"_s);
    QCOMPARE(typed, 1);
}

void TextsTest::notesRefuseAFloodOfText() {
    NotesInput notes;
    QString why;
    connect(&notes, &NotesInput::refusedPaste, this, [&why](const QString& text) { why = text; });
    QGuiApplication::clipboard()->setText(QString(10'000'000, u'z'));
    notes.paste();
    QVERIFY(notes.typedText().isEmpty());
    QVERIFY2(why.contains(u"Nothing was pasted"_s), qPrintable(why));
    QGuiApplication::clipboard()->setText(u"fine"_s);
    notes.paste();
    QCOMPARE(notes.typedText(), u"fine"_s);
    auto* rich = new QMimeData;
    rich->setHtml(u"<b>bold</b><img src='file:///etc/passwd'>"_s);
    rich->setText(u"bold"_s);
    QGuiApplication::clipboard()->setMimeData(rich);
    notes.paste();
    QCOMPARE(notes.typedText(), u"finebold"_s);
}

void TextsTest::dispositionIgnoresWheelAndArrows() {
    DispositionInput input;
    input.setCodes({u"CALLBACK"_s, u"SOLD"_s, u"SOLD"_s, QString()});
    QCOMPARE(input.codes(), (QStringList{u"CALLBACK"_s, u"SOLD"_s}));
    input.showText(u"NEW_CODE"_s);
    int typed = 0;
    connect(&input, &DispositionInput::typed, this, [&typed] { ++typed; });
    QWheelEvent wheel(QPointF(5, 5), QPointF(5, 5), {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QCoreApplication::sendEvent(&input, &wheel);
    QCOMPARE(input.typedText(), u"NEW_CODE"_s);
    QVERIFY(!wheel.isAccepted());
    input.setCodes({u"SOLD"_s, u"OTHER"_s});  // codes that arrive later leave what is typed
    QCOMPARE(input.typedText(), u"NEW_CODE"_s);
    QCOMPARE(typed, 0);
}

void TextsTest::tellsEveryField() {
    ReviewedCall call;
    call.call.key = {u"main"_s, u"c-1"_s};
    call.call.talkSeconds = 0.0;
    call.call.summary = QString();
    call.call.dialTime = momentFromMs(0);
    call.call.zoneAssumed = {u"dial_time"_s};
    call.call.fieldErrors = {{u"total_duration_s"_s, u"\"12.5x\""_s}, {u"surprise"_s, u"an object"_s}};
    call.call.recordingUrl = u"https://storage.example/a.wav?signature=SECRET"_s;
    FieldTable table;
    table.setCall(call);
    const QString text = table.asText();
    for (const FieldInfo& field : allFields()) {
        QVERIFY2(text.contains(fieldLabel(field.field)), field.jsonName);
    }
    QVERIFY(!text.contains(u"SECRET"_s));
    const auto line = [&](Field field) {
        for (const TableLine& each : FieldTable::linesOf(call)) {
            if (each.name == fieldLabel(field)) {
                return each;
            }
        }
        return TableLine{};
    };
    QVERIFY(line(Field::TalkSeconds).value.startsWith(u"0:00"_s));  // zero is a value
    QCOMPARE(line(Field::RingSeconds).remark, u"no value"_s);       // offered, nothing there
    QCOMPARE(line(Field::Agent), TableLine{});                      // never there: named once, with its like
    QCOMPARE(line(Field::Summary).remark, u"empty text"_s);
    QVERIFY(line(Field::TotalSeconds).remark.startsWith(u"invalid: "_s));
    QCOMPARE(line(Field::DialTime).remark, u"time zone assumed"_s);
    QVERIFY(text.contains(u"surprise"_s));
}

void TextsTest::tellsWhereEachValueComesFrom() {
    ReviewedCall call;
    call.call.provider = Provider::Vatel;
    call.call.key = {u"main"_s, u"c-1"_s};
    call.call.summary = u"Wants a call"_s;
    call.review.notes = LocalEdit{};
    call.review.notes->value = u"mine"_s;
    QHash<QString, QString> origins;
    QString heading;
    for (const TableLine& line : FieldTable::linesOf(call)) {
        if (line.isHeading) {
            heading = line.name;
        } else {
            for (const QString& name : line.isWide ? line.remark.split(u", "_s) : QStringList{line.name}) {
                QVERIFY2(!origins.contains(name), qPrintable(name));
                origins.insert(name, heading);
            }
        }
    }
    QCOMPARE(origins.size(), allFields().size());
    QCOMPARE(origins.value(fieldLabel(Field::Summary)), u"Vatel says"_s);
    QCOMPARE(origins.value(fieldLabel(Field::Status)), u"Computed here"_s);
    QCOMPARE(origins.value(fieldLabel(Field::Notes)), u"Edited by you"_s);
    QCOMPARE(origins.value(fieldLabel(Field::HangupCause)), u"Not offered by Vatel"_s);
    for (const FieldInfo& field : allFields()) {
        QCOMPARE(origins.value(fieldLabel(field.field)), originText(provenance(call, field.field), Provider::Vatel));
    }
}

QTEST_MAIN(TextsTest)
#include "tst_texts.moc"
