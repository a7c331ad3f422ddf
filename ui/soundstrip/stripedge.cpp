#include "ui/soundstrip/stripedge.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "ui/common/desksettings.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kHeightKey = u"soundstrip/height"_s;
const QString kHiddenKey = u"soundstrip/hidden"_s;
constexpr int kUsualHeight = 184;
constexpr int kLowWindow = 720;  ///< so low a window gives the strip its least

}  // namespace

StripEdge::StripEdge(DeskSettings* settings, QWidget* strip) : QWidget(strip), m_settings(settings) {
    m_height = settings->value(kHeightKey, 0).toInt();
    m_folded = settings->value(kHiddenKey, false).toBool();
    showFolded();
}

int StripEdge::wantedHeight(int windowHeight) const {
    if (m_height > 0) {
        return std::clamp(m_height, kLeastHeight, kMostHeight);
    }
    return windowHeight < kLowWindow ? kLeastHeight : kUsualHeight;
}

void StripEdge::setFolded(bool folded) {
    m_folded = folded;
    m_settings->setValue(kHiddenKey, folded);
    showFolded();
    Q_EMIT changed();
}

void StripEdge::showFolded() {
    setCursor(m_folded ? Qt::ArrowCursor : Qt::SplitVCursor);
    update();
}

void StripEdge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, theme::line());
    if (!m_folded) {  // what can be dragged looks so
        painter.fillRect(width() / 2 - 12, 2, 24, 2, m_grabbed ? theme::accent() : theme::line());
    }
}

void StripEdge::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && !m_folded) {
        m_grabbed = int(event->globalPosition().y()) + parentWidget()->height();
        update();
    }
}

void StripEdge::mouseMoveEvent(QMouseEvent* event) {
    if (m_grabbed) {
        m_height = std::clamp(*m_grabbed - int(event->globalPosition().y()), kLeastHeight, kMostHeight);
        Q_EMIT changed();
    }
}

void StripEdge::mouseReleaseEvent(QMouseEvent*) {
    if (m_grabbed) {
        m_grabbed.reset();
        m_settings->setValue(kHeightKey, m_height);
        update();
    }
}

}  // namespace earmark
