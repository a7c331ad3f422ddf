// The list under the filter line: terms with their meaning, values, recent filters. Main thread only.
#pragma once

#include <QAbstractListModel>
#include <QStyledItemDelegate>
#include <vector>

#include "ui/filter/completion.h"

namespace earmark {

class CompletionModel final : public QAbstractListModel {
    Q_OBJECT

 public:
    using QAbstractListModel::QAbstractListModel;
    enum Role { ExplanationRole = Qt::UserRole + 1, RecentRole };

    void set(std::vector<Completion> completions);
    [[nodiscard]] const Completion& at(int row) const { return m_completions[size_t(row)]; }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

 private:
    std::vector<Completion> m_completions;
};

class CompletionDelegate final : public QStyledItemDelegate {
    Q_OBJECT

 public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace earmark
