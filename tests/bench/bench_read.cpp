// 100,000 Yotel calls read from page bodies that a process of its own serves on loopback, over the whole way: request,
// parse, store. Beside bare prepared inserts of the same rows in the same run: bench_read [ROWS]
#include <sys/resource.h>

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <algorithm>
#include <cstdio>

#include "models/providers/readdialect.h"
#include "models/store/callsdatabase.h"
#include "tests/bench/bareinserts.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPageRows = 200;
constexpr int kRounds = 3;
constexpr double kGoal = 0.60;
const QByteArray kKey = "yt_bench_0123456789"_ba;

/// One page body a line.
QList<QByteArray> bodiesOf(const QString& file) {
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly)) {
        std::fprintf(stderr, "cannot read %s\n", qPrintable(file));
        std::exit(1);
    }
    QList<QByteArray> bodies = source.readAll().split('\n');
    bodies.removeAll(QByteArray());
    return bodies;
}

/// The process of its own: tells its port and serves until its standard input ends.
int serve(const QString& file) {
    const QList<QByteArray> bodies = bodiesOf(file);
    LoopbackServer server;
    server.on("/campaigns"_ba, Reply::json(R"([{"id": "scale", "name": "Scale"}])"_ba));
    server.on("/campaigns/scale/calls"_ba, [&bodies](const Request& request) {
        const qsizetype page = request.queryItem("page"_ba).toInt() - 1;
        return page >= 0 && page < bodies.size() ? Reply::json(bodies[page]) : Reply::code(404);
    });
    std::printf("%d\n", server.port());
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    return 0;
}

