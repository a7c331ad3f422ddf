// From commit to "saved" with many calls in the store while pages of a pull are stored and the table is open; a bulk
// edit of all calls, and its undo: bench_edits [CALLS] [COMMITS]
#include <unistd.h>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryFile>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "models/edits/bulkedit.h"
#include "models/edits/reviewmarks.h"
#include "models/edits/undo.h"
#include "models/tables/bulkcalls.h"
#include "models/tables/calltablemodel.h"
#include "tests/edits/editrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

double ms(qint64 nanoseconds) {
    return double(nanoseconds) / 1e6;
}

void printTimes(const char* what, std::vector<qint64> times) {
    if (times.empty()) {
        return;
    }
    std::sort(times.begin(), times.end());
    const auto at = [&times](double share) {
        return ms(times[std::min(times.size() - 1, size_t(double(times.size()) * share))]);
    };
    std::printf("%-34s p50 %6.2f ms   p99 %6.2f ms   worst %6.2f ms   (%zu)\n", what, at(0.5), at(0.99),
                ms(times.back()), times.size());
}

qint64 peakMemory() {
    QFile status(u"/proc/self/status"_s);
    if (!status.open(QIODevice::ReadOnly)) {
        return 0;
    }
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:")) {
            return line.mid(6).trimmed().split(' ').first().toLongLong() / 1024;
        }
    }
    return 0;
}

/// Pages of changed calls as a fast pull stores them, about 25 a second. Made before: a pull parses them in other
/// threads.
class Pulling final : public QObject {
 public:
    Pulling(EditRig& rig, int calls) : m_rig(rig) {
        for (int number = 0; number < kPages; ++number) {
            PageToStore page{u"main"_s, {}, std::nullopt};
            for (int i = 0; i < 200; ++i) {
                Call call = sample::wholeCall((number * 200 + i) % calls);
                call.summary = u"told anew %1"_s.arg(number);
                page.calls.push_back(std::move(call));
            }
            m_pages.push_back(std::move(page));
        }
        connect(&m_timer, &QTimer::timeout, this, [this] { store(); });
        m_timer.start(40);
    }
    int stored = 0;

 private:
    static constexpr int kPages = 50;
    void store() {
        if (m_busy) {
            return;
        }
        m_busy = true;
        PageToStore page = m_pages[size_t(stored % kPages)];
        for (Call& call : page.calls) {
            call.nextAction = u"step %1"_s.arg(stored);
        }
        m_rig.store->storePage(std::move(page), this, [this](const Result<PageOutcome>&) {
            m_busy = false;
            ++stored;
        });
    }
    EditRig& m_rig;
    std::vector<PageToStore> m_pages;
    QTimer m_timer;
    bool m_busy = false;
};

ReviewedCall callOf(int number) {
    ReviewedCall call;
    call.call = sample::wholeCall(number);
    return call;
}

/// What this disk alone takes for bytes to be safe: no commit can be faster.
void benchDisk(int times) {
    QTemporaryFile file;
    if (!file.open()) {
        return;
    }
    std::vector<qint64> took;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        file.write(QByteArray(4096, char('a' + i % 26)));
        file.flush();
        (void)::fdatasync(file.handle());
        took.push_back(timer.nsecsElapsed());
    }
    printTimes("baseline: 4 kB safe on this disk", took);
}

