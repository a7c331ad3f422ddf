// The calls as the table shows them: a snapshot of the index, a row order, and a cache of the texts near the viewport.
// Main thread only. Filtering and sorting run on a pool thread, newest wins.
#pragma once

#include <QAbstractTableModel>
#include <memory>

#include "models/search/query.h"
#include "models/store/store.h"
#include "models/tables/callcolumns.h"
#include "models/tables/tableorder.h"

namespace earmark {

class CallTableModel final : public QAbstractTableModel {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallTableModel)

 public:
    enum Role {
        RawValueRole =
            Qt::UserRole + 1,  ///< FieldValue as QVariant: QString, double, bool, QDateTime (UTC); invalid = null
        KeyRole,               ///< QString, toText(CallKey)
        EditStateRole,         ///< int(EditState), invalid when untouched
        NotOfferedRole,        ///< bool: the provider never gives this field
        TextStateRole,         ///< int(TextState) for columns served by the window cache
        SentimentRole,         ///< QString, lower case, for the delegate's sign
        RecordingRole,         ///< int: 0 no, 1 yes, 2 unknown
        DirectionRole,         ///< QString, the common word, for the delegate's sign
        AbsentRole,            ///< bool: the cell holds a sign for "nothing", to be muted
        NotFoundRole,          ///< bool: the provider says this call is not there (any more)
    };
    enum class TextState { None, Unavailable, Loading, Ready };

    CallTableModel(Store* store, std::shared_ptr<const Clock> clock, QObject* parent = nullptr);
    ~CallTableModel() override;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index,
                                int role = Qt::DisplayRole) const override;  ///< texts cut to 512
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order) override;

    /// Starts loading the index from the store; rows appear chunk by chunk. loaded() at the end.
    void load();
    [[nodiscard]] bool isLoaded() const;
    /// A new filter; the rows change when the query is done. An invalid filter is never set (the line keeps the last
    /// valid one).
    void setFilter(const Filter& filter);
    [[nodiscard]] SortKey sortKey() const;
    void setSortKey(const SortKey& key);  ///< a field that cannot be sorted by is ignored

    [[nodiscard]] qint64 totalCalls() const;  ///< before filtering
    /// A filter or sort order was set that the rows do not show yet: Enter must wait for queryFinished while true.
    [[nodiscard]] bool isQueryRunning() const;
    /// Between rowsAboutToChange and queryFinished: because of a new filter or sort order, not of new data.
    [[nodiscard]] bool showsNewQuestion() const;
    [[nodiscard]] std::optional<CallKey> keyAt(int row) const;
    /// The rows from first to last as they stand in index(): for asking about many of them in another thread.
    [[nodiscard]] RowOrder rowNumbers(int first, int last) const;
    [[nodiscard]] int rowOf(const CallKey& key) const;  ///< -1 when filtered out
    [[nodiscard]] Review reviewOf(const CallKey& key) const;
    [[nodiscard]] CallIndexPtr index() const;
    using QAbstractTableModel::index;
    /// The view says what it shows; texts are asked for that range (plus one page around it) in one question.
    void setVisibleRows(int first, int last);
    /// The call under the user's hands: an edit or a pull that makes it leave the filter does not take it from the
    /// table; the next filter does.
    void keepCall(const std::optional<CallKey>& key);

 Q_SIGNALS:
    void loaded();
    void loadFailed(const Error& error);
    void queryStarted();
    void rowsAboutToChange();      ///< rows are about to come, go or move; queryFinished follows in the same turn
    void queryFinished(int rows);  ///< also after refreshes; persistent indexes follow their call
    void queryFailed(const Error& error);
    void totalChanged(qint64 calls);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
