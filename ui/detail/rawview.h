// The provider's own object of a call as formatted JSON: to read, search and copy, whatever its size. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/call.h"
#include "models/sync/workers.h"
#include "models/tables/textlinesmodel.h"
#include "ui/detail/parts.h"
#include "ui/detail/textrowsview.h"

class QPushButton;

namespace earmark {

class FindLine;

class LinesList final : public TextRowsView {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(LinesList)

 public:
    explicit LinesList(TextLinesModel* lines, QWidget* parent = nullptr);

 protected:
    [[nodiscard]] RowFrame frameOf(int row) const override;
    [[nodiscard]] bool hasNames() const override { return false; }
};

class RawView final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RawView)

 public:
    explicit RawView(QWidget* parent = nullptr);
    /// Formatted JSON; "null" where nothing is kept. Cut into rows on a pool thread.
    void setText(const QString& text, Provider provider, bool isMerged);
    void clear();  ///< another call's is on its way
    void focusLines();
    [[nodiscard]] LinesList* lines() const { return m_list; }
    [[nodiscard]] FindLine* findLine() const { return m_find; }

 private:
    TextLinesModel* m_model;
    LinesList* m_list;
    FindLine* m_find;
    ToneLabel* m_about;
    QPushButton* m_copy;
    quint64 m_asked = 0;
    QString m_text;
    Workers m_workers{1};
};

}  // namespace earmark
