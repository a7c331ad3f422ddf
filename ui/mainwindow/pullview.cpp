#include "ui/mainwindow/pullview.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include "models/domain/textfold.h"
#include "models/sync/accountbook.h"
#include "models/sync/pusher.h"
#include "models/sync/watch.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/mainwindow/messagestrip.h"
#include "ui/mainwindow/watchview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// A target that is down holds no pull up; what waits for it is tried again by itself.
constexpr std::chrono::seconds kSendingPatience{5};

struct Text {
    Q_DECLARE_TR_FUNCTIONS(PullView)
};
}  // namespace

QString progressText(const PullProgress& progress) {
    const QLocale locale;
    QStringList parts;
    if (progress.campaigns > 1 || !progress.campaign.isEmpty()) {  // a list of the whole account has no name
        parts << Text::tr("campaign %1 of %2")
                     .arg(locale.toString(qMin(progress.campaignsDone + 1, progress.campaigns)),
                          locale.toString(progress.campaigns));
    }
    if (!progress.campaign.isEmpty()) {
        parts << isolated(progress.campaign);
    }
    parts << Text::tr("%1 calls received").arg(locale.toString(progress.received));
    if (!progress.waitingFor.isEmpty()) {
        parts << progress.waitingFor;
    }
    return Text::tr("Pulling %1: %2").arg(isolated(progress.account), parts.join(u", "_s));
}

QString reportText(const PullReport& report, Moment at) {
    qint64 received = 0;
    qint64 added = 0;
    qint64 changed = 0;
    int failed = 0;
    bool cancelled = false;
    for (const AccountReport& account : report.accounts) {
        received += account.received;
        added += account.added;
        changed += account.changed;
        cancelled = cancelled || (account.error && account.error->kind == ErrorKind::Cancelled);
        failed += account.ok || (account.error && account.error->kind == ErrorKind::Cancelled) ? 0 : 1;
    }
    const QLocale locale;
    const QString time = locale.toString(QDateTime::fromMSecsSinceEpoch(toMs(at)).time(), QLocale::ShortFormat);
    const QString counts = Text::tr("%1 received, %2 new, %3 changed")
                               .arg(locale.toString(received), locale.toString(added), locale.toString(changed));
    if (cancelled) {
        return Text::tr("Pull cancelled at %1: %2; what came is kept.").arg(time, counts);
    }
    const auto all = qint64(report.accounts.size());
    if (failed > 0 && failed == all) {
        // What counts comes first: a row of zeros would read like a pull that found nothing new.
        const QString failure = all == 1
                                    ? Text::tr("Pull failed at %1").arg(time)
                                    : Text::tr("Pull failed at %1 for all %2 accounts").arg(time, locale.toString(all));
        return received == 0 ? failure + u'.' : Text::tr("%1; before that: %2.").arg(failure, counts);
    }
    if (failed > 0) {
        return Text::tr("Pulled at %1: %2; %3 of %4 accounts failed.")
            .arg(time, counts, locale.toString(failed), locale.toString(all));
    }
    return Text::tr("Pulled at %1: %2.").arg(time, counts);
}

PullView::PullView(Puller* puller, Watch* watch, AccountBook* accounts, std::shared_ptr<const Clock> clock,
                   MessageStrip* messages, QWidget* parent)
    : QObject(parent),
      m_puller(puller),
      m_watch(watch),
      m_accounts(accounts),
      m_clock(std::move(clock)),
      m_messages(messages),
      m_button(new QPushButton(parent)),
      m_line(new QWidget(parent)),
      m_bar(new QProgressBar(m_line)),
      m_words(new PlainLabel(m_line)) {
    m_button->setObjectName(u"pullButton"_s);
    m_button->setAutoDefault(false);
    m_words->setObjectName(u"pullStatus"_s);
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(120, 6);
    m_bar->setAccessibleName(tr("Pull progress"));
    auto* row = new QHBoxLayout(m_line);
    row->setContentsMargins(theme::space(), 0, 0, 0);
    row->setSpacing(theme::space());
    row->addWidget(m_bar);
    row->addWidget(m_words, 1);

    connect(m_button, &QPushButton::clicked, this, [this] { m_running ? cancel() : start(); });
    m_sendingPatience.setSingleShot(true);
    connect(&m_sendingPatience, &QTimer::timeout, this, &PullView::pullNow);
    connect(puller, &Puller::progressed, this, &PullView::showProgress);
    connect(puller, &Puller::finished, this, &PullView::showReport);
    if (watch != nullptr) {
        connect(watch, &Watch::changed, this, &PullView::showWatch);
        connect(watch, &Watch::keyProblem, this, &PullView::showProblem);
    }
    setRunning(puller->isRunning());
    if (m_running) {
        showProgress(puller->progress());
    }
}

