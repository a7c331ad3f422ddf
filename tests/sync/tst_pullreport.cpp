// When a pull counts as done, partly done or failed.
#include <QTest>

#include "models/sync/pullreport.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

AccountReport account(bool ok, qint64 received, qint64 rejected = 0) {
    AccountReport report;
    report.ok = ok;
    report.received = received;
    report.rejected = rejected;
    if (!ok) {
        report.error = makeError(ErrorKind::NotFound);
    }
    return report;
}

}  // namespace

class TestPullReport : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void outcomes_data() {
        QTest::addColumn<std::vector<AccountReport>>("accounts");
        QTest::addColumn<PullOutcome>("outcome");
        const auto row = [](const char* name, std::vector<AccountReport> accounts, PullOutcome outcome) {
            QTest::newRow(name) << std::move(accounts) << outcome;
        };
        row("no account", {}, PullOutcome::Failed);
        row("all came", {account(true, 5)}, PullOutcome::Complete);
        row("there was nothing", {account(true, 0)}, PullOutcome::Complete);
        row("nothing came", {account(false, 0)}, PullOutcome::Failed);
        row("a walk was cut", {account(false, 5)}, PullOutcome::Partly);
        row("one of two accounts", {account(true, 0), account(false, 0)}, PullOutcome::Partly);
        row("a row was rejected", {account(true, 5, 1)}, PullOutcome::Partly);
        row("every row was rejected", {account(true, 0, 3)}, PullOutcome::Partly);
        row("two that failed", {account(false, 0), account(false, 0)}, PullOutcome::Failed);
    }
    void outcomes() {
        QFETCH(std::vector<AccountReport>, accounts);
        QFETCH(PullOutcome, outcome);
        QCOMPARE(PullReport{accounts}.outcome(), outcome);
    }
};

QTEST_GUILESS_MAIN(TestPullReport)
#include "tst_pullreport.moc"
