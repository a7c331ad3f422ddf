// What the supervisor decides about a call: disposition and notes, each with its fate in words. Main thread only.
#pragma once

#include <QWidget>
#include <functional>

#include "models/edits/fieldeditor.h"
#include "models/edits/reviewmarks.h"
#include "ui/detail/parts.h"

class QPushButton;

namespace earmark {

class DispositionInput;
class FieldBox;
class LongTextView;
class MarksLine;
class NotesInput;

class ReviewBlock final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReviewBlock)

 public:
    ReviewBlock(Store* store, std::shared_ptr<const Clock> clock, QWidget* parent = nullptr);

    /// From now on nothing typed reaches the call shown so far: what is unsaved is committed, the fields wait for
    /// setCall.
    void leaveCall();
    void setCall(const ReviewedCall& call, const std::vector<Draft>& drafts);
    /// Who knows how many seconds of a call's recording were heard; nullopt = not known.
    using Heard = std::function<std::optional<double>(const CallKey&)>;
    void setHeard(Heard heard) { m_heard = std::move(heard); }
    void showLongNotes();  ///< after setCall(): notes too long to edit take long to lay out
    void clear();
    void setCodes(const QStringList& codes);
    /// See FieldBox.
    void setFateTeller(const std::function<QString(ReviewField, EditState)>& teller);
    void tellFates();

    /// Everything typed, in one transaction and as one step for undo; a draft that was found again is saved as well.
    void commit();
    void commitTyped();  ///< before something else is done: a draft found again stays one until somebody decides
    /// The same, and in the same step the call is marked reviewed (unless it is already).
    void commitReviewed();
    void toggleReviewed();
    void toggleFlag();
    void focusFlag();  ///< flags with a word
    /// An earlier value counts again, as a new edit; what is typed in that field just then is saved before.
    void bringBack(ReviewField field, const std::optional<QString>& value);
    /// Text that is neither saved nor kept as a draft, of this call or of one left before.
    [[nodiscard]] bool hasUnsavedText() const;
    [[nodiscard]] bool isLocked() const { return m_isLocked; }  ///< nothing can be saved
    [[nodiscard]] bool isEditing() const;                       ///< typed and not committed, or a field has the focus

    void focusDisposition();
    void focusNotes();

    [[nodiscard]] DispositionInput* dispositionInput() const { return m_dispositionInput; }
    [[nodiscard]] NotesInput* notesInput() const { return m_notesInput; }
    [[nodiscard]] FieldBox* dispositionBox() const { return m_dispositionBox; }
    [[nodiscard]] FieldBox* notesBox() const { return m_notesBox; }
    [[nodiscard]] MarksLine* marks() const { return m_marksLine; }

 Q_SIGNALS:
    void committed(const earmark::CallKey& key);
    void draftDropped();
    void saveWanted();
    void saveAndNextWanted();
    void solveWanted(earmark::ReviewField field);

 protected:
    void changeEvent(QEvent* event) override;

 private:
    void connectFields();
    void tellLocked();
    void groundFields();
    void connectMarks();
    void tellMarks(bool otherCall);
    [[nodiscard]] std::optional<double> heardSeconds() const { return m_heard ? m_heard(*m_key) : std::nullopt; }
    [[nodiscard]] bool canMark() const { return m_key && !m_waiting && !m_isLocked; }
    enum class FoundDrafts { Commit, Stay };
    [[nodiscard]] std::vector<OrderedEdit> takeTyped(const QString& step, FoundDrafts drafts);
    void showTexts(bool otherCall);
    void savedAfterAll(const CallKey& key);
    void tellLeftBehind(const CallKey& key, const QString& problem);

    Store* m_store;
    FieldEditor m_disposition;
    FieldEditor m_notes;
    ReviewMarks m_marks;
    MarksLine* m_marksLine;
    Heard m_heard;
    DispositionInput* m_dispositionInput;
    NotesInput* m_notesInput;
    FieldBox* m_dispositionBox;
    FieldBox* m_notesBox;
    QWidget* m_longNotes;
    LongTextView* m_longNotesText;
    QPushButton* m_writeOwn;
    IconLine* m_elsewhere;
    std::optional<CallKey> m_key;
    std::optional<CallKey> m_elsewhereKey;
    QString m_shownDisposition;  ///< what the editor said when its text was last put into the field or taken from it
    QString m_shownNotes;
    bool m_dispositionUnsaved = false;  ///< what was shown last was typed and not saved
    bool m_notesUnsaved = false;
    bool m_isLocked = false;  ///< nothing can be saved
    bool m_waiting = true;    ///< between leaving one call and having the next one
    enum class Focus { None, Disposition, Notes } m_wantedFocus = Focus::None;
};

}  // namespace earmark
