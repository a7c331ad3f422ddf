// Figures of the store beside a baseline of the same run: bench_store [rows] [folder]
// Baseline of storePage: bare prepared inserts of ready-made UTF-8 into the same tables, same pages, same pragmas.
#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <vector>

#include "models/store/callsdatabase.h"
#include "models/store/store.h"
#include "tests/bench/bareinserts.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPage = 200;
const Moment kNow = momentFromMs(1'776'523'022'419);

QString hexId(quint64 seed) {
    seed = (seed + 1) * 0x9E3779B97F4A7C15ULL;
    const quint64 other = (seed ^ (seed >> 29)) * 0xBF58476D1CE4E5B9ULL;
    return u"%1-%2"_s.arg(seed, 16, 16, QLatin1Char('0')).arg(other, 16, 16, QLatin1Char('0'));
}

Call sampleCall(int number) {
    Call call;
    call.key = {u"main"_s, hexId(quint64(number))};
    const bool answered = number % 5 != 0;
    call.statusRaw = answered ? u"completed"_s : u"failed"_s;
    call.status = answered ? CallStatus::Completed : CallStatus::NoAnswer;
    call.typeRaw = u"outbound"_s;
    call.direction = Direction::Outbound;
    call.campaignId = u"campaign-%1"_s.arg(number % 20);
    call.leadId = hexId(quint64(number) + 1'000'000'007);
    call.agentId = u"agent-%1"_s.arg(number % 40);
    call.switchId = hexId(quint64(number) + 2'000'000'011);
    call.dialTime = kNow - std::chrono::seconds(number * 7);
    call.ringTime = *call.dialTime + std::chrono::milliseconds(1'200);
    call.endTime = *call.dialTime + std::chrono::seconds(120);
    call.ringSeconds = 6;
    call.totalSeconds = 120;
    call.hangupCause = answered ? u"NORMAL_CLEARING"_s : u"NO_ANSWER"_s;
    call.hasRecording = answered;
    if (answered) {
        call.answerTime = *call.dialTime + std::chrono::seconds(8);
        call.agentConnectTime = *call.dialTime + std::chrono::seconds(9);
        call.talkSeconds = 112;
        call.disposition = number % 3 ? u"CALLBACK"_s : u"SALE"_s;
        call.summary =
            u"The customer asked about the renewal of policy %1, wanted to compare the yearly price with last year's "
            u"and "
            "asked to be called back on Tuesday after five, because the decision is taken together with the family."_s
                .arg(number);
        call.sentiment = number % 4 ? u"neutral"_s : u"negative"_s;
        call.nextAction = u"Call back on Tuesday after 17:00"_s;
        call.recordingUrl =
            u"https://storage.example.test/recordings/"
            u"%1.wav?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Date=20260418T143702Z"
            "&X-Goog-Expires=604800&X-Goog-Signature=%2%2%2%2"_s.arg(call.key.remoteId, hexId(quint64(number) + 5));
    }
    call.raw = "{\"id\":\"" + call.key.remoteId.toUtf8() + "\",\"summary\":\"" +
               call.summary.value_or(QString()).toUtf8() + "\",\"recording_url\":\"" +
               call.recordingUrl.value_or(QString()).toUtf8() + "\",\"padding\":\"" + QByteArray(400, 'x') + "\"}";
    return call;
}

std::unique_ptr<CallsDatabase> opened(const QString& file, CallsDatabase::Access access) {
    auto database = CallsDatabase::open(file, access);
    if (!database) {
        std::fprintf(stderr, "cannot open: %s\n", qPrintable(database.error().detail));
        std::exit(1);
    }
    return std::move(*database);
}

std::vector<PageToStore> pagesOf(int rows) {
    std::vector<PageToStore> pages;
    for (int from = 0; from < rows; from += kPage) {
        PageToStore page;
        page.account = u"main"_s;
        for (int i = from; i < std::min(rows, from + kPage); ++i) {
            page.calls.push_back(sampleCall(i));
        }
        PullCursor cursor;
        cursor.account = page.account;
        cursor.campaignId = u"campaign-0"_s;
        cursor.nextPage = from / kPage + 2;
        page.cursor = cursor;
        pages.push_back(std::move(page));
    }
    return pages;
}

double store(CallsDatabase& database, const std::vector<PageToStore>& pages, int& added, int& changed, int& unchanged) {
    added = changed = unchanged = 0;
    QElapsedTimer timer;
    timer.start();
    for (const PageToStore& page : pages) {
        const auto outcome = database.storePage(page, kNow);
        if (!outcome) {
            std::fprintf(stderr, "storePage: %s\n", qPrintable(outcome.error().detail));
            std::exit(1);
        }
        added += outcome->added;
        changed += outcome->changed;
        unchanged += outcome->unchanged;
    }
    return double(timer.nsecsElapsed()) / 1e9;
}

void benchInserts(const QString& folder, int rows) {
    const auto pages = pagesOf(rows);
    std::unique_ptr<bench::BareRows> bare;
    int added = 0;
    int changed = 0;
    int unchanged = 0;
    {
        const QString file = folder + u"/first.db"_s;
        (void)store(*opened(file, CallsDatabase::Access::ReadWrite), pages, added, changed, unchanged);
        bare = std::make_unique<bench::BareRows>(file);
        QFile::remove(file);
    }
    // Turn and turn about, the best of three each: the machine may be doing other things.
    double bestBare = 1e9;
    double bestStore = 1e9;
    double bestAgain = 1e9;
    for (int round = 0; round < 3; ++round) {
        const QString bareFile = folder + u"/bare-%1.db"_s.arg(round);
        bench::BareRows::makeSchema(bareFile);
        QElapsedTimer timer;
        timer.start();
        bare->insertInto(bareFile, kPage);
        bestBare = std::min(bestBare, double(timer.nsecsElapsed()) / 1e9);
        QFile::remove(bareFile);
        const QString file = folder + u"/calls-%1.db"_s.arg(round);
        auto database = opened(file, CallsDatabase::Access::ReadWrite);
        bestStore = std::min(bestStore, store(*database, pages, added, changed, unchanged));
        if (added != rows) {
            std::fprintf(stderr, "added %d of %d\n", added, rows);
            std::exit(1);
        }
        bestAgain = std::min(bestAgain, store(*database, pages, added, changed, unchanged));
        database.reset();
        if (round > 0) {
            QFile::remove(file);
        }
    }
    std::printf("bare prepared inserts   %8d rows  %7.3f s  %9.0f rows/s\n", rows, bestBare, rows / bestBare);
    std::printf("storePage, new rows     %8d rows  %7.3f s  %9.0f rows/s  = %.0f %% of bare\n", rows, bestStore,
                rows / bestStore, 100 * bestBare / bestStore);
    std::printf("storePage, unchanged    %8d rows  %7.3f s  %9.0f rows/s  (%d unchanged)\n", unchanged, bestAgain,
                rows / bestAgain, unchanged);
}

void benchIndexLoad(const QString& folder, int rows) {
    auto reader = opened(folder + u"/calls-0.db"_s, CallsDatabase::Access::ReadOnly);
    for (const int limit : {10'000, rows}) {
        double best = 1e9;
        int seen = 0;
        for (int round = 0; round < 3; ++round) {
            seen = 0;
            std::vector<IndexRow> all;
            all.reserve(size_t(limit));
            QElapsedTimer timer;
            timer.start();
            const auto done = reader->forEachIndexRow([&](IndexRow&& row) {
                all.push_back(std::move(row));
                return ++seen < limit;
            });
            best = std::min(best, done ? double(timer.nsecsElapsed()) / 1e9 : 1e9);
        }
        std::printf("index rows read         %8d rows  %7.3f s  %9.0f rows/s\n", seen, best, seen / best);
    }
    int scanned = 0;
    QElapsedTimer timer;
    timer.start();
    static_cast<void>(reader->forEachTexts([&](CallTexts&& texts) {
        scanned += texts.summary && texts.summary->contains(u"family"_s) ? 1 : 0;
        return true;
    }));
    std::printf("texts scanned           %8d rows  %7.3f s  (%d hits)\n", rows, double(timer.nsecsElapsed()) / 1e9,
                scanned);
}

void benchStoreLoad(const QString& folder, int rows) {
    QDir().mkpath(folder + u"/profile"_s);
    QFile::rename(folder + u"/calls-0.db"_s, folder + u"/profile/calls.db"_s);
    Store front({folder + u"/profile"_s, nullptr, {}, false});
    QEventLoop loop;
    QElapsedTimer timer;
    timer.start();
    front.open(&loop, [&](const Done& done) { loop.exit(done ? 0 : 1); });
    if (loop.exec() != 0) {
        std::exit(1);
    }
    std::printf("Store::open                             %7.3f s\n", double(timer.nsecsElapsed()) / 1e9);
    size_t seen = 0;
    timer.start();
    front.loadIndex(
        &loop, [&](std::vector<IndexRow> chunk) { seen += chunk.size(); }, [&](const Done&) { loop.exit(); });
    loop.exec();
    std::printf("Store::loadIndex        %8zu rows  %7.3f s\n", seen, double(timer.nsecsElapsed()) / 1e9);
    Q_UNUSED(rows)
}

void benchEdits(const QString& folder) {
    auto database = ReviewsDatabase::open(folder + u"/reviews.db"_s, ReviewsDatabase::Access::ReadWrite);
    if (!database) {
        std::exit(1);
    }
    constexpr int kEdits = 3'000;
    std::vector<double> milliseconds;
    for (int i = 0; i < kEdits; ++i) {
        const EditToCommit edit{{u"main"_s, hexId(quint64(i % 500))},
                                i % 2 ? ReviewField::Notes : ReviewField::Disposition,
                                u"provider's value"_s,
                                u"Promised a refund of %1, to be checked with billing."_s.arg(i),
                                u"desk"_s};
        QElapsedTimer timer;
        timer.start();
        if (!(*database)->commitEdit(edit, kNow)) {
            std::exit(1);
        }
        milliseconds.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::printf("commitEdit (FULL)       %8d edits  p50 %.3f ms  p99 %.3f ms  max %.3f ms\n", kEdits,
                milliseconds[kEdits / 2], milliseconds[kEdits * 99 / 100], milliseconds.back());
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication app(argc, argv);
    const int rows = argc > 1 ? std::max(200, QString::fromLocal8Bit(argv[1]).toInt()) : 100'000;
    const QTemporaryDir folder(argc > 2 ? QString::fromLocal8Bit(argv[2]) + u"/bench_store-XXXXXX"_s
                                        : QDir::tempPath() + u"/bench_store-XXXXXX"_s);
    if (!folder.isValid()) {
        return 1;
    }
    benchInserts(folder.path(), rows);
    benchIndexLoad(folder.path(), rows);
    benchStoreLoad(folder.path(), rows);
    benchEdits(folder.path());
    return 0;
}
