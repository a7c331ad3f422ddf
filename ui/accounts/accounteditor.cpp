#include "ui/accounts/accounteditor.h"

#include <QPointer>
#include <QVBoxLayout>

#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/accountcheck.h"
#include "models/sync/accountnames.h"
#include "ui/accounts/connectionsection.h"
#include "ui/accounts/readingsection.h"
#include "ui/accounts/scopesection.h"
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
    void keepKey(const Account& account, const QByteArray& key, bool wasNew);
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
    bool isShowing = false;  ///< fields are being filled: nobody typed
    ConnectionSection* connection = nullptr;
    ScopeSection* scope = nullptr;
    ReadingSection* reading = nullptr;
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
    column->addWidget(connection);
    column->addWidget(scope);
    column->addWidget(reading);
    column->addStretch();
}

void AccountEditor::Private::connectAll() {
    connect(connection, &ConnectionSection::changed, q, [this] { edited(); });
    connect(scope, &ScopeSection::changed, q, [this] { edited(); });
    connect(reading, &ReadingSection::changed, q, [this] { edited(); });
    connect(connection, &ConnectionSection::providerChosen, q, [this](Provider provider) {
        reading->setProvider(provider);
        scope->show(provider, {});
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
    d->judge();
}

void AccountEditor::show(const Account& account) {
    d->check.cancel();
    d->names.cancel();
    d->stored = account;
    d->isShowing = true;
    d->connection->show(account);
    d->scope->show(account.provider, account.scope);
    d->reading->show(account);
    d->shown = d->account();
    d->isShowing = false;
    d->offerKnown(account.name);
    d->tellKey(account.name);
    d->judge();
}

bool AccountEditor::isNew() const {
    return !d->stored.has_value();
}

QString AccountEditor::name() const {
    return d->stored ? d->stored->name : QString();
}

bool AccountEditor::isChanged() const {
    return d->connection->hasKey() || (d->stored && d->account() != d->shown);
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
    isSound = connected && scoped && read;
    const bool hasKey = stored || connection->hasKey();
    connection->setMayTest(connected && hasKey && !isBusy && !check.isRunning());
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

void AccountEditor::Private::keepKey(const Account& saved, const QByteArray& key, bool wasNew) {
    services.keys->keep(saved.name, key, q, [this, saved, wasNew](const Done& kept) {
        QString leftToSay;
        if (!kept) {
            // The key source knows what it could not do and which variable helps.
            const QString why = kept.error().message.isEmpty() ? errorText(kept.error()) : kept.error().message;
            leftToSay = AccountEditor::tr("The account is saved and can be used now. %1").arg(why);
        }
        // First: once the key is cleared nothing seems to be left to save, and what waits for that would be dropped.
        Q_EMIT q->saved(saved.name, wasNew, leftToSay);
        connection->clearKey();
        setBusy(false);
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
    for (QWidget* section :
         {static_cast<QWidget*>(connection), static_cast<QWidget*>(scope), static_cast<QWidget*>(reading)}) {
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
    const std::optional<QByteArray> key =
        d->connection->hasKey() ? std::optional(d->connection->typedKey().value_or(QByteArray())) : std::nullopt;
    const bool wasNew = isNew();
    d->setBusy(true);
    const auto stored = [this, account, key, wasNew](const Done& done) {
        if (!done) {
            d->setBusy(false);
            Q_EMIT notSaved(tr("The account was not saved. %1").arg(errorText(done.error())));
            return;
        }
        d->stored = account;
        d->shown = account;
        if (key) {
            d->keepKey(account, *key, wasNew);
        } else {
            Q_EMIT saved(account.name, wasNew, {});
            d->setBusy(false);
        }
    };
    wasNew ? d->services.accounts->add(account, this, stored) : d->services.accounts->update(account, this, stored);
}

}  // namespace earmark
