#include "tests/gui/testdesk.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

namespace earmark::test {

using namespace Qt::StringLiterals;

void OneKey::key(const QString&, QObject* context, std::function<void(Result<QByteArray>)> done) {
    QTimer::singleShot(0, context, [key = m_key, done = std::move(done)] { done(key); });
}

void OneKey::keep(const QString&, const QByteArray& key, QObject* context, std::function<void(Done)> done) {
    m_key = key;
    QTimer::singleShot(0, context, [done = std::move(done)] { done({}); });
}

void OneKey::forget(const QString&, QObject* context, std::function<void(Done)> done) {
    QTimer::singleShot(0, context, [done = std::move(done)] { done({}); });
}

TestDesk::TestDesk(const QString& folder, std::shared_ptr<MemorySettings> given, const SqlFaultSeam& seam,
                   std::shared_ptr<const Clock> time)
    : clock(std::move(time)),
      settings(std::move(given)),
      store(Store::Options{folder, clock, seam, false}),
      http(clock),
      keys(demoKey()),
      accounts(&store),
      puller(&store, &http, &keys, clock),
      watch({&store, &http, &keys, &puller, clock}),
      pusher(&store, &http, &keys, clock),
      refresher(&store, &http, &keys, clock),
      recordings(folder + u"/recordings"_s, &store, &http, &refresher),
      calls(&store, clock),
      sound(&player, &accounts, settings.get()) {
    QObject::connect(&accounts, &AccountBook::changed, &accounts, [this] {
        refresher.setAccounts(accounts.accounts());
        recordings.setAccounts(accounts.accounts());
        watch.setAccounts(accounts.accounts());
        pusher.setAccounts(accounts.accounts());
    });
}

TestDesk::~TestDesk() = default;

bool TestDesk::start() {
    bool open = false;
    bool failed = false;
    store.open(&accounts, [&](const Done& opened) {
        failed = !opened;
        accounts.load(&accounts, [&](const Done& loaded) {
            failed = failed || !loaded;
            open = true;
        });
    });
    if (!QTest::qWaitFor([&] { return open; }, 10'000)) {
        return false;
    }
    // As the program does, there is a window also when the data cannot be opened.
    DeskServices services;
    services.store = &store;
    services.accounts = &accounts;
    services.calls = &calls;
    services.puller = &puller;
    services.watch = &watch;
    services.pusher = &pusher;
    services.refresher = &refresher;
    services.recordings = &recordings;
    services.player = &player;
    services.sound = &sound;
    services.keys = &keys;
    services.http = &http;
    services.settings = settings.get();
    services.clock = clock;
    window = std::make_unique<MainWindow>(services);
    const QSignalSpy loadFailed(&calls, &CallTableModel::loadFailed);
    calls.load();
    window->show();
    window->activateWindow();
    return QTest::qWaitForWindowActive(window.get()) &&
           QTest::qWaitFor([&] { return calls.isLoaded() || !loadFailed.isEmpty(); }, 10'000) && loadFailed.isEmpty() &&
           !failed;
}

bool TestDesk::hasFocus(const QWidget* widget) const {
    return QTest::qWaitFor(
        [this, widget] {
            if (window->focusWidget() == widget && QApplication::activePopupWidget() == nullptr &&
                !window->isActiveWindow()) {
                window->activateWindow();
            }
            return widget->hasFocus();
        },
        5'000);
}

bool TestDesk::addAccount(const QUrl& baseUrl) {
    Account account;
    account.name = u"main"_s;
    account.baseUrl = baseUrl;
    bool done = false;
    bool added = false;
    accounts.add(account, &accounts, [&](const Done& answer) {
        added = answer.has_value();
        done = true;
    });
    return QTest::qWaitFor([&] { return done; }, 10'000) && added;
}

bool TestDesk::storeCalls(const std::vector<Call>& made) {
    bool done = false;
    bool stored = false;
    store.storePage({u"main"_s, made, std::nullopt}, &accounts, [&](const Result<PageOutcome>& answer) {
        stored = answer.has_value();
        done = true;
    });
    return QTest::qWaitFor([&] { return done; }, 10'000) && stored;
}

Call madeUpCall(int number) {
    Call call;
    call.key = {u"main"_s, u"call-%1"_s.arg(number, 4, 10, QLatin1Char('0'))};
    call.status = CallStatus::Completed;
    call.statusRaw = u"completed"_s;
    call.direction = Direction::Outbound;
    call.typeRaw = u"outbound"_s;
    call.campaignId = u"camp-1"_s;
    call.leadId = u"lead-%1"_s.arg(number);
    call.agentId = u"agent-%1"_s.arg(number % 3);
    const Moment dialled = momentFromMs(1'776'000'000'000 + qint64(number) * 60'000);
    call.createdTime = dialled;
    call.dialTime = dialled;
    call.endTime = dialled + std::chrono::seconds(75);
    call.ringSeconds = 5;
    call.talkSeconds = 60;
    call.totalSeconds = 75;
    call.hangupCause = u"NORMAL_CLEARING"_s;
    call.disposition = number % 2 == 0 ? u"SALE"_s : u"CALLBACK"_s;
    call.summary = u"Talk number %1."_s.arg(number);
    call.sentiment = u"neutral"_s;
    call.nextAction = u"none"_s;
    call.hasRecording = false;
    call.raw = "{}";
    return call;
}

}  // namespace earmark::test
