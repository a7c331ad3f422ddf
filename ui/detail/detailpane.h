// The pane beside the table: one call in three tabs, its story and review, its transcript, and the provider's own
// object. Main thread only.
#pragma once

#include <QWidget>
#include <memory>

#include "models/domain/callkey.h"
#include "ui/common/deskservices.h"

namespace earmark {

enum class DetailTab { Call, Transcript, Raw };

class ReviewBlock;
class TranscriptView;

class DetailPane final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailPane)

 public:
    explicit DetailPane(const DeskServices& services, QWidget* parent = nullptr);
    ~DetailPane() override;

    /// Shows the call (what the cache has now; re-read from the provider when stale, shown only if still current) and
    /// makes its recording ready to play. nullopt = nothing selected.
    void showCall(const std::optional<CallKey>& key);
    [[nodiscard]] std::optional<CallKey> call() const;
    void showTab(DetailTab tab);  ///< with the focus where keys work in it
    [[nodiscard]] DetailTab tab() const;

    void focusDisposition();  ///< for the key D
    void focusNotes();        ///< for the key E
    void focusFlag();         ///< for the key Shift+F
    void commitEdits();       ///< Ctrl+S; returns at once
    /// The conflict of the shown call (its disposition's first) with its texts side by side; false: it has none.
    bool solveConflict();
    [[nodiscard]] TranscriptView* transcript() const;
    void addBelow(QWidget* widget);             ///< below the tabs, whichever is shown; the pane owns it from now on
    [[nodiscard]] ReviewBlock* review() const;  ///< its marks, and "save and next"
    [[nodiscard]] bool hasUnsavedText() const;  ///< typed text that is neither saved nor kept as a draft
    void playRecording();                       ///< Space when nothing is loaded yet: fetch, then play

 Q_SIGNALS:
    void editsCommitted();
    void nextWanted();  ///< after a commit asked for with Ctrl+Enter where the window does not hear it
    /// For PlayerBar::setMessage: the state of the shown call's recording in words; "" once it is open in the player.
    void recordingMessageChanged(const QString& message);
    /// The provider says that the shown call has none, in words; "": there is one, or nobody knows yet.
    void noRecordingChanged(const QString& why);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
