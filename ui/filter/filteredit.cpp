#include "ui/filter/filteredit.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/filter/completionlist.h"
#include "ui/filter/filterhistory.h"

namespace earmark {

using namespace Qt::StringLiterals;

FilterEdit::FilterEdit(FilterHistory* history, QWidget* parent)
    : QLineEdit(parent),
      m_history(history),
      m_completer(new QCompleter(this)),
      m_list(new CompletionModel(this)),
      m_clear(new QAction(icon(u"cancel"_s, IconTint::Secondary), tr("Clear filter (Esc)"), this)),
      m_state(new QAction(this)) {
    setObjectName(u"filterEdit"_s);
    setAccessibleName(tr("Filter calls"));
    setPlaceholderText(tr("Filter calls: words, status:completed, talk:>60, date:7d, has:recording \u2026"));
    setMaxLength(4000);
    m_sources.terms = filterTerms();

    addAction(icon(u"search"_s, IconTint::Secondary), LeadingPosition);
    addAction(m_clear, TrailingPosition);
    addAction(m_state, TrailingPosition);
    m_clear->setVisible(false);
    m_state->setVisible(false);
    connect(m_clear, &QAction::triggered, this, &QLineEdit::clear);

    m_completer->setModel(m_list);
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    m_completer->setWidget(this);
    m_completer->setMaxVisibleItems(12);
    QAbstractItemView* const popup = m_completer->popup();
    popup->setItemDelegate(new CompletionDelegate(popup));
    popup->setAccessibleName(tr("Completions"));
    connect(m_completer, qOverload<const QModelIndex&>(&QCompleter::activated), this, &FilterEdit::complete);
    connect(this, &QLineEdit::textEdited, this, [this] {
        m_history->stopWalking();
        offer(CompletionAsked::WhileTyping);
    });
}

bool FilterEdit::listIsOpen() const {
    return m_completer->popup()->isVisible();
}

void FilterEdit::markProblem(const std::optional<FilterProblem>& problem) {
    m_problem = problem;
    m_clear->setVisible(!text().isEmpty());
    m_state->setVisible(!text().isEmpty());
    m_state->setIcon(problem ? icon(u"warning"_s, IconTint::Bad) : icon(u"saved"_s, IconTint::Good));
    m_state->setText(problem ? tr("This filter is not valid") : tr("This filter is valid"));
    update();
}

void FilterEdit::offer(CompletionAsked asked) {
    m_sources.recent = m_history->recent();
    std::vector<Completion> found = completionsAt(text(), cursorPosition(), m_sources, asked);
    QAbstractItemView* const popup = m_completer->popup();
    if (found.empty()) {
        popup->hide();
        return;
    }
    m_list->set(std::move(found));
    popup->setCurrentIndex({});
    QRect place = rect();
    place.setWidth(qMin(place.width(), fontMetrics().averageCharWidth() * 70));
    m_completer->complete(place);
}

void FilterEdit::complete(const QModelIndex& index) {
    if (!index.isValid() || index.row() >= m_list->rowCount()) {
        return;
    }
    const Completion chosen = m_list->at(index.row());
    const bool wantsBlank = !chosen.isTerm && !chosen.isRecent && chosen.from + chosen.length == text().size();
    QString now = text();
    now.replace(chosen.from, chosen.length, chosen.insert);
    setText(now);
    setCursorPosition(chosen.from + int(chosen.insert.size()));
    m_completer->popup()->hide();
    if (chosen.isTerm) {
        offer(CompletionAsked::ByKey);  // its values, where it has fixed ones
    } else if (wantsBlank) {
        insert(u" "_s);
    }
}

bool FilterEdit::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();  // Esc clears here before it is a key of the desk
        return true;
    }
    // Tab takes the marked completion instead of leaving the line.
    if (event->type() == QEvent::KeyPress && listIsOpen()) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Tab) {
            const QModelIndex current = m_completer->popup()->currentIndex();
            complete(current.isValid() ? current : m_list->index(0));
            return true;
        }
    }
    return QLineEdit::event(event);
}

void FilterEdit::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (listIsOpen()) {
        const bool chosen = m_completer->popup()->currentIndex().isValid();
        if ((enter && chosen) || key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp ||
            key == Qt::Key_PageDown || key == Qt::Key_Escape) {
            event->ignore();  // the completer's
            return;
        }
        if (enter) {
            m_completer->popup()->hide();
        }
    }
    if (enter) {
        Q_EMIT entered();
    } else if (key == Qt::Key_Escape) {
        Q_EMIT escaped();
    } else if (key == Qt::Key_Up) {
        setText(m_history->older(text()));
    } else if (key == Qt::Key_Down) {
        if (m_history->isWalking()) {
            setText(m_history->newer(text()));
        } else {
            Q_EMIT leftDownwards();
        }
    } else if (key == Qt::Key_Space && event->modifiers().testFlag(Qt::ControlModifier)) {
        offer(CompletionAsked::ByKey);
    } else {
        QLineEdit::keyPressEvent(event);
    }
}

void FilterEdit::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    if (!m_problem || text().isEmpty()) {
        return;
    }
    // The text may be scrolled: everything is measured from where the caret is drawn.
    const QFontMetrics metrics = fontMetrics();
    const int length = int(text().size());
    const int from = qBound(0, m_problem->column - 1, length);
    const int to = qBound(from, from + qMax(1, m_problem->length), length);
    const int caretX = cursorRect().center().x() - metrics.horizontalAdvance(text().left(cursorPosition()));
    const int left = caretX + metrics.horizontalAdvance(text().left(from));
    const int right = qMax(caretX + metrics.horizontalAdvance(text().left(to)), left + metrics.averageCharWidth());
    const int y = cursorRect().center().y() + metrics.height() / 2 + 2;

    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(rect().adjusted(4, 2, -4, -2));
    painter.setPen(QPen(theme::bad(), 1.4));
    QPainterPath wave(QPointF(left, y));
    bool up = true;
    for (int x = left; x < right; x += 3) {
        wave.lineTo(x + 3, up ? y - 2.5 : y);
        up = !up;
    }
    painter.drawPath(wave);
}

}  // namespace earmark