/// One commit and the wait for its end, without the naps between two looks that a test takes.
template <typename Commit, typename IsSaved>
void timeOne(std::vector<qint64>& times, std::initializer_list<FieldEditor*> told, ReviewMarks* marks, Commit&& commit,
             IsSaved&& isSaved) {
    QEventLoop loop;
    qint64 took = 0;
    QElapsedTimer timer;
    const auto look = [&] {
        if (took == 0 && isSaved()) {
            took = timer.nsecsElapsed();
            loop.quit();
        }
    };
    QObject guard;
    for (FieldEditor* editor : told) {
        QObject::connect(editor, &FieldEditor::changed, &guard, look);
    }
    if (marks != nullptr) {
        QObject::connect(marks, &ReviewMarks::changed, &guard, look);
    }
    QTimer::singleShot(30'000, &loop, &QEventLoop::quit);
    timer.start();
    commit();
    if (took == 0) {
        loop.exec();
    }
    if (took > 0) {
        times.push_back(took);
    } else {
        std::printf("  a commit was not saved within 30 s\n");
    }
}

void benchFieldLeft(EditRig& rig, int calls, int commits, const char* what) {
    FieldEditor notes(rig.store.get(), ReviewField::Notes);
    std::vector<qint64> times;
    for (int i = 0; i < commits; ++i) {
        notes.setCall(callOf((i * 7919) % calls), std::nullopt);
        // Not what another round has left there: nothing would be saved.
        notes.setText(u"%1, %2"_s.arg(QLatin1StringView(what)).arg(i));
        timeOne(
            times, {&notes}, nullptr, [&] { notes.commit(); }, [&] { return notes.state() == SaveState::Saved; });
    }
    printTimes(what, times);
}

void benchSaveAndNext(EditRig& rig, int calls, int commits) {
    FieldEditor disposition(rig.store.get(), ReviewField::Disposition);
    FieldEditor notes(rig.store.get(), ReviewField::Notes);
    ReviewMarks marks(rig.store.get(), std::make_shared<SystemClock>());
    std::vector<qint64> times;
    for (int i = 0; i < commits; ++i) {
        const ReviewedCall call = callOf((i * 104'729 + 3) % calls);
        disposition.setCall(call, std::nullopt);
        notes.setCall(call, std::nullopt);
        disposition.setText(u"CODE_%1"_s.arg(i));
        notes.setText(u"And then, %1"_s.arg(i));
        const QString step = u"step-%1"_s.arg(i);
        const auto commit = [&] {
            std::vector<OrderedEdit> edits;
            for (auto edit : {disposition.takeCommit(step), notes.takeCommit(step),
                              marks.takeReviewed(call.call.key, 12.5, step)}) {
                if (edit) {
                    edits.push_back(std::move(*edit));
                }
            }
            commitTogether(rig.store.get(), &marks, std::move(edits));
        };
        timeOne(times, {&disposition, &notes}, &marks, commit,
                [&] { return notes.state() == SaveState::Saved && !marks.hasUnsaved(); });
    }
    printTimes("Ctrl+Enter (3 edits), pulling", times);
}

/// How long one turn of the event loop held the main thread, in its own processor time.
class Turns final : public QObject {
 public:
    Turns() {
        connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
        m_timer.start(0);
    }
    qint64 longest = 0;

 private:
    static qint64 cpu() {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
    }
    void look() {
        const qint64 now = cpu();
        longest = m_last == 0 ? 0 : std::max(longest, now - m_last);
        m_last = now;
    }
    QTimer m_timer;
    qint64 m_last = 0;
};

void benchBulk(EditRig& rig, const CallTableModel& table) {
    const RowOrder rows = table.rowNumbers(0, table.rowCount() - 1);
    const BulkChange change{BulkChange::Kind::SetDisposition, u"BULK"_s};
    QElapsedTimer timer;
    timer.start();
    const auto calls = bulkCallsOf(*table.index(), rows);
    const BulkPreview preview = previewOf(calls, change);
    std::printf("preview of %zu calls               %6.0f ms (in a pool thread), %lld change\n", calls.size(),
                ms(timer.nsecsElapsed()), static_cast<long long>(preview.changes));
    std::vector<CallKey> keys;
    for (const BulkCall& call : calls) {
        keys.push_back(call.key);
    }
    Turns turns;
    BulkEdit bulk(rig.store.get(), std::make_shared<SystemClock>());
    std::optional<BulkOutcome> outcome;
    QObject::connect(&bulk, &BulkEdit::finished, &bulk, [&](const BulkOutcome& told) { outcome = told; });
    timer.start();
    bulk.run(std::move(keys), change);
    (void)QTest::qWaitFor([&] { return outcome.has_value(); }, 600'000);
    std::printf("bulk edit                          %6.2f s   longest turn %.1f ms CPU   %s\n",
                double(timer.nsecsElapsed()) / 1e9, ms(turns.longest),
                outcome ? qPrintable(bulkOutcomeText(*outcome)) : "did not end");

    Undo undo(rig.store.get());
    std::optional<UndoOutcome> undone;
    QObject::connect(&undo, &Undo::finished, &undo, [&](const UndoOutcome& told) { undone = told; });
    turns.longest = 0;
    timer.start();
    undo.undo();
    (void)QTest::qWaitFor([&] { return undone.has_value(); }, 600'000);
    std::printf("undo of it                         %6.2f s   longest turn %.1f ms CPU   %s\n",
                double(timer.nsecsElapsed()) / 1e9, ms(turns.longest),
                undone ? qPrintable(undoneText(*undone)) : "did not end");
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    QCoreApplication app(argc, argv);
    const int calls = argc > 1 ? std::max(200, atoi(argv[1])) : 100'000;
    const int commits = argc > 2 ? std::max(10, atoi(argv[2])) : 500;
    EditRig rig;
    if (!rig.putCalls(calls)) {
        std::printf("the calls could not be stored\n");
        return 1;
    }
    CallTableModel table(rig.store.get(), std::make_shared<SystemClock>());
    table.load();
    (void)QTest::qWaitFor([&] { return table.isLoaded(); }, 60'000);
    std::printf("%d calls in the store and in the table\n", table.rowCount());
    benchDisk(commits);
    benchFieldLeft(rig, calls, commits, "field left -> saved");
    {
        Pulling pulling(rig, calls);
        benchFieldLeft(rig, calls, commits, "field left -> saved, pulling");
        benchSaveAndNext(rig, calls, commits);
        std::printf("  (the latter two while %d pages of 200 changed calls were stored)\n", pulling.stored);
    }
    benchBulk(rig, table);
    std::printf("most memory %lld MiB\n", static_cast<long long>(peakMemory()));
    return 0;
}
