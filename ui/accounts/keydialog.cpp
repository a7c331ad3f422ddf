#include "ui/accounts/keydialog.h"

#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "models/net/keysource.h"
#include "ui/accounts/accountform.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

KeyDialog::KeyDialog(KeySource* keys, const QString& account, const QString& why, QWidget* parent)
    : QDialog(parent),
      m_keys(keys),
      m_account(account),
      m_why(new IconLine),
      m_key(new QLineEdit),
      m_says(new IconLine) {
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"key/"_s + account);
    setWindowTitle(tr("Key of the account %1").arg(account));
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * gap, 3 * gap, 3 * gap, 2 * gap);
    column->setSpacing(gap);
    auto* label = new PlainLabel(tr("API key of %1").arg(isolated(account)));
    label->setBuddy(m_key);
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhHiddenText | Qt::ImhNoPredictiveText |
                               Qt::ImhNoAutoUppercase);
    m_key->setAccessibleName(tr("API key"));
    column->addWidget(m_why);
    column->addWidget(label);
    column->addWidget(m_key);
    column->addWidget(m_says);
    column->addStretch();
    auto* buttons = new QDialogButtonBox;
    m_save = buttons->addButton(tr("Use this key"), QDialogButtonBox::AcceptRole);
    m_close = buttons->addButton(QDialogButtonBox::Cancel);
    m_save->setDefault(true);
    m_close->setAutoDefault(false);
    column->addWidget(buttons);
    setMinimumWidth(420);
    connect(m_key, &QLineEdit::textChanged, this, &KeyDialog::judge);
    connect(m_save, &QPushButton::clicked, this, &KeyDialog::keep);
    connect(m_close, &QPushButton::clicked, this, &KeyDialog::reject);
    judge();
    tellWhy(why);
    m_key->setFocus();
}

KeyDialog* KeyDialog::ask(KeySource* keys, const QString& account, const QString& why, QWidget* parent) {
    if (auto* open = parent->findChild<KeyDialog*>(u"key/"_s + account)) {
        open->tellWhy(why);
        open->raise();
        open->activateWindow();
        return open;
    }
    auto* dialog = new KeyDialog(keys, account, why, parent);
    dialog->open();
    return dialog;
}

void KeyDialog::reject() {
    m_key->clear();
    m_isGiven ? accept() : QDialog::reject();
}

void KeyDialog::tellWhy(const QString& why) {
    m_why->show(u"warning"_s, Tone::Warning, why);
    growToFit(this);
}

void KeyDialog::judge() {
    const Result<QByteArray> checked = checkedTypedKey(m_key->text());
    const bool isBad = !checked && !m_key->text().isEmpty();
    m_says->show(u"warning"_s, Tone::Bad, isBad ? checked.error().message : QString());
    m_save->setEnabled(checked.has_value() && m_key->isEnabled());
    growToFit(this);
}

void KeyDialog::keep() {
    const Result<QByteArray> checked = checkedTypedKey(m_key->text());
    if (!checked) {
        return;
    }
    m_key->setEnabled(false);
    m_key->clear();
    m_why->clear();  // it was about the key before
    m_says->show(u"clock"_s, Tone::Quiet, tr("Saving"));
    m_keys->keep(m_account, *checked, this, [this](const Done& kept) {
        m_isGiven = true;
        Q_EMIT keyGiven(m_account);
        if (kept) {
            accept();
            return;
        }
        m_says->show(u"key"_s, Tone::Warning,
                     kept.error().message.isEmpty() ? errorText(kept.error()) : kept.error().message);
        m_save->hide();
        m_close->setText(tr("Close"));
        m_close->setDefault(true);
        m_close->setFocus();
        growToFit(this);
    });
}

}  // namespace earmark
