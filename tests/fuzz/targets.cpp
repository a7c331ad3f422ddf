#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>

namespace earmark::fuzz {

std::span<const Target> targets() {
    static constexpr Target kTargets[] = {
        {"arguments", arguments},
        {"atoms", atoms},
        {"audio", audio},
        {"autocalls", autocalls},
        {"callkeys", callKeys},
        {"filter", filter},
        {"json", json},
        {"redaction", redaction},
        {"retryafter", retryAfter},
        {"reviewrecords", reviewRecords},
        {"times", times},
        {"urls", urls},
        {"vatel", vatel},
        {"yotel", yotel},
    };
    return kTargets;
}

void broken(const char* law, const QByteArray& what) {
    std::fprintf(stderr, "broken law: %s\n  with: %s\n", law, what.toPercentEncoding(" \"{}[]():,./=?&").constData());
    std::abort();
}

}  // namespace earmark::fuzz
