#include "models/sync/pusher.h"

#include <QUuid>
#include <map>

#include "models/sync/accountpaces.h"
#include "models/sync/accountpush.h"
#include "models/sync/targettest.h"
#include "models/targets/reviewfile.h"

namespace earmark {

namespace {
constexpr int kThreads = 2;  // a folder on a slow disk holds up no webhook
}

class Pusher::Private {
 public:
    Private(Pusher* pusher, Store* theStore, HttpClient* theHttp, KeySource* theKeys, PushMeans theMeans)
        : q(pusher), store(theStore), http(theHttp), keys(theKeys), means(std::move(theMeans)) {}

    [[nodiscard]] TargetLine::Means lineMeans(std::shared_ptr<Pace> pace) {
        return {http,
                &workers,
                clock,
                std::move(pace),
                means.patience.random,
                means.patience.retry,
                means.carryOutFileStep};
    }
    AccountPush* make(const Account& account);
    void sendWhatWasAsked();
    void note(const PushReport& report);
    void finishIfAll();

    Pusher* q;
    Store* store;
    HttpClient* http;
    KeySource* keys;
    std::shared_ptr<const Clock> clock;
    PushMeans means;
    Workers workers{kThreads};
    const QString owner = QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::vector<AccountPush*> accounts;  ///< children of q
    QStringList asked;                   ///< waits for begin()
    QStringList running;
    std::vector<PushReport> reports;
    bool isAsked = false;  ///< finished() is owed
    bool isBeginning = false;
    bool hasBegun = false;
    bool byItself = false;
};

Pusher::Pusher(Store* store, HttpClient* http, KeySource* keys, std::shared_ptr<const Clock> clock, PushMeans means,
               QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, store, http, keys, std::move(means))) {
    d->clock = clock;
    if (!d->means.carryOutFileStep) {
        d->means.carryOutFileStep = [clock](const FileStep& step) { return appendDurably(step, clock->now()); };
    }
    connect(store, &Store::outboxChanged, this, [this] {
        for (AccountPush* account : d->accounts) {
            account->wake();
        }
    });
}

Pusher::~Pusher() {
    qDeleteAll(d->accounts);  // before the workers and what else they use
    qDeleteAll(findChildren<TargetTest*>(Qt::FindDirectChildrenOnly));
}

void Pusher::begin(std::function<void(Done)> done) {
    if (d->isBeginning) {
        return;
    }
    d->isBeginning = true;
    d->store->reclaim(std::nullopt, this, [this, done = std::move(done)](const Done& reclaimed) {
        d->hasBegun = true;
        if (d->byItself) {
            startSendingByItself();
        }
        d->sendWhatWasAsked();
        if (done) {
            done(reclaimed);
        }
    });
}

AccountPush* Pusher::Private::make(const Account& account) {
    auto* made = new AccountPush({store, http, keys, &workers, clock, &means, owner}, account, q);
    QObject::connect(made, &AccountPush::changed, q, &Pusher::changed);
    QObject::connect(made, &AccountPush::keyProblem, q,
                     [this, made](const Error& error) { Q_EMIT q->keyProblem(made->account().name, error); });
    QObject::connect(made, &AccountPush::finished, q, [this](const PushReport& report) { note(report); });
    if (hasBegun && byItself) {
        made->startByItself();
    }
    return made;
}

void Pusher::setAccounts(std::vector<Account> accounts) {
    std::map<QString, AccountPush*> old;
    for (AccountPush* push : d->accounts) {
        old.emplace(push->account().name, push);
    }
    d->accounts.clear();
    for (const Account& account : accounts) {
        if (const auto known = old.find(account.name); known != old.end()) {
            AccountPush* push = known->second;
            old.erase(known);
            d->accounts.push_back(push);
            if (!(push->account() == account)) {
                push->setAccount(account);
            }
        } else {
            d->accounts.push_back(d->make(account));
        }
    }
    for (const auto& [name, gone] : old) {
        if (d->running.contains(name)) {
            PushReport report;
            report.account = name;
            d->note(report);
        }
        gone->disconnect(this);
        gone->deleteLater();
    }
    Q_EMIT changed();
}

void Pusher::startSendingByItself() {
    d->byItself = true;
    if (!d->hasBegun) {
        return;
    }
    for (AccountPush* account : d->accounts) {
        account->startByItself();
    }
}

// --- when asked

void Pusher::sendNow(const QStringList& accounts) {
    d->isAsked = true;
    d->asked += accounts;
    if (d->hasBegun) {
        QMetaObject::invokeMethod(
            this, [this] { d->sendWhatWasAsked(); }, Qt::QueuedConnection);
    } else {
        begin();
    }
}

void Pusher::Private::sendWhatWasAsked() {
    const QStringList names = std::exchange(asked, {});
    std::vector<AccountPush*> begun;
    for (AccountPush* account : accounts) {
        const QString name = account->account().name;
        if (names.contains(name) && !running.contains(name)) {
            running.append(name);
            begun.push_back(account);
        }
    }
    for (AccountPush* account : begun) {
        account->sendNow();
    }
    finishIfAll();
}

void Pusher::Private::note(const PushReport& report) {
    if (running.removeOne(report.account)) {
        reports.push_back(report);
        finishIfAll();
    }
}

void Pusher::Private::finishIfAll() {
    if (running.isEmpty() && asked.isEmpty() && std::exchange(isAsked, false)) {
        Q_EMIT q->finished(std::exchange(reports, {}));
    }
}

void Pusher::cancel() {
    d->asked.clear();
    for (AccountPush* account : d->accounts) {
        account->cancel();
    }
    if (d->running.isEmpty() && d->isAsked) {
        QMetaObject::invokeMethod(
            this, [this] { d->finishIfAll(); }, Qt::QueuedConnection);
    }
}

bool Pusher::isSendingNow() const {
    return d->isAsked;
}

void Pusher::noteSecretGiven(const QString& account) {
    for (AccountPush* push : d->accounts) {
        if (push->account().name == account) {
            push->noteSecretGiven();
        }
    }
}

// --- how it stands

std::vector<PushState> Pusher::states() const {
    std::vector<PushState> states;
    for (const AccountPush* account : d->accounts) {
        states.push_back(account->state());
    }
    return states;
}

PushState Pusher::state(const QString& account) const {
    for (const AccountPush* push : d->accounts) {
        if (push->account().name == account) {
            return push->state();
        }
    }
    PushState unknown;
    unknown.account = account;
    return unknown;
}

void Pusher::test(const Account& account, std::optional<QByteArray> secret, QObject* context,
                  std::function<void(PushVerdict)> done) {
    const auto dialect = d->means.dialectFor(account.target.kind);
    const bool isTheProviders = dialect && dialect->capabilities(account).needsAccountKey;
    new TargetTest({d->lineMeans(paceOfTarget(account, isTheProviders, d->http, d->store)), d->keys, dialect,
                    d->means.attemptDeadline},
                   account, std::move(secret), context, std::move(done), this);
}

}  // namespace earmark
