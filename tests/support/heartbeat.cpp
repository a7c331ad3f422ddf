#include "tests/support/heartbeat.h"

#include <execinfo.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <QEvent>
#include <QMetaEnum>
#include <atomic>
#include <functional>

#include "tests/support/blockingcalls.h"

namespace earmark::test {

using namespace Qt::StringLiterals;
using namespace std::chrono;

namespace {

constexpr int kFrames = 32;
constexpr qsizetype kMostFaultsTold = 6;

nanoseconds now(clockid_t clock) {
    timespec time = {};
    clock_gettime(clock, &time);
    return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// All of it belongs to the main thread; the signal handler, which runs in that thread, touches `frames` only.
struct Watch {
    bool running = false;
    int depth = 0;
    Turn turn;
    nanoseconds costliest{0};
    std::function<QString()> costliestEvent;
    std::vector<Turn> turns;
    QStringList faults;
    timer_t timer = nullptr;
    bool hasTimer = false;
};
Watch& watch() {
    static Watch one;
    return one;
}

void* s_frames[kFrames];
std::atomic<int> s_frameCount = 0;

/// The turn has used up what it may: who is running?
void limitReached(int) {
    if (s_frameCount == 0) {
        s_frameCount = backtrace(s_frames, kFrames);
    }
}

void arm(nanoseconds left) {
    const itimerspec when{{0, 0}, {time_t(left / 1s), long((left % 1s).count())}};
    timer_settime(watch().timer, 0, &when, nullptr);
}

QString nameOf(const QMetaObject* receiver, const QString& name, int type) {
    const char* event = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    return u"%1 \"%2\", event %3"_s.arg(QString::fromLatin1(receiver->className()), name,
                                        event != nullptr ? QString::fromLatin1(event) : QString::number(type));
}

void endTurn() {
    Watch& w = watch();
    if (!w.running || w.turn.wall == 0ns) {
        return;
    }
    w.turns.push_back(w.turn);
    if (w.turn.processor > kTurnLimit) {
        QString fault =
            u"a turn of %1 ms, of which %2 ms in %3"_s.arg(duration_cast<milliseconds>(w.turn.processor).count())
                .arg(duration_cast<milliseconds>(w.costliest).count())
                .arg(w.costliestEvent());
        if (const int count = s_frameCount; count > 0) {
            fault += u"; at the limit it was in\n"_s + QString::fromStdString(hooks::callers(s_frames, count));
        }
        w.faults << fault;
    }
    w.turn = {};
    w.costliest = 0ns;
    s_frameCount = 0;
}

void takeBlocking() {
    for (const std::string& one : hooks::takeBlocking()) {
        // Qt joins a thread whose own last word was finished(): that one is on its way out, and waits for nobody.
        if (one.find("QThread::~QThread()") == std::string::npos) {
            watch().faults << QString::fromStdString(one);
        }
    }
}

}  // namespace

Heartbeat::Heartbeat(const QString& profile) {
    Watch& w = watch();
    w.turn = {};
    w.turns.clear();
    w.faults.clear();
    hooks::isWatched = true;
    hooks::setProfile(profile.toStdString());
    (void)hooks::takeBlocking();
    void* warm[2];
    backtrace(warm, 2);  // loads what it needs now and not in the handler
    struct sigaction action = {};
    action.sa_handler = limitReached;
    action.sa_flags = SA_RESTART;
    sigaction(SIGRTMIN + 3, &action, nullptr);
    sigevent event = {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGRTMIN + 3;
    event._sigev_un._tid = pid_t(syscall(SYS_gettid));
    w.hasTimer = timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &w.timer) == 0;
    w.running = true;
    hooks::betweenTurns = endTurn;
}

Heartbeat::~Heartbeat() {
    Watch& w = watch();
    w.running = false;
    hooks::betweenTurns = nullptr;
    hooks::setProfile({});
    if (w.hasTimer) {
        timer_delete(w.timer);
        w.hasTimer = false;
    }
}

QStringList Heartbeat::faults() {
    endTurn();
    takeBlocking();
    return watch().faults;
}

QString Heartbeat::report() {
    const QStringList all = faults();
    return u"\n%1 faults; the longest turn took %2 ms\n"_s.arg(all.size()).arg(longestTurn().count()) +
           all.mid(0, kMostFaultsTold).join(u'\n');
}

std::vector<Turn> Heartbeat::turns() {
    endTurn();
    return watch().turns;
}

milliseconds Heartbeat::longestTurn() {
    nanoseconds longest{0};
    for (const Turn& turn : watch().turns) {
        longest = std::max(longest, turn.processor);
    }
    return duration_cast<milliseconds>(longest);
}

Outside::Outside(const QByteArray& partOfPath) {
    hooks::forgetOutside();
    hooks::setInteresting(partOfPath.toStdString());
}

Outside::~Outside() {
    hooks::setInteresting({});
}

QStringList Outside::opened() {
    QStringList paths;
    for (const std::string& path : hooks::opened()) {
        paths << QString::fromStdString(path);
    }
    return paths;
}

QStringList Outside::connected() {
    QStringList addresses;
    for (const std::string& address : hooks::connected()) {
        addresses << QString::fromStdString(address);
    }
    return addresses;
}

bool HeartbeatApplication::notify(QObject* receiver, QEvent* event) {
    if (!hooks::isWatched) {
        return QApplication::notify(receiver, event);  // another thread's, or nobody watches yet
    }
    Watch& w = watch();
    if (!w.running || w.depth > 0) {
        ++w.depth;
        const bool done = QApplication::notify(receiver, event);
        --w.depth;
        return done;
    }
    // Receiver and event may be gone afterwards.
    const int type = event->type();
    const QMetaObject* const kind = receiver->metaObject();
    const QString name = receiver->objectName();
    if (w.hasTimer && w.turn.processor < kTurnLimit) {
        arm(kTurnLimit - w.turn.processor);
    }
    const nanoseconds wall = now(CLOCK_MONOTONIC);
    const nanoseconds processor = now(CLOCK_THREAD_CPUTIME_ID);
    ++w.depth;
    hooks::inHandler = true;
    const bool done = QApplication::notify(receiver, event);
    hooks::inHandler = false;
    --w.depth;
    const nanoseconds used = now(CLOCK_THREAD_CPUTIME_ID) - processor;
    w.turn.processor += used;
    w.turn.wall += std::max(now(CLOCK_MONOTONIC) - wall, 1ns);
    if (w.hasTimer) {
        arm(0ns);
    }
    if (used >= w.costliest) {
        w.costliest = used;
        w.costliestEvent = [kind, name, type] { return nameOf(kind, name, type); };
    }
    return done;
}

}  // namespace earmark::test
