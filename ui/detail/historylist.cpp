#include "ui/detail/historylist.h"

#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"
#include "ui/detail/timingstory.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QString fieldName(ReviewField field) {
    switch (field) {
        case ReviewField::Disposition:
            return HistoryList::tr("Disposition");
        case ReviewField::Notes:
            return HistoryList::tr("Notes");
        case ReviewField::Reviewed:
            return HistoryList::tr("Reviewed");
        case ReviewField::Flag:
            return HistoryList::tr("Flag");
    }
    return {};
}

QString valueWords(const std::optional<QString>& value) {
    if (!value) {
        return HistoryList::tr("nothing");
    }
    return u'\u2068' + shownText(*value, 160) + u'\u2069';
}

QString fateWords(const QString& fate) {
    const std::optional<EditState> state = editStateFromWord(fate);
    return state ? editFateText(*state) : shownText(fate, 60);
}

QString originWords(const QString& origin) {
    if (origin == u"desk"_s) {
        return HistoryList::tr("at the desk");
    }
    if (origin == u"command_line"_s) {
        return HistoryList::tr("on the command line");
    }
    if (origin == u"restore"_s) {
        return HistoryList::tr("provider's value restored");
    }
    return shownText(origin, 60);
}

class HistoryLine final : public QWidget {
 public:
    explicit HistoryLine(const HistoryEntry& entry) {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        auto* what = new ToneLabel;
        what->setText(
            HistoryList::tr("%1: %2 → %3").arg(fieldName(entry.field), valueWords(entry.from), valueWords(entry.to)));
        what->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto* when = new ToneLabel(Tone::Quiet);
        QStringList parts{longMomentText(entry.at), originWords(entry.origin), fateWords(entry.fate)};
        parts.removeAll(QString());
        when->setText(parts.join(u" · "_s));
        column->addWidget(what);
        column->addWidget(when);
    }
};

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

void HistoryList::fill() {
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const int shown = m_all ? count() : std::min(count(), kShownAtFirst);
    for (int i = 0; i < shown; ++i) {
        // By their sequence, never by a clock that may jump.
        m_lines->addWidget(new HistoryLine(m_entries[m_entries.size() - 1 - size_t(i)]));
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
