#include "ui/accounts/targetsection.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/sync/provideroffers.h"
#include "ui/accounts/accountform.h"
#include "ui/accounts/formrow.h"
#include "ui/accounts/targetmapping.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QString kindTitle(TargetKind kind) {
    switch (kind) {
        case TargetKind::None:
            return TargetSection::tr("Kept on this computer");
        case TargetKind::File:
            return TargetSection::tr("A file in a folder");
        case TargetKind::Webhook:
            return TargetSection::tr("A signed webhook");
        case TargetKind::AutocallsLead:
            return TargetSection::tr("The Autocalls lead");
    }
    return {};
}

QString aboutKind(TargetKind kind, Provider provider) {
    switch (kind) {
        case TargetKind::None:
            return TargetSection::tr(
                       "%1 does not accept dispositions or notes for its calls. What you write stays on this computer.")
                .arg(providerName(provider));
        case TargetKind::File:
            return TargetSection::tr("Each edit is added to a file of the month; nothing in it is ever changed.");
        case TargetKind::Webhook:
            return TargetSection::tr(
                "Each edit is sent once to an address of yours, signed with a secret that both "
                "sides know.");
        case TargetKind::AutocallsLead:
            return TargetSection::tr(
                "The disposition is written into variables of the call's lead. Its status is "
                "never changed, and a call without exactly one lead is refused.");
    }
    return {};
}

QVBoxLayout* emptyColumn(QWidget* part) {
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    return column;
}

}  // namespace

TargetSection::TargetSection(QWidget* parent) : QWidget(parent) {
    build();
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        showKind();
        Q_EMIT changed();
    });
    for (const QLineEdit* line : {m_folder, m_address, m_secret}) {
        connect(line, &QLineEdit::textChanged, this, &TargetSection::changed);
    }
    for (const QComboBox* box : {m_format, m_when}) {
        connect(box, &QComboBox::currentIndexChanged, this, &TargetSection::changed);
    }
    connect(m_withNotes, &QCheckBox::toggled, this, &TargetSection::changed);
    connect(m_mapping, &TargetMapping::changed, this, &TargetSection::changed);
    connect(m_test, &QPushButton::clicked, this, &TargetSection::testWanted);
}

// --- parts

void TargetSection::build() {
    auto* column = emptyColumn(this);
    column->addWidget(makeHeading(tr("Where edits go")));
    m_kind = new QComboBox;
    addFormRow(column, tr("Edits of this account"), m_kind);
    m_about = new ToneLabel(Tone::Quiet);
    m_about->setWordWrap(true);
    column->addWidget(m_about);
    m_filePart = buildFile();
    m_webhookPart = buildWebhook();
    m_leadPart = buildLead();
    m_commonPart = buildCommon();
    for (QWidget* part : {m_filePart, m_webhookPart, m_leadPart, m_commonPart}) {
        column->addWidget(part);
    }
}

QWidget* TargetSection::buildFile() {
    auto* part = new QWidget;
    auto* column = emptyColumn(part);
    m_folder = new QLineEdit;
    m_folder->setPlaceholderText(u"/home/me/reviews"_s);
    addFormRow(column, tr("Folder"), m_folder, &m_folderSays);
    auto* choose = new QPushButton(tr("Choose\u2026"));
    choose->setAccessibleName(tr("Choose the folder"));
    choose->setAutoDefault(false);
    connect(choose, &QPushButton::clicked, this, &TargetSection::chooseFolder);
    column->addWidget(choose, 0, Qt::AlignLeading);
    m_format = new QComboBox;
    m_format->addItem(tr("CSV, for spreadsheets"), int(ExportFormat::Csv));
    m_format->addItem(tr("JSON Lines, for programs"), int(ExportFormat::JsonLines));
    addFormRow(column, tr("Format"), m_format);
    return part;
}

QWidget* TargetSection::buildWebhook() {
    auto* part = new QWidget;
    auto* column = emptyColumn(part);
    m_address = new QLineEdit;
    m_address->setPlaceholderText(u"https://hooks.example.com/reviews"_s);
    addFormRow(column, tr("Address of the webhook"), m_address, &m_addressSays);
    m_secret = new QLineEdit;
    m_secret->setEchoMode(QLineEdit::Password);
    m_secret->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhHiddenText | Qt::ImhNoPredictiveText |
                                  Qt::ImhNoAutoUppercase);
    addFormRow(column, tr("Secret of the webhook"), m_secret, &m_secretSays);
    return part;
}

QWidget* TargetSection::buildLead() {
    auto* part = new QWidget;
    auto* column = emptyColumn(part);
    m_withNotes = new QCheckBox(tr("Notes too"));
    column->addWidget(m_withNotes);
    auto* warning = new IconLine;
    warning->show(u"warning"_s, Tone::Warning,
                  tr("The prompts of your AI agents can read a lead's variables: what stands in the notes may be said "
                     "to the customer."));
    m_withNotes->setAccessibleDescription(warning->text());
    column->addWidget(warning);
    return part;
}

