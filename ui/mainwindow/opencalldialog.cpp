#include "ui/mainwindow/opencalldialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/callreference.h"
#include "models/sync/callrefresher.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

OpenCallDialog::OpenCallDialog(const DeskServices& services, const QString& account, QWidget* parent)
    : QDialog(parent), m_services(services) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Open a call"));
    build(account);
    connect(m_id, &QLineEdit::textChanged, this, [this] {
        m_says->clear();
        m_open->setEnabled(!m_id->text().trimmed().isEmpty());
        growToFit(this);
    });
    m_open->setEnabled(false);
    m_id->setFocus();
}

void OpenCallDialog::build(const QString& account) {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(gap);
    m_account = new QComboBox;
    for (const Account& each : m_services.accounts->accounts()) {
        m_account->addItem(each.name + u" \u00b7 "_s + providerName(each.provider), each.name);
    }
    m_account->setCurrentIndex(std::max(0, m_account->findData(account)));
    m_id = new QLineEdit;
    m_id->setPlaceholderText(tr("Id, ACCOUNT/ID, or the call's web address"));
    for (const auto& [title, input] : {std::pair(tr("Account"), static_cast<QWidget*>(m_account)),
                                       std::pair(tr("Call"), static_cast<QWidget*>(m_id))}) {
        auto* label = new PlainLabel(title);
        label->setBuddy(input);
        input->setAccessibleName(title);
        column->addWidget(label);
        column->addWidget(input);
    }
    m_says = new IconLine;
    column->addWidget(m_says);
    column->addStretch();
    auto* buttons = new QDialogButtonBox;
    m_open = buttons->addButton(tr("Open"), QDialogButtonBox::AcceptRole);
    auto* const cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_open->setDefault(true);
    cancel->setAutoDefault(false);
    column->addWidget(buttons);
    setMinimumWidth(56 * gap);
    connect(m_open, &QPushButton::clicked, this, &OpenCallDialog::lookUp);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
}

void OpenCallDialog::lookUp() {
    QStringList known;
    for (const Account& account : m_services.accounts->accounts()) {
        known << account.name;
    }
    const QString chosen = m_account->currentData().toString();
    const auto key = callFromReference(m_id->text(), chosen, known);
    if (!key) {
        fail(key.error().message);
        return;
    }
    // An id alone may be of a call that is here under another account than the one that happens to be chosen.
    std::vector<CallKey> keys{*key};
    for (const QString& account : known) {
        const auto other = callFromReference(m_id->text(), account, known);
        if (other && std::find(keys.begin(), keys.end(), *other) == keys.end()) {
            keys.push_back(*other);
        }
    }
    setBusy(true);
    look(keys, 0);
}

void OpenCallDialog::look(const std::vector<CallKey>& keys, size_t at) {
    if (at == keys.size()) {
        ask(keys.front());
        return;
    }
    m_services.store->loadCall(keys[at], this, [this, keys, at](const Result<std::optional<ReviewedCall>>& call) {
        if (!call) {
            fail(errorText(call.error()));
        } else if (*call) {
            found(keys[at]);
        } else {
            look(keys, at + 1);
        }
    });
}

void OpenCallDialog::ask(const CallKey& key) {
    const Account* const account = m_services.accounts->find(key.account);
    m_says->show(u"clock"_s, Tone::Quiet,
                 account != nullptr ? tr("It is not here; asking %1 for it.").arg(providerName(account->provider))
                                    : tr("It is not here."));
    growToFit(this);
    m_services.refresher->refresh(key, this, [this, key](const Result<Call>& call) {
        if (call) {
            found(key);
        } else if (call.error().kind == ErrorKind::NotFound) {
            fail(tr("The provider of %1 knows no call with this id: check the id and the account.")
                     .arg(isolated(key.account)));
        } else {
            fail(errorText(call.error()));
        }
    });
}

void OpenCallDialog::found(const CallKey& key) {
    Q_EMIT callFound(key);
    accept();
}

void OpenCallDialog::fail(const QString& sentence) {
    setBusy(false);
    m_says->show(u"warning"_s, Tone::Bad, sentence);
    m_id->setFocus();
    m_id->selectAll();
    growToFit(this);
}

void OpenCallDialog::setBusy(bool busy) {
    m_account->setEnabled(!busy);
    m_id->setEnabled(!busy);
    m_open->setEnabled(!busy);
}

}  // namespace earmark
