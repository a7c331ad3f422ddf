#include "models/tables/outboxmodel.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <array>

#include "models/domain/textfold.h"
#include "models/tables/calltablemodel.h"
#include "models/tables/celltext.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// At most a ninth of the reviews' lane goes into reading the outbox.
constexpr int kPauseForEach = 8;
constexpr std::chrono::milliseconds kLeastPause = 150ms;
constexpr std::chrono::milliseconds kLongestPause = 20s;

using Lines = std::shared_ptr<const OutboxLines>;
using View = std::shared_ptr<const OutboxView>;

View emptyView() {
    static const View none = outboxView(std::make_shared<const OutboxLines>(), OutboxFilter::All, nullptr);
    return none;
}

QString textOf(const CallIndex& index, RowNumber row, Field field) {
    const FieldValue value = index.value(row, field);
    const auto* text = std::get_if<QString>(&value);
    return text == nullptr ? QString() : shownText(*text, 60);
}

constexpr std::array kTitles{
    QT_TRANSLATE_NOOP("OutboxModel", "State"),    QT_TRANSLATE_NOOP("OutboxModel", "Call"),
    QT_TRANSLATE_NOOP("OutboxModel", "Field"),    QT_TRANSLATE_NOOP("OutboxModel", "From"),
    QT_TRANSLATE_NOOP("OutboxModel", "To"),       QT_TRANSLATE_NOOP("OutboxModel", "Where"),
    QT_TRANSLATE_NOOP("OutboxModel", "Why"),      QT_TRANSLATE_NOOP("OutboxModel", "Edited"),
    QT_TRANSLATE_NOOP("OutboxModel", "Accepted"),
};
static_assert(kTitles.size() == size_t(OutboxColumn::Count));

}  // namespace

class OutboxModel::Private {
 public:
    Private(OutboxModel* model, Store* theStore, const CallTableModel* theCalls)
        : q(model), store(theStore), calls(theCalls) {
        soon.setSingleShot(true);
        connect(&soon, &QTimer::timeout, q, [this] { ask(); });
    }

    void noteChange();
    void ask();
    void arrange(Lines lines);
    void take(const View& next);
    void tellCounts(const OutboxCounts& now);
    void answered(const std::optional<Error>& error);

    OutboxModel* const q;
    Store* const store;
    const CallTableModel* const calls;
    QTimer soon;  ///< runs: a question is due; its interval is what is left of the pause
    std::chrono::steady_clock::time_point asked{};
    std::chrono::steady_clock::time_point notBefore{};
    bool isAsking = false;  ///< until the answer is shown
    bool isStale = false;   ///< something changed after the question that is under way
    bool isWatched = false;
    bool isCounted = false;
    bool isLoaded = false;
    OutboxFilter filter = OutboxFilter::All;
    OutboxCounts counts;
    View view = emptyView();
    quint64 questions = 0;
};

// --- one question after the other

void OutboxModel::Private::noteChange() {
    if (isAsking) {
        isStale = true;
        return;
    }
    if (!soon.isActive()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(notBefore - std::chrono::steady_clock::now());
        soon.start(std::max(left, 0ms));
    }
}

void OutboxModel::Private::ask() {
    soon.stop();
    isAsking = true;
    isStale = false;
    ++questions;
    asked = std::chrono::steady_clock::now();
    if (!isWatched) {
        store->countPending(q, [this](const Result<OutboxCounts>& now) {
            if (now) {
                tellCounts(*now);
            }
            answered(now ? std::nullopt : std::optional(now.error()));
        });
        return;
    }
    store->loadPending(q, [this](Result<std::vector<PendingEdit>> pending) {
        if (!pending) {
            answered(pending.error());
            return;
        }
        QThreadPool::globalInstance()->start(
            [self = QPointer(q), edits = std::move(*pending), wanted = filter, before = view]() mutable {
                const View next = outboxView(outboxLines(std::move(edits)), wanted, before);
                // Whether the model still lives can only be asked in its own thread.
                QMetaObject::invokeMethod(
                    QCoreApplication::instance(),
                    [self, next] {
                        if (self) {
                            self->d->take(next);
                        }
                    },
                    Qt::QueuedConnection);
            });
    });
}

void OutboxModel::Private::answered(const std::optional<Error>& error) {
    const auto now = std::chrono::steady_clock::now();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(now - asked);
    notBefore = now + std::clamp(took * kPauseForEach, kLeastPause, kLongestPause);
    isAsking = false;
    if (error) {
        Q_EMIT q->failed(*error);
    }
    if (std::exchange(isStale, false)) {
        noteChange();
    }
}

void OutboxModel::Private::take(const View& next) {
    const bool isOfAnotherFilter = next->filter != filter;
    const View made = isOfAnotherFilter ? outboxView(next->lines, filter, view) : next;
    if (made->hasSameRows) {
        view = made;
        if (!view->shown.empty()) {
            Q_EMIT q->dataChanged(q->index(0, 0), q->index(q->rowCount() - 1, q->columnCount() - 1));
        }
    } else {
        q->beginResetModel();
        view = made;
        q->endResetModel();
    }
    isLoaded = true;
    tellCounts(view->lines->counts);
    answered(std::nullopt);
    Q_EMIT q->rowsChanged();
}

