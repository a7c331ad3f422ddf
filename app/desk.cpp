#include "app/desk.h"

#include <QApplication>
#include <QFile>
#include <QMessageBox>
#include <QThreadPool>
#include <QTimer>

#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "app/cachelimits.h"
#include "app/demo/demoaccounts.h"
#include "app/demo/demoserver.h"
#include "app/fetchfolder.h"
#include "app/secrets.h"
#include "app/settings.h"
#include "app/windowdoor.h"
#include "models/edits/merger.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/callrefresher.h"
#include "models/sync/puller.h"
#include "models/sync/pusher.h"
#include "models/sync/recordingfetcher.h"
#include "models/sync/watch.h"
#include "models/tables/calltablemodel.h"
#include "ui/common/deskservices.h"
#include "ui/mainwindow/deskcommands.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/playback/callsound.h"
#include "ui/playback/mpris.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Desk)
};

constexpr std::chrono::milliseconds kQuitAtTheLatest{1700};

/// Since the process was made, so that loading the libraries counts too. Ticks of 10 ms.
double millisecondsSinceProcessStart() {
    QFile file(u"/proc/self/stat"_s);
    timespec now = {};
    if (!file.open(QIODevice::ReadOnly) || clock_gettime(CLOCK_BOOTTIME, &now) != 0) {
        return -1;
    }
    const QList<QByteArray> fields = file.readAll().split(')').last().simplified().split(' ');
    const double startedTicks = fields.value(19).toDouble();
    return double(now.tv_sec) * 1000 + double(now.tv_nsec) / 1e6 - startedTicks * 1000 / double(sysconf(_SC_CLK_TCK));
}

}  // namespace

class Desk::Private {
 public:
    explicit Private(Options given)
        : options(std::move(given)),
          clock(std::make_shared<SystemClock>()),
          store({options.profile.folder(), clock, {}, options.lock == nullptr}),
          http(clock),
          secrets(options.profile, keyringPatience()),
          accounts(&store),
          puller(&store, &http, &secrets, clock),
          pusher(&store, &http, &secrets, clock),
          watch({&store, &http, &secrets, &puller, clock}),
          refresher(&store, &http, &secrets, clock),
          recordings(options.profile.recordingsFolder(), &store, &http, &refresher),
          merger(&store),
          calls(&store, clock),
          sound(&player, &accounts, options.settings.get()) {}

    // In the order of dependence: what is declared later is destroyed first.
    Options options;
    std::shared_ptr<const Clock> clock;
    std::unique_ptr<DemoServer> demo;
    Store store;
    HttpClient http;
    Secrets secrets;
    AccountBook accounts;
    Puller puller;
    Pusher pusher;
    Watch watch;
    CallRefresher refresher;
    RecordingFetcher recordings;
    Merger merger;
    CallTableModel calls;
    Player player;
    CallSound sound;
    WindowDoor door;
    std::unique_ptr<MainWindow> window;
    std::unique_ptr<Mpris> mpris;
};

Desk::Desk(Options options, QObject* parent) : QObject(parent), d(std::make_unique<Private>(std::move(options))) {
    connect(&d->door, &WindowDoor::raiseRequested, this, [this] { d->window->raiseAndActivate(); });
    connect(&d->door, &WindowDoor::openRequested, this, [this] { d->window->raiseAndActivate(); });
    connect(&d->accounts, &AccountBook::changed, this, [this] {
        d->refresher.setAccounts(d->accounts.accounts());
        d->recordings.setAccounts(d->accounts.accounts());
        d->pusher.setAccounts(d->accounts.accounts());
        d->watch.setAccounts(enabledAccounts());
    });
}

Desk::~Desk() = default;

void Desk::start() {
    // First, so that a second start finds somebody to ask while the window is still being made.
    if (const Done opened = d->options.lock ? d->door.open(d->options.profile) : Done(); !opened) {
        qWarning("%ls", qUtf16Printable(opened.error().message));
    }
    DeskServices services;
    services.store = &d->store;
    services.accounts = &d->accounts;
    services.calls = &d->calls;
    services.puller = &d->puller;
    services.pusher = d->options.lock ? &d->pusher : nullptr;
    services.watch = &d->watch;
    services.refresher = &d->refresher;
    services.recordings = &d->recordings;
    services.player = &d->player;
    services.sound = &d->sound;
    services.keys = &d->secrets;
    services.http = &d->http;
    services.settings = d->options.settings.get();
    services.clock = d->clock;
    services.demo = d->options.demo;
    d->recordings.setCacheLimits([settings = d->options.settings.get()] { return cacheLimits(*settings); });
    d->window = std::make_unique<MainWindow>(services);
    connect(d->window.get(), &MainWindow::usable, this, &Desk::joinDesktop, Qt::SingleShotConnection);
    if (d->options.printsStartupFigures) {
        connect(
            d->window.get(), &MainWindow::usable, this,
            [] {
                std::fprintf(stderr, "usable after %.0f ms\n", millisecondsSinceProcessStart());
                std::fflush(stderr);
            },
            Qt::SingleShotConnection);
    }
    openData();
    d->window->show();
}

