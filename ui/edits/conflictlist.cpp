#include "ui/edits/conflictlist.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/domain/target.h"
#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"
#include "models/domain/timingstory.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t kMostShown = 50;
constexpr int kMostCharacters = 160;

QString sideWords(const ReviewConflict& conflict, const QString& provider) {
    const auto kind = targetKindFromWord(conflict.foundWith);
    return kind ? targetName(*kind) : provider;
}

QString valueWords(const std::optional<QString>& value) {
    return value && !value->isEmpty() ? u'\u2068' + shownText(*value, kMostCharacters) + u'\u2069'
                                      : ConflictList::tr("nothing");
}

}  // namespace

ConflictList::ConflictList(QWidget* parent) : QWidget(parent), m_lines(new QVBoxLayout(this)) {
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(theme::space());
    hide();
}

void ConflictList::setConflicts(const QString& providerName, const std::vector<ReviewConflict>& conflicts) {
    m_buttons.clear();
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    setVisible(!conflicts.empty());
    for (auto it = conflicts.rbegin(); it != conflicts.rend() && m_buttons.size() < kMostShown; ++it) {
        const ReviewConflict& conflict = *it;
        auto* line = new QWidget;
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        auto* words = new QVBoxLayout;
        words->setSpacing(2);
        auto* what = new IconLine;
        const QString field = conflict.field == ReviewField::Notes ? tr("Notes") : tr("Disposition");
        what->show(conflict.isOpen ? u"warning"_s : u"saved"_s, conflict.isOpen ? Tone::Warning : Tone::Quiet,
                   conflict.isOpen ? tr("%1: conflict with %2").arg(field, sideWords(conflict, providerName))
                                   : tr("%1: conflict with %2, over").arg(field, sideWords(conflict, providerName)));
        auto* texts = new ToneLabel(Tone::Quiet);
        texts->setText(tr("%1 \u00b7 yours: %2 \u00b7 theirs: %3")
                           .arg(longMomentText(conflict.at), valueWords(conflict.mine),
                                conflict.theirsKnown ? valueWords(conflict.theirs) : tr("not told")));
        words->addWidget(what);
        words->addWidget(texts);
        auto* open = new QPushButton(conflict.isOpen ? tr("Solve") : tr("Show texts"));
        open->setAccessibleName(conflict.isOpen ? tr("Solve the conflict of %1").arg(field)
                                                : tr("Show the texts of the conflict of %1").arg(field));
        row->addLayout(words, 1);
        row->addWidget(open, 0, Qt::AlignTop);
        m_lines->addWidget(line);
        m_buttons.push_back(open);
        connect(open, &QPushButton::clicked, this, [this, conflict] { Q_EMIT wanted(conflict); });
    }
}

QStringList ConflictList::shownLines() const {
    QStringList lines;
    for (const QLabel* label : findChildren<QLabel*>()) {
        lines << label->text();
    }
    return lines;
}

}  // namespace earmark
