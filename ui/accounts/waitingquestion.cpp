#include "ui/accounts/waitingquestion.h"

#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

namespace {

QString nameOf(const TargetSettings& target) {
    return target.kind == TargetKind::AutocallsLead ? targetName(target.kind) : isolated(destinationText(target));
}

bool isElsewhere(const TargetSettings& before, const TargetSettings& next) {
    return before.kind != next.kind || destinationText(before) != destinationText(next);
}

}  // namespace

WaitingQuestion::WaitingQuestion(QWidget* parent)
    : QWidget(parent),
      m_what(new ToneLabel),
      m_send(new QRadioButton),
      m_keep(new QRadioButton(tr("They stay on this computer and are not sent"))),
      m_change(new QPushButton(tr("Change the target"))),
      m_leave(new QPushButton(tr("Leave the target as it is"))) {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap);
    column->addWidget(makeHeading(tr("What becomes of edits that were not sent?")));
    m_what->setWordWrap(true);
    column->addWidget(m_what);
    column->addWidget(m_send);
    column->addWidget(m_keep);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_leave);
    buttons->addWidget(m_change);
    buttons->addStretch();
    column->addSpacing(gap);
    column->addLayout(buttons);
    column->addStretch();
    for (QPushButton* button : {m_change, m_leave}) {
        button->setAutoDefault(false);
    }
    connect(m_change, &QPushButton::clicked, this,
            [this] { Q_EMIT answered(m_send->isChecked() ? WhatWaits::Send : WhatWaits::Keep); });
    connect(m_leave, &QPushButton::clicked, this, &WaitingQuestion::declined);
}

bool WaitingQuestion::isNeeded(const WaitingEdits& edits, const TargetSettings& before, const TargetSettings& next) {
    const bool keptCouldGo =
        next.kind != TargetKind::None && (isElsewhere(before, next) || (next.withNotes && !before.withNotes));
    return (isElsewhere(before, next) && edits.unsent() > 0) || (keptCouldGo && edits.kept > 0);
}

void WaitingQuestion::ask(const QString& account, const WaitingEdits& edits, const TargetSettings& before,
                          const TargetSettings& next) {
    const QLocale locale;
    QStringList parts;
    if (edits.unsent() > 0) {
        parts << (edits.unsent() == 1 ? tr("One edit of %1 has not reached %2.").arg(isolated(account), nameOf(before))
                                      : tr("%1 edits of %2 have not reached %3.")
                                            .arg(locale.toString(edits.unsent()), isolated(account), nameOf(before)));
    }
    if (edits.kept > 0 && next.kind != TargetKind::None) {
        parts << (edits.kept == 1 ? tr("One edit was kept on this computer so far.")
                                  : tr("%1 edits were kept on this computer so far.").arg(locale.toString(edits.kept)));
    }
    const bool canGo = next.kind != TargetKind::None;
    if (!canGo) {
        parts << tr("Without a target they stay on this computer; nothing of them is lost.");
    }
    m_what->setText(parts.join(u' '));
    m_send->setText(canGo ? tr("They are sent to %1").arg(nameOf(next)) : QString());
    m_send->setVisible(canGo);
    m_keep->setVisible(canGo);
    m_keep->setChecked(true);  // what is sent cannot be called back
    m_leave->setFocus();
}

}  // namespace earmark
