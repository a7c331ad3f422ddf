#include "ui/detail/historylist.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/edits/editwords.h"
#include "ui/common/theme.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/parts.h"
#include "models/domain/timingstory.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLimit = 160;
constexpr int kLinesOfText = 12;

/// One of the two whole texts of an edit, for reading and copying.
void addWhole(QVBoxLayout* column, const QString& title, const std::optional<QString>& value) {
    if (!value || value->isEmpty()) {
        return;
    }
    auto* head = new ToneLabel(Tone::Quiet);
    head->setText(title);
    auto* text = new LongTextView;
    text->setMaximumLines(kLinesOfText);
    text->area()->setAccessibleName(title);
    text->setText(*value);
    column->addWidget(head);
    column->addWidget(text);
}

class HistoryLine final : public QWidget {
 public:
    HistoryLine(const HistoryEntry& entry, bool canBringBack, HistoryList* list);

 private:
    void addButtons(QVBoxLayout* column, bool canBringBack, HistoryList* list);
    void openTexts();

    const HistoryEntry m_entry;
    QVBoxLayout* m_texts = nullptr;
    QPushButton* m_open = nullptr;
};

HistoryLine::HistoryLine(const HistoryEntry& entry, bool canBringBack, HistoryList* list) : m_entry(entry) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* what = new ToneLabel;
    what->setText(changeText(entry, kLimit));
    what->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* when = new ToneLabel(Tone::Quiet);
    QStringList parts{longMomentText(entry.at), originText(entry.origin), fateText(entry, longMomentText)};
    parts.removeAll(QString());
    when->setText(parts.join(u" · "_s));
    column->addWidget(what);
    column->addWidget(when);
    addButtons(column, canBringBack, list);
    m_texts = new QVBoxLayout;
    m_texts->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_texts);
}

void HistoryLine::addButtons(QVBoxLayout* column, bool canBringBack, HistoryList* list) {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    const auto add = [row](const QString& text) {
        auto* button = new QPushButton(text);
        button->setAutoDefault(true);  // Enter presses it
        row->addWidget(button);
        return button;
    };
    if (isCutShort(m_entry, kLimit)) {
        m_open = add(HistoryList::tr("Whole text"));
        m_open->setObjectName(u"wholeText"_s);
        m_open->setCheckable(true);
        QObject::connect(m_open, &QPushButton::clicked, this, [this] { openTexts(); });
    }
    if (canBringBack) {
        QPushButton* const back = add(HistoryList::tr("Bring back"));
        const QString whole = m_entry.to ? HistoryList::tr("Makes this value count again, as a new edit")
                                         : HistoryList::tr("Makes the field empty again, as a new edit");
        back->setToolTip(whole);
        back->setAccessibleDescription(changeText(m_entry, kLimit));
        QObject::connect(back, &QPushButton::clicked, list,
                         [list, this] { Q_EMIT list->bringBackWanted(m_entry.field, m_entry.to); });
    }
    row->addStretch();
    row->count() > 1 ? column->addLayout(row) : delete row;
}

void HistoryLine::openTexts() {
    while (QLayoutItem* item = m_texts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (m_open->isChecked()) {
        addWhole(m_texts, HistoryList::tr("Before"), m_entry.from);
        addWhole(m_texts, HistoryList::tr("After"), m_entry.to);
    }
}

}  // namespace

HistoryList::HistoryList(QWidget* parent) : QWidget(parent), m_lines(new QVBoxLayout), m_more(new QPushButton) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    m_lines->setSpacing(theme::space());
    column->addLayout(m_lines);
    column->addWidget(m_more, 0, Qt::AlignLeading);
    m_more->hide();
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_all = true;
        fill();
    });
}

void HistoryList::setEntries(std::vector<HistoryEntry> entries) {
    m_entries = std::move(entries);
    m_all = false;
    fill();
}

void HistoryList::setLocked(bool locked) {
    if (locked != m_isLocked) {
        m_isLocked = locked;
        fill();
    }
}

/// It is the newest line of its field: what it says is what counts, or what undo would bring back.
bool HistoryList::counts(std::size_t at) const {
    return std::none_of(m_entries.begin() + std::ptrdiff_t(at) + 1, m_entries.end(),
                        [this, at](const HistoryEntry& later) { return later.field == m_entries[at].field; });
}

void HistoryList::fill() {
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const int shown = m_all ? count() : std::min(count(), kShownAtFirst);
    for (int i = 0; i < shown; ++i) {
        // By their sequence, never by a clock that may jump.
        const std::size_t at = m_entries.size() - 1 - std::size_t(i);
        const HistoryEntry& entry = m_entries[at];
        const bool isText = entry.field == ReviewField::Disposition || entry.field == ReviewField::Notes;
        m_lines->addWidget(new HistoryLine(entry, isText && !m_isLocked && !counts(at), this));
    }
    if (m_entries.empty()) {
        auto* none = new ToneLabel(Tone::Quiet);
        none->setText(tr("Nothing was changed here yet."));
        m_lines->addWidget(none);
    }
    m_more->setText(tr("Show all %1").arg(count()));
    m_more->setVisible(shown < count());
}

QStringList HistoryList::shownLines() const {
    QStringList lines;
    for (int i = 0; i < m_lines->count(); ++i) {
        for (const QLabel* label : m_lines->itemAt(i)->widget()->findChildren<QLabel*>()) {
            lines << label->text();
        }
    }
    return lines;
}

}  // namespace earmark
