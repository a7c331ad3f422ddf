// The window's event loop while a pull of 10,000 calls runs and hands filter, sort, scroll and type, beside the same
// window with nothing to do in the same run: time on the wall and of the processor that its turns take.
// bench_window [CALLS]
#include <QTest>
#include <algorithm>
#include <cstdio>

#include "tests/gui/busydesk.h"
#include "tests/support/heartbeat.h"

using namespace earmark;
using namespace earmark::test;

namespace {

void print(const char* what, std::vector<Turn> turns) {
    if (turns.empty()) {
        std::printf("%-22s no turns\n", what);
        return;
    }
    const auto of = [&turns](auto part, double share) {
        std::sort(turns.begin(), turns.end(),
                  [part](const Turn& a, const Turn& b) { return std::invoke(part, a) < std::invoke(part, b); });
        const auto at = std::min(turns.size() - 1, std::size_t(double(turns.size()) * share));
        return double(std::invoke(part, turns[at]).count()) / 1e6;
    };
    std::printf(
        "%-22s %6zu turns; wall: median %.2f ms, p99 %.1f, max %.1f; processor: median %.2f ms, p99 %.1f, max %.1f\n",
        what, turns.size(), of(&Turn::wall, 0.5), of(&Turn::wall, 0.99), of(&Turn::wall, 1), of(&Turn::processor, 0.5),
        of(&Turn::processor, 0.99), of(&Turn::processor, 1));
}

}  // namespace

int main(int argc, char** argv) {
    HeartbeatApplication application(argc, argv);
    const int calls = argc > 1 ? QByteArray(argv[1]).toInt() : 10'000;
    BusyDesk busy;
    busy.serve(calls);
    if (!busy.prepare(calls) || !busy.open()) {
        std::printf("the desk does not open\n");
        return 1;
    }
    {
        const Heartbeat heartbeat;
        QTest::qWait(3'000);
        print("idle window", Heartbeat::turns());
    }
    const Heartbeat heartbeat;
    const bool ended = busy.workDuringAPull();
    print("pull and busy hands", Heartbeat::turns());
    std::printf("%lld calls in the table, %d faults\n", static_cast<long long>(busy.desk->calls.totalCalls()),
                int(Heartbeat::faults().size()));
    return ended ? 0 : 1;
}
