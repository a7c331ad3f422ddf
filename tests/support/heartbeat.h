// Watches the main thread of a test program: how much processor time each turn of its event loop takes, and whether an
// event handler makes a call that may block. The hooked calls are defined in the program itself (blockingcalls.cpp), so
// that every library of the process comes by. Main thread, unless said otherwise.
//
// What counts is what happens while an event is being delivered: the body of a test, which builds data and waits, is
// not part of the program under test. A turn is everything delivered between two looks of the dispatcher at the outside
// world. Processor time, not time on the wall: a loaded machine must not fail a test.
#pragma once

#include <QApplication>
#include <QStringList>
#include <QtTest>
#include <chrono>
#include <vector>

namespace earmark::test {

/// Sanitizers slow every access down: address and undefined about 4 times, thread about 10 times.
#if defined(__SANITIZE_THREAD__)
constexpr int kSlowerBuild = 10;
#elif defined(__SANITIZE_ADDRESS__)
constexpr int kSlowerBuild = 4;
#else
constexpr int kSlowerBuild = 1;
#endif
constexpr std::chrono::milliseconds kTurnLimit{50 * kSlowerBuild};

struct Turn {
    std::chrono::nanoseconds processor{0};
    std::chrono::nanoseconds wall{0};
};

class Heartbeat final {
    Q_DISABLE_COPY_MOVE(Heartbeat)

 public:
    /// Watches until its end; one at a time. Files below `profile` may not be opened by an event handler.
    explicit Heartbeat(const QString& profile = {});
    ~Heartbeat();

    /// Everything found so far, in words: long turns with what they did, calls that may block with where they were
    /// made.
    [[nodiscard]] static QStringList faults();
    [[nodiscard]] static QString report();  ///< the same as one text, at most some entries of it
    [[nodiscard]] static std::vector<Turn> turns();
    [[nodiscard]] static std::chrono::milliseconds longestTurn();
};

/// Files opened and addresses connected to by anybody in this process. Any thread.
class Outside final {
    Q_DISABLE_COPY_MOVE(Outside)

 public:
    explicit Outside(const QByteArray& partOfPath);
    ~Outside();
    [[nodiscard]] static QStringList opened();     ///< paths that hold `partOfPath`
    [[nodiscard]] static QStringList connected();  ///< "127.0.0.1:80"
};

class HeartbeatApplication final : public QApplication {
 public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override;
};

}  // namespace earmark::test

/// QTEST_MAIN with an application that has a heartbeat.
#define EARMARK_HEARTBEAT_MAIN(TestClass)                      \
    int main(int argc, char** argv) {                          \
        earmark::test::HeartbeatApplication app(argc, argv);   \
        QCoreApplication::setAttribute(Qt::AA_Use96Dpi, true); \
        QTEST_SET_MAIN_SOURCE_PATH                             \
        TestClass test;                                        \
        return QTest::qExec(&test, argc, argv);                \
    }
