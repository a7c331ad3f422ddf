// What a bulk edit would do, in words and counts. Shows what it is given. Main thread only.
#pragma once

#include <QWidget>

#include "models/edits/bulkedit.h"
#include "ui/detail/parts.h"

class QVBoxLayout;

namespace earmark {

class BulkPreviewBox final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(BulkPreviewBox)

 public:
    explicit BulkPreviewBox(QWidget* parent = nullptr);
    void setPreview(const BulkPreview& preview, const BulkChange& change);
    void setWaiting(const QString& text);  ///< counts are being made, or something is still to be entered
    [[nodiscard]] QStringList lines() const;

 private:
    ToneLabel* m_counts;
    ToneLabel* m_replaces;
    ToneLabel* m_presentTitle;
    ToneLabel* m_present;
};

}  // namespace earmark
