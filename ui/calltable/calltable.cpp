#include "ui/calltable/calltable.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>

#include "models/tables/calltablemodel.h"
#include "ui/calltable/calldelegate.h"
#include "ui/calltable/columnstate.h"
#include "ui/common/desksettings.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype kMostKeysCopied = 10'000;
constexpr auto kHeld = 60ms;
constexpr auto kKeepPlaceAfter = 1s;
constexpr auto kRepeats = 150ms;  ///< keys that follow each other so soon are a held one

const QString kSortField = u"table/sort_field"_s;
const QString kSortDescending = u"table/sort_descending"_s;

}  // namespace

CallTable::CallTable(CallTableModel* model, DeskSettings* settings, QWidget* parent)
    : QTableView(parent), m_model(model), m_settings(settings), m_lastPlace(settings) {
    setObjectName(u"callTable"_s);
    setAccessibleName(tr("Calls"));
    setItemDelegate(new CallDelegate(this));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setFrameShape(NoFrame);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setMouseTracking(false);
    setTextElideMode(Qt::ElideRight);

    // Before the model comes, so that no section is ever measured.
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(8);
    updateRowHeight();
    setModel(model);
    setUpHeader();

    m_tellSoon.setSingleShot(true);
    connect(&m_tellSoon, &QTimer::timeout, this, &CallTable::tellCurrent);
    m_reportSoon.setSingleShot(true);
    m_reportSoon.setInterval(0);
    connect(&m_reportSoon, &QTimer::timeout, this, &CallTable::reportVisibleRows);
    m_keepLastPlaceSoon.setSingleShot(true);
    m_keepLastPlaceSoon.setInterval(kKeepPlaceAfter);
    connect(&m_keepLastPlaceSoon, &QTimer::timeout, this, &CallTable::keepLastPlace);
    connect(model, &CallTableModel::rowsAboutToChange, this, &CallTable::rememberPlace);
    connect(model, &CallTableModel::queryFinished, this, &CallTable::restorePlace);
    connect(model, &CallTableModel::loaded, this, [this] {
        m_choiceIsOurs = false;
        m_lastPlace.forget();  // it is where it was by now, or the view does not have it any more
    });
}

CallTable::~CallTable() {
    if (m_keepLastPlaceSoon.isActive()) {
        keepLastPlace();
    }
    delete m_columns;  // writes what is not written yet, and needs the header for it
}

void CallTable::setUpHeader() {
    QHeaderView* const header = horizontalHeader();
    header->setSectionsMovable(true);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setStretchLastSection(true);
    header->setHighlightSections(false);
    header->setMinimumSectionSize(24);
    header->setResizeContentsPrecision(0);  // a double click on an edge measures the visible rows, never all
    header->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    header->setAccessibleName(tr("Columns"));
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnsMenu(menu);
        menu->popup(header->mapToGlobal(at));
    });

    m_columns = new ColumnState(header, m_settings, this);
    connect(m_columns, &ColumnState::shownColumnsChanged, this, [this] { m_reportSoon.start(); });
    m_columns->restore();

    const std::optional<Field> field = fieldFromJsonName(m_settings->value(kSortField).toString());
    if (field && columnOfField(*field)) {
        m_model->setSortKey({*field, m_settings->value(kSortDescending, true).toBool()});
    }
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    showSortSign();
    connect(header, &QHeaderView::sortIndicatorChanged, this, &CallTable::sortChanged);
}

