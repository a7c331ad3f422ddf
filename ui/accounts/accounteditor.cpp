#include "ui/accounts/accounteditor.h"

#include <QPointer>
#include <QVBoxLayout>

#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/accountcheck.h"
#include "models/sync/accountnames.h"
#include "models/sync/pusher.h"
#include "ui/accounts/connectionsection.h"
#include "ui/accounts/readingsection.h"
#include "ui/accounts/scopesection.h"
#include "ui/accounts/targetsection.h"
#include "ui/accounts/waitingquestion.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

class AccountEditor::Private {
 public:
    Private(AccountEditor* owner, const DeskServices& given)
        : q(owner),
          services(given),
          check(given.http, given.clock, given.store),
          names(given.http, given.clock, given.store) {}

    void build();
    void connectAll();
    void judge();
    void edited();
    void withKey(const std::function<void(const Result<QByteArray>&)>& use);
    void runTest();
    void fetch(NameLookup::What what);
    void haveNames(const std::vector<NamedEntry>& entries, const std::optional<Error>& error);
    void offerKnown(const QString& account);
    void tellKey(const QString& account);
    void tellSecret(const QString& account);
    void offerCodes();
    void runTargetTest();
    void keepSecret(const Account& account, std::optional<WhatWaits> what);
    void storeAccount(const Account& account, std::optional<WhatWaits> what, const QString& leftToSay);
    void keepKey(const Account& account, const QByteArray& key, bool wasNew, const QString& leftToSay);
    void tellSaved(const Account& account, bool wasNew, const QString& leftToSay);
    void setBusy(bool busy);
    [[nodiscard]] Account account() const;
    [[nodiscard]] ChosenNames* list(NameLookup::What what) const {
        return what == NameLookup::What::Campaigns ? scope->campaigns() : scope->agents();
    }

    AccountEditor* const q;
    const DeskServices services;
    AccountCheck check;
    AccountNames names;
    NameLookup::What fetching = NameLookup::What::Campaigns;
    Account checked;  ///< what the running test is about
    bool checksStored = false;
    quint64 question = 0;           ///< a test of what stood there before an edit is history
    std::optional<Account> stored;  ///< nullopt: a new one
    Account shown;                  ///< `stored` as the form tells it: a limit may be narrower by now
    bool isSound = false;
    bool isBusy = false;
    bool isShowing = false;        ///< fields are being filled: nobody typed
    std::optional<Account> asked;  ///< what save() stores once it is said what becomes of edits that wait
    ConnectionSection* connection = nullptr;
    ScopeSection* scope = nullptr;
    ReadingSection* reading = nullptr;
    TargetSection* target = nullptr;
};

AccountEditor::AccountEditor(const DeskServices& services, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, services)) {
    d->build();
    d->connectAll();
}

AccountEditor::~AccountEditor() = default;

void AccountEditor::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3 * theme::space());
    connection = new ConnectionSection;
    scope = new ScopeSection;
    reading = new ReadingSection;
    target = new TargetSection;
    column->addWidget(connection);
    column->addWidget(scope);
    column->addWidget(reading);
    column->addWidget(target);
    column->addStretch();
}

void AccountEditor::Private::connectAll() {
    connect(connection, &ConnectionSection::changed, q, [this] { edited(); });
    connect(scope, &ScopeSection::changed, q, [this] { edited(); });
    connect(reading, &ReadingSection::changed, q, [this] { edited(); });
    connect(target, &TargetSection::changed, q, [this] { edited(); });
    connect(target, &TargetSection::testWanted, q, [this] { runTargetTest(); });
    connect(connection, &ConnectionSection::providerChosen, q, [this](Provider provider) {
        reading->setProvider(provider);
        scope->show(provider, {});
        target->show(provider, {});
    });
    connect(connection, &ConnectionSection::testWanted, q, [this] { runTest(); });
    connect(scope->campaigns(), &ChosenNames::fetchWanted, q, [this] { fetch(NameLookup::What::Campaigns); });
    connect(scope->agents(), &ChosenNames::fetchWanted, q, [this] { fetch(NameLookup::What::Agents); });
    connect(&check, &AccountCheck::finished, q, [this](const AccountFindings& findings) {
        const QString sentence = findingsText(checked, findings);
        connection->setOutcome(!findings.error, true, sentence);
        if (checksStored) {
            Q_EMIT q->tested(checked.name, !findings.error, sentence);
        }
        judge();
    });
    connect(&names, &AccountNames::waiting, q, [this](const QString& sentence) {
        if (!sentence.isEmpty()) {
            list(fetching)->say(u"clock"_s, sentence + u'.');
        }
    });
    connect(&names, &AccountNames::finished, q,
            [this](const auto& entries, const auto& error) { haveNames(entries, error); });
}

