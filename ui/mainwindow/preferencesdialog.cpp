#include "ui/mainwindow/preferencesdialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>
#include <cmath>

#include "models/domain/textfold.h"
#include "ui/common/desksettings.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/mainwindow/digitdispositions.h"
#include "ui/playback/listeningsettings.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestCode = 200;

QFormLayout* formOn(QWidget* page) {
    const int gap = theme::space();
    auto* form = new QFormLayout(page);
    form->setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap);
    form->setHorizontalSpacing(2 * gap);
    form->setVerticalSpacing(gap);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    return form;
}

void addRow(QFormLayout* form, const QString& title, QWidget* input, const QString& name) {
    input->setObjectName(name);
    input->setAccessibleName(title);
    auto* label = new PlainLabel(title);
    label->setBuddy(input);
    form->addRow(label, input);
}

}  // namespace

PreferencesDialog::PreferencesDialog(const DeskServices& services, DigitDispositions* digits, QWidget* parent)
    : QDialog(parent), m_services(services), m_digits(digits) {
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Preferences"));
    const int gap = theme::space();
    auto* tabs = new QTabWidget;
    tabs->addTab(listeningPage(), tr("Listening"));
    tabs->addTab(dispositionsPage(), tr("Number keys"));
    tabs->addTab(recordingsPage(), tr("Recordings"));
    auto* close = new QPushButton(tr("Close"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(new PlainLabel(tr("Changes count at once.")), 1);
    bottom->addWidget(close);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap);
    column->setSpacing(2 * gap);
    column->addWidget(tabs);
    column->addLayout(bottom);
    setMinimumWidth(64 * gap);
}

void PreferencesDialog::addSeconds(QFormLayout* form, const QString& title, const QString& name,
                                   QLatin1StringView setting, int fallbackMs, int mostMs) {
    auto* input = new QDoubleSpinBox;
    input->setRange(0, double(mostMs) / 1000);
    input->setSingleStep(0.1);
    input->setDecimals(1);
    input->setSuffix(tr(" s"));
    input->setValue(m_services.settings->value(setting, fallbackMs).toDouble() / 1000);
    connect(input, &QDoubleSpinBox::valueChanged, this, [this, setting](double seconds) {
        m_services.settings->setValue(setting, int(std::lround(seconds * 1000)));
        listening::applyTo(m_services.player, *m_services.settings);
    });
    addRow(form, title, input, name);
}

void PreferencesDialog::addChoice(QFormLayout* form, const QString& text, const QString& name,
                                  QLatin1StringView setting, bool fallback) {
    auto* input = new QCheckBox(text);
    input->setObjectName(name);
    input->setChecked(m_services.settings->value(setting, fallback).toBool());
    connect(input, &QCheckBox::toggled, this, [this, setting](bool on) { m_services.settings->setValue(setting, on); });
    form->addRow(input);
}

void PreferencesDialog::addNumber(QFormLayout* form, const QString& title, const QString& name,
                                  QLatin1StringView setting, int fallback, int least, int most, const QString& unit,
                                  const QString& leastText) {
    auto* input = new QSpinBox;
    input->setRange(least, most);
    input->setSuffix(unit);
    input->setSpecialValueText(leastText);
    input->setValue(m_services.settings->value(setting, fallback).toInt());
    connect(input, &QSpinBox::valueChanged, this,
            [this, setting](int value) { m_services.settings->setValue(setting, value); });
    addRow(form, title, input, name);
}

void PreferencesDialog::addDevices(QFormLayout* form) {
    auto* input = new QComboBox;
    input->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    input->setMinimumContentsLength(24);
    const auto fill = [this, input] {
        const QSignalBlocker quiet(input);
        const QByteArray chosen = m_services.settings->value(listening::kDevice).toByteArray();
        input->clear();
        input->addItem(tr("As the system has it"), QByteArray());
        for (const OutputDevice& device : m_services.player->outputDevices()) {
            input->addItem(shownText(device.name, kLongestCode), device.id);
        }
        if (input->findData(chosen) < 0) {
            input->addItem(tr("The one chosen before (not connected now)"), chosen);
        }
        input->setCurrentIndex(input->findData(chosen));
    };
    fill();
    connect(m_services.player, &Player::outputDevicesChanged, input, fill);
    connect(input, &QComboBox::activated, this, [this, input] {
        m_services.settings->setValue(listening::kDevice, input->currentData().toByteArray());
        listening::applyTo(m_services.player, *m_services.settings);
    });
    addRow(form, tr("Sound device"), input, u"outputDevice"_s);
}

QWidget* PreferencesDialog::listeningPage() {
    auto* page = new QWidget;
    auto* form = formOn(page);
    addDevices(form);
    addSeconds(form, tr("Heard again after a pause"), u"autoBack"_s, listening::kAutoBack,
               int(listening::kDefaultAutoBack.count()), 5000);
    addSeconds(form, tr("A mark is set back by"), u"reaction"_s, listening::kReaction,
               int(listening::kDefaultReaction.count()), 3000);
    addChoice(form, tr("While a call plays, the next one plays too when I go to it"), u"keepPlaying"_s,
              listening::kKeepPlaying, true);
    addChoice(form, tr("At the end of a recording go to the next call and play it"), u"autoPlayNext"_s,
              listening::kAutoPlayNext, false);
    addChoice(form, tr("The desktop's media control may show whose call it is"), u"showNames"_s, listening::kShowNames,
              false);
    return page;
}

QWidget* PreferencesDialog::dispositionsPage() {
    auto* page = new QWidget;
    auto* form = formOn(page);
    for (int digit = 1; digit <= DigitDispositions::kDigits; ++digit) {
        auto* input = new QLineEdit(m_digits->code(digit));
        input->setMaxLength(kLongestCode);
        input->setPlaceholderText(tr("No disposition"));
        connect(input, &QLineEdit::editingFinished, this,
                [this, digit, input] { m_digits->setCode(digit, input->text().trimmed()); });
        addRow(form, tr("Key %1").arg(digit), input, u"digit%1"_s.arg(digit));
    }
    return page;
}

QWidget* PreferencesDialog::recordingsPage() {
    auto* page = new QWidget;
    auto* form = formOn(page);
    addChoice(form, tr("Make the next two recordings of the table ready beforehand"), u"prefetch"_s,
              listening::kPrefetch, true);
    addNumber(form, tr("Recordings kept on this computer"), u"cacheMegabytes"_s, listening::kCacheMegabytes,
              listening::kDefaultCacheMegabytes, 50, 1'000'000, tr(" MB at most"), {});
    addNumber(form, tr("Recordings that are not used any more go after"), u"cacheDays"_s, listening::kCacheDays,
              listening::kDefaultCacheDays, 0, 3650, tr(" days"), tr("never"));
    auto* note =
        new PlainLabel(tr("What is removed here is fetched again when it is wanted. Edits, notes and marks stay."));
    note->setWordWrap(true);
    form->addRow(note);
    return page;
}

}  // namespace earmark