void CallTable::showSortSign() {
    const SortKey key = m_model->sortKey();
    const std::optional<CallColumn> column = columnOfField(key.field);
    const QSignalBlocker quiet(horizontalHeader());
    horizontalHeader()->setSortIndicator(column ? int(*column) : -1,
                                         key.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    horizontalHeader()->viewport()->update();
}

void CallTable::sortChanged(int section, Qt::SortOrder order) {
    m_model->sort(section, order);
    showSortSign();  // long texts cannot be sorted by: the sign goes back to where the rows are sorted
    m_settings->setValue(kSortField, QString::fromLatin1(info(m_model->sortKey().field).jsonName));
    m_settings->setValue(kSortDescending, m_model->sortKey().descending);
}

void CallTable::setSeveralAccounts(bool several) {
    m_columns->setSeveralAccounts(several);
}

void CallTable::fillColumnsMenu(QMenu* menu) {
    m_columns->fillMenu(menu);
}

void CallTable::updateRowHeight() {
    verticalHeader()->setDefaultSectionSize(CallDelegate::rowHeight(fontMetrics()));
    horizontalHeader()->setMinimumHeight(fontMetrics().height() + 14);
}

void CallTable::keyboardSearch(const QString&) {}

// --- the current call

std::optional<CallKey> CallTable::currentCall() const {
    return m_model->keyAt(currentIndex().row());
}

void CallTable::setCurrentRow(int row) {
    // The column that is on screen: the current index must never scroll the table sideways.
    const int column = qMax(0, CallDelegate::leadingColumn(*this));
    selectionModel()->setCurrentIndex(m_model->index(row, column),
                                      QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

void CallTable::selectFirst() {
    if (m_model->rowCount() > 0) {
        setCurrentRow(0);
        scrollTo(currentIndex());
    }
}

void CallTable::goTo(const CallKey& key) {
    if (const int row = m_model->rowOf(key); row >= 0) {
        setCurrentRow(row);
        scrollTo(currentIndex());
    } else {
        m_lastPlace.forget();
        m_chosen = key;
        m_choiceIsOurs = false;
    }
}

QStringList CallTable::selectedKeys() const {
    QStringList keys;
    const QItemSelection selection = selectionModel()->selection();
    for (const QItemSelectionRange& range : selection) {
        for (int row = range.top(); row <= range.bottom() && keys.size() < kMostKeysCopied; ++row) {
            if (const std::optional<CallKey> key = m_model->keyAt(row)) {
                keys << toText(*key);
            }
        }
    }
    return keys;
}

std::vector<quint32> CallTable::selectedRowNumbers() const {
    std::vector<quint32> numbers;
    const QItemSelection selection = selectionModel()->selection();
    for (const QItemSelectionRange& range : selection) {
        const RowOrder rows = m_model->rowNumbers(range.top(), range.bottom());
        numbers.insert(numbers.end(), rows.begin(), rows.end());
    }
    return numbers;
}

void CallTable::step(int rows) {
    if (m_model->rowCount() == 0) {
        return;
    }
    const int row = qBound(0, currentIndex().row() + rows, m_model->rowCount() - 1);
    setCurrentRow(row);
    scrollTo(currentIndex());
}

void CallTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();  // the mark of the current row spans all its cells
    if (m_placing) {
        return;
    }
    if (current.isValid()) {  // else there are no rows yet, and nobody chose anything
        m_lastPlace.forget();
        m_choiceIsOurs = false;
    }
    m_chosen = m_model->keyAt(current.row());
    m_model->keepCall(m_chosen);
    // One step is told at once; a held key tells only where it ends.
    const bool isHeld = m_lastMove.isValid() && m_lastMove.elapsed() < kRepeats.count();
    m_lastMove.start();
    if (isHeld) {
        m_tellSoon.start(kHeld);
    } else {
        m_tellSoon.stop();
        // Posted, not by a timer: what hangs on the call, its sound above all, begins before the rows are painted.
        QMetaObject::invokeMethod(this, &CallTable::tellCurrent, Qt::QueuedConnection);
    }
}

void CallTable::rememberPlace() {
    m_placing = true;
    m_place.top = m_model->keyAt(rowAt(0));
    m_place.atTop = verticalScrollBar()->value() == 0;
    m_place.current = currentCall();
}

void CallTable::restorePlace() {
    m_tellSoon.start(kHeld);
    m_reportSoon.start();
    if (!m_placing) {
        return;  // the rows stayed where they were
    }
    const int rows = m_model->rowCount();
    if (rows > 0 && !restoreLastPlace()) {
        const bool ours = m_choiceIsOurs && !m_model->isLoaded();
        int wanted = m_chosen && !ours ? m_model->rowOf(*m_chosen) : -1;
        const bool stays = m_place.current && m_model->rowOf(*m_place.current) >= 0;
        if (wanted < 0 && stays && !ours) {
            wanted = m_model->rowOf(*m_place.current);
        }
        wanted = qMax(0, wanted);
        if (currentIndex().row() != wanted || !selectionModel()->isRowSelected(wanted)) {
            setCurrentRow(wanted);
        }
        const int top = m_place.top ? m_model->rowOf(*m_place.top) : -1;
        const bool keepsTop = m_place.atTop && (m_staysAtTop || ours || m_model->showsNewQuestion());
        if (!keepsTop && top >= 0) {
            verticalScrollBar()->setValue(top);  // new rows above do not push what is being read
        } else if (!stays) {
            scrollTo(currentIndex());
        }
        m_model->keepCall(currentCall());
    }
    m_place = {};
    m_placing = false;
    viewport()->update();
}

/// While the rows come: the call that was current when the program ended, at the height where it was. True: it is
/// there.
bool CallTable::restoreLastPlace() {
    const int row = m_lastPlace.call() ? m_model->rowOf(*m_lastPlace.call()) : -1;
    if (row >= 0) {
        m_chosen = m_lastPlace.call();
        m_choiceIsOurs = false;
        setCurrentRow(row);
        verticalScrollBar()->setValue(row - m_lastPlace.rowsAbove());
        scrollTo(currentIndex());  // the window may be lower than it was
        m_model->keepCall(m_chosen);
    }
    return row >= 0;
}

void CallTable::keepLastPlace() {
    const std::optional<CallKey> call = currentCall();
    if (call && m_model->isLoaded() && !m_lastPlace.call()) {
        m_lastPlace.keep(*call, currentIndex().row() - qMax(0, rowAt(0)));
    }
}

void CallTable::tellCurrent() {
    const std::optional<CallKey> now = currentCall();
    if (!m_toldOnce || now != m_told) {
        m_toldOnce = true;
        m_told = now;
        Q_EMIT currentCallChanged(now);
        m_keepLastPlaceSoon.start();
    }
}

// --- keys, painting

QModelIndex CallTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
    const QModelIndex current = currentIndex();
    const int column = current.isValid() ? current.column() : qMax(0, CallDelegate::leadingColumn(*this));
    switch (action) {
        case MoveHome:
            return m_model->index(0, column);
        case MoveEnd:
            return m_model->index(m_model->rowCount() - 1, column);
        case MoveLeft:
        case MoveRight:
            return current;  // the desk's keys
        default:
            return QTableView::moveCursor(action, modifiers);
    }
}

bool CallTable::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        event->ignore();  // everything that is a key of the desk goes to the desk
        return false;
    }
    return QTableView::event(event);
}

void CallTable::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (!m_painted && m_model->rowCount() > 0) {
        m_painted = true;
        // Told when the paint is over: who listens may do more than measure.
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT rowsPainted(); }, Qt::QueuedConnection);
    }
}

void CallTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    m_reportSoon.start();
}

void CallTable::scrollContentsBy(int dx, int dy) {
    QTableView::scrollContentsBy(dx, dy);
    if (dy != 0) {
        m_reportSoon.start();
        m_keepLastPlaceSoon.start();
        if (!m_placing) {
            m_lastPlace.forget();  // by the hand
        }
    }
}

void CallTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateRowHeight();
    }
}

void CallTable::reportVisibleRows() {
    if (m_model->rowCount() == 0 || !m_columns->anyTextColumnShown()) {
        return;
    }
    const int last = rowAt(viewport()->height() - 1);
    m_model->setVisibleRows(qMax(0, rowAt(0)), last < 0 ? m_model->rowCount() - 1 : last);
}

}  // namespace earmark