QWidget* TargetSection::buildCommon() {
    auto* part = new QWidget;
    auto* column = emptyColumn(part);
    m_when = new QComboBox;
    m_when->addItem(tr("By themselves, a moment after the edit"), true);
    m_when->addItem(tr("Only when I ask (F5)"), false);
    addFormRow(column, tr("Edits are sent"), m_when);
    m_mapping = new TargetMapping;
    auto* title = new PlainLabel(tr("Codes that are called otherwise there"));
    column->addWidget(title);
    column->addWidget(m_mapping);
    m_test = new QPushButton(tr("Test the target"));
    m_test->setAutoDefault(false);
    m_outcome = new IconLine;
    auto* line = new QHBoxLayout;
    line->addWidget(m_test, 0, Qt::AlignTop | Qt::AlignLeft);
    line->addWidget(m_outcome, 1);
    line->addStretch();
    column->addLayout(line);
    return part;
}

// --- what is shown

void TargetSection::show(Provider provider, const TargetSettings& target) {
    m_provider = provider;
    m_kind->clear();
    for (const TargetKind each : targetsOffered(provider)) {
        m_kind->addItem(kindTitle(each), int(each));
    }
    m_kind->setCurrentIndex(std::max(m_kind->findData(int(target.kind)), 0));
    m_folder->setText(target.folder);
    m_format->setCurrentIndex(m_format->findData(int(target.format)));
    m_address->setText(target.url.toString(QUrl::FullyEncoded));
    m_secret->clear();
    m_withNotes->setChecked(target.withNotes);
    m_when->setCurrentIndex(target.sendsByItself ? 0 : 1);
    m_mapping->show(target.mapping, target.onlyMapped);
    setSecretState({}, {});
    setOutcome(true, true, {});
    showKind();
}

void TargetSection::showKind() {
    const TargetKind chosen = kind();
    m_about->setText(aboutKind(chosen, m_provider));
    m_filePart->setVisible(chosen == TargetKind::File);
    m_webhookPart->setVisible(chosen == TargetKind::Webhook);
    m_leadPart->setVisible(chosen == TargetKind::AutocallsLead);
    m_commonPart->setVisible(chosen != TargetKind::None);
}

void TargetSection::offerCodes(const QStringList& codes) {
    m_mapping->offerCodes(codes);
}

void TargetSection::chooseFolder() {
    auto* dialog = new QFileDialog(this, tr("Folder for the edits"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    dialog->open();
}

void TargetSection::setSecretState(const QString& iconName, const QString& sentence) {
    m_secretIcon = iconName;
    m_secretSentence = sentence;
    m_secret->setPlaceholderText(iconName == u"key"_s ? tr("Type another secret to replace the one that is kept")
                                                      : QString());
    tellSecret();
}

/// One line for both: what is wrong with what is typed, else what is known of the kept one.
void TargetSection::tellSecret() {
    if (hasSecret() && !typedSecret()) {
        showProblem(m_secretSays, tr("The secret holds a blank or a character it cannot have. Copy it again."));
    } else {
        m_secretSays->show(m_secretIcon, Tone::Quiet, m_secretSentence);
    }
}

void TargetSection::setOutcome(bool isGood, bool isOver, const QString& sentence) {
    m_outcome->show(!isOver  ? u"clock"_s
                    : isGood ? u"saved"_s
                             : u"warning"_s,
                    !isOver  ? Tone::Quiet
                    : isGood ? Tone::Good
                             : Tone::Bad,
                    sentence);
}

void TargetSection::setMayTest(bool may) {
    m_test->setEnabled(may);
}

void TargetSection::clearSecret() {
    m_secret->clear();
}

QWidget* TargetSection::focusInput() {
    QWidget* const input = kind() == TargetKind::Webhook ? static_cast<QWidget*>(m_secret) : m_kind;
    input->setFocus();
    return input;
}

// --- what is set

bool TargetSection::hasSecret() const {
    return kind() == TargetKind::Webhook && !m_secret->text().isEmpty();
}

Result<QByteArray> TargetSection::typedSecret() const {
    return checkedTypedKey(m_secret->text());
}

TargetKind TargetSection::kind() const {
    return TargetKind(m_kind->currentData().toInt());
}

bool TargetSection::judge(const Account& account) {
    QString problem = targetProblem(account);
    if (kind() == TargetKind::File && m_folder->text().trimmed().isEmpty()) {
        problem = tr("Choose the folder that the file is to lie in.");
    } else if (kind() == TargetKind::Webhook && m_address->text().trimmed().isEmpty()) {
        problem = tr("Enter the address that the edits are sent to.");
    }
    showProblem(m_folderSays, kind() == TargetKind::File ? problem : QString());
    showProblem(m_addressSays, kind() == TargetKind::Webhook ? problem : QString());
    tellSecret();
    return problem.isEmpty() && (!hasSecret() || typedSecret());
}

void TargetSection::apply(Account& account) const {
    TargetSettings target;
    target.kind = kind();
    if (target.kind == TargetKind::File) {
        target.folder = m_folder->text().trimmed();
        target.format = ExportFormat(m_format->currentData().toInt());
    }
    if (target.kind == TargetKind::Webhook) {
        target.url = QUrl(m_address->text().trimmed(), QUrl::StrictMode);
    }
    target.withNotes = target.kind == TargetKind::AutocallsLead && m_withNotes->isChecked();
    if (target.kind != TargetKind::None) {
        target.sendsByItself = m_when->currentData().toBool();
        target.onlyMapped = m_mapping->onlyMapped();
        target.mapping = m_mapping->mapping();
    }
    account.target = target;
}

}  // namespace earmark
