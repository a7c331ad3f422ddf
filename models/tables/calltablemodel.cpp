#include "models/tables/calltablemodel.h"

#include <QSet>
#include <QThreadPool>
#include <algorithm>

#include "models/tables/callcells.h"
#include "models/tables/tablejob.h"
#include "models/tables/textwindow.h"

namespace earmark {

namespace {

/// A filter with the scan of the long texts that it needs.
struct Question {
    Filter filter;
    std::shared_ptr<TextScan> scan;  ///< nullptr when the filter looks into no text
    quint64 number = 0;
};

}  // namespace

class CallTableModel::Private final {
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(CallTableModel* model, Store* theStore) : q(model), store(theStore), texts(theStore) {
        pool.setMaxThreadCount(1);  // jobs build on each other and share a text scan: one after the other
        soon.setSingleShot(true);
        soon.setInterval(0);
    }
    ~Private() {
        scanStop.request_stop();
        jobStop.request_stop();
        pool.clear();
        pool.waitForDone();  // a running job posts to the model, which must still be there
    }

    void change(IndexChange what) {
        pending.push_back(std::move(what));
        soon.start();
    }
    void onChunk(std::vector<IndexRow> rows);
    void onLoaded(const Done& done);
    void onStored(const StoredRows& rows);
    void onReviews(const ChangedReviews& reviews);
    void ask(const Filter& filter);
    void scanTexts();
    void askAgain();
    void scanned(const Result<std::vector<qint64>>& done);
    void lookAgain(const std::vector<qint64>& callRows);
    void askChangedTexts();
    void start();
    void finish(TableOutcome outcome, quint64 generation, quint64 questionNumber);
    void show(TableOutcome& outcome);
    void moveRows(const RowOrder& to, const std::vector<int>& positions);
    void wantTexts();

    [[nodiscard]] RowNumber rowNumber(int row) const { return shown[size_t(row)]; }

    CallTableModel* const q;
    Store* const store;
    TextWindow texts;
    QThreadPool pool;
    QTimer soon;

    CallIndexPtr index = CallIndex::empty();
    RowOrder shown;
    std::vector<int> positions;  ///< of the row numbers in `shown`; may be shorter than the index
    std::vector<IndexChange> pending;
    std::vector<CallTexts> pendingTexts;

    Question active;               ///< what the next job asks
    std::optional<Question> next;  ///< its texts are being scanned
    std::stop_source scanStop;
    std::vector<qint64> changedDuringScan;
    QSet<qint64> textsToRead;
    bool readingTexts = false;
    SortKey sort;
    std::optional<CallKey> kept;

    bool running = false;
    bool again = false;
    bool staleData = false;  ///< the index is newer than what views have painted
    std::stop_source jobStop;
    quint64 asked = 0;  ///< generation of filter and sort together
    quint64 answered = 0;
    quint64 shownQuestion = 0;
    bool newQuestion = false;

    enum class Load { Idle, Running, LastChunk, Complete } load = Load::Idle;
    std::vector<ChangedReviews> reviewedWhileLoading;

