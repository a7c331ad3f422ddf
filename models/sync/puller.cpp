#include "models/sync/puller.h"

#include <algorithm>

#include "models/sync/accountpull.h"

namespace earmark {

namespace {
constexpr int kParseThreads = 2;
}

/// No storage signs a link for longer than seven days (Amazon's and Google's limit): what is older opens nothing.
constexpr std::chrono::hours kLongestLinkLife{7 * 24};

class Puller::Private {
 public:
    explicit Private(Puller* owner) : q(owner), workers(kParseThreads) {}

    void add(const Account& account, const PullOptions& options) {
        auto* pull = new AccountPull(account, options, {store, http, keys, &workers, clock, patience}, q);
        pulls.push_back(pull);
        QObject::connect(pull, &AccountPull::progressed, q, [this, pull] { tell(pull); });
        QObject::connect(pull, &AccountPull::ended, q, [this] {
            if (std::all_of(pulls.begin(), pulls.end(), [](const AccountPull* one) { return one->isOver(); })) {
                finishLater();
            }
        });
    }

    void tell(const AccountPull* pull) {
        if (cancelled) {
            return;
        }
        progress = pull->progress();
        progress.campaigns = progress.campaignsDone = progress.pages = 0;
        progress.received = 0;
        for (const AccountPull* one : pulls) {
            const PullProgress part = one->progress();
            progress.campaigns += part.campaigns;
            progress.campaignsDone += part.campaignsDone;
            progress.pages += part.pages;
            progress.received += part.received;
        }
        Q_EMIT q->progressed(progress);
    }

    /// In a later turn: whoever hears finished() may delete the puller or start it anew.
    void finishLater() {
        if (finishing) {
            return;
        }
        finishing = true;
        QMetaObject::invokeMethod(
            q, [this] { finish(); }, Qt::QueuedConnection);
    }

    void finish() {
        PullReport report;
        for (AccountPull* pull : pulls) {
            AccountReport one = pull->report();
            if (!pull->hasEnded()) {
                one.ok = false;
                const QString wait = pull->progress().waitingFor;
                one.error =
                    makeError(ErrorKind::Cancelled,
                              wait.isEmpty() ? QString() : tr("The work was stopped while it waited: %1.").arg(wait));
            }
            report.accounts.push_back(std::move(one));
            pull->deleteLater();
        }
        pulls.clear();
        running = finishing = cancelled = false;
        Q_EMIT q->finished(report);
    }

    Puller* const q;
    Store* store = nullptr;
    HttpClient* http = nullptr;
    KeySource* keys = nullptr;
    std::shared_ptr<const Clock> clock;
    Patience patience;
    std::vector<AccountPull*> pulls;
    PullProgress progress;
    bool running = false;
    bool cancelled = false;
    bool finishing = false;
    Workers workers;
};

Puller::Puller(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this)) {
    d->store = store;
    d->http = http;
    d->keys = keys;
    d->clock = std::move(clock);
}

Puller::~Puller() {
    qDeleteAll(d->pulls);  // before the workers and what else they use
}

void Puller::setPatience(const Patience& patience) {
    d->patience = patience;
}

Done Puller::start(const std::vector<Account>& accounts, const PullOptions& options) {
    if (d->running) {
        return failure(ErrorKind::InvalidInput, tr("A pull is under way already."));
    }
    d->running = true;
    d->progress = {};
    d->store->dropLinksToldBefore(d->clock->now() - kLongestLinkLife, this, [](const Done&) {});
    for (const Account& account : accounts) {
        d->add(account, options);
    }
    if (d->pulls.empty()) {
        d->finishLater();
    }
    for (AccountPull* pull : d->pulls) {
        pull->start();
    }
    return {};
}

void Puller::cancel() {
    if (!d->running || d->cancelled) {
        return;
    }
    d->cancelled = true;
    for (AccountPull* pull : d->pulls) {
        pull->stop();
    }
    d->finishLater();
}

bool Puller::isRunning() const {
    return d->running;
}

PullProgress Puller::progress() const {
    return d->progress;
}

}  // namespace earmark