class PageServer final {
 public:
    explicit PageServer(const QString& bodies) {
        m_process.start(QCoreApplication::applicationFilePath(), {u"--serve"_s, bodies});
        if (!m_process.waitForReadyRead(60'000)) {
            std::fprintf(stderr, "the page server does not start\n");
            std::exit(1);
        }
        m_account.name = u"main"_s;
        m_account.provider = Provider::Yotel;
        m_account.baseUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(m_process.readLine().trimmed().toInt()));
        m_account.pageSize = kPageRows;
    }
    ~PageServer() {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    Q_DISABLE_COPY_MOVE(PageServer)
    [[nodiscard]] const Account& account() const { return m_account; }

 private:
    QProcess m_process;
    Account m_account;
};

/// Seconds on the clock, and of all processors for all threads of this process: on a busy machine only the second says
/// how much work it was.
struct Cost {
    double wall = 0;
    double processor = 0;
};

double processorSeconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

Cost costOf(const auto& work) {
    const double before = processorSeconds();
    QElapsedTimer timer;
    timer.start();
    work();
    return {double(timer.nsecsElapsed()) / 1e9, processorSeconds() - before};
}

Cost median(const std::vector<Cost>& costs) {
    const auto middle = [&costs](double Cost::*part) {
        std::vector<double> values;
        for (const Cost& cost : costs) {
            values.push_back(cost.*part);
        }
        std::sort(values.begin(), values.end());
        return values[values.size() / 2];
    };
    return {middle(&Cost::wall), middle(&Cost::processor)};
}

void print(const char* what, int rows, const Cost& cost) {
    std::printf("%-34s %7.3f s  %9.0f rows/s   processor %7.3f s\n", what, cost.wall, rows / cost.wall, cost.processor);
}

/// A pull into an empty profile; `keepAs` = where its calls.db goes afterwards, "" = nowhere.
Cost pull(const Account& account, int rows, const QString& keepAs) {
    SyncRig rig(kKey);
    Puller puller(rig.store.get(), &rig.http, &rig.keys, rig.clock);
    PullReport report;
    const Cost cost = costOf([&] { report = SyncRig::finished(puller, {account}); });
    if (!report.allOk() || report.accounts.empty() || report.accounts.front().added != rows) {
        std::fprintf(stderr, "the pull failed\n");
        std::exit(1);
    }
    rig.store.reset();  // the log goes into the file
    if (!keepAs.isEmpty()) {
        QFile::remove(keepAs);
        QFile::rename(rig.folder.filePath(u"calls.db"_s), keepAs);
    }
    return cost;
}

/// Requests alone, as many under way as a walk has.
Cost fetchAll(const Account& account, int pages) {
    constexpr int kAtOnce = 3;
    HttpClient http(std::make_shared<SystemClock>());
    const auto dialect = readDialectFor(account.provider);
    CallList list;
    list.campaignId = u"scale"_s;
    std::vector<std::unique_ptr<HttpTicket>> tickets;
    int answered = 0;
    QEventLoop loop;
    std::function<void()> askNext = [&] {
        const int page = static_cast<int>(tickets.size()) + 1;
        if (page <= pages) {
            HttpRequest request;
            request.url = dialect->callsPageUrl(account, list, page);
            tickets.push_back(http.send(std::move(request), [&](const Result<HttpAnswer>&) {
                askNext();
                if (++answered == pages) {
                    loop.quit();
                }
            }));
        }
    };
    return costOf([&] {
        for (int i = 0; i < kAtOnce; ++i) {
            askNext();
        }
        loop.exec();
    });
}

/// Where the time goes: each part by itself, one thread each.
void parts(const Account& account, const QString& bodiesFile, int rows, const QString& folder) {
    const QList<QByteArray> bodies = bodiesOf(bodiesFile);
    print("  requests alone", rows, fetchAll(account, static_cast<int>(bodies.size())));
    const auto dialect = readDialectFor(account.provider);
    std::vector<PageToStore> pages;
    const Cost parsing = costOf([&] {
        for (const QByteArray& body : bodies) {
            auto page = dialect->parsePage(account, body);
            pages.push_back({account.name, page ? std::move(page->calls) : std::vector<Call>(), std::nullopt});
        }
    });
    print("  parsing alone, one thread", rows, parsing);
    print("  preparing alone, one thread", rows, costOf([&] { std::ranges::for_each(pages, prepare); }));
    auto database = CallsDatabase::open(folder + u"/parts.db"_s, CallsDatabase::Access::ReadWrite);
    if (!database) {
        std::exit(1);
    }
    const Moment now = SystemClock().now();
    const Cost storing = costOf([&] {
        for (PageToStore& page : pages) {
            if (!(*database)->storePage(std::move(page), now)) {
                std::exit(1);
            }
        }
    });
    print("  storing alone, one thread", rows, storing);
}

/// "" or why there are no bodies.
QString makeBodies(const QString& file, int rows) {
    const QString data = QStringLiteral(EARMARK_SHARED_DIR "/data");
    const QString generator = data + u"/tools/gen_scale.py"_s;
    if (!QFile::exists(generator)) {
        return u"there is no "_s + generator;
    }
    const QString python = QStandardPaths::findExecutable(u"python3"_s);
    if (python.isEmpty()) {
        return u"there is no python3"_s;
    }
    QProcess process;
    process.start(python, {generator, u"--corpus"_s, data + u"/corpus.json"_s, u"--provider"_s, u"yotel"_s, u"-n"_s,
                           QString::number(rows), u"--format"_s, u"ndpages"_s, u"--page-size"_s,
                           QString::number(kPageRows), u"--out"_s, file});
    const bool made = process.waitForFinished(600'000) && process.exitCode() == 0;
    return made ? QString() : u"the pages could not be made: "_s + QString::fromUtf8(process.readAllStandardError());
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"--serve") {
        return serve(arguments.value(2));
    }
    const int rows = arguments.size() > 1 ? std::max(kPageRows, arguments[1].toInt()) : 100'000;
    const QTemporaryDir folder;
    const QString bodies = folder.filePath(u"bodies.ndjson"_s);
    if (const QString why = makeBodies(bodies, rows); !why.isEmpty()) {
        std::printf("skipped: %s\n", qPrintable(why));
        return 0;
    }
    const PageServer server(bodies);
    const QString filled = folder.filePath(u"filled.db"_s);
    (void)pull(server.account(), rows, filled);  // warms the caches, and gives the rows of the baseline
    const bench::BareRows baseline(filled);

    std::vector<Cost> pulls;
    std::vector<Cost> inserts;
    for (int round = 0; round < kRounds; ++round) {
        const auto insert = [&] {
            const QString file = folder.filePath(u"bare-%1.db"_s.arg(round));
            bench::BareRows::makeSchema(file);
            inserts.push_back(costOf([&] { baseline.insertInto(file, kPageRows); }));
            QFile::remove(file);
        };
        if (round % 2 == 0) {
            insert();
        }
        pulls.push_back(pull(server.account(), rows, QString()));
        if (round % 2 == 1) {
            insert();
        }
    }
    print("bare prepared inserts (median)", rows, median(inserts));
    print("pull, the whole way (median)", rows, median(pulls));
    parts(server.account(), bodies, rows, folder.path());
    std::printf("pull / bare inserts %.0f %%    goal: >= %.0f %%\n", 100 * median(inserts).wall / median(pulls).wall,
                100 * kGoal);
    return 0;
}
