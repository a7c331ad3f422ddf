#include "models/sync/watch.h"

#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <map>

#include "models/sync/accountpaces.h"
#include "models/sync/detailreading.h"
#include "models/sync/newsround.h"
#include "models/sync/puller.h"

namespace earmark {

namespace {

using Instant = std::chrono::steady_clock::time_point;

bool isAboutTheKey(ErrorKind kind) {
    return kind == ErrorKind::NoKey || kind == ErrorKind::Unauthorized || kind == ErrorKind::Forbidden;
}

/// The newest end of a whole walk. Not the oldest: a campaign that is gone keeps its cursor for ever.
std::optional<Moment> fullPassOf(const std::vector<PullCursor>& cursors) {
    std::optional<Moment> newest;
    for (const PullCursor& cursor : cursors) {
        if (cursor.completedAt) {
            newest = newest ? std::max(*newest, *cursor.completedAt) : *cursor.completedAt;
        }
    }
    return newest;
}

bool isInterrupted(const std::vector<PullCursor>& cursors) {
    return std::any_of(cursors.begin(), cursors.end(), [](const PullCursor& one) { return !one.complete; });
}

}  // namespace

class Watch::Private {
 public:
    struct Watched {
        Account account;
        WatchState state;
        NewsMemory memory;
        Instant due{};
        QPointer<NewsRound> round;
        QPointer<DetailReading> details;
        bool cursorsKnown = false;
        bool interrupted = false;  ///< a list was not walked to its end
        bool keyRefused = false;
        bool fullWanted = false;  ///< there is more news than a look can carry
        std::optional<Instant> fullTriedAt;
    };

    Private(Watch* owner, Means given) : q(owner), means(std::move(given)), workers(1) {}

    void add(const Account& account);
    void drop(const QString& name);
    void haveCursors(const QString& name, const Result<std::vector<PullCursor>>& cursors);
    void look(Watched& one);
    void looked(const QString& name, const QPointer<NewsRound>& ended);
    void judge(Watched& one, const NewsRound& round);
    void readDetails(Watched& one);
    void readWholeLists();
    void pulled(const PullReport& report);
    void quiet(Watched& one);
    [[nodiscard]] Watched* find(const QString& name);
    [[nodiscard]] bool isWatched(const Watched& one) const;
    [[nodiscard]] bool isIdle() const;
    [[nodiscard]] bool fullPassIsDue(const Watched& one) const;

