// One field of one call while the supervisor works on it: typing -> draft -> edit, with a state that never lies.
// Main thread only. The widget shows what this says and holds no state of its own.
#pragma once

#include <QObject>
#include <memory>

#include "models/store/store.h"

namespace earmark {

enum class SaveState {
    Untouched,  ///< shows what counts
    Typing,     ///< unsaved keys, draft not written yet
    DraftKept,  ///< the text typed so far is on disk as a draft
    Saving,     ///< commit under way
    Saved,      ///< "saved on this computer": after COMMIT only
    NotSaved,   ///< reason in problem(); tried again every 2 s while it lasts; the text stays
};

/// An edit that is to be committed in one transaction with others, and who hears how that ended.
struct OrderedEdit {
    EditToCommit edit;
    std::function<void(const Done&)> answered;
};
/// All in one durable transaction and as one step for undo. The answers come in the context's thread, while it lives.
void commitTogether(Store* store, QObject* context, std::vector<OrderedEdit> edits);

class FieldEditor final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FieldEditor)

 public:
    FieldEditor(Store* store, ReviewField field, QObject* parent = nullptr);
    ~FieldEditor() override;

    /// Shows another call (or the same one refreshed). Unsaved text of the former call is committed first. A refresh of
    /// the same call never touches the text while it is being edited: providerChanged() is emitted instead.
    /// Which edit counts is asked of the store, so a ReviewedCall that is a little old does no harm.
    /// A commit that failed goes on being tried after the call has changed; coming back shows its text again.
    void setCall(const ReviewedCall& call, const std::optional<QString>& draft);
    /// A draft that was found again stays a draft until somebody types on in it, commits it or reverts it: whoever only
    /// walks past has decided nothing.
    void clear();  ///< no call; unsaved text is committed first

    void setText(const QString& text);  ///< what the user has typed now (disposition: the code)
    void commit();                      ///< Ctrl+Enter, Ctrl+S; nothing happens when nothing changed
    void leave();                       ///< leaving the field or the call: commit(), but for a draft found again
    /// As commit(), for committing together with others: the edit that commit() would have sent. Whoever asks must hand
    /// it to commitTogether(); should that fail, this editor goes on trying by itself, with the same step.
    [[nodiscard]] std::optional<OrderedEdit> takeCommit(const QString& step);
    [[nodiscard]] std::optional<OrderedEdit> takeLeft(const QString& step);  ///< as takeCommit(), for leave()
    void restoreProviderValue();                                             ///< the local edit goes, typed text too
    void revertTyping();  ///< Esc: back to what counts, draft dropped

    [[nodiscard]] QString text() const;
    [[nodiscard]] std::optional<QString> providerValue() const;
    [[nodiscard]] bool isEdited() const;  ///< a local edit counts
    /// Something typed has not reached COMMIT yet, be it in the call shown or in one shown before. A window that
    /// closes waits for this to become false (changed() tells). A draft that was found again waits on the disk.
    [[nodiscard]] bool hasUnsavedText() const;
    [[nodiscard]] SaveState state() const;
    [[nodiscard]] QString problem() const;  ///< two sentences, only in NotSaved

 Q_SIGNALS:
    void changed();                               ///< text, state or provider value
    void committed(const earmark::CallKey& key);  ///< after COMMIT
    void providerChanged();
    void draftDropped();  ///< the draft of this field has gone and no edit was made of it
    /// The edit of a call that is no longer shown could not be saved yet; it is kept and tried again every 2 s.
    void notSavedElsewhere(const earmark::CallKey& key, const earmark::Error& error);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
