#include "ui/edits/outboxaccounts.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/sync/accountbook.h"
#include "models/sync/pusher.h"
#include "ui/common/theme.h"
#include "ui/edits/outboxwords.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

OutboxAccounts::OutboxAccounts(AccountBook* accounts, Pusher* pusher, std::shared_ptr<const Clock> clock,
                               QWidget* parent)
    : QWidget(parent),
      m_accounts(accounts),
      m_pusher(pusher),
      m_clock(std::move(clock)),
      m_column(new QVBoxLayout(this)),
      m_kept(new IconLine) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(theme::space() / 2);
    m_column->addWidget(m_kept);
    m_tick.setInterval(1s);
    connect(&m_tick, &QTimer::timeout, this, &OutboxAccounts::tell);
    connect(accounts, &AccountBook::changed, this, &OutboxAccounts::rebuild);
    if (pusher != nullptr) {
        connect(pusher, &Pusher::changed, this, &OutboxAccounts::tell);
    }
    rebuild();
}

/// Lines stay where they are as long as their account does: a button may have the focus.
void OutboxAccounts::rebuild() {
    const auto hasTarget = [this](const Line& line) {
        const Account* const account = m_accounts->find(line.account);
        return account != nullptr && account->target.kind != TargetKind::None;
    };
    for (const Line& line : m_lines) {
        if (!hasTarget(line)) {
            line.row->deleteLater();
            line.row->hide();
        }
    }
    std::erase_if(m_lines, [&](const Line& line) { return !hasTarget(line); });
    for (const Account& account : m_accounts->accounts()) {
        if (account.target.kind != TargetKind::None) {
            (void)lineOf(account.name);
        }
    }
    tellKept();
    tell();
}

OutboxAccounts::Line& OutboxAccounts::lineOf(const QString& account) {
    const auto known =
        std::find_if(m_lines.begin(), m_lines.end(), [&account](const Line& line) { return line.account == account; });
    if (known != m_lines.end()) {
        return *known;
    }
    Line line;
    line.account = account;
    line.row = new QWidget;
    line.says = new IconLine;
    line.button = new QPushButton;
    line.button->setAutoDefault(false);
    line.button->hide();
    auto* row = new QHBoxLayout(line.row);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space());
    row->addWidget(line.says, 1);
    row->addWidget(line.button, 0, Qt::AlignTop);
    connect(line.button, &QPushButton::clicked, this, [this, account] { press(account); });
    m_column->insertWidget(m_column->indexOf(m_kept), line.row);
    m_lines.push_back(line);
    return m_lines.back();
}

void OutboxAccounts::press(const QString& account) {
    const Line& line = lineOf(account);
    if (line.wantsKey) {
        Q_EMIT keyWanted(account, line.reason);
    } else {
        Q_EMIT targetWanted(account);
    }
}

void OutboxAccounts::tell() {
    bool counts = false;
    for (Line& line : m_lines) {
        const Account* const account = m_accounts->find(line.account);
        if (account == nullptr) {
            continue;
        }
        const PushState state = m_pusher == nullptr ? PushState{} : m_pusher->state(line.account);
        const OutboxWord word = targetSentence(*account, state, m_clock->now());
        if (line.says->text() != word.text) {
            line.says->show(word.icon, word.tone, word.text);
        }
        const bool isPaused = state.what == PushState::What::Paused;
        line.reason = state.reason;
        line.wantsKey = account->target.kind == TargetKind::AutocallsLead;
        line.button->setText(line.wantsKey ? tr("Enter the key\u2026") : tr("Enter the secret\u2026"));
        line.button->setAccessibleDescription(word.text);
        line.button->setVisible(isPaused);
        counts = counts || (state.until && *state.until > m_clock->now());
    }
    if (counts && isVisible()) {
        m_tick.start();
    } else {
        m_tick.stop();
    }
}

void OutboxAccounts::tellKept() {
    QStringList names;
    for (const Account& account : m_accounts->accounts()) {
        if (account.target.kind == TargetKind::None) {
            names << isolated(account.name);
        }
    }
    m_kept->show(
        u"note"_s, Tone::Quiet,
        names.isEmpty() ? QString() : tr("Kept on this computer, for no target is set: %1.").arg(names.join(u", "_s)));
}

void OutboxAccounts::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    tell();
}

void OutboxAccounts::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_tick.stop();
}

}  // namespace earmark
