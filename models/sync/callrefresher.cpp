#include "models/sync/callrefresher.h"

#include <QHash>
#include <QPointer>
#include <QTimer>
#include <algorithm>
#include <unordered_map>

#include "models/domain/latefields.h"
#include "models/domain/textfold.h"
#include "models/sync/accountlink.h"
#include "models/sync/accountpaces.h"
#include "models/sync/callreader.h"

namespace earmark {

using namespace std::chrono_literals;

namespace {

using Answer = std::function<void(Result<Call>)>;

struct Waiting {
    QPointer<QObject> context;
    Answer done;
};

struct KeyHash {
    size_t operator()(const CallKey& key) const { return qHash(key); }
};

struct Watch {
    std::unique_ptr<QTimer> timer;
    size_t rung = 0;
};

}  // namespace

bool lacksDetail(const Call& call) {
    const auto dialect = readDialectFor(call.provider);
    return dialect && dialect->detailsAreApart() && call.rawDetail.isEmpty();
}

bool isStale(const ReviewedCall& call, Moment now) {
    constexpr std::chrono::seconds kStale{60};
    const bool old = !call.refreshedAt || now - *call.refreshedAt > kStale;
    const bool mayChange = old && (!hasEnded(call.call.status) || lacksLateFields(call.call));
    return !call.notFoundSince && (mayChange || lacksDetail(call.call));
}

class CallRefresher::Private {
 public:
    explicit Private(CallRefresher* owner) : q(owner), workers(1) {}

    [[nodiscard]] Result<Account> readableAccount(const QString& name) const;
    [[nodiscard]] AccountLink* makeLink(const Account& account, const QByteArray& apiKey);
    void begin(const CallKey& key);
    void ask(const CallKey& key, const Account& account, const QByteArray& apiKey);
    void answer(const CallKey& key, const Result<Call>& result);
    void climb(const CallKey& key);
    void rungDone(const CallKey& key, const Result<Call>& call);

    CallRefresher* const q;
    Store* store = nullptr;
    HttpClient* http = nullptr;
    KeySource* keys = nullptr;
    std::shared_ptr<const Clock> clock;
    std::vector<Account> accounts;
    std::vector<std::chrono::milliseconds> ladder{5s, 15s, 60s, 5min};
    QHash<CallKey, std::vector<Waiting>> waiting;
    Patience patience;
    std::unordered_map<CallKey, Watch, KeyHash> watches;
    Workers workers;
};

Result<Account> CallRefresher::Private::readableAccount(const QString& name) const {
    const auto account =
        std::find_if(accounts.begin(), accounts.end(), [&name](const Account& one) { return one.name == name; });
    if (account == accounts.end()) {
        Error problem = makeError(ErrorKind::NotFoundHere, tr("There is no account named %1.").arg(isolated(name)));
        problem.next = tr("Add it again to refresh its calls.");
        return failure(problem);
    }
    if (!readDialectFor(account->provider)) {
        return failure(ErrorKind::NotSupported,
                       tr("Calls of %1 cannot be read by this version yet.").arg(providerName(account->provider)));
    }
    return *account;
}

AccountLink* CallRefresher::Private::makeLink(const Account& account, const QByteArray& apiKey) {
    return new AccountLink(account, apiKey, readDialectFor(account.provider), http, clock, paceOf(account, http, store),
                           AccountLink::AskedBy::Program, patience, q);
}

void CallRefresher::Private::begin(const CallKey& key) {
    const Result<Account> account = readableAccount(key.account);
    if (!account) {
        QMetaObject::invokeMethod(
            q, [this, key, problem = account.error()] { answer(key, failure(problem)); }, Qt::QueuedConnection);
        return;
    }
    keys->key(key.account, q, [this, key, account = *account](const Result<QByteArray>& apiKey) {
        if (apiKey) {
            ask(key, account, *apiKey);
        } else {
            answer(key, failure(apiKey.error()));
        }
    });
}

void CallRefresher::Private::ask(const CallKey& key, const Account& account, const QByteArray& apiKey) {
    AccountLink* link = makeLink(account, apiKey);
    const CallReader reader{link, &workers, store};
    // Once: somebody is looking at the call; what fails now is said now.
    reader.read(key, AccountLink::Tries::Once, link, [this, key, link](const Result<ReadCall>& read) {
        link->deleteLater();
        answer(key, read ? Result<Call>(read->call) : failure(read.error()));
    });
}

void CallRefresher::Private::answer(const CallKey& key, const Result<Call>& result) {
    const std::vector<Waiting> askers = waiting.take(key);
    const QPointer<CallRefresher> alive = q;
    for (const Waiting& asker : askers) {
        if (asker.context && alive) {
            asker.done(result);
        }
    }
}

// --- the ladder

void CallRefresher::Private::climb(const CallKey& key) {
    Watch& watch = watches[key];
    const auto before = watch.rung == 0 ? 0ms : ladder[watch.rung - 1];
    watch.timer->start(ladder[watch.rung] - before);
}

void CallRefresher::Private::rungDone(const CallKey& key, const Result<Call>& call) {
    const auto found = watches.find(key);
    if (found == watches.end()) {
        return;
    }
    const bool arrived = call && call->recordingUrl && !call->recordingUrl->isEmpty();
    const bool none = call && call->hasRecording == false;
    ++found->second.rung;
    if (!arrived && !none && found->second.rung < ladder.size()) {
        climb(key);
        return;
    }
    watches.erase(found);
    if (arrived) {
        Q_EMIT q->recordingLinkArrived(key);
    } else {
        Q_EMIT q->recordingGivenUp(key);
    }
}

CallRefresher::CallRefresher(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock,
                             QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this)) {
    d->store = store;
    d->http = http;
    d->keys = keys;
    d->clock = std::move(clock);
}

