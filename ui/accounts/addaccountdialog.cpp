#include "ui/accounts/addaccountdialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTimeZone>
#include <QVBoxLayout>

#include "models/domain/account.h"
#include "models/net/keysource.h"
#include "models/providers/readdialect.h"
#include "models/sync/accountbook.h"
#include "ui/accounts/accountform.h"
#include "ui/accounts/accounttest.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

class AddAccountDialog::Private {
 public:
    Private(AddAccountDialog* owner, const DeskServices& given) : q(owner), services(given), test(given.http) {}

    void build();
    void fillProviders();
    void connectAll();
    [[nodiscard]] QStringList usedNames() const;
    [[nodiscard]] Provider chosenProvider() const;
    [[nodiscard]] std::optional<Account> account() const;  ///< nullopt while something is wrong
    void judge();
    void providerChosen();
    void runTest();
    void save();
    void keepKey(const Account& account, const QByteArray& key);
    void finish(const QString& leftToSay);
    void setBusy(bool busy);

    AddAccountDialog* q;
    DeskServices services;
    AccountTest test;
    bool nameTyped = false;
    bool saving = false;
    bool isAdded = false;
    QComboBox* provider = nullptr;
    QLineEdit* name = nullptr;
    IconLine* nameSays = nullptr;
    QLineEdit* address = nullptr;
    IconLine* addressSays = nullptr;
    QLineEdit* key = nullptr;
    IconLine* keySays = nullptr;
    QComboBox* zone = nullptr;
    IconLine* zoneSays = nullptr;
    IconLine* outcome = nullptr;
    QPushButton* testButton = nullptr;
    QPushButton* saveButton = nullptr;
    QPushButton* closeButton = nullptr;
};

AddAccountDialog::AddAccountDialog(const DeskServices& services, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, services)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Add account"));
    d->build();
    d->connectAll();
    d->providerChosen();
    d->judge();
}

AddAccountDialog::~AddAccountDialog() = default;

void AddAccountDialog::suggestName(const QString& name) {
    d->nameTyped = true;
    d->name->setText(name);
}

void AddAccountDialog::reject() {
    if (d->isAdded) {
        accept();
    } else {
        QDialog::reject();
    }
}

void AddAccountDialog::Private::build() {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(2 * gap);
    auto* intro = new ToneLabel(Tone::Quiet);
    intro->setText(AddAccountDialog::tr("Earmark reads this account's calls. It never changes anything there."));
    column->addWidget(intro);

    const auto row = [column, gap](const QString& title, QWidget* input, IconLine** says) {
        auto* lines = new QVBoxLayout;
        lines->setSpacing(gap / 2);
        auto* label = new PlainLabel(title);
        label->setBuddy(input);
        input->setAccessibleName(title);
        lines->addWidget(label);
        lines->addWidget(input);
        if (says != nullptr) {
            *says = new IconLine;
            lines->addWidget(*says);
        }
        column->addLayout(lines);
    };
    provider = new QComboBox;
    fillProviders();
    row(AddAccountDialog::tr("Provider"), provider, nullptr);
    name = new QLineEdit;
    row(AddAccountDialog::tr("Name"), name, &nameSays);
    address = new QLineEdit;
    row(AddAccountDialog::tr("Address"), address, &addressSays);
    key = new QLineEdit;
    key->setEchoMode(QLineEdit::Password);
    key->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhHiddenText | Qt::ImhNoPredictiveText |
                             Qt::ImhNoAutoUppercase);
    row(AddAccountDialog::tr("API key"), key, &keySays);
    zone = new QComboBox;
    zone->setEditable(true);
    zone->setInsertPolicy(QComboBox::NoInsert);
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds()) {
        zone->addItem(QString::fromLatin1(id));
    }
    zone->setEditText(u"UTC"_s);
    zone->setMinimumContentsLength(20);
    zone->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    row(AddAccountDialog::tr("Time zone of times that come without one"), zone, &zoneSays);
    outcome = new IconLine;
    column->addWidget(outcome);
    column->addStretch();
    auto* buttons = new QDialogButtonBox;
    testButton = buttons->addButton(AddAccountDialog::tr("Test"), QDialogButtonBox::ActionRole);
    saveButton = buttons->addButton(AddAccountDialog::tr("Save"), QDialogButtonBox::AcceptRole);
    closeButton = buttons->addButton(QDialogButtonBox::Cancel);
    saveButton->setDefault(true);
    // Enter means Save, also when a finished test has moved the focus; never Cancel, which would drop what was typed.
    testButton->setAutoDefault(false);
    closeButton->setAutoDefault(false);
    column->addWidget(buttons);
    q->setMinimumWidth(460);
    key->setFocus();  // the rest is filled in already
}

void AddAccountDialog::Private::fillProviders() {
    for (const Provider each : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        const bool readable = readDialectFor(each) != nullptr;
        provider->addItem(
            readable ? providerName(each) : AddAccountDialog::tr("%1 (not available yet)").arg(providerName(each)),
            int(each));
        if (auto* items = qobject_cast<QStandardItemModel*>(provider->model()); items != nullptr && !readable) {
            items->item(provider->count() - 1)->setEnabled(false);
        }
    }
}