    Watch* const q;
    Means means;
    Patience patience;
    std::map<QString, std::unique_ptr<Watched>> accounts;
    QTimer timer;
    Instant lastActivity{};
    bool active = false;
    bool playing = false;
    bool toldKnown = false;
    Workers workers;  // last, so that it ends first
};

Watch::Private::Watched* Watch::Private::find(const QString& name) {
    const auto found = accounts.find(name);
    return found == accounts.end() ? nullptr : found->second.get();
}

void Watch::Private::add(const Account& account) {
    auto one = std::make_unique<Watched>();
    one->account = account;
    one->state.account = account.name;
    one->state.provider = account.provider;
    one->due = means.clock->steady();
    accounts[account.name] = std::move(one);
    means.store->loadCursors(account.name, q,
                             [this, name = account.name](const auto& cursors) { haveCursors(name, cursors); });
}

/// What is under way for it ends.
void Watch::Private::quiet(Watched& one) {
    if (one.round) {
        one.round->stop();
        one.round->deleteLater();
        one.round = nullptr;
    }
    if (one.details) {
        one.details->stop();
        one.details->deleteLater();
        one.details = nullptr;
    }
}

void Watch::Private::drop(const QString& name) {
    if (Watched* one = find(name)) {
        quiet(*one);
        accounts.erase(name);
    }
}

void Watch::Private::haveCursors(const QString& name, const Result<std::vector<PullCursor>>& cursors) {
    Watched* one = find(name);
    if (one == nullptr) {
        return;
    }
    one->cursorsKnown = true;
    if (cursors) {
        const std::optional<Moment> walked = fullPassOf(*cursors);
        one->state.fullAt = one->state.fullAt && walked ? std::max(*one->state.fullAt, *walked)
                            : walked                    ? walked
                                                        : one->state.fullAt;
        one->interrupted = isInterrupted(*cursors);
        for (const PullCursor& cursor : *cursors) {
            if (cursor.lastTotal) {
                one->memory.totals.insert(cursor.campaignId, *cursor.lastTotal);
            }
        }
    }
    if (!toldKnown && q->isKnown()) {
        toldKnown = true;
        Q_EMIT q->known();
    }
    Q_EMIT q->changed();
}

bool Watch::Private::isWatched(const Watched& one) const {
    return one.account.isEnabled && one.account.watchEvery.count() > 0 && one.state.fullAt && !one.keyRefused &&
           readDialectFor(one.account.provider) != nullptr;
}

bool Watch::Private::isIdle() const {
    return !playing && means.clock->steady() - lastActivity >= kIdleAfter;
}

// --- looking for news

void Watch::Private::look(Watched& one) {
    quiet(one);
    auto* round = new NewsRound(one.account, &one.memory,
                                {means.store, means.http, means.keys, &workers, means.clock, patience}, q);
    one.round = round;
    one.due = means.clock->steady() + one.account.watchEvery;
    // Queued: whoever hears of it may change the accounts.
    QObject::connect(
        round, &NewsRound::ended, q, [this, name = one.account.name, ended = one.round] { looked(name, ended); },
        Qt::QueuedConnection);
    round->start();
}

void Watch::Private::looked(const QString& name, const QPointer<NewsRound>& ended) {
    Watched* one = find(name);
    if (one == nullptr || !ended || one->round != ended) {
        return;  // another one has begun since
    }
    const NewsRound* round = one->round;
    one->round->deleteLater();
    one->round = nullptr;
    const std::vector<CallKey> found = round->newCalls();
    const std::optional<Error> error = round->error();
    judge(*one, *round);
    if (!error) {
        readDetails(*one);
    }
    const bool tellKey = error && isAboutTheKey(error->kind);
    const QPointer<Watch> alive = q;
    if (!found.empty()) {
        Q_EMIT q->newCalls(found);
    }
    if (alive && tellKey) {
        Q_EMIT q->keyProblem(name, *error);
    }
    if (alive) {
        Q_EMIT q->changed();
    }
}

void Watch::Private::judge(Watched& one, const NewsRound& round) {
    one.state.problem = round.error();
    one.fullWanted = one.fullWanted || round.hasMoreThanALook();
    if (!round.error()) {
        one.state.newsAt = means.clock->now();
        return;
    }
    one.keyRefused = isAboutTheKey(round.error()->kind);
    // After an outage as soon as the server may be asked again, not a whole interval later.
    const auto pace = paceOf(one.account, means.http, means.store);
    if (const auto wait = pace->brake->waitBeforeNext(); wait.count() > 0) {
        one.due = std::min(one.due, means.clock->steady() + wait);
    }
}

void Watch::Private::readDetails(Watched& one) {
    if (!readDialectFor(one.account.provider)->detailsAreApart()) {
        return;
    }
    one.details = new DetailReading(one.account, means.clock->now() - kDetailsOfTheLast,
                                    {means.store, means.http, means.keys, &workers, means.clock, patience}, q);
    one.details->start();
}

// --- whole lists

bool Watch::Private::fullPassIsDue(const Watched& one) const {
    if (!isWatched(one) || (one.fullTriedAt && means.clock->steady() - *one.fullTriedAt < kFullAgainAfterFailure)) {
        return false;
    }
    return one.fullWanted || (isIdle() && means.clock->now() - *one.state.fullAt >= kFullEvery);
}

void Watch::Private::readWholeLists() {
    std::vector<Account> due;
    for (auto& [name, one] : accounts) {
        if (fullPassIsDue(*one)) {
            one->fullTriedAt = means.clock->steady();
            due.push_back(one->account);
        }
    }
    if (due.empty()) {
        return;
    }
    PullOptions options;
    options.askedByItself = true;
    if (const Done started = means.puller->start(due, options); started) {
        for (const Account& account : due) {
            quiet(*find(account.name));
        }
    }
}

void Watch::Private::pulled(const PullReport& report) {
    for (const AccountReport& account : report.accounts) {
        Watched* one = find(account.account);
        if (one == nullptr) {
            continue;
        }
        one->due = means.clock->steady() + one->account.watchEvery;
        if (account.ok) {
            one->keyRefused = false;
            one->fullWanted = false;
            one->state.problem.reset();
            one->state.fullAt = means.clock->now();
            one->fullTriedAt.reset();
            means.store->loadCursors(account.account, q, [this, name = account.account](const auto& cursors) {
                haveCursors(name, cursors);
            });
        } else if (account.error && isAboutTheKey(account.error->kind)) {
            one->keyRefused = true;  // said by whoever shows the report
        }
    }
    Q_EMIT q->changed();
}

// --- from outside

Watch::Watch(Means means, QObject* parent) : QObject(parent), d(std::make_unique<Private>(this, std::move(means))) {
    d->lastActivity = d->means.clock->steady();
    connect(&d->timer, &QTimer::timeout, this, &Watch::tick);
    connect(d->means.puller, &Puller::finished, this, [this](const PullReport& report) { d->pulled(report); });
}

Watch::~Watch() {
    // They use the workers and what the accounts remember.
    qDeleteAll(findChildren<NewsRound*>(Qt::FindDirectChildrenOnly));
    qDeleteAll(findChildren<DetailReading*>(Qt::FindDirectChildrenOnly));
}

void Watch::setPatience(const Patience& patience) {
    d->patience = patience;
}

void Watch::setAccounts(std::vector<Account> accounts) {
    std::vector<QString> gone;
    for (const auto& [name, one] : d->accounts) {
        const auto still = std::find(accounts.begin(), accounts.end(), one->account);
        if (still == accounts.end()) {
            gone.push_back(name);
        }
    }
    for (const QString& name : gone) {
        d->drop(name);
    }
    for (const Account& account : accounts) {
        if (d->find(account.name) == nullptr) {
            d->add(account);
        }
    }
    Q_EMIT changed();
}

void Watch::start(std::chrono::milliseconds every) {
    d->active = true;
    if (every.count() > 0) {
        d->timer.start(every);
    }
}

void Watch::stop() {
    d->active = false;
    d->timer.stop();
    for (auto& [name, one] : d->accounts) {
        d->quiet(*one);
    }
}

void Watch::tick() {
    if (!d->active || d->means.store->isReadOnly() || d->means.puller->isRunning()) {
        return;
    }
    d->readWholeLists();
    if (d->means.puller->isRunning()) {
        return;
    }
    const Instant now = d->means.clock->steady();
    for (auto& [name, one] : d->accounts) {
        if (!one->round && d->isWatched(*one) && one->due <= now) {
            d->look(*one);
        }
    }
}

void Watch::noteActivity() {
    d->lastActivity = d->means.clock->steady();
}

void Watch::setPlaying(bool playing) {
    if (d->playing && !playing) {
        noteActivity();
    }
    d->playing = playing;
}

void Watch::noteKeyGiven(const QString& account) {
    if (Private::Watched* one = d->find(account)) {
        one->keyRefused = false;
        one->due = d->means.clock->steady();
    }
}

std::vector<WatchState> Watch::states() const {
    std::vector<WatchState> states;
    for (const auto& [name, one] : d->accounts) {
        states.push_back(one->state);
        states.back().watched = d->isWatched(*one);
    }
    return states;
}

bool Watch::isLooking() const {
    return std::any_of(d->accounts.begin(), d->accounts.end(),
                       [](const auto& one) { return !one.second->round.isNull(); });
}

bool Watch::isKnown() const {
    return std::all_of(d->accounts.begin(), d->accounts.end(),
                       [](const auto& one) { return one.second->cursorsKnown; });
}

std::vector<Account> Watch::withoutFullPass() const {
    std::vector<Account> accounts;
    const Moment now = d->means.clock->now();
    for (const auto& [name, one] : d->accounts) {
        const auto& fullAt = one->state.fullAt;
        if (one->account.isEnabled && (!fullAt || one->interrupted || now - *fullAt >= kFullEvery)) {
            accounts.push_back(one->account);
        }
    }
    return accounts;
}

}  // namespace earmark
