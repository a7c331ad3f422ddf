#include "ui/detail/reviewblock.h"

#include <QApplication>
#include <QEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QUuid>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/dispositioninput.h"
#include "ui/detail/fieldbox.h"
#include "ui/detail/longtextview.h"
#include "ui/detail/marksline.h"
#include "ui/detail/notesinput.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

std::optional<QString> draftOf(const std::vector<Draft>& drafts, const CallKey& key, ReviewField field) {
    for (const Draft& draft : drafts) {
        if (draft.key == key && draft.field == field) {
            return draft.text;
        }
    }
    return std::nullopt;
}

bool isUnsaved(const FieldEditor& editor) {
    return editor.state() == SaveState::Typing || editor.state() == SaveState::DraftKept ||
           editor.state() == SaveState::NotSaved;
}

}  // namespace

ReviewBlock::ReviewBlock(Store* store, std::shared_ptr<const Clock> clock, QWidget* parent)
    : QWidget(parent),
      m_store(store),
      m_disposition(store, ReviewField::Disposition),
      m_notes(store, ReviewField::Notes),
      m_marks(store, std::move(clock)),
      m_marksLine(new MarksLine),
      m_dispositionInput(new DispositionInput),
      m_notesInput(new NotesInput),
      m_longNotes(new QWidget),
      m_longNotesText(new LongTextView),
      m_writeOwn(new QPushButton(tr("Write own notes"))),
      m_elsewhere(new IconLine) {
    auto* notesPlace = new QWidget;
    auto* places = new QVBoxLayout(notesPlace);
    places->setContentsMargins(0, 0, 0, 0);
    places->addWidget(m_notesInput);
    places->addWidget(m_longNotes);

    auto* longer = new QVBoxLayout(m_longNotes);
    longer->setContentsMargins(0, 0, 0, 0);
    auto* why = new ToneLabel(Tone::Quiet);
    why->setText(
        tr("These notes are too long to be edited here. Read them in parts, or write notes of your own beside them."));
    longer->addWidget(why);
    longer->addWidget(m_longNotesText);
    longer->addWidget(m_writeOwn, 0, Qt::AlignLeading);
    m_longNotesText->setMaximumLines(8);
    m_longNotes->hide();

    m_dispositionBox = new FieldBox(&m_disposition, tr("Disposition"), m_dispositionInput);
    m_notesBox = new FieldBox(&m_notes, tr("Notes"), notesPlace);
    m_notesInput->setAccessibleName(tr("Notes"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() * 2);
    column->addWidget(m_elsewhere);
    column->addWidget(m_dispositionBox);
    column->addWidget(m_notesBox);
    column->addWidget(m_marksLine);
    setTabOrder(m_dispositionInput, m_notesInput);
    tellLocked();
    connectFields();
    connectMarks();
    clear();
}

void ReviewBlock::connectFields() {
    connect(m_dispositionInput, &DispositionInput::typed, this, [this] {
        m_shownDisposition = m_dispositionInput->typedText();
        m_disposition.setText(m_shownDisposition);
    });
    connect(m_notesInput, &NotesInput::typed, this, [this] {
        m_shownNotes = m_notesInput->typedText();
        m_notes.setText(m_shownNotes);
    });
    connect(m_dispositionInput, &DispositionInput::left, &m_disposition, &FieldEditor::leave);
    connect(m_notesInput, &NotesInput::left, &m_notes, &FieldEditor::leave);
    connect(m_dispositionInput, &DispositionInput::saveWanted, this, &ReviewBlock::saveWanted);
    connect(m_dispositionInput, &DispositionInput::saveAndNextWanted, this, &ReviewBlock::saveAndNextWanted);
    connect(m_notesInput, &NotesInput::saveWanted, this, &ReviewBlock::saveWanted);
    connect(m_dispositionInput, &DispositionInput::revertWanted, &m_disposition, &FieldEditor::revertTyping);
    connect(m_notesInput, &NotesInput::revertWanted, &m_notes, &FieldEditor::revertTyping);
    connect(m_notesInput, &NotesInput::refusedPaste, m_notesBox, &FieldBox::say);
    connect(m_dispositionBox, &FieldBox::solveWanted, this, [this] { Q_EMIT solveWanted(ReviewField::Disposition); });
    connect(m_notesBox, &FieldBox::solveWanted, this, [this] { Q_EMIT solveWanted(ReviewField::Notes); });
    connect(m_writeOwn, &QPushButton::clicked, this, [this] {
        m_longNotes->hide();
        m_notesInput->showText({});
        m_notesInput->show();
        m_notesInput->setFocus();
    });
    for (FieldEditor* editor : {&m_disposition, &m_notes}) {
        connect(editor, &FieldEditor::changed, this, [this] { showTexts(false); });
        connect(editor, &FieldEditor::draftDropped, this, &ReviewBlock::draftDropped);
        connect(editor, &FieldEditor::committed, this, [this](const CallKey& key) { savedAfterAll(key); });
        connect(editor, &FieldEditor::notSavedElsewhere, this,
                [this](const CallKey& key, const Error& error) { tellLeftBehind(key, errorText(error)); });
    }
}

void ReviewBlock::tellLocked() {
    m_isLocked = m_store->isReadOnly();
    const QString why = m_isLocked ? tr("Cannot be edited: the data folder cannot be written.") : QString();
    m_dispositionBox->setLocked(why);
    m_notesBox->setLocked(why);
    m_notesInput->setAccessibleDescription(why);
    m_notesInput->setPlaceholderText(m_isLocked ? QString() : tr("What should be remembered about this call"));
    m_writeOwn->setVisible(!m_isLocked);
    m_marksLine->setLocked(m_isLocked);
    groundFields();
}

/// Fields that take nothing stand on the window's ground, as text does that is only read.
void ReviewBlock::groundFields() {
    QPalette own;  // only what is set in it counts, the rest follows the theme
    if (m_isLocked) {
        own.setColor(QPalette::Base, QApplication::palette().color(QPalette::Window));
    }
    for (QWidget* input : {static_cast<QWidget*>(m_dispositionInput), static_cast<QWidget*>(m_notesInput)}) {
        input->setPalette(own);
    }
}

void ReviewBlock::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange) {
        groundFields();
    }
}

