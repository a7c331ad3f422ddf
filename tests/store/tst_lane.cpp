// The lane without Qt, so that the thread sanitizer sees all of it: order, stop, last job, posting from jobs.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <vector>

#include "models/store/lane.h"

using earmark::Lane;

namespace {

int failures = 0;

void verify(bool good, const char* what) {
    if (!good) {
        std::printf("FAIL: %s\n", what);
        ++failures;
    }
}

void jobsRunInOrder() {
    std::vector<int> order;  // touched in the lane only, then here after it has been joined
    {
        Lane lane("order");
        for (int i = 0; i < 10'000; ++i) {
            verify(lane.post([&order, i] { order.push_back(i); }), "post");
        }
        lane.stop(Lane::Rest::Finish);
        verify(!lane.post([] {}), "no job after the stop");
        lane.stop(Lane::Rest::Finish);  // again: nothing
    }
    bool sorted = order.size() == 10'000;
    for (size_t i = 0; sorted && i < order.size(); ++i) {
        sorted = order[i] == static_cast<int>(i);
    }
    verify(sorted, "all jobs ran, in order");
}

void manyPosters() {
    int sum = 0;
    Lane lane("many");
    std::vector<std::thread> posters;
    for (int t = 0; t < 4; ++t) {
        posters.emplace_back([&lane, &sum] {
            for (int i = 0; i < 2'000; ++i) {
                lane.post([&sum] { ++sum; });
            }
        });
    }
    for (std::thread& poster : posters) {
        poster.join();
    }
    lane.stop(Lane::Rest::Finish);
    verify(sum == 8'000, "nothing lost between posters");
}

void dropForgetsWhatHasNotBegun() {
    std::atomic<int> ran = 0;
    std::atomic<bool> begun = false;
    std::atomic<bool> go = false;
    const auto held = std::make_shared<int>(1);
    bool lastRan = false;
    {
        Lane lane("drop");
        lane.post([&] {
            begun = true;
            while (!go) {
                std::this_thread::yield();
            }
            ++ran;
        });
        for (int i = 0; i < 100; ++i) {
            lane.post([&ran, held] { ++ran; });
        }
        while (!begun) {
            std::this_thread::yield();
        }
        std::thread release([&go] { go = true; });
        lane.stop(Lane::Rest::Drop, [&lastRan] { lastRan = true; });
        release.join();
    }
    verify(ran == 1, "the running job ended, the others never began");
    verify(lastRan, "the last job ran all the same");
    verify(held.use_count() == 1, "dropped jobs are destroyed");
}

void jobsMayPost() {
    int rounds = 0;
    std::atomic<bool> done = false;
    Lane lane("again");
    std::function<void()> step = [&] {
        if (++rounds < 1'000) {
            verify(lane.post(step), "post from a job");
        } else {
            done = true;
        }
    };
    lane.post(step);
    while (!done) {
        std::this_thread::yield();
    }
    lane.stop(Lane::Rest::Finish);
    verify(rounds == 1'000, "each job posted the next");
}

void stopWhileOthersPost() {
    for (int round = 0; round < 200; ++round) {
        int ran = 0;
        std::atomic<int> accepted = 0;
        Lane lane("race");
        std::thread poster([&] {
            while (lane.post([&ran] { ++ran; })) {
                ++accepted;
            }
        });
        if (round % 2) {
            std::this_thread::yield();
        }
        lane.stop(Lane::Rest::Finish);
        poster.join();
        verify(ran == accepted, "every accepted job ran");
    }
}

}  // namespace

int main() {
    jobsRunInOrder();
    manyPosters();
    dropForgetsWhatHasNotBegun();
    jobsMayPost();
    stopWhileOthersPost();
    std::puts(failures == 0 ? "PASS" : "FAILED");
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
