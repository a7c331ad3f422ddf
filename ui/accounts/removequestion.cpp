#include "ui/accounts/removequestion.h"

#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

RemoveQuestion::RemoveQuestion(QWidget* parent)
    : QWidget(parent),
      m_what(new ToneLabel),
      m_stay(new QRadioButton),
      m_go(new QRadioButton),
      m_problem(new ToneLabel(Tone::Bad)),
      m_remove(new QPushButton(tr("Remove"))),
      m_keep(new QPushButton(tr("Keep the account"))) {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap);
    column->addWidget(makeHeading(tr("Remove the account?")));
    column->addWidget(m_what);
    column->addWidget(m_stay);
    column->addWidget(m_go);
    column->addWidget(m_problem);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_keep);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    column->addSpacing(gap);
    column->addLayout(buttons);
    column->addStretch();
    m_remove->setAutoDefault(false);
    m_keep->setAutoDefault(false);
    connect(m_stay, &QRadioButton::toggled, this, &RemoveQuestion::showChoice);
    connect(m_remove, &QPushButton::clicked, this, [this] { Q_EMIT answered(m_go->isChecked()); });
    connect(m_keep, &QPushButton::clicked, this, &RemoveQuestion::declined);
}

void RemoveQuestion::ask(const QString& account, qint64 calls, int reviewedCalls) {
    const QLocale locale;
    m_reviewed = reviewedCalls;
    const QString name = isolated(account);
    const QString going =
        calls < 0    ? tr("The calls of %1 go from this computer; the provider keeps them.").arg(name)
        : calls == 0 ? tr("There are no calls of %1 on this computer.").arg(name)
        : calls == 1
            ? tr("One call of %1 goes from this computer; the provider keeps it.").arg(name)
            : tr("%1 calls of %2 go from this computer; the provider keeps them.").arg(locale.toString(calls), name);
    m_what->setText(going + u' ' + tr("The key is taken out of the keyring."));
    const QString count = locale.toString(reviewedCalls);
    m_stay->setText(reviewedCalls == 1 ? tr("The edits of one call stay here, and count again if the account is added "
                                            "under this name")
                                       : tr("The edits of %1 calls stay here, and count again if the account is added "
                                            "under this name")
                                             .arg(count));
    m_go->setText(reviewedCalls == 1 ? tr("The edits of one call are deleted for good, with their history, here and in the backups")
                                     : tr("The edits of %1 calls are deleted for good, with their history, here and in the backups").arg(count));
    m_stay->setVisible(reviewedCalls > 0);
    m_go->setVisible(reviewedCalls > 0);
    m_stay->setChecked(true);
    m_problem->hide();
    setBusy(false);
    showChoice();
    m_keep->setFocus();
}

void RemoveQuestion::showChoice() {
    m_remove->setText(m_reviewed > 0 && m_go->isChecked() ? tr("Remove and delete the edits") : tr("Remove"));
}

void RemoveQuestion::setBusy(bool busy) {
    for (QWidget* each : {static_cast<QWidget*>(m_stay), static_cast<QWidget*>(m_go), static_cast<QWidget*>(m_remove),
                          static_cast<QWidget*>(m_keep)}) {
        each->setEnabled(!busy);
    }
}

void RemoveQuestion::fail(const QString& sentence) {
    setBusy(false);
    m_problem->setText(sentence);
    m_problem->show();
}

}  // namespace earmark
