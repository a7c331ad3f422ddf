#include "ui/accounts/accountsdialog.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/puller.h"
#include "ui/accounts/accounteditor.h"
#include "ui/accounts/accountstates.h"
#include "ui/accounts/removequestion.h"
#include "ui/accounts/waitingquestion.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

class AccountsDialog::Private {
 public:
    Private(AccountsDialog* owner, const DeskServices& given) : q(owner), services(given) {}

    void build();
    [[nodiscard]] QWidget* buildList();
    [[nodiscard]] QWidget* buildForm();
    [[nodiscard]] QWidget* buildUnsaved();
    void connectAll();
    void fillList();
    void choose(int row);
    void show(const QString& name);
    void showButtons();
    void leave(const std::function<void()>& next);
    void goOn();
    void savedAs(const QString& name, const QString& leftToSay);
    void toggleEnabled();
    void askAboutRemoval();
    void askAboutWaiting(const WaitingEdits& edits, const TargetSettings& before, const TargetSettings& next);
    void declineWaiting();
    void remove(bool editsGo);
    void removed(const QString& name);
    [[nodiscard]] const Account* current() const { return services.accounts->find(editor->name()); }

    AccountsDialog* const q;
    const DeskServices services;
    std::function<void()> then;  ///< what somebody wanted to do when something was not saved yet
    bool isAdding = false;
    QString newName;  ///< of calls that are here already
    AccountStates* states = nullptr;
    QListWidget* list = nullptr;
    QPushButton* addButton = nullptr;
    QStackedWidget* pages = nullptr;
    QScrollArea* scroll = nullptr;
    AccountEditor* editor = nullptr;
    RemoveQuestion* removal = nullptr;
    WaitingQuestion* waiting = nullptr;
    QWidget* unsaved = nullptr;
    QPushButton* keepTyping = nullptr;
    QPushButton* discard = nullptr;
    QPushButton* saveFirst = nullptr;
    IconLine* says = nullptr;
    QPushButton* enableButton = nullptr;
    QPushButton* removeButton = nullptr;
    QPushButton* saveButton = nullptr;
    QPushButton* closeButton = nullptr;
};

AccountsDialog::AccountsDialog(const DeskServices& services, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, services)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Accounts"));
    d->build();
    d->connectAll();
    d->fillList();
    const auto& accounts = services.accounts->accounts();
    accounts.empty() ? addAccount() : d->show(accounts.front().name);
    d->states->look();
    const int gap = theme::space();
    const QSize room = screen()->availableSize() * 9 / 10;  // twice as large on half the screen
    resize(QSize(104 * gap, 84 * gap).boundedTo(room));
}

AccountsDialog::~AccountsDialog() = default;

// --- parts

void AccountsDialog::Private::build() {
    const int gap = theme::space();
    states = new AccountStates(services, q);
    auto* row = new QHBoxLayout;
    row->setSpacing(2 * gap);
    row->addWidget(buildList());
    row->addWidget(buildForm(), 1);
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap);
    column->setSpacing(gap);
    column->addLayout(row, 1);
    column->addWidget(buildUnsaved());
    says = new IconLine;
    column->addWidget(says);
    auto* buttons = new QDialogButtonBox;
    enableButton = buttons->addButton(QString(), QDialogButtonBox::ResetRole);
    removeButton = buttons->addButton(AccountsDialog::tr("Remove…"), QDialogButtonBox::ResetRole);
    saveButton = buttons->addButton(AccountsDialog::tr("Save"), QDialogButtonBox::ApplyRole);
    closeButton = buttons->addButton(AccountsDialog::tr("Close"), QDialogButtonBox::RejectRole);
    for (QPushButton* button : {enableButton, removeButton, closeButton, addButton}) {
        button->setAutoDefault(false);  // Enter means Save and nothing else
    }
    saveButton->setDefault(true);
    column->addWidget(buttons);
}

QWidget* AccountsDialog::Private::buildList() {
    const int gap = theme::space();
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap);
    list = new QListWidget;
    list->setAccessibleName(AccountsDialog::tr("Accounts"));
    list->setTextElideMode(Qt::ElideRight);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setSpacing(gap / 4);
    addButton = new QPushButton(icon(u"plus"_s), AccountsDialog::tr("Add account"));
    column->addWidget(list, 1);
    column->addWidget(addButton);
    side->setFixedWidth(30 * gap);
    return side;
}

