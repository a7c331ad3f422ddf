#include "ui/accounts/scopesection.h"

#include <QComboBox>
#include <QDateEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/sync/provideroffers.h"
#include "ui/accounts/formrow.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kUsualDays = 30;
constexpr int kMostDays = 36'500;

QDate dayOf(Moment moment) {
    return QDateTime::fromMSecsSinceEpoch(toMs(moment)).date();
}

Moment startOf(const QDate& day) {
    return momentFromMs(day.startOfDay().toMSecsSinceEpoch());
}

Moment endOf(const QDate& day) {
    return momentFromMs(day.addDays(1).startOfDay().toMSecsSinceEpoch() - 1);
}

QDateEdit* dateEdit() {
    auto* edit = new QDateEdit(QDate::currentDate());
    edit->setCalendarPopup(true);
    edit->setDisplayFormat(u"yyyy-MM-dd"_s);
    return edit;
}

}  // namespace

ScopeSection::ScopeSection(QWidget* parent) : QWidget(parent) {
    build();
    connect(m_when, &QComboBox::currentIndexChanged, this, [this] {
        showWhen();
        Q_EMIT changed();
    });
    connect(m_days, &QSpinBox::valueChanged, this, &ScopeSection::changed);
    connect(m_since, &QDateEdit::dateChanged, this, &ScopeSection::changed);
    connect(m_until, &QDateEdit::dateChanged, this, &ScopeSection::changed);
    for (const ChosenNames* names : {m_campaigns, m_agents, m_sources}) {
        connect(names, &ChosenNames::changed, this, &ScopeSection::changed);
    }
    showWhen();
}

void ScopeSection::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(makeHeading(tr("What is loaded")));
    buildDays(column);
    m_campaigns = new ChosenNames(
        {tr("All campaigns"), tr("Search campaigns, or type an id and press Enter"), tr("Fetch campaigns")});
    m_agents =
        new ChosenNames({tr("All agents"), tr("Search agents, or type an id and press Enter"), tr("Fetch agents")});
    m_sources = new ChosenNames({tr("All sources"), tr("Search sources, or type a word and press Enter"), {}});
    for (ChosenNames* names : {m_campaigns, m_agents, m_sources}) {
        column->addWidget(names);
    }
    m_whoFilters = new ToneLabel(Tone::Quiet);
    column->addWidget(m_whoFilters);
}

void ScopeSection::buildDays(QVBoxLayout* column) {
    m_when = new QComboBox;
    m_when->addItem(tr("Calls of all days"), int(When::All));
    m_when->addItem(tr("Calls of the last days"), int(When::LastDays));
    m_when->addItem(tr("Calls from a day on"), int(When::From));
    m_when->addItem(tr("Calls from a day to a day"), int(When::FromTo));
    addFormRow(column, tr("Days"), m_when);
    m_days = new QSpinBox;
    m_days->setRange(1, kMostDays);
    m_days->setValue(kUsualDays);
    m_since = dateEdit();
    m_until = dateEdit();
    m_daysRow = addFormRow(column, tr("How many days back"), m_days);
    m_sinceRow = addFormRow(column, tr("From"), m_since);
    m_untilRow = addFormRow(column, tr("To"), m_until);
    m_says = new IconLine;
    column->addWidget(m_says);
}

void ScopeSection::show(Provider provider, const CallScope& scope) {
    m_shown = scope;
    const ProviderOffers offers = offersOf(provider);
    m_whoFilters->setText(filterSentence(provider));
    const When when = scope.lastDays ? When::LastDays
                      : scope.until  ? When::FromTo
                      : scope.since  ? When::From
                                     : When::All;
    m_when->setCurrentIndex(m_when->findData(int(when)));
    m_days->setValue(scope.lastDays.value_or(kUsualDays));
    m_since->setDate(scope.since ? dayOf(*scope.since) : QDate::currentDate().addDays(-kUsualDays));
    m_until->setDate(scope.until ? dayOf(*scope.until) : QDate::currentDate());
    m_campaigns->choose(scope.campaigns);
    m_agents->choose(scope.agents);
    m_sources->choose(scope.sources);
    std::vector<ChosenNames::Entry> words;
    for (const QString& source : offers.sources) {
        words.push_back({source, {}});
    }
    m_sources->offer(words);
    m_sources->setVisible(!offers.sources.isEmpty());
    m_agents->setVisible(offers.namesAgents || !scope.agents.isEmpty());
    m_campaigns->setMayFetch(offers.namesCampaigns);
    m_agents->setMayFetch(offers.namesAgents);
    m_campaigns->say({}, {});
    m_agents->say({}, {});
    showWhen();
}

ScopeSection::When ScopeSection::when() const {
    return When(m_when->currentData().toInt());
}

void ScopeSection::showWhen() {
    m_daysRow->setVisible(when() == When::LastDays);
    m_sinceRow->setVisible(when() == When::From || when() == When::FromTo);
    m_untilRow->setVisible(when() == When::FromTo);
}

bool ScopeSection::judge() {
    QString problem = scopeProblem(scope());
    for (const ChosenNames* names : {m_campaigns, m_agents, m_sources}) {
        if (problem.isEmpty() && names->isNothingChosen()) {
            problem = tr("Nothing is chosen in a list, so that no call would be loaded: choose some, or all.");
        }
    }
    showProblem(m_says, problem);
    return problem.isEmpty();
}

CallScope ScopeSection::scope() const {
    CallScope scope;
    if (when() == When::LastDays) {
        scope.lastDays = m_days->value();
    }
    if (when() == When::From || when() == When::FromTo) {
        const bool same = m_shown.since && dayOf(*m_shown.since) == m_since->date();
        scope.since = same ? *m_shown.since : startOf(m_since->date());
    }
    if (when() == When::FromTo) {
        const bool same = m_shown.until && dayOf(*m_shown.until) == m_until->date();
        scope.until = same ? *m_shown.until : endOf(m_until->date());
        // A range that was open at its beginning stays so until a first day is chosen.
        const bool untouched =
            !m_shown.since && m_shown.until && m_since->date() == QDate::currentDate().addDays(-kUsualDays);
        if (untouched) {
            scope.since.reset();
        }
    }
    scope.campaigns = m_campaigns->chosen();
    scope.agents = m_agents->chosen();
    scope.sources = m_sources->chosen();
    return scope;
}

}  // namespace earmark
