#include "ui/accounts/readingsection.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QSpinBox>
#include <QTimeZone>
#include <QVBoxLayout>

#include "models/sync/provideroffers.h"
#include "ui/accounts/formrow.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
constexpr int kMostRequests = 100'000;
constexpr int kMostSeconds = 24 * 60 * 60;
}  // namespace

ReadingSection::ReadingSection(QWidget* parent) : QWidget(parent) {
    build();
    connect(m_zone, &QComboBox::editTextChanged, this, &ReadingSection::changed);
    for (const QSpinBox* spin : {m_pageSize, m_requests, m_watch}) {
        connect(spin, &QSpinBox::valueChanged, this, &ReadingSection::changed);
    }
    connect(m_agentChannel, &QComboBox::currentIndexChanged, this, &ReadingSection::changed);
    connect(m_asDocumented, &QCheckBox::toggled, this, [this](bool documented) {
        m_requests->setEnabled(!documented);
        Q_EMIT changed();
    });
}

void ReadingSection::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(makeHeading(tr("Reading")));
    m_zone = new QComboBox;
    m_zone->setEditable(true);
    m_zone->setInsertPolicy(QComboBox::NoInsert);
    for (const QByteArray& id : QTimeZone::availableTimeZoneIds()) {
        m_zone->addItem(QString::fromLatin1(id));
    }
    m_zone->setMinimumContentsLength(20);
    m_zone->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_zone->completer()->setFilterMode(Qt::MatchContains);  // "kolkata" finds Asia/Kolkata
    m_zone->completer()->setCompletionMode(QCompleter::PopupCompletion);
    addFormRow(column, tr("Time zone of times that come without one"), m_zone, &m_zoneSays);
    m_pageSize = new QSpinBox;
    addFormRow(column, tr("Calls a page"), m_pageSize);
    m_asDocumented = new QCheckBox;
    column->addWidget(m_asDocumented);
    m_requests = new QSpinBox;
    m_requests->setRange(0, kMostRequests);
    m_requests->setSpecialValueText(tr("No limit"));
    addFormRow(column, tr("Most requests a minute"), m_requests);
    m_watch = new QSpinBox;
    m_watch->setRange(0, kMostSeconds);
    m_watch->setSingleStep(10);
    m_watch->setSuffix(tr(" s"));
    m_watch->setSpecialValueText(tr("Never"));
    addFormRow(column, tr("Look for news every"), m_watch);
    column->addWidget(makeHeading(tr("Sound")));
    m_agentChannel = new QComboBox;
    m_agentChannel->addItem(tr("Left"), true);
    m_agentChannel->addItem(tr("Right"), false);
    addFormRow(column, tr("Channel of the agent in recordings with two"), m_agentChannel);
}

void ReadingSection::showLimits(const Account& account) {
    const ProviderOffers offers = offersOf(account.provider);
    const int documented = offers.requestsPerMinute;
    m_pageSize->setRange(1, offers.largestPageSize);
    m_asDocumented->setText(offers.isPaceDocumented
                                ? tr("As many requests as %1 documents (%2 a minute)")
                                      .arg(providerName(account.provider), QString::number(documented))
                                : tr("%1 documents no limit: a careful %2 requests a minute")
                                      .arg(providerName(account.provider), QString::number(documented)));
    m_asDocumented->setChecked(!account.mostRequestsPerMinute);
    m_requests->setEnabled(account.mostRequestsPerMinute.has_value());
    m_requests->setValue(account.mostRequestsPerMinute.value_or(documented));
    m_pageSize->setValue(account.pageSize);
}

void ReadingSection::show(const Account& account) {
    m_zone->setEditText(account.assumedZone);
    showLimits(account);
    m_watch->setValue(int(account.watchEvery.count()));
    m_agentChannel->setCurrentIndex(account.agentIsFirstChannel ? 0 : 1);
}

void ReadingSection::setProvider(Provider provider) {
    Account usual;
    usual.provider = provider;
    usual.pageSize = defaultPageSize(provider);
    showLimits(usual);
}

bool ReadingSection::judge() {
    const bool known = QTimeZone::isTimeZoneIdAvailable(m_zone->currentText().trimmed().toLatin1());
    showProblem(m_zoneSays, known ? QString() : tr("No such time zone. Choose one like Asia/Kolkata or UTC."));
    return known;
}

void ReadingSection::apply(Account& account) const {
    account.assumedZone = m_zone->currentText().trimmed();
    account.pageSize = m_pageSize->value();
    account.mostRequestsPerMinute = m_asDocumented->isChecked() ? std::nullopt : std::optional(m_requests->value());
    account.watchEvery = std::chrono::seconds(m_watch->value());
    account.agentIsFirstChannel = m_agentChannel->currentData().toBool();
}

}  // namespace earmark
