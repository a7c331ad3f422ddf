// Rows of text for views that lay out only what is seen: what such a view needs to know of each row without making its
// text. Main thread only; the function that textReader() hands out may be used on any.
#pragma once

#include <QAbstractListModel>
#include <functional>

namespace earmark {

class TextRowsModel : public QAbstractListModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TextRowsModel)

 public:
    /// Characters of a row that are shown; the rest of a longer one is for a view of its own.
    static constexpr qsizetype kMostShown = 3'000;

    using QAbstractListModel::QAbstractListModel;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : rows(); }
    [[nodiscard]] virtual int rows() const = 0;
    [[nodiscard]] virtual qsizetype length(int row) const = 0;  ///< about; costs nothing
    [[nodiscard]] virtual QString shownRow(int row) const = 0;  ///< safe to show, at most kMostShown characters
    [[nodiscard]] virtual bool isCut(int row) const = 0;        ///< shownRow() is not all of it
    /// The text of a row as it is shown, whole. The function keeps what it reads alive.
    [[nodiscard]] virtual std::function<QString(int)> textReader() const = 0;
    /// What is copied of these rows, as it came.
    [[nodiscard]] virtual QString copiedText(int first, int last) const = 0;
};

}  // namespace earmark
