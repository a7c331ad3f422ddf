// The words of the command line and JSON are a contract: they are written out here once more, by hand.
#include <QDateTime>
#include <QTest>

#include "models/domain/clock.h"
#include "models/domain/review.h"

using namespace earmark;

class TestWords : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void statusWords_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isOver");
        const auto row = [](CallStatus status, const char* text, bool isOver) {
            QTest::newRow(text) << static_cast<int>(status) << QString::fromLatin1(text) << isOver;
        };
        row(CallStatus::Unknown, "unknown", false);
        row(CallStatus::Queued, "queued", false);
        row(CallStatus::Dialing, "dialing", false);
        row(CallStatus::Ringing, "ringing", false);
        row(CallStatus::InProgress, "in_progress", false);
        row(CallStatus::Completed, "completed", true);
        row(CallStatus::NoAnswer, "no_answer", true);
        row(CallStatus::Busy, "busy", true);
        row(CallStatus::Failed, "failed", true);
        row(CallStatus::Cancelled, "cancelled", true);
    }
    void statusWords() {
        QFETCH(int, status);
        QFETCH(QString, text);
        QFETCH(bool, isOver);
        const auto value = static_cast<CallStatus>(status);
        QCOMPARE(word(value), text);
        QVERIFY(callStatusFromWord(text) == value);
        QCOMPARE(hasEnded(value), isOver);
    }

    void otherWords() {
        QCOMPARE(word(Provider::Yotel), QStringLiteral("yotel"));
        QCOMPARE(word(Provider::Atoms), QStringLiteral("atoms"));
        QCOMPARE(word(Provider::Vatel), QStringLiteral("vatel"));
        QCOMPARE(word(Provider::Autocalls), QStringLiteral("autocalls"));
        QCOMPARE(word(Direction::Unknown), QStringLiteral("unknown"));
        QCOMPARE(word(Direction::Inbound), QStringLiteral("inbound"));
        QCOMPARE(word(Direction::Outbound), QStringLiteral("outbound"));
        QCOMPARE(word(Direction::Web), QStringLiteral("web"));
        QCOMPARE(word(EndReason::Unknown), QStringLiteral("unknown"));
        QCOMPARE(word(EndReason::Customer), QStringLiteral("customer"));
        QCOMPARE(word(EndReason::Agent), QStringLiteral("agent"));
        QCOMPARE(word(EndReason::Transferred), QStringLiteral("transferred"));
        QCOMPARE(word(EndReason::Timeout), QStringLiteral("timeout"));
        QCOMPARE(word(EndReason::Error), QStringLiteral("error"));
        QCOMPARE(word(EndReason::NotAnswered), QStringLiteral("not_answered"));
        QCOMPARE(word(ReviewField::Disposition), QStringLiteral("disposition"));
        QCOMPARE(word(ReviewField::Notes), QStringLiteral("notes"));
        QCOMPARE(word(ReviewField::Reviewed), QStringLiteral("reviewed"));
        QCOMPARE(word(ReviewField::Flag), QStringLiteral("flag"));
        QCOMPARE(word(EditState::Kept), QStringLiteral("kept"));
        QCOMPARE(word(EditState::Waiting), QStringLiteral("waiting"));
        QCOMPARE(word(EditState::Sending), QStringLiteral("sending"));
        QCOMPARE(word(EditState::Sent), QStringLiteral("sent"));
        QCOMPARE(word(EditState::Refused), QStringLiteral("refused"));
        QCOMPARE(word(EditState::Conflict), QStringLiteral("conflict"));
    }

    void wordsComeBack() {
        for (const auto provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
            QVERIFY(providerFromWord(word(provider)) == provider);
            QVERIFY(!providerName(provider).isEmpty());
        }
        for (const auto direction : {Direction::Unknown, Direction::Inbound, Direction::Outbound, Direction::Web}) {
            QVERIFY(directionFromWord(word(direction)) == direction);
        }
        for (const auto reason : {EndReason::Unknown, EndReason::Customer, EndReason::Agent, EndReason::Transferred,
                                  EndReason::Timeout, EndReason::Error, EndReason::NotAnswered}) {
            QVERIFY(endReasonFromWord(word(reason)) == reason);
        }
        for (const auto state : {EditState::Kept, EditState::Waiting, EditState::Sending, EditState::Sent,
                                 EditState::Refused, EditState::Conflict}) {
            QVERIFY(editStateFromWord(word(state)) == state);
        }
        for (const auto field :
             {ReviewField::Disposition, ReviewField::Notes, ReviewField::Reviewed, ReviewField::Flag}) {
            QVERIFY(reviewFieldFromWord(word(field)) == field);
        }
    }

    void foreignWordsAreRefused() {
        for (const char* text : {"", "Completed", " completed", "in-progress", "done", "unknown "}) {
            QVERIFY2(!callStatusFromWord(QString::fromLatin1(text)), text);
        }
        QVERIFY(!providerFromWord(QStringLiteral("Yotel")));
        QVERIFY(!directionFromWord(QStringLiteral("phone")));
        QVERIFY(!endReasonFromWord(QStringLiteral("hangup")));
        QVERIFY(!editStateFromWord(QStringLiteral("saved")));
        QVERIFY(!reviewFieldFromWord(QStringLiteral("note")));
    }

    void isoText_data() {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("epoch") << qint64{0} << QStringLiteral("1970-01-01T00:00:00.000Z");
        QTest::newRow("just before") << qint64{-1} << QStringLiteral("1969-12-31T23:59:59.999Z");
        QTest::newRow("a call") << qint64{1776523022419} << QStringLiteral("2026-04-18T14:37:02.419Z");
        QTest::newRow("leap day") << qint64{951782400007} << QStringLiteral("2000-02-29T00:00:00.007Z");
        QTest::newRow("first year") << qint64{-62135596800000} << QStringLiteral("0001-01-01T00:00:00.000Z");
        QTest::newRow("last year") << qint64{253402300799999} << QStringLiteral("9999-12-31T23:59:59.999Z");
    }
    void isoText() {
        QFETCH(qint64, ms);
        QFETCH(QString, text);
        QCOMPARE(toIsoText(momentFromMs(ms)), text);
    }

    void systemClockIsNow() {
        const SystemClock clock;
        const qint64 before = QDateTime::currentMSecsSinceEpoch();
        const qint64 now = toMs(clock.now());
        QVERIFY(before <= now && now <= QDateTime::currentMSecsSinceEpoch());
        const auto first = clock.steady();
        QVERIFY(clock.steady() >= first);
    }

    void startIsDialElseCreated() {
        Call call;
        QVERIFY(!startTime(call));
        call.createdTime = momentFromMs(5);
        QVERIFY(startTime(call) == momentFromMs(5));
        call.dialTime = momentFromMs(9);
        QVERIFY(startTime(call) == momentFromMs(9));
    }
};

QTEST_GUILESS_MAIN(TestWords)
#include "tst_words.moc"