    int firstVisible = 0;
    int lastVisible = -1;
    qint64 total = 0;
};

// --- what changes

void CallTableModel::Private::onChunk(std::vector<IndexRow> rows) {
    change(std::make_shared<const std::vector<IndexRow>>(std::move(rows)));
}

void CallTableModel::Private::onLoaded(const Done& done) {
    for (ChangedReviews& reviews : reviewedWhileLoading) {
        change(std::move(reviews));  // their rows may have been unknown when they came
    }
    reviewedWhileLoading.clear();
    if (!done) {
        load = Load::Idle;
        Q_EMIT q->loadFailed(done.error());
        return;
    }
    load = Load::LastChunk;
    soon.start();
}

void CallTableModel::Private::onStored(const StoredRows& rows) {
    std::vector<qint64> callRows;
    callRows.reserve(rows->size());
    for (const IndexRow& row : *rows) {
        callRows.push_back(row.call.callRow);
    }
    texts.forget(callRows);
    lookAgain(callRows);
    change(rows);
}

void CallTableModel::Private::onReviews(const ChangedReviews& reviews) {
    if (load == Load::Running) {
        reviewedWhileLoading.push_back(reviews);
    }
    change(reviews);
}

// --- what is asked

void CallTableModel::Private::ask(const Filter& filter) {
    Question question{filter, nullptr, ++asked};
    scanStop.request_stop();
    next.reset();
    auto scan = std::make_shared<TextScan>(filter);
    if (!scan->isNeeded()) {
        active = question;
        askAgain();
        return;
    }
    question.scan = scan;
    next = question;
    if (load == Load::Idle) {
        return;  // the store may not be open yet: the remembered filter is asked when the load begins
    }
    scanTexts();
}

void CallTableModel::Private::scanTexts() {
    changedDuringScan.clear();
    scanStop = std::stop_source();
    const quint64 number = next->number;
    store->scanTexts(next->scan->matcher(), scanStop.get_token(), q,
                     [this, number](const Result<std::vector<qint64>>& done) {
                         if (next && next->number == number) {
                             scanned(done);
                         }
                     });
    Q_EMIT q->queryStarted();
}

void CallTableModel::Private::scanned(const Result<std::vector<qint64>>& done) {
    if (!done) {
        next.reset();
        answered = asked;  // nothing more to wait for: the rows stay as they are and the failure is said
        Q_EMIT q->queryFailed(done.error());
        return;
    }
    active = *next;
    next.reset();
    textsToRead.clear();
    pendingTexts.clear();
    lookAgain(changedDuringScan);
    askAgain();
}

void CallTableModel::Private::askAgain() {
    jobStop.request_stop();  // its changes are kept, only its question is dropped
    soon.start();
}

void CallTableModel::Private::lookAgain(const std::vector<qint64>& callRows) {
    if (next) {
        changedDuringScan.insert(changedDuringScan.end(), callRows.begin(), callRows.end());
    }
    if (active.scan) {
        textsToRead.unite(QSet<qint64>(callRows.begin(), callRows.end()));
        askChangedTexts();
    }
}

void CallTableModel::Private::askChangedTexts() {
    if (readingTexts || textsToRead.isEmpty()) {
        return;
    }
    readingTexts = true;
    std::vector<qint64> rows(textsToRead.begin(), textsToRead.end());
    textsToRead.clear();
    const quint64 number = active.number;
    store->loadTexts(std::move(rows), q, [this, number](Result<std::vector<CallTexts>> read) {
        readingTexts = false;
        if (read && active.number == number) {
            pendingTexts.insert(pendingTexts.end(), read->begin(), read->end());
            soon.start();
        }
        askChangedTexts();
    });
}

// --- one job after the other

void CallTableModel::Private::start() {
    if (running) {
        again = true;
        return;
    }
    running = true;
    again = false;
    jobStop = std::stop_source();
    TableJob job{index,
                 std::exchange(pending, {}),
                 active.filter,
                 active.scan,
                 std::exchange(pendingTexts, {}),
                 sort,
                 std::make_shared<const RowOrder>(shown),
                 active.number == shownQuestion ? kept : std::nullopt,
                 jobStop.get_token()};
    const quint64 generation = next ? answered : asked;
    const quint64 question = active.number;
    Q_EMIT q->queryStarted();
    pool.start([this, generation, question, job = std::move(job)]() mutable {
        auto outcome = std::make_shared<TableOutcome>(runTableJob(std::move(job)));
        QMetaObject::invokeMethod(
            q, [this, generation, question, outcome] { finish(std::move(*outcome), generation, question); },
            Qt::QueuedConnection);
    });
}

void CallTableModel::Private::finish(TableOutcome outcome, quint64 generation, quint64 questionNumber) {
    running = false;
    staleData = staleData || outcome.index != index;
    index = outcome.index;
    if (outcome.order) {
        newQuestion = generation > answered;
        answered = std::max(answered, generation);
        shownQuestion = questionNumber;
        show(outcome);
    } else if (outcome.order.error().kind != ErrorKind::Cancelled) {
        answered = std::max(answered, generation);
        Q_EMIT q->queryFailed(outcome.order.error());
    }
    if (const qint64 now = index->liveCount(); now != total) {
        total = now;
        Q_EMIT q->totalChanged(total);
    }
    if (outcome.order) {
        Q_EMIT q->queryFinished(int(shown.size()));
    }
    const bool cancelled = !outcome.order && outcome.order.error().kind == ErrorKind::Cancelled;
    if (again || cancelled || !pending.empty()) {
        soon.start();
    } else if (load == Load::LastChunk) {
        load = Load::Complete;
        Q_EMIT q->loaded();
    }
}

void CallTableModel::Private::show(TableOutcome& outcome) {
    OrderChange& change = outcome.change;
    if (!change.same) {
        Q_EMIT q->rowsAboutToChange();
    }
    if (!change.gathered.empty()) {
        if (change.gathered != shown) {
            moveRows(change.gathered, outcome.gatheredPositions);
        }
        q->beginRemoveRows({}, int(change.staying), int(shown.size()) - 1);
        shown.resize(change.staying);
        q->endRemoveRows();
    }
    if (!change.grown.empty()) {
        q->beginInsertRows({}, int(shown.size()), int(change.grown.size()) - 1);
        shown = std::move(change.grown);
        q->endInsertRows();
    }
    if (change.moves) {
        moveRows(**outcome.order, outcome.positions);
    }
    positions = std::move(outcome.positions);
    if (staleData && !shown.empty()) {
        Q_EMIT q->dataChanged(q->index(0, 0), q->index(int(shown.size()) - 1, q->columnCount() - 1));
    }
    staleData = false;
    wantTexts();
}

void CallTableModel::Private::moveRows(const RowOrder& to, const std::vector<int>& positionOf) {
    Q_EMIT q->layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList from = q->persistentIndexList();
    QModelIndexList moved;
    moved.reserve(from.size());
    for (const QModelIndex& one : from) {
        const int row = positionOf[rowNumber(one.row())];
        moved.append(row < 0 ? QModelIndex() : q->createIndex(row, one.column()));
    }
    shown = to;
    q->changePersistentIndexList(from, moved);
    Q_EMIT q->layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void CallTableModel::Private::wantTexts() {
    if (lastVisible < firstVisible || shown.empty()) {
        return;
    }
    const int page = lastVisible - firstVisible + 1;
    const int first = std::max(0, firstVisible - page);
    const int last = std::min(int(shown.size()) - 1, lastVisible + page);
    std::vector<qint64> wanted;
    for (int row = first; row <= last; ++row) {
        wanted.push_back(index->callRow(rowNumber(row)));
    }
    texts.setWanted(std::move(wanted));
}

// --- the model

CallTableModel::CallTableModel(Store* store, std::shared_ptr<const Clock> clock, QObject* parent)
    : QAbstractTableModel(parent), d(std::make_unique<Private>(this, store)) {
    Q_UNUSED(clock)  // nothing here depends on the time yet; filters carry their own
    connect(&d->soon, &QTimer::timeout, this, [this] { d->start(); });
    connect(store, &Store::callsStored, this, [this](const StoredRows& rows) { d->onStored(rows); });
    connect(store, &Store::reviewChanged, this, [this](const CallKey& key, const Review& review) {
        d->onReviews(std::make_shared<const std::vector<CallReview>>(1, CallReview{key, review}));
    });
    connect(store, &Store::reviewsChanged, this, [this](const ChangedReviews& reviews) { d->onReviews(reviews); });
    connect(store, &Store::callsRemoved, this, [this](const QString& account) { d->change(AccountRemoved{account}); });
    connect(&d->texts, &TextWindow::arrived, this, [this] {
        const int last = std::min(d->lastVisible, rowCount() - 1);
        if (d->firstVisible <= last) {
            Q_EMIT dataChanged(QAbstractTableModel::index(d->firstVisible, 0),
                               QAbstractTableModel::index(last, columnCount() - 1));
        }
    });
}

CallTableModel::~CallTableModel() = default;

int CallTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(d->shown.size());
}

int CallTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(CallColumn::Count);
}

