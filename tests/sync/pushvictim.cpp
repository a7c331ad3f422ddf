// pushvictim FOLDER: sends what waits in this profile until nothing does, and is killed meanwhile by tests. The secret
// of the target comes from standard input. Prints "done" at the end.
#include <QCoreApplication>
#include <QFile>

#include <cstdio>

#include "models/sync/pusher.h"
#include "tests/sync/syncrig.h"

using namespace earmark;
using namespace Qt::StringLiterals;

int main(int count, char** arguments) {
    const QCoreApplication application(count, arguments);
    const auto clock = std::make_shared<SystemClock>();
    QFile input;
    if (count != 2 || !input.open(stdin, QIODevice::ReadOnly)) {
        return 2;
    }
    test::FakeKeys keys;
    keys.set(targetSecretName(u"main"_s), input.readAll().trimmed());
    Store store({QString::fromLocal8Bit(arguments[1]), clock, {}, false});
    HttpClient http(clock);
    PushMeans means;
    means.patience = test::quickPatience();
    means.afterOwnTrouble = std::chrono::milliseconds(20);
    Pusher pusher(&store, &http, &keys, clock, means);
    const auto stop = [](const Error& error) {
        std::fprintf(stderr, "%s\n", qPrintable(errorText(error)));
        QCoreApplication::exit(1);
    };
    QObject::connect(&pusher, &Pusher::finished, &pusher, [&](const std::vector<PushReport>& reports) {
        if (reports.empty() || reports[0].waiting > 0 || reports[0].error) {
            pusher.sendNow({u"main"_s});  // an outage of a few milliseconds can outlast one round
            return;
        }
        std::puts("done");
        QCoreApplication::exit(0);
    });
    store.open(&pusher, [&](const Done& opened) {
        if (!opened) {
            stop(opened.error());
            return;
        }
        pusher.begin();
        store.loadAccounts(&pusher, [&](const Result<std::vector<Account>>& accounts) {
            if (!accounts) {
                stop(accounts.error());
                return;
            }
            pusher.setAccounts(*accounts);
            pusher.sendNow({u"main"_s});
        });
    });
    return QCoreApplication::exec();
}
