#include "ui/accounts/targetmapping.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
constexpr int kRowsShown = 4;
constexpr int kLongestCode = 200;
}  // namespace

TargetMapping::TargetMapping(QWidget* parent)
    : QWidget(parent),
      m_table(new QTableWidget(0, 2)),
      m_code(new QComboBox),
      m_word(new QLineEdit),
      m_add(new QPushButton(tr("Add code"))),
      m_remove(new QPushButton(tr("Remove code"))),
      m_onlyMapped(new QCheckBox(tr("Refuse codes that have no word here"))) {
    build();
    connect(m_add, &QPushButton::clicked, this, &TargetMapping::add);
    connect(m_remove, &QPushButton::clicked, this, &TargetMapping::removeCurrent);
    connect(m_code, &QComboBox::editTextChanged, this, &TargetMapping::tell);
    connect(m_word, &QLineEdit::textChanged, this, &TargetMapping::tell);
    connect(m_table, &QTableWidget::currentCellChanged, this, &TargetMapping::tell);
    connect(m_table, &QTableWidget::itemChanged, this, &TargetMapping::changed);
    connect(m_onlyMapped, &QCheckBox::toggled, this, &TargetMapping::changed);
    tell();
}

void TargetMapping::build() {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap / 2);
    m_table->setHorizontalHeaderLabels({tr("Our code"), tr("The target's word")});
    m_table->setAccessibleName(tr("Codes and the target's words"));
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    const int row = m_table->verticalHeader()->defaultSectionSize();
    m_table->setFixedHeight(kRowsShown * row + m_table->horizontalHeader()->sizeHint().height() +
                            2 * m_table->frameWidth());
    m_table->installEventFilter(this);
    column->addWidget(m_table);
    m_code->setEditable(true);
    m_code->setInsertPolicy(QComboBox::NoInsert);
    m_code->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_code->setMinimumContentsLength(12);
    m_code->setFocusPolicy(Qt::StrongFocus);
    m_code->setAccessibleName(tr("Our code"));
    m_code->lineEdit()->setPlaceholderText(tr("Our code"));
    m_code->lineEdit()->setMaxLength(kLongestCode);
    m_word->setAccessibleName(tr("The target's word"));
    m_word->setPlaceholderText(tr("The target's word"));
    m_word->setMaxLength(kLongestCode);
    for (QWidget* input : {static_cast<QWidget*>(m_code->lineEdit()), static_cast<QWidget*>(m_word)}) {
        input->installEventFilter(this);
    }
    auto* line = new QHBoxLayout;
    line->setSpacing(gap);
    line->addWidget(m_code, 1);
    line->addWidget(m_word, 1);
    for (QPushButton* button : {m_add, m_remove}) {
        button->setAutoDefault(false);
        line->addWidget(button);
    }
    column->addLayout(line);
    column->addWidget(m_onlyMapped);
}

void TargetMapping::show(const QMap<QString, QString>& mapping, bool onlyMapped) {
    {
        const QSignalBlocker quiet(m_table);
        const QSignalBlocker quietToo(m_onlyMapped);
        m_table->setRowCount(0);
        for (auto it = mapping.cbegin(); it != mapping.cend(); ++it) {
            put(it.key(), it.value());
        }
        m_onlyMapped->setChecked(onlyMapped);
    }
    m_code->clearEditText();
    m_word->clear();
    tell();
}

void TargetMapping::offerCodes(const QStringList& codes) {
    const QString typed = m_code->currentText();
    const QSignalBlocker quiet(m_code);
    m_code->clear();
    for (const QString& code : codes) {
        if (code == shownText(code, kLongestCode)) {  // what cannot be shown as it is cannot be chosen here
            m_code->addItem(code);
        }
    }
    m_code->setCurrentIndex(-1);
    m_code->setEditText(typed);
}

QMap<QString, QString> TargetMapping::mapping() const {
    QMap<QString, QString> all;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString word = m_table->item(row, 1)->text().trimmed();
        if (!word.isEmpty()) {
            all.insert(m_table->item(row, 0)->data(Qt::UserRole).toString(), word);
        }
    }
    return all;
}

bool TargetMapping::onlyMapped() const {
    return m_onlyMapped->isChecked();
}

/// A code stands there once: the newer word counts.
void TargetMapping::put(const QString& code, const QString& word) {
    int row = 0;
    while (row < m_table->rowCount() && m_table->item(row, 0)->data(Qt::UserRole).toString() != code) {
        ++row;
    }
    if (row == m_table->rowCount()) {
        m_table->insertRow(row);
        auto* shown = new QTableWidgetItem(shownText(code, kLongestCode));
        shown->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        shown->setData(Qt::UserRole, code);
        m_table->setItem(row, 0, shown);
        m_table->setItem(row, 1, new QTableWidgetItem);
    }
    m_table->item(row, 1)->setText(word);
    m_table->setCurrentCell(row, 1);
}

void TargetMapping::add() {
    const QString code = m_code->currentText().trimmed();
    const QString word = m_word->text().trimmed();
    if (code.isEmpty() || word.isEmpty()) {
        (code.isEmpty() ? static_cast<QWidget*>(m_code) : m_word)->setFocus();
        return;
    }
    {
        const QSignalBlocker quiet(m_table);
        put(code, word);
    }
    m_code->setCurrentIndex(-1);
    m_code->clearEditText();
    m_word->clear();
    m_code->setFocus();
    tell();
    Q_EMIT changed();
}

void TargetMapping::removeCurrent() {
    if (m_table->currentRow() < 0) {
        return;
    }
    m_table->removeRow(m_table->currentRow());
    tell();
    Q_EMIT changed();
}

void TargetMapping::tell() {
    m_add->setEnabled(!m_code->currentText().trimmed().isEmpty() && !m_word->text().trimmed().isEmpty());
    m_remove->setEnabled(m_table->currentRow() >= 0);
}

/// Enter adds and is not the dialog's Save; Delete removes.
bool TargetMapping::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        const bool isEnter = key == Qt::Key_Return || key == Qt::Key_Enter;
        if (watched != m_table && isEnter) {
            add();
            return true;
        }
        if (watched == m_table && key == Qt::Key_Delete) {
            removeCurrent();
            return true;
        }
        if (watched == m_table && isEnter) {
            m_table->edit(m_table->model()->index(m_table->currentRow(), 1));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace earmark
