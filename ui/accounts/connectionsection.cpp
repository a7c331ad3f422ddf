#include "ui/accounts/connectionsection.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>

#include "models/sync/provideroffers.h"
#include "ui/accounts/accountform.h"
#include "ui/accounts/formrow.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

ConnectionSection::ConnectionSection(QWidget* parent) : QWidget(parent) {
    build();
    connect(m_provider, &QComboBox::currentIndexChanged, this, &ConnectionSection::chooseProvider);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_nameTyped = true; });
    for (QLineEdit* input : {m_name, m_address, m_key, m_organization}) {
        connect(input, &QLineEdit::textChanged, this, &ConnectionSection::changed);
    }
    connect(m_test, &QPushButton::clicked, this, &ConnectionSection::testWanted);
}

void ConnectionSection::build() {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(makeHeading(tr("Connection")));
    m_provider = new QComboBox;
    for (const Provider each : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        const bool readable = offersOf(each).isReadable;
        m_provider->addItem(readable ? providerName(each) : tr("%1 (not available yet)").arg(providerName(each)),
                            int(each));
        if (auto* items = qobject_cast<QStandardItemModel*>(m_provider->model()); items != nullptr && !readable) {
            items->item(m_provider->count() - 1)->setEnabled(false);
        }
    }
    addFormRow(column, tr("Provider"), m_provider);
    m_name = new QLineEdit;
    addFormRow(column, tr("Name"), m_name, &m_nameSays);
    m_address = new QLineEdit;
    addFormRow(column, tr("Address"), m_address, &m_addressSays);
    m_key = new QLineEdit;
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhHiddenText | Qt::ImhNoPredictiveText |
                               Qt::ImhNoAutoUppercase);
    addFormRow(column, tr("API key"), m_key, &m_keySays);
    m_organization = new QLineEdit;
    m_organization->setPlaceholderText(tr("Only for keys that see several organisations"));
    m_organizationRow = addFormRow(column, tr("Organisation id"), m_organization);
    m_test = new QPushButton(tr("Test"));
    m_test->setAutoDefault(false);
    m_outcome = new IconLine;
    auto* line = new QHBoxLayout;
    line->addWidget(m_test, 0, Qt::AlignTop | Qt::AlignLeft);
    line->addWidget(m_outcome, 1);
    line->addStretch();  // else the button takes the place of what it has not said yet
    column->addLayout(line);
}

void ConnectionSection::beginNew(const QStringList& usedNames, const QString& name) {
    m_isNew = true;
    m_usedNames = usedNames;
    m_nameTyped = !name.isEmpty();
    m_provider->setEnabled(true);
    m_provider->setCurrentIndex(0);
    m_name->setReadOnly(false);
    m_name->setText(name);
    m_organization->clear();
    m_key->clear();
    m_key->setPlaceholderText({});
    setKeyState({}, {});
    setOutcome(true, true, {});
    chooseProvider();
}

void ConnectionSection::show(const Account& account) {
    m_isNew = false;
    m_usedNames.clear();
    m_provider->setCurrentIndex(m_provider->findData(int(account.provider)));
    m_provider->setEnabled(false);  // the calls that are here are this provider's
    m_name->setText(account.name);
    m_name->setReadOnly(true);  // edits and calls go by it
    m_address->setText(account.baseUrl.toString(QUrl::FullyEncoded));
    m_organization->setText(account.organizationId);
    m_key->clear();
    m_key->setPlaceholderText(tr("Type another key to replace the one that is kept"));
    setOutcome(true, true, {});
    chooseProvider();
}

void ConnectionSection::chooseProvider() {
    const ProviderOffers offers = offersOf(provider());
    m_organizationRow->setVisible(offers.hasOrganizations);
    m_address->setPlaceholderText(defaultBaseUrl(provider()).toString());
    m_address->setToolTip(plainToolTip(
        offers.isWhiteLabel ? tr("Sold under other names too: then the address of the platform you sign in to, with "
                                 "/api at its end.")
                            : QString()));
    if (m_isNew) {
        if (!m_nameTyped) {
            m_name->setText(suggestedName(provider(), m_usedNames));
        }
        m_address->setText(defaultBaseUrl(provider()).toString());
        Q_EMIT providerChosen(provider());
    }
    Q_EMIT changed();
}

Provider ConnectionSection::provider() const {
    return Provider(m_provider->currentData().toInt());
}

bool ConnectionSection::hasKey() const {
    return !m_key->text().isEmpty();
}

Result<QByteArray> ConnectionSection::typedKey() const {
    return checkedTypedKey(m_key->text());
}

void ConnectionSection::setKeyState(const QString& iconName, const QString& sentence) {
    m_keyIcon = iconName;
    m_keySentence = sentence;
    tellKey();
}

/// One line for both, so that nothing moves: what is wrong with the key typed, else what is known of the kept one.
void ConnectionSection::tellKey() {
    if (hasKey() && !typedKey()) {
        showProblem(m_keySays, typedKey().error().message);
    } else {
        m_keySays->show(m_keyIcon, Tone::Quiet, m_keySentence);
    }
}

void ConnectionSection::setOutcome(bool isGood, bool isOver, const QString& sentence) {
    m_outcome->show(!isOver  ? u"clock"_s
                    : isGood ? u"saved"_s
                             : u"warning"_s,
                    !isOver  ? Tone::Quiet
                    : isGood ? Tone::Good
                             : Tone::Bad,
                    sentence);
}

void ConnectionSection::setMayTest(bool may) {
    m_test->setEnabled(may);
}

void ConnectionSection::clearKey() {
    m_key->clear();
}

void ConnectionSection::focusKey() {
    m_key->setFocus();
}

/// An empty key is only asked for quietly.
bool ConnectionSection::judge() {
    const QString name = m_isNew ? nameProblem(m_name->text().trimmed(), m_usedNames) : QString();
    const Result<QUrl> url = checkedBaseUrl(m_address->text());
    const bool badKey = hasKey() && !typedKey();
    showProblem(m_nameSays, name);
    showProblem(m_addressSays, url ? QString() : url.error().message);
    tellKey();
    return name.isEmpty() && url && !badKey;
}

void ConnectionSection::apply(Account& account) const {
    account.name = m_name->text().trimmed();
    account.provider = provider();
    account.baseUrl = checkedBaseUrl(m_address->text()).value_or(account.baseUrl);
    account.organizationId = offersOf(provider()).hasOrganizations ? m_organization->text().trimmed() : QString();
}

}  // namespace earmark
