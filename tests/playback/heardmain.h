// The main() of tests that hear sound in real time. A machine that holds up its threads tears any sound, so a run that
// failed while it did is repeated, three runs at most; what is wrong in the program is wrong in each. A run that
// nothing held up is judged as it is. Main thread.
#pragma once

#include <QTest>

#include "tests/playback/heldup.h"

namespace earmark {

template <typename Application, typename Test>
int heardMain(int argc, char** argv) {
    constexpr int kRuns = 3;
    Application application(argc, argv);
    for (int run = 1;; ++run) {
        const HeldUp heldUp;
        Test test;
        const int failed = QTest::qExec(&test, argc, argv);
        if (failed == 0 || heldUp.isHarmless() || run == kRuns) {
            return failed;
        }
        qInfo("The machine held up the sound for %lld ms: once more.",
              static_cast<long long>(heldUp.longest().count()));
    }
}

}  // namespace earmark
