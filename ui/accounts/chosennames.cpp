#include "ui/accounts/chosennames.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalBlocker>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"

namespace earmark {

namespace {

constexpr int kRowsShown = 6;
constexpr int kMostShown = 120;  // characters of a name

QString idOf(const QListWidgetItem* item) {
    return item->data(Qt::UserRole).toString();
}

/// Enter in the search line adds what is typed, and must not be the dialog's Save.
class SearchLine final : public QLineEdit {
 public:
    using QLineEdit::QLineEdit;

 protected:
    void keyPressEvent(QKeyEvent* event) override {
        QLineEdit::keyPressEvent(event);
        if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
            event->accept();
        }
    }
};

}  // namespace

ChosenNames::ChosenNames(const Words& words, QWidget* parent)
    : QWidget(parent),
      m_all(new QCheckBox(words.all)),
      m_search(new SearchLine),
      m_list(new QListWidget),
      m_fetch(new QPushButton(words.fetch)),
      m_says(new IconLine) {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap / 2);
    auto* top = new QHBoxLayout;
    top->addWidget(m_all, 1);
    top->addWidget(m_fetch);
    column->addLayout(top);
    column->addWidget(m_search);
    column->addWidget(m_list);
    column->addWidget(m_says);
    m_fetch->setAutoDefault(false);
    m_fetch->setVisible(!words.fetch.isEmpty());
    m_search->setPlaceholderText(words.search);
    m_search->setAccessibleName(words.search);
    m_search->setClearButtonEnabled(true);
    m_list->setAccessibleName(words.all);
    m_list->setUniformItemSizes(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setFixedHeight(kRowsShown * (fontMetrics().height() + gap) + 2 * m_list->frameWidth());
    m_all->setChecked(true);
    connect(m_all, &QCheckBox::toggled, this, [this] {
        showWhatCounts();
        Q_EMIT changed();
    });
    connect(m_search, &QLineEdit::textChanged, this, &ChosenNames::filter);
    connect(m_search, &QLineEdit::returnPressed, this, &ChosenNames::addTyped);
    connect(m_list, &QListWidget::itemChanged, this, &ChosenNames::changed);
    connect(m_fetch, &QPushButton::clicked, this, &ChosenNames::fetchWanted);
    showWhatCounts();
}

void ChosenNames::showWhatCounts() {
    const bool some = !m_all->isChecked();
    m_search->setVisible(some);
    m_list->setVisible(some);
    if (some && m_list->count() == 0 && !m_fetch->isHidden()) {
        Q_EMIT fetchWanted();
    }
}

void ChosenNames::add(const Entry& entry, bool marked) {
    const QString name = shownText(entry.name, kMostShown);
    const QString id = shownText(entry.id, kMostShown);
    auto* item =
        new QListWidgetItem(name.isEmpty() || name == id ? id : ChosenNames::tr("%1  \u00b7  id %2").arg(name, id));
    item->setData(Qt::UserRole, entry.id);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(marked ? Qt::Checked : Qt::Unchecked);
    m_list->addItem(item);
}

void ChosenNames::offer(const std::vector<Entry>& entries) {
    const QSignalBlocker quiet(m_list);
    QStringList marked;
    for (int row = 0; row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) {
            marked << idOf(m_list->item(row));
        }
    }
    m_list->clear();
    QStringList left = marked;
    for (const Entry& entry : entries) {
        add(entry, marked.contains(entry.id));
        left.removeAll(entry.id);
    }
    for (const QString& id : left) {
        add({id, {}}, true);
    }
    filter();
}

void ChosenNames::choose(const QStringList& ids) {
    {
        const QSignalBlocker quiet(m_list);
        const QSignalBlocker quietToo(m_all);
        m_list->clear();
        for (const QString& id : ids) {
            add({id, {}}, true);
        }
        m_all->setChecked(ids.isEmpty());
        m_search->clear();
    }
    m_search->setVisible(!ids.isEmpty());
    m_list->setVisible(!ids.isEmpty());
}

QStringList ChosenNames::chosen() const {
    QStringList ids;
    for (int row = 0; !m_all->isChecked() && row < m_list->count(); ++row) {
        if (m_list->item(row)->checkState() == Qt::Checked) {
            ids << idOf(m_list->item(row));
        }
    }
    return ids;
}

bool ChosenNames::isNothingChosen() const {
    return !m_all->isChecked() && chosen().isEmpty();
}

void ChosenNames::say(const QString& iconName, const QString& sentence) {
    m_says->show(iconName, Tone::Quiet, sentence);
}

void ChosenNames::setMayFetch(bool may) {
    m_fetch->setVisible(may);
}

void ChosenNames::filter() {
    const QString wanted = m_search->text().trimmed();
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem* const item = m_list->item(row);
        item->setHidden(!wanted.isEmpty() && !item->text().contains(wanted, Qt::CaseInsensitive));
    }
}

void ChosenNames::addTyped() {
    const QString id = m_search->text().trimmed();
    if (id.isEmpty()) {
        return;
    }
    QListWidgetItem* only = nullptr;
    int shown = 0;
    for (int row = 0; row < m_list->count(); ++row) {
        if (!m_list->item(row)->isHidden()) {
            only = m_list->item(row);
            ++shown;
        }
    }
    if (shown == 1) {
        only->setCheckState(Qt::Checked);
    } else if (shown == 0) {
        add({id, {}}, true);
        Q_EMIT changed();
    } else {
        return;  // more than one fits: the list is where to choose
    }
    m_search->clear();
}

}  // namespace earmark
