#include "ui/edits/bulkpreview.h"

#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kValuesShown = 8;

QString counted(qint64 number) {
    return QLocale().toString(number);
}

QString countsText(const BulkPreview& preview) {
    if (preview.changes == 0) {
        return BulkPreviewBox::tr("Nothing changes: all of them say so already.");
    }
    const QString changes =
        BulkPreviewBox::tr("%1 of %2 calls change.").arg(counted(preview.changes), counted(preview.calls));
    return preview.same == 0 ? changes
                             : changes + u' ' + BulkPreviewBox::tr("%1 say so already.").arg(counted(preview.same));
}

/// "SALE 12", most frequent first, and how many more values there are.
QString presentText(const BulkPreview& preview) {
    QStringList lines;
    const std::size_t shown = std::min(preview.present.size(), kValuesShown);
    for (std::size_t i = 0; i < shown; ++i) {
        const BulkPreview::Present& one = preview.present[i];
        const QString value = one.value.isEmpty() ? BulkPreviewBox::tr("nothing") : isolated(shownText(one.value, 60));
        lines << counted(one.calls) + u" \u00d7 "_s + value;
    }
    if (preview.present.size() > shown) {
        qint64 rest = 0;
        for (std::size_t i = shown; i < preview.present.size(); ++i) {
            rest += preview.present[i].calls;
        }
        lines << BulkPreviewBox::tr("%1 × other values").arg(counted(rest));
    }
    return lines.join(u'\n');
}

}  // namespace

BulkPreviewBox::BulkPreviewBox(QWidget* parent)
    : QWidget(parent),
      m_counts(new ToneLabel),
      m_replaces(new ToneLabel(Tone::Warning)),
      m_presentTitle(new ToneLabel(Tone::Quiet)),
      m_present(new ToneLabel) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    for (ToneLabel* label : {m_counts, m_replaces, m_presentTitle, m_present}) {
        column->addWidget(label);
    }
    m_presentTitle->setText(tr("What they say now"));
    setWaiting({});
}

void BulkPreviewBox::setPreview(const BulkPreview& preview, const BulkChange& change) {
    m_counts->setText(countsText(preview));
    const QString what = change.kind == BulkChange::Kind::MarkNotReviewed
                             ? tr("%1 marks go; history keeps them, and one undo brings them back.")
                             : tr("%1 of them hold a value that was entered here; history keeps it, and one undo "
                                  "brings it back.");
    m_replaces->setText(preview.replaces > 0 ? what.arg(counted(preview.replaces)) : QString());
    m_replaces->setVisible(preview.replaces > 0);
    m_present->setText(presentText(preview));
    m_presentTitle->setVisible(true);
    m_present->setVisible(true);
}

void BulkPreviewBox::setWaiting(const QString& text) {
    m_counts->setText(text);
    for (QWidget* part : {m_replaces, m_presentTitle, m_present}) {
        part->setVisible(false);
    }
}

QStringList BulkPreviewBox::lines() const {
    QStringList all;
    for (const ToneLabel* label : {m_counts, m_replaces, m_present}) {
        if (!label->isHidden()) {
            all << label->text().split(u'\n');
        }
    }
    return all;
}

}  // namespace earmark