/// Media keys and the player on the desktop's lock screen.
void Desk::joinDesktop() {
    const auto rowOf = [this] {
        const auto call = d->player.call();
        return call ? d->calls.rowOf(*call) : -1;
    };
    const auto trigger = [this](DeskCommand command) {
        d->window->findChild<DeskActions*>()->action(command)->trigger();
    };
    Mpris::Controls controls;
    controls.playOrPause = [trigger] { trigger(DeskCommand::PlayPause); };
    controls.step = [trigger](int by) { trigger(by > 0 ? DeskCommand::NextCall : DeskCommand::PreviousCall); };
    controls.canStep = [this, rowOf](int by) {
        const int row = rowOf();
        const int rows = d->calls.rowCount();
        return row < 0 ? rows > 0 : row + by >= 0 && row + by < rows;
    };
    controls.raise = [this] { d->window->raiseAndActivate(); };
    controls.name = [this, rowOf] {
        const QModelIndex lead = d->calls.index(rowOf(), int(CallColumn::Lead));
        return lead.isValid() ? lead.data().toString() : QString();
    };
    d->mpris = std::make_unique<Mpris>(&d->player, d->options.settings.get(), std::move(controls));
    d->mpris->start();
    const auto callsChanged = [this] { d->mpris->lookAgain(); };
    connect(&d->calls, &QAbstractItemModel::modelReset, d->mpris.get(), callsChanged);
    connect(&d->calls, &QAbstractItemModel::layoutChanged, d->mpris.get(), callsChanged);
}

void Desk::openData() {
    d->store.open(this, [this](const Done& opened) {
        // Also after a failure: the window learns from the model that there is nothing to show, and why.
        d->calls.load();
        if (opened && d->store.isReadOnly()) {
            loadAccounts();
        } else if (opened) {
            d->recordings.sweep();
            sweepLeftovers();
            d->merger.start();
            d->options.demo ? startDemo() : loadAccounts();
        }
    });
}

void Desk::loadAccounts() {
    d->accounts.load(this, [this](const Done& loaded) {
        if (!loaded) {
            tell(errorText(loaded.error()));
            return;
        }
        if (d->options.demo) {
            pullOnce(enabledAccounts());
        } else if (d->options.settings->value(u"pull/atStart"_s, true).toBool()) {
            // Lists that were read whole not long ago are not read whole again: a look brings what is new.
            const auto pull = [this] { pullOnce(d->watch.withoutFullPass()); };
            if (d->watch.isKnown()) {
                pull();
            } else {
                connect(&d->watch, &Watch::known, this, pull, Qt::SingleShotConnection);
            }
        }
        if (!d->store.isReadOnly()) {
            d->watch.start();
            d->pusher.begin();
            d->pusher.startSendingByItself();
        }
    });
}

std::vector<Account> Desk::enabledAccounts() const {
    std::vector<Account> enabled = d->accounts.accounts();
    std::erase_if(enabled, [](const Account& account) { return !account.isEnabled; });
    return enabled;
}

/// The demo's calls keep their times over a restart, so that everything is found as it was; on another day they are
/// today's again.
Moment Desk::demoBegan() {
    constexpr std::chrono::hours kSameDemo{12};
    const Moment now = d->clock->now();
    const Moment before = momentFromMs(d->options.settings->value(u"demo/began"_s, 0).toLongLong());
    if (before <= now && now - before < kSameDemo) {
        return before;
    }
    d->options.settings->setValue(u"demo/began"_s, toMs(now));
    return now;
}

void Desk::startDemo() {
    d->demo = std::make_unique<DemoServer>(d->clock);
    if (const Done started = d->demo->startAgain(d->options.settings.get(), demoBegan()); !started) {
        tell(errorText(started.error()));
        loadAccounts();
        return;
    }
    // What the profile knows already has its say in the names.
    d->accounts.load(this, [this](const Done& loaded) {
        if (!loaded) {
            tell(errorText(loaded.error()));
            return;
        }
        saveDemoAccounts();
    });
}

/// One after the other in the store's lane; the last one brings them all into the window.
void Desk::saveDemoAccounts() {
    const std::vector<Account> accounts = demoAccounts(*d->demo, d->accounts.accounts());
    for (const Account& account : accounts) {
        d->secrets.setForThisRun(account.name, demoKey(account.provider));
        d->store.saveAccount(account, this, [this, isLast = account.name == accounts.back().name](const Done& saved) {
            if (!saved) {
                tell(errorText(saved.error()));
            }
            if (isLast) {
                loadAccounts();
            }
        });
    }
}

void Desk::pullOnce(const std::vector<Account>& accounts) {
    if (accounts.empty() || d->puller.isRunning() || d->store.isReadOnly()) {
        return;
    }
    PullOptions options;
    options.askedByItself = true;
    // What goes wrong is told by the puller's report, which the window shows.
    if (const Done started = d->puller.start(accounts, options); !started) {
        qWarning("%ls", qUtf16Printable(started.error().message));
    }
}

/// What a killed command may have left in the profile.
void Desk::sweepLeftovers() {
    QThreadPool::globalInstance()->start([profile = d->options.profile] { sweepFetchFolders(profile); });
}

void Desk::tell(const QString& sentence) {
    auto* box =
        new QMessageBox(QMessageBox::Warning, Text::tr("Earmark"), QString(), QMessageBox::Close, d->window.get());
    box->setTextFormat(Qt::PlainText);  // sentences hold names and paths, which must never be taken for markup
    box->setText(sentence);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void Desk::quit() {
    // The window commits what is typed; the store finishes queued edits when it is destroyed.
    QTimer::singleShot(kQuitAtTheLatest, qApp, [] { QCoreApplication::exit(0); });
    if (d->window) {
        d->window->close();
    }
}

}  // namespace earmark