QVariant CallTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) {
        return {};
    }
    return CallCells(*d->index, d->texts).data(d->rowNumber(index.row()), CallColumn(index.column()), role);
}

QVariant CallTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) {
        return {};
    }
    const CallColumnInfo& column = info(CallColumn(section));
    switch (role) {
        case Qt::DisplayRole:
            return columnTitle(column.column);
        case Qt::TextAlignmentRole:
            return int((column.numeric ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
        case Qt::InitialSortOrderRole:
            return int(column.numeric || column.column == CallColumn::Start || column.column == CallColumn::Edited
                           ? Qt::DescendingOrder
                           : Qt::AscendingOrder);
        default:
            return {};
    }
}

void CallTableModel::sort(int column, Qt::SortOrder order) {
    if (column >= 0 && column < columnCount()) {
        setSortKey({info(CallColumn(column)).field, order == Qt::DescendingOrder});
    }
}

void CallTableModel::load() {
    if (d->load == Private::Load::Running) {
        return;
    }
    d->load = Private::Load::Running;
    d->store->loadIndex(
        this, [this](std::vector<IndexRow> rows) { d->onChunk(std::move(rows)); },
        [this](const Done& done) { d->onLoaded(done); });
    if (d->next) {
        d->scanTexts();
    }
}

bool CallTableModel::isLoaded() const {
    return d->load == Private::Load::Complete;
}

void CallTableModel::setFilter(const Filter& filter) {
    d->ask(filter);
}

SortKey CallTableModel::sortKey() const {
    return d->sort;
}

void CallTableModel::setSortKey(const SortKey& key) {
    if (key == d->sort || !isSortable(key.field)) {
        return;
    }
    d->sort = key;
    ++d->asked;
    d->askAgain();
}

qint64 CallTableModel::totalCalls() const {
    return d->total;
}

bool CallTableModel::isQueryRunning() const {
    return d->next.has_value() || d->answered != d->asked;
}

bool CallTableModel::showsNewQuestion() const {
    return d->newQuestion;
}

std::optional<CallKey> CallTableModel::keyAt(int row) const {
    return row >= 0 && row < rowCount() ? std::optional(d->index->key(d->rowNumber(row))) : std::nullopt;
}

RowOrder CallTableModel::rowNumbers(int first, int last) const {
    const auto from = d->shown.begin() + std::clamp(first, 0, rowCount());
    const auto to = d->shown.begin() + std::clamp(last + 1, 0, rowCount());
    return from < to ? RowOrder(from, to) : RowOrder();
}

int CallTableModel::rowOf(const CallKey& key) const {
    const std::optional<RowNumber> row = d->index->find(key);
    return row && *row < d->positions.size() ? d->positions[*row] : -1;
}

Review CallTableModel::reviewOf(const CallKey& key) const {
    const std::optional<RowNumber> row = d->index->find(key);
    return row ? d->index->review(*row) : Review{};
}

CallIndexPtr CallTableModel::index() const {
    return d->index;
}

void CallTableModel::setVisibleRows(int first, int last) {
    d->firstVisible = std::max(0, first);
    d->lastVisible = last;
    d->wantTexts();
}

void CallTableModel::keepCall(const std::optional<CallKey>& key) {
    d->kept = key;
}

}  // namespace earmark
