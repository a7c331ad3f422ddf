#include "models/sync/accountbook.h"

#include <QPointer>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/targets/writedialect.h"

namespace earmark {

class AccountBook::Private {
 public:
    Store* store = nullptr;
    std::vector<Account> accounts;
    bool isLoaded = false;

    using Taker = std::function<void(Done)>;
    [[nodiscard]] Done lawful(const Account& account);
    /// Takes the stored account over and tells, then hands the answer on.
    [[nodiscard]] Taker taker(AccountBook* q, const Account& account, QObject* context, const Taker& done);
    [[nodiscard]] std::vector<Account>::iterator at(const QString& name) {
        return std::find_if(accounts.begin(), accounts.end(), [&name](const Account& one) { return one.name == name; });
    }
};

AccountBook::AccountBook(Store* store, QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    d->store = store;
}

AccountBook::~AccountBook() = default;

void AccountBook::load(QObject* context, std::function<void(Done)> done) {
    d->store->loadAccounts(this,
                           [this, guard = QPointer<QObject>(context), done](Result<std::vector<Account>> accounts) {
                               const Done result = accounts ? Done() : failure(accounts.error());
                               if (accounts) {
                                   d->accounts = std::move(*accounts);
                                   d->isLoaded = true;
                                   Q_EMIT changed();
                               }
                               if (guard) {
                                   done(result);
                               }
                           });
}

bool AccountBook::isLoaded() const {
    return d->isLoaded;
}

const std::vector<Account>& AccountBook::accounts() const {
    return d->accounts;
}

const Account* AccountBook::find(const QString& name) const {
    const auto found = d->at(name);
    return found == d->accounts.end() ? nullptr : &*found;
}

void AccountBook::add(const Account& account, QObject* context, std::function<void(Done)> done) {
    const auto refuse = [context, done](const QString& message) {
        QMetaObject::invokeMethod(
            context, [done, message] { done(failure(ErrorKind::InvalidInput, message)); }, Qt::QueuedConnection);
    };
    if (!isAccountName(account.name)) {
        refuse(
            tr("The account's name must begin with a lower-case letter or a digit and hold only those and hyphens, "
               "at most 31 of them."));
        return;
    }
    if (find(account.name) != nullptr) {
        refuse(tr("There is an account named %1 already.").arg(account.name));
        return;
    }
    if (const Result<QUrl> url = checkedBaseUrl(account.baseUrl.toString(QUrl::FullyEncoded)); !url) {
        refuse(url.error().message);
        return;
    }
    if (const Done usable = checkTarget(account, account.target); !usable) {
        QMetaObject::invokeMethod(
            context, [done, usable] { done(usable); }, Qt::QueuedConnection);
        return;
    }
    d->store->saveAccount(account, this, [this, account, guard = QPointer<QObject>(context), done](const Done& saved) {
        if (saved && find(account.name) == nullptr) {
            d->accounts.push_back(account);
            Q_EMIT changed();
        }
        if (guard) {
            done(saved);
        }
    });
}

/// Whether the account of this name may be as this one says.
Done AccountBook::Private::lawful(const Account& account) {
    const auto known = at(account.name);
    if (known == accounts.end()) {
        return failure(ErrorKind::NotFoundHere,
                       AccountBook::tr("There is no account named %1.").arg(isolated(account.name)));
    }
    if (known->provider != account.provider) {
        return failure(ErrorKind::InvalidInput,
                       AccountBook::tr("An account stays with its provider; add another account instead."));
    }
    if (const Result<QUrl> url = checkedBaseUrl(account.baseUrl.toString(QUrl::FullyEncoded)); !url) {
        return failure(ErrorKind::InvalidInput, url.error().message);
    }
    return checkTarget(account, account.target);
}

AccountBook::Private::Taker AccountBook::Private::taker(AccountBook* q, const Account& account, QObject* context,
                                                        const Taker& done) {
    return [this, q, account, guard = QPointer<QObject>(context), done](const Done& saved) {
        if (const auto found = at(account.name); saved && found != accounts.end()) {
            *found = account;
            Q_EMIT q->changed();
        }
        if (guard) {
            done(saved);
        }
    };
}

void AccountBook::update(const Account& account, QObject* context, std::function<void(Done)> done) {
    if (const Done lawful = d->lawful(account); !lawful) {
        QMetaObject::invokeMethod(
            context, [done, lawful] { done(lawful); }, Qt::QueuedConnection);
        return;
    }
    d->store->saveAccount(account, this, d->taker(this, account, context, done));
}

void AccountBook::changeTarget(const Account& account, WhatWaits what, QObject* context,
                               std::function<void(Done)> done) {
    if (const Done lawful = d->lawful(account); !lawful) {
        QMetaObject::invokeMethod(
            context, [done, lawful] { done(lawful); }, Qt::QueuedConnection);
        return;
    }
    d->store->changeTarget(account, what, this, d->taker(this, account, context, done));
}

void AccountBook::remove(const QString& name, Edits edits, QObject* context, std::function<void(Done)> done) {
    if (find(name) == nullptr) {
        const QString message = tr("There is no account named %1.").arg(isolated(name));
        QMetaObject::invokeMethod(
            context, [done, message] { done(failure(ErrorKind::NotFoundHere, message)); }, Qt::QueuedConnection);
        return;
    }
    const auto removed = [this, name, guard = QPointer<QObject>(context), done](const Done& gone) {
        if (const auto found = d->at(name); gone && found != d->accounts.end()) {
            d->accounts.erase(found);
            Q_EMIT changed();
        }
        if (guard) {
            done(gone);
        }
    };
    if (edits == Edits::Go) {
        d->store->removeAccountWithReviews(name, this, removed);
    } else {
        d->store->removeAccount(name, this, removed);
    }
}

}  // namespace earmark
