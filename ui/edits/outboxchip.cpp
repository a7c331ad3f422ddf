#include "ui/edits/outboxchip.h"

#include "models/tables/outboxmodel.h"
#include "ui/edits/outboxwords.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

IconTint tintOf(Tone tone) {
    return tone == Tone::Warning ? IconTint::Warning : IconTint::Secondary;
}

}  // namespace

OutboxChip::OutboxChip(OutboxModel* model, QWidget* parent) : QPushButton(parent), m_model(model) {
    setObjectName(u"outboxChip"_s);
    setFocusPolicy(Qt::NoFocus);  // it comes and goes by itself: the focus must not be where it was
    setAutoDefault(false);
    setFlat(true);
    setToolTip(tr("What became of your edits: click to see them (Ctrl+Shift+O)"));
    connect(model, &OutboxModel::countsChanged, this, &OutboxChip::tell);
    tell();
}

void OutboxChip::tell() {
    const OutboxWord word = outboxSummary(m_model->counts());
    setVisible(!word.text.isEmpty());
    setText(word.text);
    setIcon(earmark::icon(word.icon, tintOf(word.tone)));
    setAccessibleName(tr("Outbox: %1").arg(word.text));
}

}  // namespace earmark
