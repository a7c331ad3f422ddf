// Pushes with lost answers, resets and kills of the sending process between "the server applied it" and "marked as
// sent": real child processes. The server applied each delivery once, one request an attempt, and holds what was said.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "models/store/reviewsdatabase.h"
#include "tests/support/seed.h"
#include "tests/support/targetserver.h"

using namespace earmark;
using namespace earmark::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kCallsAtOnce = 250;  // a database that grows is slow to look at
constexpr int kKillsPerHundred = 6;

struct Counts {
    int kills = 0;
    int requests = 0;
    int applied = 0;
    int mishaps = 0;
};

/// A process that can be killed without ever meaning another one that got its number.
class Victim {
 public:
    explicit Victim(qint64 process) : m_handle(int(syscall(SYS_pidfd_open, pid_t(process), 0))) {}
    ~Victim() {
        if (m_handle >= 0) {
            close(m_handle);
        }
    }
    Q_DISABLE_COPY_MOVE(Victim)
    void kill() const { syscall(SYS_pidfd_send_signal, m_handle, SIGKILL, nullptr, 0); }

 private:
    int m_handle;
};

/// One profile whose edits are sent by children that are killed.
class Pushes {
 public:
    explicit Pushes(quint32 seed) : m_random(seed), m_rules(seed + 1) {
        Account account;
        account.name = u"main"_s;
        account.baseUrl = QUrl(u"http://127.0.0.1:1"_s);
        account.target.kind = TargetKind::Webhook;
        account.target.url = server.address();
        m_reviews = open();
        m_isReady = m_reviews && m_reviews->saveAccount(account);
        server.misbehaveBy([this](const Request& request, int earlier) { return mishapOf(request, earlier); });
    }

    [[nodiscard]] bool isReady() const { return m_isReady; }

    void edit(int call) {
        const QString id = u"call-%1"_s.arg(call);
        const QString value = u"CODE_%1"_s.arg(++m_edits);
        const auto done = m_reviews->commitEdit(
            {{u"main"_s, id}, ReviewField::Disposition, std::nullopt, value, u"desk"_s}, SystemClock().now());
        m_isReady = m_isReady && done;
        m_said.insert(id, value);
    }

