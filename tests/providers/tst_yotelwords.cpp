// Yotel's words and what they mean in the common ones.
#include <QTest>

#include "models/providers/yotelwords.h"

using namespace earmark;

class TestYotelWords : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void status_data() {
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("cause");
        QTest::addColumn<QString>("common");
        const auto row = [](const char* status, const char* cause, const char* common) {
            QTest::addRow("%s %s", status, cause)
                << QString::fromUtf8(status) << QString::fromUtf8(cause) << QString::fromLatin1(common);
        };
        row("dialing", "", "dialing");
        row("ringing", "", "ringing");
        row("answered", "", "in_progress");
        row("agent_connected", "", "in_progress");
        row("agent-connected", "", "in_progress");
        row("completed", "NORMAL_CLEARING", "completed");
        row("completed", "USER_BUSY", "completed");
        row("COMPLETED", "", "completed");
        row(" completed ", "", "completed");
        row("failed", "NO_ANSWER", "no_answer");
        row("failed", "no_answer", "no_answer");
        row("failed", "NO_USER_RESPONSE", "no_answer");
        row("failed", "USER_BUSY", "busy");
        row("failed", "ORIGINATOR_CANCEL", "cancelled");
        row("failed", "NO_ROUTE_DESTINATION", "failed");
        row("failed", "SIP_486_CUSTOM", "failed");
        row("failed", "", "failed");
        // Words of other providers, and none at all: not guessed.
        row("in_progress", "", "unknown");
        row("no-answer", "NO_ANSWER", "unknown");
        row("NoAnswer", "", "unknown");
        row("queued_for_callback", "", "unknown");
        row("complété", "", "unknown");
        row("", "", "unknown");
    }
    void status() {
        QFETCH(QString, status);
        QFETCH(QString, cause);
        QFETCH(QString, common);
        const auto given = cause.isEmpty() ? std::nullopt : std::optional(cause);
        QCOMPARE(word(yotelStatus(status, given)), common);
    }

    void statusThatIsNotThere() {
        QVERIFY(yotelStatus(std::nullopt, QStringLiteral("NO_ANSWER")) == CallStatus::Unknown);
    }

    void direction() {
        const auto common = [](const char* text) { return word(yotelDirection(QString::fromLatin1(text))); };
        QCOMPARE(common("inbound"), QStringLiteral("inbound"));
        QCOMPARE(common(" Outbound"), QStringLiteral("outbound"));
        QCOMPARE(common("internal"), QStringLiteral("unknown"));
        QCOMPARE(common("web"), QStringLiteral("unknown"));
        QCOMPARE(word(yotelDirection(std::nullopt)), QStringLiteral("unknown"));
    }

    void endReason_data() {
        QTest::addColumn<QString>("cause");
        QTest::addColumn<bool>("wasAnswered");
        QTest::addColumn<QString>("common");
        const auto row = [](const char* cause, bool wasAnswered, const char* common) {
            QTest::addRow("%s %d", cause, wasAnswered)
                << QString::fromLatin1(cause) << wasAnswered << QString::fromLatin1(common);
        };
        row("NORMAL_CLEARING", true, "unknown");  // somebody hung up, nobody says who
        row("NO_ANSWER", false, "not_answered");
        row("NO_USER_RESPONSE", false, "not_answered");
        row("USER_BUSY", false, "not_answered");
        row("ORIGINATOR_CANCEL", false, "not_answered");
        row("ORIGINATOR_CANCEL", true, "unknown");  // left the queue after the answer
        row("no_answer ", false, "not_answered");
        row("ATTENDED_TRANSFER", true, "transferred");
        row("ALLOTTED_TIMEOUT", true, "timeout");
        row("NETWORK_OUT_OF_ORDER", false, "error");
        row("INVALID_NUMBER_FORMAT", false, "error");
        row("LOSE_RACE", false, "unknown");
        row("SIP_486_CUSTOM", false, "unknown");
    }
    void endReason() {
        QFETCH(QString, cause);
        QFETCH(bool, wasAnswered);
        QFETCH(QString, common);
        QCOMPARE(word(yotelEndReason(cause, wasAnswered)), common);
        QVERIFY(yotelEndReason(std::nullopt, wasAnswered) == EndReason::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestYotelWords)
#include "tst_yotelwords.moc"