void OutboxModel::Private::tellCounts(const OutboxCounts& now) {
    if (!std::exchange(isCounted, true) || counts != now) {
        counts = now;
        Q_EMIT q->countsChanged();
    }
}

// --- the model

OutboxModel::OutboxModel(Store* store, const CallTableModel* calls, QObject* parent)
    : QAbstractTableModel(parent), d(std::make_unique<Private>(this, store, calls)) {
    connect(store, &Store::outboxChanged, this, [this] { d->noteChange(); });
    // Its edits may go with it, a moment later in the same lane.
    connect(store, &Store::callsRemoved, this, [this] { d->noteChange(); });
}

OutboxModel::~OutboxModel() = default;

void OutboxModel::refresh() {
    d->noteChange();
}

void OutboxModel::setWatched(bool watched) {
    if (std::exchange(d->isWatched, watched) != watched && watched) {
        d->notBefore = {};  // somebody waits for it
        d->soon.stop();
        d->noteChange();
    }
}

bool OutboxModel::isWatched() const {
    return d->isWatched;
}

void OutboxModel::setFilter(OutboxFilter filter) {
    if (std::exchange(d->filter, filter) == filter || !d->isLoaded) {
        return;
    }
    beginResetModel();
    d->view = outboxView(d->view->lines, filter, nullptr);
    endResetModel();
    Q_EMIT rowsChanged();
}

OutboxFilter OutboxModel::filter() const {
    return d->filter;
}

const OutboxCounts& OutboxModel::counts() const {
    return d->counts;
}

bool OutboxModel::isCounted() const {
    return d->isCounted;
}

bool OutboxModel::isLoaded() const {
    return d->isLoaded;
}

quint64 OutboxModel::questions() const {
    return d->questions;
}

const PendingEdit* OutboxModel::editAt(int row) const {
    const bool isThere = row >= 0 && row < rowCount();
    return isThere ? &d->view->lines->edits[size_t(d->view->shown[size_t(row)])] : nullptr;
}

int OutboxModel::rowOf(const CallKey& key, ReviewField field) const {
    return d->view->rows.value({key, int(field)}, -1);
}

QString OutboxModel::callText(const CallKey& key) const {
    const CallIndexPtr index = d->calls == nullptr ? nullptr : d->calls->index();
    const std::optional<RowNumber> row = index ? index->find(key) : std::nullopt;
    if (!row) {
        return shownText(key.remoteId, 60) + u" \u00b7 "_s + key.account;
    }
    QStringList parts;
    for (const Field field : {Field::Lead, Field::CustomerNumber, Field::LeadId}) {
        if (const QString who = textOf(*index, *row, field); !who.isEmpty()) {
            parts << who;
            break;
        }
    }
    if (parts.isEmpty()) {
        parts << shownText(key.remoteId, 60);
    }
    parts << cellText(*index, *row, CallColumn::Start) << textOf(*index, *row, Field::Agent) << key.account;
    parts.removeAll(QString());
    return parts.join(u" \u00b7 "_s);
}

int OutboxModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(d->view->shown.size());
}

int OutboxModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(OutboxColumn::Count);
}

QVariant OutboxModel::data(const QModelIndex& index, int role) const {
    const PendingEdit* const edit = editAt(index.row());
    if (edit == nullptr || !index.isValid()) {
        return {};
    }
    switch (role) {
        case StateRole:
            return int(edit->state);
        case KeyRole:
            return toText(edit->key);
        case ReviewFieldRole:
            return int(edit->field);
        case Qt::ToolTipRole:
            return escapedToolTip(outboxSentence(*edit, callText(edit->key)));
        case Qt::AccessibleDescriptionRole:
            return outboxSentence(*edit, callText(edit->key));
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            break;
        default:
            return {};
    }
    switch (OutboxColumn(index.column())) {
        case OutboxColumn::State:
            return outboxStateText(edit->state);
        case OutboxColumn::Call:
            return callText(edit->key);
        case OutboxColumn::Field:
            return outboxFieldText(edit->field);
        case OutboxColumn::From:
            return outboxValueText(edit->from);
        case OutboxColumn::To:
            return outboxValueText(edit->to);
        case OutboxColumn::Where:
            return edit->destination.isEmpty() ? tr("this computer") : shownText(edit->destination);
        case OutboxColumn::Why:
            return outboxReasonText(*edit);
        case OutboxColumn::EditedAt:
            return cellTime(edit->editedAt);
        case OutboxColumn::SentAt:
            return edit->sentAt ? cellTime(*edit->sentAt) : QString();
        case OutboxColumn::Count:
            break;
    }
    return {};
}

QVariant OutboxModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCount()) {
        return {};
    }
    return tr(kTitles[size_t(section)]);
}

}  // namespace earmark