CallRefresher::~CallRefresher() {
    // They call back into d.
    qDeleteAll(findChildren<AccountLink*>(Qt::FindDirectChildrenOnly));
}

void CallRefresher::setAccounts(std::vector<Account> accounts) {
    d->accounts = std::move(accounts);
}

void CallRefresher::setPatience(const Patience& patience) {
    d->patience = patience;
}

void CallRefresher::setLadder(std::vector<std::chrono::milliseconds> ladder) {
    d->ladder = std::move(ladder);
}

void CallRefresher::refresh(const CallKey& key, QObject* context, Answer done) {
    std::vector<Waiting>& askers = d->waiting[key];
    askers.push_back({context, std::move(done)});
    if (askers.size() == 1) {
        d->begin(key);
    }
}

void CallRefresher::openLine(const QString& account, QObject* context, std::function<void(Result<Line>)> done) {
    const Result<Account> known = d->readableAccount(account);
    if (!known) {
        QMetaObject::invokeMethod(
            context, [done, problem = known.error()] { done(failure(problem)); }, Qt::QueuedConnection);
        return;
    }
    d->keys->key(account, context,
                 [guard = QPointer<CallRefresher>(this), known = *known, done](const Result<QByteArray>& apiKey) {
                     if (!guard) {
                         return;
                     }
                     if (!apiKey) {
                         done(failure(apiKey.error()));
                         return;
                     }
                     AccountLink* link = guard->d->makeLink(known, *apiKey);
                     done(Line(link, [alive = QPointer<AccountLink>(link)](AccountLink*) {
                         if (alive) {
                             alive->stop();
                             alive->deleteLater();
                         }
                     }));
                 });
}

void CallRefresher::watchForRecording(const CallKey& key) {
    if (d->ladder.empty() || d->watches.contains(key)) {
        return;
    }
    auto timer = std::make_unique<QTimer>();
    timer->setSingleShot(true);
    connect(timer.get(), &QTimer::timeout, this,
            [this, key] { refresh(key, this, [this, key](const Result<Call>& call) { d->rungDone(key, call); }); });
    d->watches[key].timer = std::move(timer);
    d->climb(key);
}

}  // namespace earmark