void AccountEditor::beginNew(const QString& name) {
    d->check.cancel();
    d->names.cancel();
    declineWaiting();
    d->stored.reset();
    d->isShowing = true;
    QStringList used;
    for (const Account& account : d->services.accounts->accounts()) {
        used << account.name;
    }
    Account usual;
    d->reading->show(usual);
    d->connection->beginNew(used, name);
    d->isShowing = false;
    d->offerCodes();
    d->judge();
}

void AccountEditor::show(const Account& account) {
    d->check.cancel();
    d->names.cancel();
    declineWaiting();
    d->stored = account;
    d->isShowing = true;
    d->connection->show(account);
    d->scope->show(account.provider, account.scope);
    d->reading->show(account);
    d->target->show(account.provider, account.target);
    d->shown = d->account();
    d->isShowing = false;
    d->offerKnown(account.name);
    d->offerCodes();
    d->tellKey(account.name);
    d->tellSecret(account.name);
    d->judge();
}

bool AccountEditor::isNew() const {
    return !d->stored.has_value();
}

QString AccountEditor::name() const {
    return d->stored ? d->stored->name : QString();
}

bool AccountEditor::isChanged() const {
    return d->connection->hasKey() || d->target->hasSecret() || (d->stored && d->account() != d->shown);
}

bool AccountEditor::maySave() const {
    return d->isSound && !d->isBusy && isChanged();
}

void AccountEditor::focusKey() {
    d->connection->focusKey();
}

Account AccountEditor::Private::account() const {
    Account made = stored.value_or(Account());
    connection->apply(made);
    made.scope = scope->scope();
    reading->apply(made);
    target->apply(made);
    return made;
}

/// What a test found belongs to what was tested, not to what is typed now.
void AccountEditor::Private::edited() {
    if (isShowing) {
        return;
    }
    ++question;
    check.cancel();
    connection->setOutcome(true, true, {});
    target->setOutcome(true, true, {});
    judge();
}

/// Says what is wrong while it is typed.
void AccountEditor::Private::judge() {
    if (isShowing) {
        return;
    }
    const bool connected = connection->judge();
    const bool scoped = scope->judge();
    const bool read = reading->judge();
    const bool aimed = target->judge(account());
    isSound = connected && scoped && read && aimed;
    const bool hasKey = stored || connection->hasKey();
    connection->setMayTest(connected && hasKey && !isBusy && !check.isRunning());
    target->setMayTest(connected && aimed && !isBusy && services.pusher != nullptr);
    Q_EMIT q->judged();
}

// --- the key

/// What is typed comes before what is kept.
void AccountEditor::Private::withKey(const std::function<void(const Result<QByteArray>&)>& use) {
    if (connection->hasKey() || !stored) {
        use(connection->typedKey());
    } else {
        services.keys->key(stored->name, q, use);
    }
}

void AccountEditor::Private::tellKey(const QString& name) {
    connection->setKeyState({}, {});
    services.keys->key(name, q, [this, name](const Result<QByteArray>& key) {
        if (stored && stored->name == name) {
            connection->setKeyState(key ? u"key"_s : u"warning"_s,
                                    key ? AccountEditor::tr("A key is known for this account.")
                                        : AccountEditor::tr("No key is known: enter it here."));
        }
    });
}

