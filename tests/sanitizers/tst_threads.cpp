// Everything that several threads share, hammered without any Qt object, so that the thread sanitizer sees all of it
// (Debian's Qt is not built for it): index snapshots, stop tokens, decoded sound, databases and their lanes.
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include "models/audio/pcmstore.h"
#include "models/search/query.h"
#include "models/store/callsdatabase.h"
#include "models/store/lane.h"
#include "models/store/reviewsdatabase.h"
#include "tests/search/randomcalls.h"
#include "tests/store/samplecalls.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

std::atomic<int> failures = 0;

void verify(bool good, const char* what) {
    if (!good) {
        std::printf("FAIL: %s\n", what);
        ++failures;
    }
}

/// The newest snapshot, as the window holds it: a pointer that one thread replaces and others copy.
class Newest final {
 public:
    [[nodiscard]] CallIndexPtr get() const {
        const std::lock_guard lock(m_mutex);
        return m_index;
    }
    void set(CallIndexPtr index) {
        const std::lock_guard lock(m_mutex);
        m_index.swap(index);
    }

 private:
    mutable std::mutex m_mutex;
    CallIndexPtr m_index = CallIndex::empty();
};

void snapshotsAreReadWhileTheNextIsMade() {
    Newest newest;
    std::atomic<bool> ended = false;
    std::jthread writer([&] {
        test::RandomCalls calls(3);
        for (int page = 0; page < 30; ++page) {
            std::vector<IndexRow> rows;
            for (int i = 0; i < 200; ++i) {
                // Every other page changes rows that readers look at.
                const int number = page % 2 == 0 ? page * 200 + i : i * 7;
                rows.push_back(test::indexRow(calls.call(number, number + 1)));
            }
            newest.set(newest.get()->with(rows));
            Review review;
            review.notes = LocalEdit{};
            newest.set(newest.get()->withReview(newest.get()->key(RowNumber(page)), review));
        }
        ended = true;
    });
    std::vector<std::jthread> readers;
    std::atomic<int> queries = 0;
    for (const char16_t* text : {u"talk:>10", u"refund -status:failed", u"has:notes OR agent:priya"}) {
        readers.emplace_back([&, text] {
            const FilterContext context{momentFromMs(1'774'900'000'000), QTimeZone::utc()};
            const auto filter = Filter::parse(QString::fromUtf16(text), context);
            verify(filter.has_value(), "the filter is lawful");
            while (!ended || queries < 6) {
                const CallIndexPtr index = newest.get();
                const TextScan scan(*filter);
                const auto rows = runQuery(*index, Query{*filter, {}, scan.matches()});
                verify(rows.has_value() && rows->size() <= index->liveCount(), "a snapshot answers for itself");
                for (RowNumber row = 0; row < std::min<RowNumber>(index->rowCount(), 50); ++row) {
                    (void)index->value(row, Field::Disposition);
                    (void)index->key(row);
                }
                ++queries;
            }
        });
    }
}

void aQueryIsStoppedFromOutside() {
    test::RandomCalls calls(5);
    std::vector<IndexRow> rows;
    for (int i = 0; i < 6000; ++i) {
        rows.push_back(test::indexRow(calls.call(i, i + 1)));
    }
    const CallIndexPtr index = CallIndex::empty()->with(rows);
    const FilterContext context{momentFromMs(1'774'900'000'000), QTimeZone::utc()};
    const auto filter = Filter::parse(u"-agent:nobody"_s, context);
    for (int i = 0; i < 20; ++i) {
        std::stop_source stop;
        std::jthread asker([&, token = stop.get_token()] {
            const auto found = runQuery(*index, Query{*filter, {}, {}}, token);
            verify(found || found.error().kind == ErrorKind::Cancelled, "an answer or cancelled");
        });
        std::this_thread::sleep_for(std::chrono::microseconds(i * 150));
        stop.request_stop();
    }
}

