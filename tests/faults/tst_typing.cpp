// The program ended while somebody types: by SIGKILL, by an abort in a slot, by SIGTERM and SIGHUP. At most two seconds
// of typing may go when it is killed, nothing when it is asked to end, and what was kept is found at the next start.
#include <signal.h>

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "app/profile.h"
#include "models/store/store.h"

using namespace earmark;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A draft is written 1.8 s after the first key that is on no disk; the disk of a busy computer takes its time.
constexpr auto kMayBeLost = 2'000ms + 500ms;

struct Typed {
    int letters = 0;
    qint64 atMs = 0;
};

QString lettersUpTo(qsizetype count) {
    QString text;
    for (qsizetype i = 0; i < count; ++i) {
        text += QChar(u'a' + int(i % 26));
    }
    return text;
}

}  // namespace

class TestTyping final : public QObject {
    Q_OBJECT

 private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<Typed> m_typed;
    QByteArray m_rest;
    QElapsedTimer m_clock;
    const CallKey m_key{u"main"_s, u"call-1"_s};

    [[nodiscard]] QString profile() const { return m_folder->filePath(u"profile"_s); }

    template <typename T>
    static T ask(const std::function<void(std::function<void(Result<T>)>)>& question) {
        std::optional<T> answer;
        bool answered = false;
        question([&](Result<T> given) {
            answered = true;
            if (given) {
                answer = std::move(*given);
            }
        });
        (void)QTest::qWaitFor([&] { return answered; }, 20'000);
        return answer.value_or(T{});
    }
    void withStore(const std::function<void(Store&)>& work) {
        Store store({profile(), std::make_shared<SystemClock>(), {}});
        bool open = false;
        store.open(this, [&](const Done& opened) { open = opened.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(open, 20'000);
        work(store);
    }
    std::unique_ptr<QProcess> start(const QString& what) {
        auto process = std::make_unique<QProcess>();
        m_typed.clear();
        m_rest.clear();
        m_clock.start();
        process->start(QStringLiteral(EARMARK_TYPING_WINDOW), {profile(), what});
        return process;
    }
    /// Reads on until this many letters were typed, or the program has ended.
    bool readUntil(QProcess& process, int letters) {
        const auto look = [&] {
            m_rest += process.readAllStandardOutput();
            for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
                const QByteArray line = m_rest.left(end);
                m_rest.remove(0, end + 1);
                if (line.startsWith("typed ")) {
                    m_typed.push_back({line.mid(6).toInt(), m_clock.elapsed()});
                }
            }
            return (!m_typed.empty() && m_typed.back().letters >= letters) || process.state() == QProcess::NotRunning;
        };
        return QTest::qWaitFor(look, 30'000);
    }
    /// How many letters were typed longer than that ago.
    [[nodiscard]] int lettersOlderThan(std::chrono::milliseconds age, qint64 nowMs) const {
        int letters = 0;
        for (const Typed& one : m_typed) {
            letters = one.atMs <= nowMs - age.count() ? one.letters : letters;
        }
        return letters;
    }
    void verifyDraft(int atLeast) {
        withStore([&](Store& store) {
            const auto drafts = ask<std::vector<Draft>>([&](auto done) { store.loadDrafts(this, done); });
            const QString kept = drafts.size() == 1 ? drafts.front().text : QString();
            QCOMPARE(kept, lettersUpTo(kept.size()));
            QVERIFY2(kept.size() >= atLeast, qPrintable(u"%1 of at least %2 letters"_s.arg(kept.size()).arg(atLeast)));
            QVERIFY(!store.review(m_key).notes.has_value());
        });
    }

 private Q_SLOTS:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(Profile(profile()).prepare().has_value());
        withStore([this](Store& store) {
            Call call;
            call.key = m_key;
            call.raw = "{}";
            const auto stored = ask<PageOutcome>([&](auto done) { store.storeCall(call, this, done); });
            QCOMPARE(stored.added, 1);
        });
    }

    void aKillLosesTwoSecondsAtMost_data() {
        QTest::addColumn<int>("letters");
        for (const int letters : {120, 200}) {
            QTest::addRow("after %d letters", letters) << letters;
        }
    }
    void aKillLosesTwoSecondsAtMost() {
        QFETCH(int, letters);
        const auto process = start(u"type"_s);
        QVERIFY(readUntil(*process, letters));
        QVERIFY2(process->state() == QProcess::Running, process->readAllStandardError().constData());
        const qint64 now = m_clock.elapsed();
        ::kill(pid_t(process->processId()), SIGKILL);
        QVERIFY(process->waitForFinished());
        (void)readUntil(*process, letters);
        verifyDraft(lettersOlderThan(kMayBeLost, now));
    }

    void anAbortInASlotLosesTwoSecondsAtMost() {
        const auto process = start(u"abort"_s);
        QVERIFY(readUntil(*process, 100'000));
        QCOMPARE(process->exitStatus(), QProcess::CrashExit);
        QVERIFY(!m_typed.empty());
        verifyDraft(lettersOlderThan(kMayBeLost, m_typed.back().atMs));
        // It started again: the lock is no hindrance, and the text goes on where it was.
        const auto again = start(u"type"_s);
        QVERIFY(readUntil(*again, 3));
        QCOMPARE(again->state(), QProcess::Running);
        again->kill();
        QVERIFY(again->waitForFinished());
    }

    void aSignalCommitsWhatIsTyped_data() {
        QTest::addColumn<int>("signal");
        QTest::newRow("TERM") << SIGTERM;
        QTest::newRow("HUP") << SIGHUP;
        QTest::newRow("INT") << SIGINT;
    }
    void aSignalCommitsWhatIsTyped() {
        QFETCH(int, signal);
        const auto process = start(u"type"_s);
        QVERIFY(readUntil(*process, 30));
        QElapsedTimer timer;
        timer.start();
        ::kill(pid_t(process->processId()), signal);
        QVERIFY(process->waitForFinished(10'000));
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(process->exitStatus(), QProcess::NormalExit);
        QCOMPARE(process->exitCode(), 0);
        (void)readUntil(*process, 100'000);
        withStore([&](Store& store) {
            const QString kept = store.review(m_key).notes.value_or(LocalEdit()).value.value_or(QString());
            QCOMPARE(kept, lettersUpTo(kept.size()));
            QVERIFY2(kept.size() >= m_typed.back().letters - 1 && kept.size() >= 30,
                     qPrintable(u"%1 of %2 letters"_s.arg(kept.size()).arg(m_typed.back().letters)));
            QVERIFY(ask<std::vector<Draft>>([&](auto done) { store.loadDrafts(this, done); }).empty());
        });
    }
};

QTEST_GUILESS_MAIN(TestTyping)
#include "tst_typing.moc"