    /// One life of a sender: until it is killed, or has nothing left to send. True for the latter.
    [[nodiscard]] bool send(Counts& counts) {
        m_reviews.reset();
        QProcess child;
        child.setProcessChannelMode(QProcess::SeparateChannels);
        child.start(QCoreApplication::applicationDirPath() + u"/pushvictim"_s, {folder.path()});
        child.waitForStarted();
        setVictim(std::make_shared<Victim>(child.processId()));
        child.write(server.secret());
        child.closeWriteChannel();
        const bool ended = child.waitForFinished(60'000);
        setVictim(nullptr);
        if (!ended) {
            child.kill();
            child.waitForFinished();
        }
        error = child.readAllStandardError();
        m_reviews = open();
        m_isReady = m_isReady && m_reviews && ended;
        if (child.exitStatus() == QProcess::CrashExit) {
            ++counts.kills;
            return !m_isReady;
        }
        m_isReady = m_isReady && child.exitCode() == 0;
        return true;
    }

    /// Empty: all is as it must be.
    [[nodiscard]] QString problem() const {
        const auto pending = m_reviews->pending();
        if (!pending || pending->size() != size_t(m_said.size())) {
            return u"the outbox has lost rows"_s;
        }
        QSet<QByteArray> applied;
        for (const TargetServer::Applied& one : server.applied()) {
            if (applied.contains(one.key)) {
                return u"applied twice: "_s + QString::fromLatin1(one.key);
            }
            applied.insert(one.key);
        }
        for (const PendingEdit& edit : *pending) {
            const QByteArray key = edit.delivery.toLatin1();
            if (edit.state != EditState::Sent || !applied.contains(key)) {
                return toText(edit.key) + u" was not sent"_s;
            }
            if (server.requestsFor(key) > edit.attempts) {
                return toText(edit.key) + u" was requested more often than it was tried"_s;
            }
            const QString held = server.valueOf(edit.key.remoteId, u"disposition"_s).toString();
            if (held != m_said.value(edit.key.remoteId) || held != edit.to) {
                return toText(edit.key) + u" is another there: "_s + held;
            }
        }
        if (server.otherBodies() + server.forged() > 0) {
            return u"%1 other bodies, %2 forged"_s.arg(server.otherBodies()).arg(server.forged());
        }
        const auto sound = m_reviews->check();
        return sound && sound->isEmpty() ? QString() : u"reviews.db is not sound"_s;
    }

    QTemporaryDir folder;
    TargetServer server;
    QByteArray error;
    std::atomic<int> mishaps{0};
    [[nodiscard]] int editsAtSomeCall() { return m_random.bounded(int(m_said.size())); }
    [[nodiscard]] QRandomGenerator& random() { return m_random; }

 private:
    [[nodiscard]] std::unique_ptr<ReviewsDatabase> open() const {
        auto opened = ReviewsDatabase::open(folder.filePath(u"reviews.db"_s), ReviewsDatabase::Access::ReadWrite);
        return opened ? std::move(*opened) : nullptr;
    }

    void setVictim(std::shared_ptr<Victim> victim) {
        const std::lock_guard lock(m_rulesMutex);
        m_victim = std::move(victim);
    }

    /// In the server's threads.
    Mishap mishapOf(const Request&, int) {
        const std::lock_guard lock(m_rulesMutex);
        const int dice = m_rules.bounded(100);
        if (dice < kKillsPerHundred) {
            if (const auto victim = m_victim) {
                // Now and then a little later, when the answer may be on its way or be just written down.
                const bool isNow = m_rules.bounded(2) == 0;
                const int wait = m_rules.bounded(12'000);
                std::thread([victim, isNow, wait] {
                    std::this_thread::sleep_for(std::chrono::microseconds(isNow ? 0 : wait));
                    victim->kill();
                }).detach();
                return isNow ? Mishap::AppliedThenHangs : Mishap::None;
            }
        }
        static constexpr std::pair<int, Mishap> kMishaps[] = {
            {11, Mishap::AnswerLost},        {16, Mishap::AnswerCut},         {21, Mishap::AppliedThen500},
            {26, Mishap::ResetBeforeAnswer}, {30, Mishap::CloseBeforeAnswer}, {33, Mishap::Unavailable}};
        for (const auto& [below, mishap] : kMishaps) {
            if (dice >= kKillsPerHundred && dice < below) {
                ++mishaps;
                return mishap;
            }
        }
        return Mishap::None;
    }

    QRandomGenerator m_random;
    std::mutex m_rulesMutex;
    QRandomGenerator m_rules;
    std::shared_ptr<Victim> m_victim;
    std::unique_ptr<ReviewsDatabase> m_reviews;
    QHash<QString, QString> m_said;
    int m_edits = 0;
    bool m_isReady = false;
};

}  // namespace

class TestPushes final : public QObject {
    Q_OBJECT

 private Q_SLOTS:
    void eachDeliveryIsAppliedOnce();
};

void TestPushes::eachDeliveryIsAppliedOnce() {
    const quint32 seed = testSeed();
    const int given = qEnvironmentVariableIntValue("EARMARK_PUSHES");
    const int wanted = given > 0 ? given : 500;
    Counts counts;
    for (quint32 profile = 0; counts.applied < wanted; ++profile) {
        Pushes pushes(seed + profile * 7919);
        QVERIFY(pushes.isReady());
        for (int call = 0; call < kCallsAtOnce; ++call) {
            pushes.edit(call);
        }
        for (bool isDone = false; !isDone;) {
            isDone = pushes.send(counts);
            QVERIFY2(pushes.isReady(), pushes.error.constData());
            if (!isDone) {
                pushes.edit(pushes.editsAtSomeCall());  // what is done while something of the call may be there already
            }
        }
        QVERIFY2(pushes.problem().isEmpty(), qPrintable(pushes.problem()));
        counts.applied += pushes.server.appliedCount();
        counts.requests += pushes.server.count();
        counts.mishaps += pushes.mishaps;
    }
    qInfo("%d pushes applied once each, in %d requests with %d lost or refused answers and %d kills", counts.applied,
          counts.requests, counts.mishaps, counts.kills);
    QVERIFY(counts.kills > 0);
    QVERIFY(counts.mishaps > 0);
}

QTEST_GUILESS_MAIN(TestPushes)
#include "tst_pushes.moc"