void soundIsReadWhileItIsDecoded(const std::filesystem::path& folder) {
    constexpr std::int64_t kFrames = PcmStore::kBlockSamples * 5;
    PcmStore store({16000, 1}, folder.string(), {2 * PcmStore::kBlockSamples * 2, PcmStore::kTotalLimit});
    std::jthread decoder([&] {
        std::vector<std::int16_t> piece(512);
        for (std::int64_t at = 0; at < kFrames; at += 512) {
            for (std::int64_t i = 0; i < 512; ++i) {
                piece[std::size_t(i)] = std::int16_t((at + i) % 30011);
            }
            store.setEstimatedFrames(kFrames + 100);
            verify(store.append(piece).has_value(), "sound is taken");
        }
        store.finish();
    });
    const auto read = [&](std::int64_t step) {
        std::vector<std::int16_t> into(64);
        for (std::int64_t at = 0; !store.isFinished() || at < kFrames; at += step) {
            const std::int64_t count = store.read(at, into);
            for (std::int64_t i = 0; i < count; ++i) {
                verify(into[std::size_t(i)] == std::int16_t((at + i) % 30011), "what was decoded is heard");
            }
            if (count == 0 && !store.isFinished()) {
                at -= step;
                std::this_thread::yield();
            }
            (void)store.totalFrames();
            (void)store.memoryBytes();
        }
    };
    std::jthread player(read, 997);
    std::jthread waveform(read, 4099);
}

/// The lanes of the store: one connection each for pages, for reading, for edits, and a second one that only reads.
void databasesInTheirLanes(const std::filesystem::path& folder) {
    const QString callsFile = QString::fromStdString((folder / "calls.db").string());
    const QString reviewsFile = QString::fromStdString((folder / "reviews.db").string());
    const auto made = CallsDatabase::open(callsFile, CallsDatabase::Access::ReadWrite);
    verify(made.has_value(), "the database is made");
    std::atomic<int> edits = 0;
    std::atomic<int> pages = 0;
    std::atomic<int> reads = 0;
    {
        Lane pageLane("pages");
        Lane readLane("reads");
        Lane editLane("edits");
        std::unique_ptr<CallsDatabase> writing;
        std::unique_ptr<CallsDatabase> reading;
        std::unique_ptr<ReviewsDatabase> reviews;
        pageLane.post([&] { writing = std::move(*CallsDatabase::open(callsFile, CallsDatabase::Access::ReadWrite)); });
        readLane.post([&] { reading = std::move(*CallsDatabase::open(callsFile, CallsDatabase::Access::ReadOnly)); });
        editLane.post(
            [&] { reviews = std::move(*ReviewsDatabase::open(reviewsFile, ReviewsDatabase::Access::ReadWrite)); });
        for (int round = 0; round < 40; ++round) {
            pageLane.post([&, round] {
                PageToStore page{u"main"_s, {}, std::nullopt};
                for (int i = 0; i < 20; ++i) {
                    page.calls.push_back(sample::wholeCall(round * 10 + i));
                }
                pages += writing->storePage(page, sample::kNow).has_value() ? 1 : 0;
            });
            readLane.post([&, round] {
                const auto call = reading->call(sample::wholeCall(round).key);
                reads += call.has_value() ? 1 : 0;
            });
            editLane.post([&, round] {
                EditToCommit edit;
                edit.key = sample::wholeCall(round).key;
                edit.field = ReviewField::Notes;
                edit.value = u"note %1"_s.arg(round);
                edits += reviews->commitEdit(edit, sample::kNow).has_value() ? 1 : 0;
            });
        }
        pageLane.stop(Lane::Rest::Finish, [&] { writing.reset(); });
        readLane.stop(Lane::Rest::Finish, [&] { reading.reset(); });
        editLane.stop(Lane::Rest::Finish, [&] { reviews.reset(); });
    }
    verify(pages == 40 && reads == 40 && edits == 40, "every job of every lane succeeded");
}

}  // namespace

int main() {
    const auto folder = std::filesystem::temp_directory_path() /
                        ("earmark-threads-" + std::to_string(std::hash<std::thread::id>()(std::this_thread::get_id())));
    std::filesystem::create_directories(folder);
    snapshotsAreReadWhileTheNextIsMade();
    aQueryIsStoppedFromOutside();
    soundIsReadWhileItIsDecoded(folder);
    databasesInTheirLanes(folder);
    std::filesystem::remove_all(folder);
    std::printf("%d failures\n", failures.load());
    return failures == 0 ? 0 : 1;
}
