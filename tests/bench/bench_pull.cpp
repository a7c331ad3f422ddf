// 10,000 calls pulled from a loopback server into an empty profile, beside bare GETs of the same pages in the same run.
// bench_pull [CALLS]
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTimer>
#include <cstdio>

#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace earmark::test;
using namespace Qt::StringLiterals;

namespace {

/// The pages one after the other, without parsing and storing: what network and server cost alone.
double bareGets(YotelServer& server, int pages) {
    QNetworkAccessManager network;
    network.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    QElapsedTimer timer;
    timer.start();
    qint64 bytes = 0;
    for (int page = 1; page <= pages; ++page) {
        const QString path = QString::fromLatin1(server.pagePath(u"c"_s));
        QNetworkRequest request(server.url(u"%1?page=%2&page_size=200"_s.arg(path).arg(page)));
        request.setRawHeader("Authorization"_ba, "Bearer "_ba + server.key());
        QNetworkReply* reply = network.get(request);
        QEventLoop loop;
        QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        loop.exec();
        bytes += reply->readAll().size();
        delete reply;
    }
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    std::printf("bare GETs   %6.2f s  %d pages, %.1f MiB\n", seconds, pages, double(bytes) / 1048576.0);
    return seconds;
}

double pull(SyncRig& rig, const YotelServer& server, const char* what) {
    Puller puller(rig.store.get(), &rig.http, &rig.keys, rig.clock);
    QElapsedTimer turn;
    qint64 longestTurn = 0;
    // The longest time between two turns of the event loop: what a user would feel as a hang.
    QTimer heartbeat;
    QObject::connect(&heartbeat, &QTimer::timeout, &heartbeat, [&] {
        longestTurn = std::max(longestTurn, turn.isValid() ? turn.nsecsElapsed() : 0);
        turn.start();
    });
    heartbeat.start(0);
    QElapsedTimer timer;
    timer.start();
    const PullReport report = SyncRig::finished(puller, {server.account()});
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    if (!report.allOk() || report.accounts.empty()) {
        std::printf("the pull failed\n");
        return seconds;
    }
    const AccountReport& one = report.accounts.front();
    std::printf(
        "%-11s %6.2f s  %lld rows (%lld new), %.0f rows/s, %d requests, longest gap of the event loop %.0f ms\n", what,
        seconds, static_cast<long long>(one.received), static_cast<long long>(one.added),
        double(one.received) / seconds, one.requests, double(longestTurn) / 1e6);
    return seconds;
}

}  // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    const int calls = argc > 1 ? QByteArray(argv[1]).toInt() : 10'000;
    YotelServer server;
    server.addCampaign(u"c"_s, u"Bench"_s);
    server.addCalls(u"c"_s, calls);
    const int pages = (calls + 199) / 200;
    (void)bareGets(server, pages);  // makes the server's page cache
    const double bare = bareGets(server, pages);
    SyncRig rig(server);
    const double first = pull(rig, server, "first pull");
    (void)pull(rig, server, "second pull");
    std::printf("pull / bare %6.2f    goal: first pull <= 10 s\n", first / bare);
    return first <= 10.0 || calls > 10'000 ? 0 : 1;
}
