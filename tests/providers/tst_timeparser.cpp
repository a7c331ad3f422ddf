// Times as providers write them. The test runs in a time zone far from UTC, so that a value taken for local time shows.
#include <QDateTime>
#include <QTest>
#include <ctime>

#include "models/providers/timeparser.h"

using namespace earmark;

namespace {

QString parsed(const QString& text, const QString& zone = QStringLiteral("UTC")) {
    const auto time = parseTime(text, AssumedZone(zone));
    if (!time) {
        return QStringLiteral("none");
    }
    return toIsoText(time->at) + (time->zoneAssumed ? QStringLiteral(" assumed") : QString());
}

}  // namespace

class TestTimeParser : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void initTestCase() {
        qputenv("TZ", "Asia/Kolkata");
        tzset();
        QCOMPARE(QDateTime(QDate(2026, 4, 18), QTime(0, 0), Qt::LocalTime).offsetFromUtc(), 19'800);
    }

    void forms_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("time");
        const auto row = [](const char* text, const char* time) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(time);
        };
        row("2026-04-18T14:37:02Z", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T14:37:02.4Z", "2026-04-18T14:37:02.400Z");
        row("2026-04-18T14:37:02.419Z", "2026-04-18T14:37:02.419Z");
        row("2026-04-18T14:37:02.419999Z", "2026-04-18T14:37:02.419Z");
        row("2026-04-18T14:37:02.419999999+00:00", "2026-04-18T14:37:02.419Z");
        row("2026-04-18T14:37:02,5Z", "2026-04-18T14:37:02.500Z");
        row("2026-04-18t14:37:02z", "2026-04-18T14:37:02.000Z");
        row("2026-04-18 14:37:02Z", "2026-04-18T14:37:02.000Z");
        row("2026-04-18 14:37:02 UTC", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T20:07:02+05:30", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T20:07:02+0530", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T06:37:02-08", "2026-04-18T14:37:02.000Z");
        row("2026-04-18 20:07:02 +05:30", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T14:37Z", "2026-04-18T14:37:00.000Z");
        row("20260418T143702Z", "2026-04-18T14:37:02.000Z");
        row("20260418T143702.25+0000", "2026-04-18T14:37:02.250Z");
        row("  2026-04-18T14:37:02Z \n", "2026-04-18T14:37:02.000Z");
        row("2026-04-18T14:37:02", "2026-04-18T14:37:02.000Z assumed");
        row("2026-04-18 14:37:02", "2026-04-18T14:37:02.000Z assumed");
        row("2026-04-18", "2026-04-18T00:00:00.000Z assumed");
        row("20260418", "2026-04-18T00:00:00.000Z assumed");
        row("2026-04-18T24:00:00Z", "2026-04-19T00:00:00.000Z");
        row("2026-12-31T24:00Z", "2027-01-01T00:00:00.000Z");
        row("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z");
        row("2017-01-01T05:29:60+05:30", "2017-01-01T00:00:00.000Z");
        row("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z");
        row("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z");
        row("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z");
        row("1776523022", "2026-04-18T14:37:02.000Z");
        row("1776523022.419", "2026-04-18T14:37:02.419Z");
        row("1776523022419", "2026-04-18T14:37:02.419Z");
        for (const char* none : {"",
                                 " ",
                                 "not-a-date",
                                 "None",
                                 "null",
                                 "2026-02-30T10:00:00Z",
                                 "2025-02-29",
                                 "2026-13-01",
                                 "2026-00-10",
                                 "2026-04-00",
                                 "0000-01-01T00:00:00Z",
                                 "2026-04-18T25:00:00Z",
                                 "2026-04-18T24:00:01Z",
                                 "2026-04-18T14:60:00Z",
                                 "2026-04-18T14:37:61Z",
                                 "2026-04-18T14:37:60Z",
                                 "2026-04-18T14:37:02.Z",
                                 "2026-04-18T14:37:02ZZ",
                                 "2026-04-18T14:37:02 PST",
                                 "2026-04-18T14:37:02+5:30",
                                 "2026-04-18T14:37:02+24:00",
                                 "2026-04-18T14:37:02+05:60",
                                 "2026-04-18T",
                                 "2026-04-18T14",
                                 "2026-04-18  14:37:02",
                                 "2026-04-18x14:37:02Z",
                                 "2026-4-18",
                                 "26-04-18",
                                 "18/04/2026",
                                 "2026",
                                 "2026-04",
                                 "20260230",
                                 "20260418143702",
                                 "17",
                                 "-1776523022",
                                 "1e9",
                                 "99999999999999999999",
                                 "Sun, 08 Mar 2026 01:59:59 GMT",
                                 "2026-04-18T14:37:02+",
                                 "9999-12-31T23:59:59-01:00",
                                 "0001-01-01T00:00:00+05:30",
                                 "\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa6-04-18",
                                 "2026-04-18T14:37:02Z\xe2\x80\x8b"}) {
            QTest::newRow(*none ? none : "empty") << QString::fromUtf8(none) << QStringLiteral("none");
        }
    }
    void forms() {
        QFETCH(QString, text);
        QFETCH(QString, time);
        QCOMPARE(parsed(text), time);
    }

    void assumedZone_data() {
        QTest::addColumn<QString>("zone");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("time");
        const auto row = [](const char* name, const char* zone, const char* text, const char* time) {
            QTest::newRow(name) << QString::fromLatin1(zone) << QString::fromLatin1(text) << QString::fromLatin1(time);
        };
        row("Kolkata", "Asia/Kolkata", "2026-04-18 20:07:02", "2026-04-18T14:37:02.000Z assumed");
        row("Kolkata date", "Asia/Kolkata", "2026-04-18", "2026-04-17T18:30:00.000Z assumed");
        row("Berlin winter", "Europe/Berlin", "2026-01-18 14:37:02", "2026-01-18T13:37:02.000Z assumed");
        row("Berlin summer", "Europe/Berlin", "2026-04-18 14:37:02", "2026-04-18T12:37:02.000Z assumed");
        row("hour that does not exist", "Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00.000Z assumed");
        row("hour that comes twice", "Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00.000Z assumed");
        row("just after it", "Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00.000Z assumed");
        row("New York, skipped", "America/New_York", "2026-03-08 02:30:00", "2026-03-08T07:30:00.000Z assumed");
        row("no such zone is UTC", "Nowhere/Land", "2026-04-18 14:37:02", "2026-04-18T14:37:02.000Z assumed");
        row("empty is UTC", "", "2026-04-18 14:37:02", "2026-04-18T14:37:02.000Z assumed");
        row("written zone wins", "Asia/Kolkata", "2026-04-18T14:37:02Z", "2026-04-18T14:37:02.000Z");
        row("epoch needs none", "Asia/Kolkata", "1776523022", "2026-04-18T14:37:02.000Z");
    }
    void assumedZone() {
        QFETCH(QString, zone);
        QFETCH(QString, text);
        QFETCH(QString, time);
        QCOMPARE(parsed(text, zone), time);
    }

    void epochNumbers() {
        QVERIFY(parseEpoch(1776523022.419) && toMs(parseEpoch(1776523022.419)->at) == 1776523022419);
        QVERIFY(parseEpoch(1776523022419.0) && toMs(parseEpoch(1776523022419.0)->at) == 1776523022419);
        for (const double none :
             {0.0, -1.0, 17.0, 3.7, 1776523022419000.0, 9007199254740993.0, 9.3e18, 1e308, qInf(), qQNaN()}) {
            QVERIFY2(!parseEpoch(none), qPrintable(QString::number(none)));
        }
    }

    void everySecondOfADayComesBack() {
        // Written by QDateTime, read by us: an oracle that knows nothing of our parser.
        const QDateTime start(QDate(2024, 2, 28), QTime(0, 0), Qt::UTC);
        for (int i = 0; i < 3 * 86'400; i += 37) {
            const QDateTime moment = start.addSecs(i).addMSecs(i % 1000);
            QCOMPARE(parsed(moment.toString(Qt::ISODateWithMs)), toIsoText(momentFromMs(moment.toMSecsSinceEpoch())));
            const QString east = moment.toOffsetFromUtc(20'700).toString(Qt::ISODateWithMs);
            QCOMPARE(parsed(east), toIsoText(momentFromMs(moment.toMSecsSinceEpoch())));
        }
    }
};

QTEST_GUILESS_MAIN(TestTimeParser)
#include "tst_timeparser.moc"
