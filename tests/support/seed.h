// The seed of a test that draws at random: EARMARK_SEED, or always the same one, so that the suite says the same of the
// same program; tests/long/seeds draws others by chance. Printed, so that a failure can be repeated. Any thread.
#pragma once

#include <QtGlobal>

namespace earmark::test {

inline constexpr quint32 kUsualSeed = 20'260'919;

/// All 32 bits of EARMARK_SEED count: what is printed is what can be given.
[[nodiscard]] inline quint32 testSeed() {
    bool isGiven = false;
    const quint32 given = qEnvironmentVariable("EARMARK_SEED").toUInt(&isGiven);
    const quint32 seed = isGiven ? given : kUsualSeed;
    qInfo("seed %u (EARMARK_SEED repeats it)", seed);
    return seed;
}

}  // namespace earmark::test
