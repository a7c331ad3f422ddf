#include "ui/mainwindow/desksplitter.h"

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QString kSplitterRight = u"window/splitter_right"_s;
const QString kSplitterBelow = u"window/splitter_below"_s;
constexpr int kNarrow = 1000;  ///< below this width the details go under the table, unless the user said where ...
constexpr int kLow = 640;      ///< ... or the window is so low that neither would show more than some lines

}  // namespace

DeskSplitter::DeskSplitter(DeskSettings* settings, QWidget* parent) : QSplitter(parent), m_settings(settings) {
    setChildrenCollapsible(false);
    const QString word = settings->value(placeSetting()).toString();
    m_place = word == "right"_L1 ? Place::Right : word == "below"_L1 ? Place::Below : Place::Automatic;
}

QString DeskSplitter::placeSetting() {
    return u"window/details"_s;
}

void DeskSplitter::setPlace(const QString& word) {
    m_place = word == "right"_L1 ? Place::Right : word == "below"_L1 ? Place::Below : Place::Automatic;
    placeFor(m_window);
}

void DeskSplitter::placeFor(const QSize& window) {
    m_window = window;
    const bool below =
        m_place == Place::Below || (m_place == Place::Automatic && window.width() < kNarrow && window.height() >= kLow);
    const Qt::Orientation wanted = below ? Qt::Vertical : Qt::Horizontal;
    if (m_placed && orientation() == wanted) {
        return;
    }
    saveSizes();
    setOrientation(wanted);
    setStretchFactor(1, below ? 1 : 0);  // beside the table the details keep their width
    m_placed = true;
    const QVariantList remembered = m_settings->value(below ? kSplitterBelow : kSplitterRight).toList();
    if (remembered.size() == 2) {
        setSizes({remembered[0].toInt(), remembered[1].toInt()});
    } else {
        // Shares, which the splitter scales to what there is; at the first call it has no size yet.
        setSizes(below ? QList<int>{45, 55} : QList<int>{qMax(window.width(), 840) - 420, 420});
    }
}

void DeskSplitter::saveSizes() {
    if (!m_placed) {
        return;
    }
    const QList<int> now = sizes();
    m_settings->setValue(orientation() == Qt::Vertical ? kSplitterBelow : kSplitterRight,
                         QVariantList{now.value(0), now.value(1)});
}

}  // namespace earmark
