// The seed of a test that draws at random: EARMARK_SEED, or by chance, and printed so that a failure can be repeated.
// Any thread.
#pragma once

#include <QtGlobal>
#include <random>

namespace earmark::test {

/// Never 0. All 32 bits of EARMARK_SEED count: what is printed is what can be given.
[[nodiscard]] inline quint32 testSeed() {
    bool given = false;
    quint32 seed = qEnvironmentVariable("EARMARK_SEED").toUInt(&given);
    while (!given || seed == 0) {
        seed = std::random_device{}();
        given = true;
    }
    qInfo("seed %u (EARMARK_SEED repeats it)", seed);
    return seed;
}

}  // namespace earmark::test