void AddAccountDialog::Private::connectAll() {
    connect(provider, &QComboBox::currentIndexChanged, q, [this] { providerChosen(); });
    connect(name, &QLineEdit::textEdited, q, [this] { nameTyped = true; });
    for (QLineEdit* input : {name, address, key}) {
        connect(input, &QLineEdit::textChanged, q, [this] { judge(); });
    }
    connect(zone, &QComboBox::editTextChanged, q, [this] { judge(); });
    connect(testButton, &QPushButton::clicked, q, [this] { runTest(); });
    connect(saveButton, &QPushButton::clicked, q, [this] { save(); });
    connect(closeButton, &QPushButton::clicked, q, &QDialog::reject);
    connect(&test, &AccountTest::finished, q, [this](bool works, const QString& text) {
        outcome->show(works ? u"saved"_s : u"warning"_s, works ? Tone::Good : Tone::Bad, text);
        judge();  // grows, too
    });
}

QStringList AddAccountDialog::Private::usedNames() const {
    QStringList names;
    for (const Account& account : services.accounts->accounts()) {
        names << account.name;
    }
    return names;
}

Provider AddAccountDialog::Private::chosenProvider() const {
    return Provider(provider->currentData().toInt());
}

void AddAccountDialog::Private::providerChosen() {
    if (!nameTyped) {
        name->setText(suggestedName(chosenProvider(), usedNames()));
    }
    address->setText(defaultBaseUrl(chosenProvider()).toString());
}

std::optional<Account> AddAccountDialog::Private::account() const {
    const Result<QUrl> url = checkedBaseUrl(address->text());
    const QString zoneName = zone->currentText().trimmed();
    if (!nameProblem(name->text().trimmed(), usedNames()).isEmpty() || !url ||
        !QTimeZone::isTimeZoneIdAvailable(zoneName.toLatin1())) {
        return std::nullopt;
    }
    Account made;
    made.name = name->text().trimmed();
    made.provider = chosenProvider();
    made.baseUrl = *url;
    made.assumedZone = zoneName;
    return made;
}

/// Says what is wrong while it is typed; an empty key is only asked for quietly.
void AddAccountDialog::Private::judge() {
    nameSays->show(u"warning"_s, Tone::Bad, nameProblem(name->text().trimmed(), usedNames()));
    const Result<QUrl> url = checkedBaseUrl(address->text());
    addressSays->show(u"warning"_s, Tone::Bad, url ? QString() : url.error().message);
    const Result<QByteArray> checked = checkedTypedKey(key->text());
    const bool badKey = !checked && !key->text().isEmpty();
    keySays->show(u"warning"_s, Tone::Bad, badKey ? checked.error().message : QString());
    const bool zoneKnown = QTimeZone::isTimeZoneIdAvailable(zone->currentText().trimmed().toLatin1());
    zoneSays->show(
        u"warning"_s, Tone::Bad,
        zoneKnown ? QString() : AddAccountDialog::tr("No such time zone. Choose one like Asia/Kolkata or UTC."));
    const bool ready = account().has_value() && checked.has_value() && !saving;
    saveButton->setEnabled(ready);
    testButton->setEnabled(ready && !test.isRunning());
    growToFit(q);
}

void AddAccountDialog::Private::runTest() {
    const std::optional<Account> made = account();
    const Result<QByteArray> checked = checkedTypedKey(key->text());
    if (!made || !checked) {
        return;
    }
    outcome->show(u"clock"_s, Tone::Quiet,
                  AddAccountDialog::tr("Asking %1 for its campaigns.").arg(made->baseUrl.host()));
    test.start(*made, *checked);
    judge();
}

void AddAccountDialog::Private::save() {
    const std::optional<Account> made = account();
    const Result<QByteArray> checked = checkedTypedKey(key->text());
    if (!made || !checked || saving) {
        return;
    }
    test.cancel();
    setBusy(true);
    outcome->show(u"clock"_s, Tone::Quiet, AddAccountDialog::tr("Saving"));
    services.accounts->add(*made, q, [this, account = *made, secret = *checked](const Done& added) {
        if (!added) {
            setBusy(false);
            outcome->show(u"warning"_s, Tone::Bad,
                          AddAccountDialog::tr("The account was not saved. %1").arg(errorText(added.error())));
            growToFit(q);
            return;
        }
        isAdded = true;
        keepKey(account, secret);
    });
}

void AddAccountDialog::Private::keepKey(const Account& account, const QByteArray& secret) {
    services.keys->keep(account.name, secret, q, [this, account](const Done& kept) {
        QString leftToSay;
        if (!kept) {
            // The key source knows what it could not do and which variable helps.
            const QString why = kept.error().message.isEmpty() ? errorText(kept.error()) : kept.error().message;
            leftToSay = AddAccountDialog::tr("The account is saved and can be used now. %1").arg(why);
        }
        Q_EMIT q->accountAdded(account.name);
        finish(leftToSay);
    });
}

void AddAccountDialog::Private::finish(const QString& leftToSay) {
    key->clear();
    if (leftToSay.isEmpty()) {
        q->accept();
        return;
    }
    outcome->show(u"key"_s, Tone::Warning, leftToSay);
    for (QWidget* input : {static_cast<QWidget*>(provider), static_cast<QWidget*>(name), static_cast<QWidget*>(address),
                           static_cast<QWidget*>(key), static_cast<QWidget*>(zone)}) {
        input->setEnabled(false);
    }
    nameSays->clear();  // the name is in use now: by this account
    saveButton->hide();
    testButton->hide();
    closeButton->setText(AddAccountDialog::tr("Close"));
    closeButton->setDefault(true);
    closeButton->setFocus();
    growToFit(q);
}

void AddAccountDialog::Private::setBusy(bool busy) {
    saving = busy;
    for (QWidget* input : {static_cast<QWidget*>(provider), static_cast<QWidget*>(name), static_cast<QWidget*>(address),
                           static_cast<QWidget*>(key), static_cast<QWidget*>(zone)}) {
        input->setEnabled(!busy);
    }
    judge();
}

}  // namespace earmark
