#include "ui/detail/turnfollower.h"

#include <QEvent>
#include <QPushButton>
#include <QScrollBar>
#include <QStyle>
#include <algorithm>

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/detail/turnslist.h"

namespace earmark {

using namespace Qt::StringLiterals;

TurnFollower::TurnFollower(TurnsList* list, TranscriptModel* turns)
    : QObject(list), m_list(list), m_turns(turns), m_wayBack(new QPushButton(list)) {
    m_wayBack->hide();
    m_wayBack->setFocusPolicy(Qt::TabFocus);
    m_wayBack->setToolTip(tr("Follow what is heard (T)"));
    m_wayBack->setCursor(Qt::ArrowCursor);
    m_way.setEasingCurve(QEasingCurve::InOutQuad);
    m_list->installEventFilter(this);
    connect(m_wayBack, &QPushButton::clicked, this, &TurnFollower::resume);
    connect(m_list, &TextRowsView::movedByHand, this, [this] {
        yield();
        placeButton();  // a search may have brought words under it
    });
    connect(m_list->verticalScrollBar(), &QScrollBar::valueChanged, this, &TurnFollower::placeButton);
    connect(m_turns, &QAbstractItemModel::modelReset, this, [this] {
        m_way.stop();
        m_row = -1;  // the list has put its own light out
        m_yields = false;
        tell();
    });
    // Relative steps: rows that come into view on the way may turn out higher than estimated.
    connect(&m_way, &QVariantAnimation::valueChanged, this, [this](const QVariant& value) {
        QScrollBar* bar = m_list->verticalScrollBar();
        bar->setValue(bar->value() + value.toInt() - m_scrolled);
        m_scrolled = value.toInt();
    });
    connect(&m_way, &QVariantAnimation::finished, this, [this] {
        if (m_follows && !m_yields && m_row >= 0) {
            m_list->scrollTo(m_turns->index(m_row));
        }
    });
}

void TurnFollower::setSteps(const TurnSteps& steps) {
    m_steps = steps;
    light();
}

void TurnFollower::setPosition(std::optional<std::chrono::milliseconds> at) {
    m_at = at;
    light();
}

void TurnFollower::light() {
    const auto turn = m_at ? m_steps.turnAt(*m_at) : std::nullopt;
    const int row = turn && *turn < m_turns->rows() ? *turn : -1;
    if (row == m_row) {
        return;
    }
    m_row = row;
    m_turns->setHeard(row);
    m_list->setLitRow(row);
    if (row < 0) {
        m_yields = false;
    } else if (m_follows && !m_yields) {
        bringIntoView(row);
    }
    tell();
}

void TurnFollower::setFollowing(bool follows) {
    if (follows == m_follows) {
        return;
    }
    m_follows = follows;
    m_yields = false;
    m_way.stop();
    if (follows && m_row >= 0) {
        bringIntoView(m_row);
    }
    tell();
    Q_EMIT followingChanged(follows);
}

void TurnFollower::toggle() {
    if (m_yields) {
        resume();
    } else {
        setFollowing(!m_follows);
    }
}

void TurnFollower::resume() {
    m_yields = false;
    if (m_follows && m_row >= 0) {
        bringIntoView(m_row);
    }
    if (m_wayBack->hasFocus()) {
        m_list->setFocus(Qt::OtherFocusReason);
    }
    tell();
}

void TurnFollower::yield() {
    if (m_follows && !m_yields && m_row >= 0) {
        m_way.stop();
        m_yields = true;
        tell();
    }
}

void TurnFollower::tell() {
    const bool isShown = m_yields && m_row >= 0;
    if (isShown) {
        const QString time = timeText(m_turns->timedTurn(m_row));
        m_wayBack->setText(time.isEmpty() ? tr("Follow again") : tr("Back to %1").arg(time));
        placeButton();
        m_wayBack->raise();
    }
    m_wayBack->setVisible(isShown);
}

/// Only when it is not in sight already with some room below: text that is being read stays where it is.
void TurnFollower::bringIntoView(int row) {
    const QRect place = m_list->visualRect(m_turns->index(row));
    const int room = m_list->viewport()->height();
    if (!m_list->isVisible() || room <= 0) {
        m_list->scrollTo(m_turns->index(row));
        return;
    }
    if (place.top() >= 0 && place.bottom() <= room * 3 / 4) {
        return;
    }
    m_way.stop();
    QScrollBar* bar = m_list->verticalScrollBar();
    const int by = std::clamp(place.top() - room / 5, -bar->value(), bar->maximum() - bar->value());
    const int length = m_list->style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, m_list);
    if (std::abs(by) > 2 * room || length <= 0) {
        m_list->scrollTo(m_turns->index(row), QAbstractItemView::PositionAtCenter);
        return;
    }
    m_scrolled = 0;
    m_way.setStartValue(0);
    m_way.setEndValue(by);
    m_way.setDuration(std::min(length, 200));
    m_way.start();
}

/// Below, or above where the row that somebody stands in would be covered; in the corner where that row fills all.
void TurnFollower::placeButton() {
    m_wayBack->adjustSize();
    const QRect room = m_list->viewport()->geometry();
    const int below = room.bottom() - m_wayBack->height() - theme::space();
    const QRect current = m_list->visualRect(m_list->currentIndex()).translated(room.topLeft());
    QRect place(QPoint(room.center().x() - m_wayBack->width() / 2, below), m_wayBack->size());
    if (m_list->currentIndex().isValid() && place.intersects(current)) {
        place.moveTop(room.top() + theme::space());
        if (place.intersects(current)) {
            place.moveTopRight({room.right() - theme::space(), below});  // words seldom reach that corner
        }
    }
    m_wayBack->move(place.topLeft());
}

bool TurnFollower::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && m_wayBack->isVisible()) {
        placeButton();
    } else if (event->type() == QEvent::Show && m_follows && !m_yields && m_row >= 0) {
        m_list->scrollTo(m_turns->index(m_row));
    }
    return QObject::eventFilter(watched, event);
}

}  // namespace earmark