void ReviewBlock::leaveCall() {
    commitTyped();
    m_waiting = true;
    m_dispositionInput->setReadOnly(true);
    m_notesInput->setReadOnly(true);
}

void ReviewBlock::setFateTeller(const std::function<QString(ReviewField, EditState)>& teller) {
    m_dispositionBox->setFateTeller([teller](EditState state) { return teller(ReviewField::Disposition, state); });
    m_notesBox->setFateTeller([teller](EditState state) { return teller(ReviewField::Notes, state); });
}

void ReviewBlock::tellFates() {
    m_dispositionBox->tellFate();
    m_notesBox->tellFate();
}

void ReviewBlock::setCall(const ReviewedCall& call, const std::vector<Draft>& drafts) {
    const CallKey& key = call.call.key;
    const bool otherCall = m_key != key;
    m_key = key;
    m_disposition.setCall(call, draftOf(drafts, key, ReviewField::Disposition));
    m_notes.setCall(call, draftOf(drafts, key, ReviewField::Notes));
    const QString provider = providerName(call.call.provider);
    m_dispositionBox->setCall(provider, call.review.disposition, otherCall);
    m_notesBox->setCall(provider, call.review.notes, otherCall);
    m_waiting = false;
    showTexts(otherCall);
    tellMarks(otherCall);
    // Where nothing can be saved nothing is typed either: it would be lost at the end of the program.
    tellLocked();
    m_dispositionInput->setReadOnly(m_isLocked);
    m_notesInput->setReadOnly(m_isLocked);
    setEnabled(true);
    switch (m_wantedFocus) {
        case Focus::None:
            break;
        case Focus::Disposition:
            focusDisposition();
            break;
        case Focus::Notes:
            focusNotes();
            break;
    }
    m_wantedFocus = Focus::None;
}

void ReviewBlock::clear() {
    m_key.reset();
    m_waiting = true;
    m_wantedFocus = Focus::None;
    m_disposition.clear();
    m_notes.clear();
    showTexts(true);
    tellMarks(true);
    setEnabled(false);
}

void ReviewBlock::setCodes(const QStringList& codes) {
    m_dispositionInput->setCodes(codes);
}

/// The fields follow the editors only where these have another text than the one that was shown or typed last:
/// a refresh, or the answer to a commit, never moves the cursor.
void ReviewBlock::showTexts(bool otherCall) {
    if (otherCall || m_disposition.text() != m_shownDisposition) {
        m_shownDisposition = m_disposition.text();
        if (!otherCall && m_dispositionUnsaved) {
            m_dispositionInput->takeBackTo(m_shownDisposition);
            m_dispositionBox->tellTakenBack();
        } else {
            m_dispositionInput->showText(m_shownDisposition);
        }
    }
    if (otherCall || m_notes.text() != m_shownNotes) {
        m_shownNotes = m_notes.text();
        const bool tooLong = !NotesInput::canHold(m_shownNotes);
        m_longNotes->setVisible(tooLong);
        m_notesInput->setVisible(!tooLong);
        if (!tooLong || !otherCall) {
            showLongNotes();  // else the pane asks for it in a turn of its own
        }
        if (!otherCall && m_notesUnsaved && !tooLong) {
            m_notesInput->takeBackTo(m_shownNotes);
            m_notesBox->tellTakenBack();
        } else {
            m_notesInput->showText(tooLong ? QString() : m_shownNotes);
        }
    }
    // A draft found again is as unsaved as keys just typed: the first Esc is for it, not for the table.
    m_dispositionUnsaved = isUnsaved(m_disposition);
    m_dispositionInput->setUnsaved(m_dispositionUnsaved);
    m_notesUnsaved = isUnsaved(m_notes);
    m_notesInput->setUnsaved(m_notesUnsaved);
}

void ReviewBlock::showLongNotes() {
    m_longNotesText->setText(m_longNotes->isHidden() ? QString() : m_shownNotes);
}

