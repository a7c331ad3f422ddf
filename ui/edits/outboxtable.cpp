#include "ui/edits/outboxtable.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <array>

#include "ui/common/theme.h"
#include "ui/edits/outboxwords.h"

namespace earmark {

namespace {

constexpr int kSign = 16;
constexpr int kGap = 6;
constexpr int kPadding = 8;
// In average characters at 100 %, in the order of OutboxColumn.
constexpr std::array kWidths{16, 34, 13, 18, 18, 26, 40, 18, 18};
static_assert(kWidths.size() == size_t(OutboxColumn::Count));

QColor colourOf(Tone tone, const QPalette& palette) {
    switch (tone) {
        case Tone::Plain:
            return palette.color(QPalette::Text);
        case Tone::Quiet:
            return theme::secondaryText();
        case Tone::Good:
            return theme::good();
        case Tone::Warning:
            return theme::warning();
        case Tone::Bad:
            return theme::bad();
    }
    return {};
}

/// Draws data as it is: one line, elided, never markup.
class OutboxDelegate final : public QStyledItemDelegate {
 public:
    explicit OutboxDelegate(QTableView* view) : QStyledItemDelegate(view), m_view(view) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        const bool isCurrent = m_view->currentIndex().row() == index.row();
        const bool isActive = m_view->hasFocus();
        if (isCurrent) {
            QColor wash = isActive ? theme::accent() : theme::secondaryText();
            wash.setAlphaF(0.12F);
            painter->fillRect(option.rect, wash);
        }
        if (isCurrent && isActive) {  // the focus ring runs around the whole row
            painter->fillRect(QRect(option.rect.left(), option.rect.top(), option.rect.width(), 1), theme::accent());
            painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1), theme::accent());
        }
        QRect place = option.rect.adjusted(kPadding, 0, -kPadding, 0);
        if (index.column() == int(OutboxColumn::State)) {
            const OutboxWord sign = stateSign(EditState(index.data(OutboxModel::StateRole).toInt()));
            const QRect box(place.left(), place.top() + (place.height() - kSign) / 2, kSign, kSign);
            painter->drawPixmap(box, iconPixmap(sign.icon, colourOf(sign.tone, m_view->palette()), kSign,
                                                painter->device()->devicePixelRatioF()));
            place.setLeft(box.right() + 1 + kGap);
        }
        painter->setPen(m_view->palette().color(QPalette::Text));
        painter->setFont(option.font);
        const QString text = index.data(Qt::DisplayRole).toString();
        painter->drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
        painter->restore();
    }

 private:
    QTableView* m_view;
};

}  // namespace

OutboxTable::OutboxTable(OutboxModel* model, QWidget* parent) : QTableView(parent), m_model(model) {
    setModel(model);
    setItemDelegate(new OutboxDelegate(this));
    setAccessibleName(tr("Outbox"));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(QFrame::NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    horizontalHeader()->setResizeContentsPrecision(0);
    horizontalHeader()->setAccessibleName(tr("Columns"));
    measure();
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, &OutboxTable::remember);
    connect(model, &QAbstractItemModel::modelReset, this, &OutboxTable::restore);
    connect(model, &QAbstractItemModel::dataChanged, this, &OutboxTable::currentEditChanged);
    connect(this, &QAbstractItemView::doubleClicked, this, &OutboxTable::goWanted);
}

void OutboxTable::measure() {
    const int character = fontMetrics().averageCharWidth();
    for (int column = 0; column < int(OutboxColumn::Count); ++column) {
        setColumnWidth(column, kWidths[size_t(column)] * character + 2 * kPadding);
    }
    verticalHeader()->setDefaultSectionSize(qMax(fontMetrics().height() + 10, kSign + 8));
}

std::optional<PendingEdit> OutboxTable::currentEdit() const {
    const PendingEdit* const edit = m_isChanging ? nullptr : m_model->editAt(currentIndex().row());
    return edit == nullptr ? std::nullopt : std::optional(*edit);
}

void OutboxTable::keyboardSearch(const QString&) {}

void OutboxTable::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
            Q_EMIT goWanted();
            return;
        case Qt::Key_Delete:
            Q_EMIT dropWanted();
            return;
        default:
            QTableView::keyPressEvent(event);
    }
}

void OutboxTable::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTableView::currentChanged(current, previous);
    viewport()->update();  // the row's mark
    if (!m_isChanging) {
        Q_EMIT currentEditChanged();
    }
}

void OutboxTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        measure();
    }
}

void OutboxTable::remember() {
    m_isChanging = true;
    m_place.reset();
    if (const PendingEdit* const edit = m_model->editAt(currentIndex().row())) {
        m_place = Place{edit->key, edit->field, currentIndex().row(), verticalScrollBar()->value()};
    }
}

/// The same edit; where it has gone, the one that stands in its place now.
void OutboxTable::restore() {
    if (m_place && m_model->rowCount() > 0) {
        const int same = m_model->rowOf(m_place->key, m_place->field);
        const int row = same >= 0 ? same : qMin(m_place->row, m_model->rowCount() - 1);
        selectionModel()->setCurrentIndex(m_model->index(row, 0),
                                          QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        verticalScrollBar()->setValue(m_place->scroll);
    } else if (m_model->rowCount() > 0) {
        selectionModel()->setCurrentIndex(m_model->index(0, 0),
                                          QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    m_isChanging = false;
    Q_EMIT currentEditChanged();
}

}  // namespace earmark