/// "" where it could be kept; else what the key source could not do and which variable helps.
static QString notKept(const Done& kept) {
    if (kept) {
        return {};
    }
    const QString why = kept.error().message.isEmpty() ? errorText(kept.error()) : kept.error().message;
    return AccountEditor::tr("The account is saved and can be used now. %1").arg(why);
}

void AccountEditor::Private::keepKey(const Account& saved, const QByteArray& key, bool wasNew,
                                     const QString& leftToSay) {
    services.keys->keep(saved.name, key, q, [this, saved, wasNew, leftToSay](const Done& kept) {
        const QString why = notKept(kept);
        tellSaved(saved, wasNew, why.isEmpty() ? leftToSay : why);
    });
}

void AccountEditor::Private::tellSaved(const Account& saved, bool wasNew, const QString& leftToSay) {
    const bool newSecret = target->hasSecret() || connection->hasKey();
    // First: once the key is cleared nothing seems to be left to save, and what waits for that would be dropped.
    Q_EMIT q->saved(saved.name, wasNew, leftToSay);
    connection->clearKey();
    target->clearSecret();
    setBusy(false);
    if (newSecret && services.pusher != nullptr) {
        services.pusher->noteSecretGiven(saved.name);
    }
}

// --- the target

void AccountEditor::Private::tellSecret(const QString& name) {
    services.keys->key(targetSecretName(name), q, [this, name](const Result<QByteArray>& secret) {
        if (!stored || stored->name != name) {
            return;
        }
        if (secret) {
            target->setSecretState(u"key"_s, AccountEditor::tr("A secret is known for this webhook; it is never "
                                                               "shown."));
            return;
        }
        const QString why = secret.error().message;
        target->setSecretState(u"info"_s, why.isEmpty() ? AccountEditor::tr("No secret is known yet. Enter it here; it "
                                                                            "is kept in the keyring.")
                                                        : why);
    });
}

void AccountEditor::Private::offerCodes() {
    services.store->loadDispositionCodes(q, [this](const Result<std::vector<DispositionCount>>& codes) {
        QStringList offered;
        for (const DispositionCount& each : codes.value_or(std::vector<DispositionCount>())) {
            offered << each.code;
        }
        target->offerCodes(offered);
    });
}

void AccountEditor::Private::runTargetTest() {
    std::optional<QByteArray> secret;
    if (target->hasSecret()) {
        secret = target->typedSecret().value_or(QByteArray());
    }
    target->setMayTest(false);
    target->setOutcome(true, false, AccountEditor::tr("Asking the target."));
    services.pusher->test(account(), secret, q, [this, mine = ++question](const PushVerdict& verdict) {
        if (mine != question) {
            return;
        }
        const bool isGood = verdict.end == PushEnd::Accepted;
        const QString place = verdict.place.isEmpty() ? AccountEditor::tr("The target answers.") : verdict.place;
        target->setOutcome(isGood, true, isGood ? place : verdict.reason);
        judge();
    });
}

// --- asking the provider

void AccountEditor::Private::runTest() {
    checked = account();
    checksStored = stored && !connection->hasKey() && checked == shown;
    connection->setOutcome(true, false, AccountEditor::tr("Asking %1 whose key this is.").arg(checked.baseUrl.host()));
    withKey([this, mine = ++question](const Result<QByteArray>& key) {
        if (mine != question) {
            return;
        }
        if (key) {
            check.start(checked, *key);
        } else {
            connection->setOutcome(false, true, errorText(key.error()));
        }
        judge();
    });
}

void AccountEditor::Private::fetch(NameLookup::What what) {
    if (isShowing) {
        return;
    }
    fetching = what;
    list(what)->say(u"clock"_s, AccountEditor::tr("Asking the provider for the names."));
    withKey([this, what](const Result<QByteArray>& key) {
        if (key) {
            names.start(what, account(), *key);
        } else {
            list(what)->say(u"warning"_s, errorText(key.error()));
        }
    });
}