std::vector<OrderedEdit> ReviewBlock::takeTyped(const QString& step, FoundDrafts drafts) {
    m_marksLine->commit();
    std::vector<OrderedEdit> edits;
    for (FieldEditor* editor : {&m_disposition, &m_notes}) {
        if (auto edit = drafts == FoundDrafts::Commit ? editor->takeCommit(step) : editor->takeLeft(step)) {
            edits.push_back(std::move(*edit));
        }
    }
    return edits;
}

void ReviewBlock::commit() {
    commitTogether(m_store, this, takeTyped(QUuid::createUuid().toString(QUuid::WithoutBraces), FoundDrafts::Commit));
}

void ReviewBlock::commitTyped() {
    commitTogether(m_store, this, takeTyped(QUuid::createUuid().toString(QUuid::WithoutBraces), FoundDrafts::Stay));
}

void ReviewBlock::commitReviewed() {
    const QString step = QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::vector<OrderedEdit> edits = takeTyped(step, FoundDrafts::Commit);
    if (canMark()) {
        if (auto mark = m_marks.takeReviewed(*m_key, heardSeconds(), step)) {
            edits.push_back(std::move(*mark));
        }
    }
    commitTogether(m_store, this, std::move(edits));
}

// --- marks

void ReviewBlock::connectMarks() {
    connect(m_marksLine, &MarksLine::reviewedToggled, this, &ReviewBlock::toggleReviewed);
    connect(m_marksLine, &MarksLine::flagToggled, this, &ReviewBlock::toggleFlag);
    connect(m_marksLine, &MarksLine::wordEntered, this, [this](const QString& word) {
        if (m_key && !m_isLocked) {
            m_marks.flag(*m_key, word);
        }
    });
    connect(&m_marks, &ReviewMarks::committed, this, [this](const CallKey& key) { savedAfterAll(key); });
    connect(&m_marks, &ReviewMarks::changed, this, [this](const CallKey& key) {
        if (m_key == key) {
            tellMarks(false);
        } else if (const QString problem = m_marks.problem(key); !problem.isEmpty()) {
            tellLeftBehind(key, problem);
        }
    });
    connect(m_store, &Store::reviewChanged, this, [this](const CallKey& key) {
        if (m_key == key) {
            tellMarks(false);
        }
    });
}

void ReviewBlock::tellMarks(bool otherCall) {
    m_marksLine->setReview(m_key ? m_store->review(*m_key) : Review(), otherCall);
    m_marksLine->setProblem(m_key ? m_marks.problem(*m_key) : QString());
}

void ReviewBlock::toggleReviewed() {
    if (canMark()) {
        m_marks.isReviewed(*m_key) ? m_marks.markNotReviewed(*m_key) : m_marks.markReviewed(*m_key, heardSeconds());
    }
}

void ReviewBlock::toggleFlag() {
    if (canMark()) {
        m_marks.flagOf(*m_key) ? m_marks.takeFlagAway(*m_key) : m_marks.flag(*m_key, QString(u""_s));
    }
}

void ReviewBlock::focusFlag() {
    if (canMark()) {
        m_marksLine->editWord();
    }
}

void ReviewBlock::bringBack(ReviewField field, const std::optional<QString>& value) {
    if (m_waiting || m_isLocked) {
        return;
    }
    FieldEditor& editor = field == ReviewField::Disposition ? m_disposition : m_notes;
    editor.commit();
    editor.setText(value.value_or(QString()));
    editor.commit();
}

bool ReviewBlock::hasUnsavedText() const {
    return m_disposition.hasUnsavedText() || m_notes.hasUnsavedText() || m_marks.hasUnsaved();
}

bool ReviewBlock::isEditing() const {
    return m_disposition.hasUnsavedText() || m_notes.hasUnsavedText() || m_dispositionInput->hasFocus() ||
           m_notesInput->hasFocus();
}

void ReviewBlock::focusDisposition() {
    if (m_waiting) {
        m_wantedFocus = Focus::Disposition;
        return;
    }
    m_dispositionInput->setFocus(Qt::ShortcutFocusReason);
    m_dispositionInput->lineEdit()->selectAll();
}

void ReviewBlock::focusNotes() {
    if (m_waiting) {
        m_wantedFocus = Focus::Notes;
        return;
    }
    QWidget* place = m_notesInput->isHidden() ? static_cast<QWidget*>(m_longNotesText->area()) : m_notesInput;
    place->setFocus(Qt::ShortcutFocusReason);
}

void ReviewBlock::savedAfterAll(const CallKey& key) {
    if (m_elsewhereKey == key) {
        m_elsewhereKey.reset();
        m_elsewhere->clear();
    }
    Q_EMIT committed(key);
}

void ReviewBlock::tellLeftBehind(const CallKey& key, const QString& problem) {
    m_elsewhereKey = key;
    m_elsewhere->show(
        u"warning"_s, Tone::Bad,
        tr("What you entered for the call before (%1) is not saved yet: %2 It is kept and tried again by itself.")
            .arg(isolated(key.remoteId), problem));
}

}  // namespace earmark