QWidget* AccountsDialog::Private::buildForm() {
    const int gap = theme::space();
    editor = new AccountEditor(services);
    removal = new RemoveQuestion;
    waiting = new WaitingQuestion;
    auto* inset = new QWidget;
    auto* column = new QVBoxLayout(inset);
    column->setContentsMargins(0, 0, 2 * gap, 0);
    auto* intro = new ToneLabel(Tone::Quiet);
    intro->setWordWrap(true);
    intro->setText(
        AccountsDialog::tr("Earmark reads an account's calls and never changes them there. Where your edits of "
                           "them go is chosen below."));
    column->addWidget(intro);
    column->addSpacing(gap);
    column->addWidget(editor);
    scroll = new QScrollArea;
    scroll->setWidget(inset);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    pages = new QStackedWidget;
    pages->addWidget(scroll);
    pages->addWidget(removal);
    pages->addWidget(waiting);
    return pages;
}

QWidget* AccountsDialog::Private::buildUnsaved() {
    const int gap = theme::space();
    unsaved = new QWidget;
    auto* row = new QHBoxLayout(unsaved);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(gap);
    auto* what = new IconLine;
    what->show(u"warning"_s, Tone::Warning, AccountsDialog::tr("What you typed is not saved."));
    saveFirst = new QPushButton(AccountsDialog::tr("Save it"));
    discard = new QPushButton(AccountsDialog::tr("Discard it"));
    keepTyping = new QPushButton(AccountsDialog::tr("Go on typing"));
    row->addWidget(what, 1);
    for (QPushButton* button : {saveFirst, discard, keepTyping}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    unsaved->hide();
    return unsaved;
}

void AccountsDialog::Private::connectAll() {
    connect(services.accounts, &AccountBook::changed, q, [this] {
        fillList();
        showButtons();
        states->look();
    });
    connect(states, &AccountStates::changed, q, [this] { fillList(); });
    connect(list, &QListWidget::currentRowChanged, q, [this](int row) { choose(row); });
    connect(addButton, &QPushButton::clicked, q, [this] { q->addAccount(); });
    connect(saveButton, &QPushButton::clicked, q, [this] { editor->save(); });
    connect(closeButton, &QPushButton::clicked, q, &AccountsDialog::reject);
    connect(enableButton, &QPushButton::clicked, q, [this] { leave([this] { toggleEnabled(); }); });
    connect(removeButton, &QPushButton::clicked, q, [this] { askAboutRemoval(); });
    connect(removal, &RemoveQuestion::declined, q, [this] {
        pages->setCurrentIndex(0);
        showButtons();
    });
    connect(removal, &RemoveQuestion::answered, q, [this](bool editsGo) { remove(editsGo); });
    connect(editor, &AccountEditor::waitingAsked, q,
            [this](const WaitingEdits& edits, const TargetSettings& before, const TargetSettings& next) {
                askAboutWaiting(edits, before, next);
            });
    connect(waiting, &WaitingQuestion::declined, q, [this] { declineWaiting(); });
    connect(waiting, &WaitingQuestion::answered, q, [this](WhatWaits what) {
        list->setFocus();
        pages->setCurrentIndex(0);
        editor->answerWaiting(what);
        showButtons();
    });
    connect(editor, &AccountEditor::judged, q, [this] { showButtons(); });
    connect(editor, &AccountEditor::saved, q,
            [this](const QString& name, bool, const QString& leftToSay) { savedAs(name, leftToSay); });
    connect(editor, &AccountEditor::notSaved, q,
            [this](const QString& sentence) { says->show(u"warning"_s, Tone::Bad, sentence); });
    connect(editor, &AccountEditor::tested, q,
            [this](const QString& name, bool works, const QString&) { states->noteTest(name, works); });
    connect(saveFirst, &QPushButton::clicked, q, [this] { editor->save(); });
    connect(discard, &QPushButton::clicked, q, [this] { goOn(); });
    connect(keepTyping, &QPushButton::clicked, q, [this] {
        then = nullptr;
        unsaved->hide();
        editor->focusKey();
    });
}

// --- the list

void AccountsDialog::Private::fillList() {
    const QSignalBlocker quiet(list);
    const auto& accounts = services.accounts->accounts();
    const int rows = int(accounts.size()) + (isAdding ? 1 : 0);
    while (list->count() > rows) {
        delete list->takeItem(list->count() - 1);
    }
    while (list->count() < rows) {
        list->addItem(QString());
    }
    for (int row = 0; row < int(accounts.size()); ++row) {
        const Account& account = accounts[size_t(row)];
        QListWidgetItem* const item = list->item(row);
        const QString words = providerName(account.provider) + u" \u00b7 "_s + states->words(account);
        // A line each: beside the provider's name the time would be cut off.
        item->setText(account.name + u'\n' + providerName(account.provider) + u'\n' + states->words(account));
        item->setToolTip(plainToolTip(words));
        item->setIcon(icon(states->iconName(account)));
        item->setData(Qt::UserRole, account.name);
        item->setData(Qt::AccessibleTextRole, QString(account.name + u", "_s + words));
        if (!isAdding && account.name == editor->name()) {
            list->setCurrentRow(row);
        }
    }
    if (isAdding) {
        list->item(rows - 1)->setText(AccountsDialog::tr("New account"));
        list->item(rows - 1)->setIcon(icon(u"plus"_s));
        list->item(rows - 1)->setData(Qt::UserRole, QString());
        list->setCurrentRow(rows - 1);
    }
}

void AccountsDialog::Private::choose(int row) {
    const QString name = row >= 0 ? list->item(row)->data(Qt::UserRole).toString() : QString();
    if (name.isEmpty() || name == editor->name()) {
        return;
    }
    leave([this, name] { show(name); });
    fillList();  // the mark stays at the form that is shown
}

void AccountsDialog::Private::show(const QString& name) {
    const Account* const account = services.accounts->find(name);
    if (account == nullptr) {
        return;
    }
    isAdding = false;
    says->clear();
    editor->show(*account);
    pages->setCurrentIndex(0);
    scroll->verticalScrollBar()->setValue(0);
    fillList();
    showButtons();
}

void AccountsDialog::addAccount(const QString& name) {
    d->leave([this, name] {
        d->isAdding = true;
        d->says->clear();
        d->editor->beginNew(name);
        d->pages->setCurrentIndex(0);
        d->scroll->verticalScrollBar()->setValue(0);
        d->fillList();
        d->showButtons();
        d->editor->focusKey();  // the rest is filled in already
    });
}

void AccountsDialog::showAccount(const QString& name) {
    d->leave([this, name] { d->show(name); });
}

void AccountsDialog::showTarget(const QString& name) {
    d->leave([this, name] {
        d->show(name);
        d->scroll->ensureWidgetVisible(d->editor->focusTarget());
    });
}

void AccountsDialog::Private::showButtons() {
    const bool asking = pages->currentIndex() != 0;
    if (saveButton->hasFocus() && (asking || !editor->maySave())) {
        list->setFocus();  // and not the next button, which does something else
    }
    const Account* const account = current();
    enableButton->setVisible(account != nullptr && !asking);
    removeButton->setVisible(account != nullptr && !asking);
    saveButton->setVisible(!asking);
    enableButton->setText(account != nullptr && !account->isEnabled ? AccountsDialog::tr("Enable")
                                                                    : AccountsDialog::tr("Disable"));
    enableButton->setToolTip(AccountsDialog::tr("A disabled account is not asked by itself; its calls stay."));
    saveButton->setEnabled(editor->maySave());
    saveFirst->setEnabled(editor->maySave());
    if (!editor->isChanged() && !unsaved->isHidden()) {
        unsaved->hide();
        then = nullptr;
    }
}

// --- what was typed

/// `next` at once where nothing would be lost, else when that is settled.
void AccountsDialog::Private::leave(const std::function<void()>& next) {
    declineWaiting();
    if (!editor->isChanged()) {
        next();
        return;
    }
    then = next;
    unsaved->show();
    (editor->maySave() ? saveFirst : keepTyping)->setFocus();
}

void AccountsDialog::Private::goOn() {
    const auto next = std::exchange(then, nullptr);
    unsaved->hide();
    // What was typed goes; the form shows what is stored.
    if (const Account* const account = current()) {
        editor->show(*account);
    } else {
        editor->beginNew();
    }
    if (next) {
        next();
    }
}

void AccountsDialog::reject() {
    if (d->pages->currentWidget() == d->waiting) {
        d->declineWaiting();  // Esc answers the question first
        return;
    }
    d->leave([this] { QDialog::reject(); });
}

void AccountsDialog::Private::savedAs(const QString& name, const QString& leftToSay) {
    const auto next = std::exchange(then, nullptr);
    if (unsaved->isAncestorOf(q->focusWidget())) {
        list->setFocus();
    }
    unsaved->hide();
    show(name);
    states->look();
    says->show(leftToSay.isEmpty() ? u"saved"_s : u"key"_s, leftToSay.isEmpty() ? Tone::Good : Tone::Warning,
               leftToSay.isEmpty() ? AccountsDialog::tr("Saved.") : leftToSay);
    Q_EMIT q->pullWanted();
    if (next && leftToSay.isEmpty()) {
        next();
    }
}

void AccountsDialog::Private::toggleEnabled() {
    const Account* const account = current();
    if (account == nullptr) {
        return;
    }
    Account changed = *account;
    changed.isEnabled = !changed.isEnabled;
    services.accounts->update(changed, q, [this, changed](const Done& done) {
        if (!done) {
            says->show(u"warning"_s, Tone::Bad,
                       AccountsDialog::tr("The account was not changed. %1").arg(errorText(done.error())));
            return;
        }
        show(changed.name);
        if (changed.isEnabled) {
            Q_EMIT q->pullWanted();
        } else {
            says->show(u"info"_s, Tone::Quiet,
                       AccountsDialog::tr("Nothing is asked of it by itself any more. Its calls stay."));
        }
    });
}

// --- another target

void AccountsDialog::Private::askAboutWaiting(const WaitingEdits& edits, const TargetSettings& before,
                                              const TargetSettings& next) {
    says->clear();
    pages->setCurrentWidget(waiting);
    waiting->ask(editor->name(), edits, before, next);
    showButtons();
}

void AccountsDialog::Private::declineWaiting() {
    if (pages->currentWidget() == waiting) {
        pages->setCurrentIndex(0);
        editor->declineWaiting();
        showButtons();
    }
}

// --- removing

void AccountsDialog::Private::askAboutRemoval() {
    const QString name = editor->name();
    const int reviewed = services.store->countReviewedCalls(name);
    says->clear();
    pages->setCurrentIndex(1);
    removal->ask(name, -1, reviewed);
    showButtons();
    services.store->countCalls(name, q, [this, name, reviewed](const Result<qint64>& calls) {
        if (calls && pages->currentIndex() == 1 && editor->name() == name) {
            removal->ask(name, *calls, reviewed);
        }
    });
}

void AccountsDialog::Private::remove(bool editsGo) {
    const QString name = editor->name();
    removal->setBusy(true);
    if (services.puller != nullptr && services.puller->isRunning()) {
        services.puller->cancel();  // what it still brings would be calls without an account
    }
    services.accounts->remove(
        name, editsGo ? AccountBook::Edits::Go : AccountBook::Edits::Stay, q, [this, name](const Done& done) {
            if (done) {
                removed(name);
            } else {
                removal->fail(AccountsDialog::tr("The account was not removed. %1").arg(errorText(done.error())));
            }
        });
}

void AccountsDialog::Private::removed(const QString& name) {
    services.keys->forget(name, q, [this](const Done& forgotten) {
        if (!forgotten && !forgotten.error().message.isEmpty()) {
            says->show(u"key"_s, Tone::Warning, forgotten.error().message);
        }
    });
    services.keys->forget(targetSecretName(name), q, [](const Done&) {});
    editor->beginNew();  // drops what was typed for the account that is gone
    const auto& accounts = services.accounts->accounts();
    accounts.empty() ? q->addAccount() : show(accounts.front().name);
    says->show(u"saved"_s, Tone::Good, AccountsDialog::tr("The account was removed."));
}

}  // namespace earmark