void AccountEditor::Private::haveNames(const std::vector<NamedEntry>& entries, const std::optional<Error>& error) {
    std::vector<ChosenNames::Entry> offered;
    offered.reserve(entries.size());
    for (const NamedEntry& entry : entries) {
        offered.push_back({entry.id, entry.name});
    }
    ChosenNames* const choice = list(fetching);
    if (!offered.empty()) {
        choice->offer(offered);
    }
    if (error) {
        choice->say(u"warning"_s, errorText(*error));
    } else {
        choice->say({}, offered.empty() ? AccountEditor::tr("The provider names none.") : QString());
    }
}

/// Campaigns that an earlier pull brought can be chosen without asking.
void AccountEditor::Private::offerKnown(const QString& name) {
    services.store->loadCampaigns(name, q, [this, name](const Result<std::vector<Campaign>>& campaigns) {
        if (!campaigns || campaigns->empty() || !stored || stored->name != name) {
            return;
        }
        std::vector<ChosenNames::Entry> offered;
        for (const Campaign& campaign : *campaigns) {
            offered.push_back({campaign.id, campaign.name});
        }
        scope->campaigns()->offer(offered);
    });
}

// --- saving

void AccountEditor::Private::setBusy(bool busy) {
    isBusy = busy;
    for (QWidget* section : {static_cast<QWidget*>(connection), static_cast<QWidget*>(scope),
                             static_cast<QWidget*>(reading), static_cast<QWidget*>(target)}) {
        section->setEnabled(!busy);
    }
    judge();
}

void AccountEditor::save() {
    if (!maySave()) {
        return;
    }
    d->check.cancel();
    d->names.cancel();
    const Account account = d->account();
    d->setBusy(true);
    if (isNew() || account.target == d->stored->target) {
        d->keepSecret(account, std::nullopt);
        return;
    }
    d->services.store->countWaitingEdits(account.name, this, [this, account](const Result<WaitingEdits>& edits) {
        if (!edits) {
            d->setBusy(false);
            Q_EMIT notSaved(tr("The account was not saved. %1").arg(errorText(edits.error())));
        } else if (WaitingQuestion::isNeeded(*edits, d->stored->target, account.target)) {
            d->asked = account;
            Q_EMIT waitingAsked(*edits, d->stored->target, account.target);
        } else {
            d->keepSecret(account, WhatWaits::Keep);
        }
    });
}

void AccountEditor::answerWaiting(WhatWaits what) {
    if (const std::optional<Account> account = std::exchange(d->asked, std::nullopt)) {
        d->keepSecret(*account, what);
    }
}

void AccountEditor::declineWaiting() {
    if (std::exchange(d->asked, std::nullopt)) {
        d->setBusy(false);
    }
}

QWidget* AccountEditor::focusTarget() {
    return d->target->focusInput();
}

/// Before the account: a target that begins to send has its secret then.
void AccountEditor::Private::keepSecret(const Account& account, std::optional<WhatWaits> what) {
    if (!target->hasSecret()) {
        storeAccount(account, what, {});
        return;
    }
    services.keys->keep(targetSecretName(account.name), target->typedSecret().value_or(QByteArray()), q,
                        [this, account, what](const Done& kept) { storeAccount(account, what, notKept(kept)); });
}

/// `what`: the target is another one.
void AccountEditor::Private::storeAccount(const Account& account, std::optional<WhatWaits> what,
                                          const QString& leftToSay) {
    const std::optional<QByteArray> key =
        connection->hasKey() ? std::optional(connection->typedKey().value_or(QByteArray())) : std::nullopt;
    const bool wasNew = q->isNew();
    const auto told = [this, account, key, wasNew, leftToSay](const Done& done) {
        if (!done) {
            setBusy(false);
            Q_EMIT q->notSaved(AccountEditor::tr("The account was not saved. %1").arg(errorText(done.error())));
            return;
        }
        stored = account;
        shown = account;
        if (key) {
            keepKey(account, *key, wasNew, leftToSay);
        } else {
            tellSaved(account, wasNew, leftToSay);
        }
    };
    if (wasNew) {
        services.accounts->add(account, q, told);
    } else if (what) {
        services.accounts->changeTarget(account, *what, q, told);
    } else {
        services.accounts->update(account, q, told);
    }
}

}  // namespace earmark
