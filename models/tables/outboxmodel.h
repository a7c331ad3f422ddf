// The outbox as a table: every edited field of a call with its fate, newest first, and how many are in which state.
// Main thread only. The lines are read only while somebody looks at them; the counts are always kept.
//
// However many changes the store tells of, at most one question is under way, and a long answer is followed by a long
// pause: reading a hundred thousand lines must not stand in the way of the next edit.
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <optional>

#include "models/store/store.h"
#include "models/tables/outboxlines.h"

namespace earmark {

class CallTableModel;

enum class OutboxColumn : int { State, Call, Field, From, To, Where, Why, EditedAt, SentAt, Count };

class OutboxModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(OutboxModel)

 public:
    enum Role {
        StateRole = Qt::UserRole + 1,  ///< int(EditState)
        KeyRole,                       ///< QString, toText(CallKey)
        ReviewFieldRole,               ///< int(ReviewField)
    };

    /// `calls` may be null: then calls are named by their ids. Nothing is asked before the store is open: refresh().
    OutboxModel(Store* store, const CallTableModel* calls, QObject* parent = nullptr);
    ~OutboxModel() override;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    void refresh();
    /// While true the lines are read too; what was read stays when it becomes false.
    void setWatched(bool watched);
    [[nodiscard]] bool isWatched() const;
    void setFilter(OutboxFilter filter);
    [[nodiscard]] OutboxFilter filter() const;

    [[nodiscard]] const OutboxCounts& counts() const;
    [[nodiscard]] bool isCounted() const;  ///< false: the outbox has not been read yet, and the counts say nothing
    [[nodiscard]] bool isLoaded() const;   ///< the lines were read at least once
    [[nodiscard]] const PendingEdit* editAt(int row) const;  ///< null: no such row; lives until the next change
    [[nodiscard]] int rowOf(const CallKey& key, ReviewField field) const;  ///< -1: not shown
    /// Lead or number, time and account where the call is known here, else its id.
    [[nodiscard]] QString callText(const CallKey& key) const;
    [[nodiscard]] quint64 questions() const;  ///< asked of the store so far

 Q_SIGNALS:
    void countsChanged();
    void rowsChanged();  ///< after the rows are those of the newest answer, also where nothing is different
    void failed(const earmark::Error& error);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
