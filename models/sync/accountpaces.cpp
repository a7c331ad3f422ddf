#include "models/sync/accountpaces.h"

#include <QPointer>
#include <algorithm>

#include "models/net/urlguard.h"

namespace earmark {

namespace {

QString nameOf(const QString& who, const QUrl& address) {
    return who + u' ' + address.scheme() + u"://" + shownHost(address);
}

std::shared_ptr<Pace> withWishes(std::shared_ptr<Pace> pace, const QString& name, Store* store,
                                 const std::shared_ptr<const Clock>& clock) {
    if (!pace->keepWish) {
        pace->limiter.pauseFor(wishLeft(store->serverWish(name), clock->now()), RateLimiter::AskedBy::Server);
        pace->keepWish = [name, clock, store = QPointer<Store>(store)](std::chrono::milliseconds wish) {
            if (store) {
                store->saveServerWish(name, clock->now() + wish, store, {});
            }
        };
    }
    return pace;
}

}  // namespace

QString wishName(const Account& account) {
    return nameOf(account.name, account.baseUrl);
}

std::chrono::milliseconds wishLeft(std::optional<Moment> until, Moment now) {
    using std::chrono::milliseconds;
    return until ? std::clamp<milliseconds>(*until - now, milliseconds(0), std::chrono::hours(1)) : milliseconds(0);
}

std::shared_ptr<Pace> paceOf(const Account& account, HttpClient* http, Store* store) {
    return withWishes(http->pace(account.name, account.baseUrl, requestsPerMinute(account)), wishName(account), store,
                      http->clock());
}

std::shared_ptr<Pace> paceOfTarget(const Account& account, bool isTheProviders, HttpClient* http, Store* store) {
    if (isTheProviders) {
        return paceOf(account, http, store);
    }
    if (account.target.url.isEmpty()) {
        return std::make_shared<Pace>(http->clock(), 0, std::make_shared<OutageBrake>(http->clock(), RetryPolicy()));
    }
    const QString who = targetSecretName(account.name);  // no account has such a name
    return withWishes(http->pace(who, account.target.url, 0), nameOf(who, account.target.url), store, http->clock());
}

std::shared_ptr<Pace> paceOfStorage(const QUrl& link, HttpClient* http, Store* store) {
    return withWishes(http->pace({}, link, 0), nameOf({}, link), store, http->clock());
}

}  // namespace earmark