void PullView::setRunning(bool running) {
    const bool changed = running != m_running;
    m_running = running;
    m_bar->setVisible(running);
    m_button->setText(running ? tr("Cancel") : tr("Pull"));
    m_button->setIcon(icon(running ? u"cancel"_s : u"refresh"_s));
    m_button->setToolTip(running ? tr("Cancel the pull (Shift+F5); what came stays")
                                 : tr("Pull calls from all accounts (F5)"));
    m_button->setAccessibleName(running ? tr("Cancel pull") : tr("Pull calls"));
    if (changed) {
        Q_EMIT runningChanged(running);
    }
}

void PullView::start() {
    if (m_running) {
        return;
    }
    m_messages->removeAllOf(u"pull/"_s);
    if (m_accounts->isLoaded() && m_accounts->accounts().empty()) {
        m_words->setSentence({});
        m_messages->show(u"pull/start"_s, MessageKind::Notice,
                         tr("There is no account to pull calls from. Add one; its calls are pulled right away."),
                         tr("Add account"), [this] { Q_EMIT accountWanted(); });
        return;
    }
    if (beginSending(m_accounts->accounts())) {
        setRunning(true);
        m_bar->setRange(0, 0);
        m_words->setSentence(tr("Sending your edits\u2026"));
    } else {
        pullNow();
    }
}

void PullView::setPusher(Pusher* pusher) {
    m_pusher = pusher;
    connect(pusher, &Pusher::finished, this, [this] {
        if (m_sendingPatience.isActive()) {
            pullNow();
        }
    });
}

/// False: there is nothing that could be sent anywhere.
bool PullView::beginSending(const std::vector<Account>& accounts) {
    QStringList names;
    for (const Account& account : accounts) {
        if (account.isEnabled && account.target.kind != TargetKind::None) {
            names.append(account.name);
        }
    }
    if (m_pusher == nullptr || names.isEmpty()) {
        return false;
    }
    m_sendingPatience.start(kSendingPatience);
    m_pusher->sendNow(names);
    return true;
}

void PullView::pullNow() {
    m_sendingPatience.stop();
    std::vector<Account> accounts = m_accounts->accounts();
    std::erase_if(accounts, [](const Account& account) { return !account.isEnabled; });
    if (const Done started = m_puller->start(accounts, {}); !started) {
        setRunning(m_puller->isRunning());
        m_messages->show(u"pull/start"_s, MessageKind::Problem, errorText(started.error()));
        return;
    }
    if (m_puller->isRunning()) {
        setRunning(true);
        m_bar->setRange(0, 0);
        m_words->setSentence(tr("Pulling\u2026"));
    }
}

void PullView::cancel() {
    if (m_sendingPatience.isActive()) {
        m_sendingPatience.stop();
        m_pusher->cancel();
        setRunning(m_puller->isRunning());
        m_words->setSentence({});
        return;
    }
    m_puller->cancel();
}

void PullView::showProgress(const PullProgress& progress) {
    setRunning(true);
    m_bar->setRange(0, progress.campaigns);
    m_bar->setValue(progress.campaignsDone);
    m_words->setSentence(progressText(progress));
}

/// Quietly: in the status line, and what was wrong with an account goes when it is well again.
void PullView::showWatch() {
    if (m_running) {
        return;
    }
    const std::vector<WatchState> states = m_watch->states();
    bool anyNews = false;
    for (const WatchState& state : states) {
        const bool isNews = state.newsAt && *state.newsAt >= m_reportedAt;
        anyNews = anyNews || isNews || state.problem;
        if (isNews && !state.problem) {
            m_messages->remove(u"pull/"_s + state.account);
        }
    }
    if (anyNews) {
        m_words->setSentence(watchText(states, m_clock->now()));
        m_words->setToolTip(watchTexts(states, m_clock->now()));
    }
}

void PullView::showReport(const PullReport& report) {
    setRunning(false);
    m_reportedAt = m_clock->now();
    m_words->setSentence(reportText(report, m_clock->now()));
    m_messages->removeAllOf(u"pull/"_s);
    for (const AccountReport& account : report.accounts) {
        if (account.error && account.error->kind != ErrorKind::Cancelled) {
            showProblem(account.account, *account.error);
        }
        if (!account.notices.isEmpty()) {
            m_messages->show(u"pull/notices/"_s + account.account, MessageKind::Warning,
                             tr("Account %1: %2").arg(isolated(account.account), account.notices.join(u' ')));
        }
    }
    Q_EMIT finished();
}

void PullView::showProblem(const QString& account, const Error& error) {
    const QString text = tr("Account %1: %2").arg(isolated(account), errorText(error));
    const bool isAboutTheKey =
        error.kind == ErrorKind::NoKey || error.kind == ErrorKind::Unauthorized || error.kind == ErrorKind::Forbidden;
    if (isAboutTheKey) {
        m_messages->show(u"pull/"_s + account, MessageKind::Problem, text, tr("Enter key"),
                         [this, account, why = errorText(error)] { Q_EMIT keyWanted(account, why); });
    } else {
        m_messages->show(u"pull/"_s + account, MessageKind::Problem, text, tr("Pull again"), [this] { start(); });
    }
}

}  // namespace earmark
