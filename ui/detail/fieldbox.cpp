#include "ui/detail/fieldbox.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kOneLine = 60;  ///< a provider value up to this length stands in the sentence itself

bool fitsInSentence(const QString& value) {
    return value.size() <= kOneLine && !value.contains(u'\n');
}

}  // namespace

FieldBox::FieldBox(FieldEditor* editor, const QString& title, QWidget* input, QWidget* parent)
    : QWidget(parent),
      m_editor(editor),
      m_input(input),
      m_locked(new IconLine),
      m_state(new IconLine),
      m_badge(new IconLine),
      m_providerBox(new QWidget),
      m_providerSays(new ToneLabel(Tone::Quiet)),
      m_providerValue(new LongTextView),
      m_restore(new QPushButton(tr("Restore"))),
      m_solve(new QPushButton(tr("Solve conflict"))) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    auto* name = new PlainLabel(title);
    name->setBuddy(input);
    input->setAccessibleName(title);
    column->addWidget(name);
    column->addWidget(input);
    column->addWidget(m_locked);
    column->addWidget(m_state);
    column->addWidget(m_badge);
    column->addWidget(m_solve, 0, Qt::AlignLeading);
    column->addWidget(m_providerBox);

    auto* box = new QVBoxLayout(m_providerBox);
    box->setContentsMargins(0, 0, 0, 0);
    box->setSpacing(theme::space() / 2);
    auto* row = new QHBoxLayout;
    row->addWidget(m_providerSays, 1);
    row->addWidget(m_restore, 0, Qt::AlignTop);
    box->addLayout(row);
    box->addWidget(m_providerValue);
    m_providerSays->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_providerValue->setMaximumLines(6);
    m_restore->setIcon(icon(u"restore"_s));
    m_restore->setAccessibleName(tr("Restore the provider's value of %1").arg(title));
    m_providerBox->hide();
    m_solve->setAccessibleName(tr("Solve the conflict of %1").arg(title));
    m_solve->setToolTip(tr("The texts side by side (Ctrl+M)"));
    m_solve->hide();
    connect(m_solve, &QPushButton::clicked, this, &FieldBox::solveWanted);

    connect(m_restore, &QPushButton::clicked, this, [this] {
        if (m_editor->isEdited()) {
            m_editor->restoreProviderValue();
        } else {
            m_editor->revertTyping();  // nothing was saved, so there is nothing to take back in the store
        }
        m_changedWhileEditing = false;
    });
    connect(m_editor, &FieldEditor::changed, this, &FieldBox::tell);
    connect(m_editor, &FieldEditor::providerChanged, this, [this] {
        m_changedWhileEditing = true;
        tell();
    });
}

void FieldBox::setCall(const QString& providerName, const std::optional<LocalEdit>& edit, bool otherCall) {
    m_provider = providerName;
    m_edit = edit;
    if (otherCall) {
        m_changedWhileEditing = false;
        m_takenBack = false;
    }
    tell();
}

void FieldBox::say(const QString& problem) {
    if (problem.isEmpty()) {
        tellState();
    } else {
        m_state->show(u"warning"_s, Tone::Warning, problem);
    }
}

void FieldBox::setFateTeller(std::function<QString(EditState)> teller) {
    m_fateTeller = std::move(teller);
}

void FieldBox::tellFate() {
    if (m_editor->state() == SaveState::Untouched && m_editor->isEdited()) {
        tellState();
    }
}

void FieldBox::setLocked(const QString& why) {
    m_locked->show(u"info"_s, Tone::Quiet, why);
    m_input->setAccessibleDescription(why);
}

QString FieldBox::providerText() const {
    return m_providerBox->isHidden() ? QString() : m_providerSays->text();
}

void FieldBox::tell() {
    if (m_editor->state() == SaveState::Saved || m_editor->state() == SaveState::Untouched) {
        m_changedWhileEditing = false;  // nobody is editing any more; "changed after your edit" takes over
    }
    tellState();
    tellProvider();
}

void FieldBox::tellTakenBack() {
    m_takenBack = true;
    tell();
}

void FieldBox::tellState() {
    m_takenBack = m_takenBack && m_editor->state() == SaveState::Untouched;
    if (m_takenBack) {
        m_state->show(u"restore"_s, Tone::Quiet, tr("What was typed is discarded. Ctrl+Z brings it back."));
        return;
    }
    switch (m_editor->state()) {
        case SaveState::Untouched:
            if (m_editor->isEdited()) {
                const EditState fate = m_edit ? m_edit->state : EditState::Kept;
                const bool bad = fate == EditState::Refused || fate == EditState::Conflict;
                m_state->show(bad ? u"warning"_s : u"edited"_s, bad ? Tone::Warning : Tone::Quiet,
                              tr("Edited here. %1").arg(m_fateTeller ? m_fateTeller(fate) : editFateText(fate) + u'.'));
            } else {
                m_state->clear();
            }
            break;
        case SaveState::Typing:
            m_state->show(u"edited"_s, Tone::Quiet, tr("Not saved yet"));
            break;
        case SaveState::DraftKept:
            m_state->show(u"note"_s, Tone::Quiet, tr("Draft kept"));
            break;
        case SaveState::Saving:
            m_state->show(u"clock"_s, Tone::Quiet, tr("Saving"));
            break;
        case SaveState::Saved:
            m_state->show(u"saved"_s, Tone::Good, tr("Saved on this computer"));
            break;
        case SaveState::NotSaved:
            m_state->show(u"warning"_s, Tone::Bad, tr("Not saved: %1").arg(m_editor->problem()));
            break;
    }
}

void FieldBox::tellProvider() {
    const std::optional<QString> value = m_editor->providerValue();
    const bool typing = m_editor->state() == SaveState::Typing || m_editor->state() == SaveState::DraftKept ||
                        m_editor->state() == SaveState::NotSaved;
    const bool isConflict = m_editor->isEdited() && m_edit && m_edit->state == EditState::Conflict;
    const bool changedAfter = m_editor->isEdited() && providerChangedSince(m_edit, value);
    m_solve->setVisible(isConflict);
    m_providerBox->setVisible(m_editor->isEdited() || typing || m_changedWhileEditing);
    m_restore->setVisible(m_editor->isEdited() || typing);
    m_restore->setEnabled(m_editor->state() != SaveState::Saving);
    if (m_changedWhileEditing) {
        m_badge->show(u"refresh"_s, Tone::Warning,
                      tr("%1 changed its value while you were editing. Your text is untouched.").arg(m_provider));
    } else if (changedAfter) {
        m_badge->show(u"refresh"_s, Tone::Warning,
                      tr("%1 changed its value after your edit. Yours counts here.").arg(m_provider));
    } else {
        m_badge->clear();
    }
    if (!value || value->isEmpty()) {
        m_providerSays->setText(tr("%1 has no value.").arg(m_provider));
        m_providerValue->hide();
    } else if (fitsInSentence(*value)) {
        m_providerSays->setText(tr("%1 says: %2").arg(m_provider, isolated(*value)));
        m_providerValue->hide();
    } else {
        m_providerSays->setText(tr("%1 says:").arg(m_provider));
        m_providerValue->setText(*value);
        m_providerValue->show();
    }
}

}  // namespace earmark
