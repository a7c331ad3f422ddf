// Times in order, gaps and contradictions said aloud, and durations that never look like nothing.
#include <QTest>
#include <array>
#include <limits>

#include "models/domain/timings.h"

using namespace earmark;

namespace {

Moment at(qint64 seconds) {
    return momentFromMs(1'776'523'022'000 + seconds * 1000);
}

/// A lawful call: dialled at 0, rang at 3, answered at 10, agent at 12, ended at 70.
Call lawfulCall() {
    Call call;
    call.status = CallStatus::Completed;
    call.dialTime = at(0);
    call.ringTime = at(3);
    call.answerTime = at(10);
    call.agentConnectTime = at(12);
    call.endTime = at(70);
    call.ringSeconds = 7;
    call.talkSeconds = 60;
    call.totalSeconds = 70;
    return call;
}

std::vector<TimingPoint> outOfOrder(const CallTimings& timings) {
    std::vector<TimingPoint> points;
    for (const TimingMark& mark : timings.marks) {
        if (mark.outOfOrder) {
            points.push_back(mark.point);
        }
    }
    return points;
}

}  // namespace

class TestTimings : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void lawfulCallHasNoProblems() {
        const CallTimings timings = timingsOf(lawfulCall());
        QCOMPARE(timings.problems, QStringList());
        QCOMPARE(timings.marks.size(), std::size_t{5});
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(static_cast<std::size_t>(timings.marks[i].point), i);
            QVERIFY(timings.marks[i].at && timings.marks[i].offered && !timings.marks[i].outOfOrder);
            QVERIFY(!timingPointLabel(timings.marks[i].point).isEmpty());
        }
        QVERIFY(timings.first == at(0));
        QVERIFY(timings.last == at(70));
    }

    void missingIsNotZero() {
        const CallTimings none = timingsOf(Call{});
        QCOMPARE(none.marks.size(), std::size_t{5});
        QVERIFY(!none.first && !none.last);
        QCOMPARE(none.problems, QStringList());
        for (const TimingMark& mark : none.marks) {
            QVERIFY(!mark.at && mark.offered && !mark.outOfOrder);
        }

        Call noAgent = lawfulCall();
        noAgent.agentConnectTime.reset();
        const CallTimings timings = timingsOf(noAgent);
        QVERIFY(!timings.marks[3].at);
        QCOMPARE(timings.problems, QStringList());
    }

    void notOfferedIsNotMissing() {
        Call call;
        call.provider = Provider::Vatel;
        call.status = CallStatus::Completed;
        call.answerTime = at(0);
        call.endTime = at(9);
        const CallTimings timings = timingsOf(call);
        QVERIFY(!timings.marks[0].offered && !timings.marks[1].offered && !timings.marks[3].offered);
        QVERIFY(timings.marks[2].offered && timings.marks[4].offered);
        QCOMPARE(timings.problems, QStringList());
    }

    void endBeforeAnswer() {
        Call call = lawfulCall();
        call.endTime = at(5);
        call.talkSeconds.reset();
        call.totalSeconds.reset();
        const CallTimings timings = timingsOf(call);
        QCOMPARE(outOfOrder(timings), std::vector{TimingPoint::End});
        QCOMPARE(timings.problems, QStringList{QStringLiteral("Ended before it was answered")});
        QVERIFY(timings.last == at(12));
    }

    void everyPairOutOfOrderIsNamed() {
        // All ten pairs: the later point a second before the earlier one, everything else missing.
        using Time = std::optional<Moment> Call::*;
        const std::array<Time, 5> times{&Call::dialTime, &Call::ringTime, &Call::answerTime, &Call::agentConnectTime,
                                        &Call::endTime};
        QStringList seen;
        for (std::size_t later = 1; later < times.size(); ++later) {
            for (std::size_t earlier = 0; earlier < later; ++earlier) {
                Call call;
                call.*times[earlier] = at(10);
                call.*times[later] = at(9);
                const CallTimings timings = timingsOf(call);
                QCOMPARE(outOfOrder(timings), std::vector{static_cast<TimingPoint>(later)});
                QCOMPARE(timings.problems.size(), 1);
                QVERIFY(!seen.contains(timings.problems.first()));
                seen += timings.problems.first();
                call.*times[later] = at(10);  // the same moment is lawful
                QVERIFY(outOfOrder(timingsOf(call)).empty());
            }
        }
    }

    void durationsThatCannotBe_data() {
        QTest::addColumn<double>("ring");
        QTest::addColumn<double>("talk");
        QTest::addColumn<double>("total");
        QTest::addColumn<QStringList>("problems");
        const QStringList talkLonger{QStringLiteral("Talk time is longer than the call"),
                                     QStringLiteral("Talk time does not fit the times of answer and end")};
        QTest::newRow("rounding") << 7.0 << 61.9 << 68.1 << QStringList();
        QTest::newRow("talk longer") << 7.0 << 80.0 << 70.0 << talkLonger;
        QTest::newRow("ring longer") << 90.0 << 60.0 << 70.0
                                     << QStringList{QStringLiteral("Ring time is longer than the call")};
        QTest::newRow("negative") << -5.0 << -5.0 << -5.0
                                  << QStringList{QStringLiteral("Ring time is negative"),
                                                 QStringLiteral("Talk time is negative"),
                                                 QStringLiteral("Total time is negative")};
        QTest::newRow("talk misfit") << 7.0 << 30.0 << 70.0
                                     << QStringList{
                                            QStringLiteral("Talk time does not fit the times of answer and end")};
        QTest::newRow("total misfit") << 7.0 << 60.0 << 100.0
                                      << QStringList{
                                             QStringLiteral("Total time does not fit the times of dial and end")};
    }
    void durationsThatCannotBe() {
        QFETCH(double, ring);
        QFETCH(double, talk);
        QFETCH(double, total);
        QFETCH(QStringList, problems);
        Call call = lawfulCall();
        call.ringSeconds = ring;
        call.talkSeconds = talk;
        call.totalSeconds = total;
        QCOMPARE(timingsOf(call).problems, problems);
    }

    void gapsThatContradict() {
        Call talked = lawfulCall();
        talked.answerTime.reset();
        QCOMPARE(timingsOf(talked).problems, QStringList{QStringLiteral("There is talk time but no time of answer")});

        Call unanswered = lawfulCall();
        unanswered.status = CallStatus::NoAnswer;
        QCOMPARE(timingsOf(unanswered).problems,
                 QStringList{QStringLiteral("Said to be not answered, yet there is a time of answer")});

        Call endless = lawfulCall();
        endless.endTime.reset();
        QCOMPARE(timingsOf(endless).problems,
                 QStringList{QStringLiteral("The call is over but its end time is missing")});
        endless.status = CallStatus::InProgress;
        QCOMPARE(timingsOf(endless).problems, QStringList());

        Call longCall;
        longCall.totalSeconds = 86'401;
        QCOMPARE(timingsOf(longCall).problems, QStringList{QStringLiteral("A duration is longer than a day")});
    }

    void durationText_data() {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("text");
        const auto row = [](double seconds, const char* text) {
            QTest::newRow(text) << seconds << QString::fromLatin1(text);
        };
        row(0, "0:00");
        row(7, "0:07");
        row(59.4, "0:59");
        row(59.6, "1:00");
        row(184, "3:04");
        row(3599, "59:59");
        row(3723, "1:02:03");
        row(360'000, "100:00:00");
        row(0.4, "0.4 s");
        row(0.99, "0.9 s");
        row(0.04, "0.04 s");
        row(0.0004, "<0.001 s");
        row(-5, "-0:05");
        row(-0.4, "-0.4 s");
        row(1e18, "1e+18 s");
    }
    void durationText() {
        QFETCH(double, seconds);
        QFETCH(QString, text);
        QCOMPARE(earmark::durationText(seconds), text);
    }

    void durationTextOfNonsense() {
        QCOMPARE(earmark::durationText(std::numeric_limits<double>::infinity()), QStringLiteral("?"));
        QCOMPARE(earmark::durationText(std::numeric_limits<double>::quiet_NaN()), QStringLiteral("?"));
        for (double seconds = 1e-9; seconds < 1e17; seconds *= 1.7) {
            const QString text = earmark::durationText(seconds);
            bool hasDigit = false;
            for (const QChar c : text) {
                hasDigit = hasDigit || (c >= u'1' && c <= u'9');
            }
            QVERIFY2(hasDigit, qPrintable(text));
        }
    }
};

QTEST_GUILESS_MAIN(TestTimings)
#include "tst_timings.moc"
