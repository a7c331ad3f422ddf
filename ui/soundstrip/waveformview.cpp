#include "ui/soundstrip/waveformview.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

#include "models/domain/textfold.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/soundstrip/rulerticks.h"
#include "ui/soundstrip/wavepainting.h"

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kHandleReach = 5;
constexpr int kDragBegins = 4;  ///< pixels; a hand that clicks moves less
constexpr int kFlagWidth = 8;

bool spansHold(const TimeSpans& spans, milliseconds at) {
    return std::any_of(spans.begin(), spans.end(), [at](const TimeSpan& span) { return span.holds(at); });
}

QString skipText(SkipReason reason) {
    switch (reason) {
        case SkipReason::Silence:
            return WaveformView::tr("silence, left out");
        case SkipReason::Ringback:
            return WaveformView::tr("ringing, left out");
        case SkipReason::Hold:
            return WaveformView::tr("hold, left out");
    }
    return {};
}

}  // namespace

WaveformView::WaveformView(QWidget* parent) : AxisView(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Sound of the recording"));
}

QSize WaveformView::sizeHint() const {
    return {400, 12 * theme::space()};
}
QSize WaveformView::minimumSizeHint() const {
    return {200, 6 * theme::space()};
}

// --- values

void WaveformView::setMap(std::shared_ptr<const SoundMap> map) {
    if (map != m_map) {
        m_map = std::move(map);
        m_gain = m_map ? waveGain(*m_map) : 1;
        redraw();
    }
}

void WaveformView::setTurns(const std::vector<TurnPlace>& turns) {
    m_turns = turns;
    if (laneCount() == 1) {
        redraw();  // two channels tell their voices themselves
    }
}

void WaveformView::setSkips(const SkipPlan& skips) {
    if (!(skips == m_skips)) {
        m_skips = skips;
        redraw();
    }
}

void WaveformView::setMarks(const CallMarks& marks) {
    m_marks = marks;
    update();
}

void WaveformView::setPlayed(const TimeSpans& played) {
    const auto column = [this](milliseconds at) { return std::lround(xOf(at) * devicePixelRatioF()); };
    const TimeSpans before = std::exchange(m_played, played);
    const auto [old, now] = std::mismatch(before.begin(), before.end(), played.begin(), played.end());
    if (old == before.end() && now == played.end()) {
        return;
    }
    QRect bar = playedBar();
    if (old != before.end() && now != played.end() && before.size() == played.size() && old->begin == now->begin) {
        if (column(old->end) == column(now->end)) {
            return;  // it grew, but not by a pixel
        }
        bar.setLeft(std::max(bar.left(), int(xOf(std::min(old->end, now->end))) - 1));
        bar.setRight(std::min(bar.right(), int(xOf(std::max(old->end, now->end))) + 1));
    }
    update(bar);
}

QRect WaveformView::playedBar() const {
    return {gutter(), height() - kPlayedBand + 1, std::max(0, int(std::ceil(scale().width()))), kPlayedBand - 4};
}

void WaveformView::setLoop(std::optional<TimeSpan> loop) {
    if (loop != m_loop) {
        m_loop = loop;
        update();
    }
}

void WaveformView::setLoopBegin(std::optional<milliseconds> begin) {
    if (begin != m_loopBegin) {
        m_loopBegin = begin;
        update();
    }
}

void WaveformView::setChannelOrder(ChannelOrder order) {
    if (order != m_order) {
        m_order = order;
        redraw();
    }
}

void WaveformView::setSoloVoice(Speaker speaker) {
    if (speaker != m_solo) {
        m_solo = speaker;
        update(0, 0, gutter(), height());
    }
}

void WaveformView::setPlaceholder(const QString& sentence) {
    if (sentence != m_placeholder) {
        m_placeholder = sentence;
        update();
    }
}

int WaveformView::laneCount() const {
    return m_map ? std::min(2, int(m_map->peaks.size())) : 0;
}

QString WaveformView::monoNote() const {
    if (laneCount() != 1) {
        return {};
    }
    bool told = false;
    bool estimated = false;
    for (const TurnPlace& turn : m_turns) {
        if (turn.speaker == Speaker::Agent || turn.speaker == Speaker::Customer) {
            (turn.isEstimated ? estimated : told) = true;
        }
    }
    if (estimated) {
        return tr("Mono: voices estimated from the transcript");
    }
    return told ? tr("Mono: voices as the transcript tells") : tr("Mono: both voices in one lane");
}

void WaveformView::axisChanged() {
    m_pictureIsOld = true;
}

void WaveformView::redraw() {
    m_pictureIsOld = true;
    update();
}

void WaveformView::preparePicture() {
    if (!m_pictureIsOld && qFuzzyCompare(m_picture.devicePixelRatio(), devicePixelRatioF())) {
        return;
    }
    m_pictureIsOld = false;
    m_picture = m_map ? paintedWave(waveColumns(*m_map, scale(), devicePixelRatioF(), m_order, m_turns, m_skips),
                                    height(), devicePixelRatioF(), m_gain, waveColours(palette()))
                      : QImage();
}

// --- painting

void WaveformView::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setLayoutDirection(Qt::LeftToRight);  // it does not take the widget's
    preparePicture();
    if (laneCount() > 0 && !scale().isEmpty()) {
        painter.drawImage(QPoint(gutter(), 0), m_picture);
        paintLoop(painter, event->rect());
        paintPlayed(painter);
        paintMarks(painter, event->rect());
        paintNote(painter);
    } else {
        const QRect place = rect().adjusted(gutter(), kFlagBand, -kRightMargin, -kPlayedBand);
        painter.fillRect(place, theme::surface());
        painter.setPen(theme::secondaryText());
        painter.drawText(place, int(Qt::AlignCenter) | int(Qt::TextWordWrap), m_placeholder);
    }
    if (event->rect().left() < gutter()) {
        paintGutter(painter);
    }
    paintCursor(painter);
    paintFocus(painter);
}

void WaveformView::paintGutter(QPainter& painter) const {
    const WaveColours colours = waveColours(palette());
    for (int lane = 0; lane < laneCount(); ++lane) {
        const LaneBand band = laneBand(height(), laneCount(), lane);
        const QRect place(0, band.top, gutter(), band.height);
        if (laneCount() == 1) {
            paintName(painter, place, u"recording"_s, tr("Mono"), colours.someone);
            continue;
        }
        const Speaker speaker = lane == 0 ? Speaker::Agent : Speaker::Customer;
        const bool muted = m_solo != Speaker::Unknown && m_solo != speaker;
        paintName(painter, place,
                  muted       ? u"volume-muted"_s
                  : lane == 0 ? u"agent"_s
                              : u"account"_s,
                  lane == 0 ? tr("Agent") : tr("Customer"), colours.of(speaker));
    }
}

std::optional<TimeSpan> WaveformView::shownLoop() const {
    return m_selection ? m_selection : m_loop;
}

void WaveformView::paintLoop(QPainter& painter, const QRect& dirty) const {
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto handle = [&](milliseconds at) {
        const double x = xOf(at);
        if (scale().shows(at) && x >= dirty.left() - kHandleReach && x <= dirty.right() + kHandleReach) {
            painter.fillRect(QRectF(x - 1, 0, 2, height()), theme::accent());
            painter.fillRect(QRectF(x - 4, kFlagBand, 8, 8), theme::accent());
            painter.fillRect(QRectF(x - 4, height() - kPlayedBand - 8, 8, 8), theme::accent());
        }
    };
    if (const std::optional<TimeSpan> loop = shownLoop()) {
        const double from = std::max<double>(gutter(), xOf(loop->begin));
        const double to = std::min(gutter() + scale().width(), xOf(loop->end));
        if (to > from) {
            QColor shade = theme::accent();
            shade.setAlpha(kLoopShade);
            painter.fillRect(QRectF(from, 0, to - from, height() - kPlayedBand), shade);
        }
        handle(loop->begin);
        handle(loop->end);
    } else if (m_loopBegin) {
        handle(*m_loopBegin);
    }
}

void WaveformView::paintMarks(QPainter& painter, const QRect& dirty) const {
    const TimeSpan shown = scale().shown();
    int last = -1;
    for (const CallMark& mark : m_marks) {
        const int x = int(std::lround(xOf(mark.at)));
        if (mark.at < shown.begin || mark.at > shown.end || x == last || x + kFlagWidth < dirty.left() ||
            x > dirty.right() + 1) {
            continue;
        }
        last = x;
        painter.fillRect(QRectF(x - 0.5, 0, 1, height() - kPlayedBand), theme::bad());
        painter.fillRect(QRectF(x, 0, kFlagWidth, kFlagBand - 2), theme::bad());
    }
}

/// Only what was really heard, wherever the hand jumped.
void WaveformView::paintPlayed(QPainter& painter) const {
    const QRect bar = playedBar();
    painter.fillRect(bar, theme::line());
    const TimeSpan shown = scale().shown();
    for (const TimeSpan& span : m_played) {
        if (span.end > shown.begin && span.begin < shown.end) {
            const double from = std::max<double>(gutter(), xOf(span.begin));
            const double to = std::min(gutter() + scale().width(), std::max(from + 1, xOf(span.end)));
            painter.fillRect(QRectF(from, bar.top(), to - from, bar.height()), theme::accent());
        }
    }
}

void WaveformView::paintNote(QPainter& painter) const {
    const QString note = monoNote();
    if (note.isEmpty()) {
        return;
    }
    QRect plate(gutter() + 4, kFlagBand + 2, painter.fontMetrics().horizontalAdvance(note) + 8,
                painter.fontMetrics().height());
    plate.setRight(std::min(plate.right(), width() - kRightMargin));
    painter.fillRect(plate, palette().color(QPalette::Base));
    painter.setPen(theme::secondaryText());
    painter.drawText(plate.adjusted(4, 0, -4, 0), int(Qt::AlignVCenter | Qt::AlignLeft) | int(Qt::TextSingleLine),
                     painter.fontMetrics().elidedText(note, Qt::ElideRight, plate.width() - 8));
}

// --- the hand

WaveformView::Hand WaveformView::handleAt(double x) const {
    if (!m_loop) {
        return Hand::Free;
    }
    const double toBegin = std::abs(x - xOf(m_loop->begin));
    const double toEnd = std::abs(x - xOf(m_loop->end));
    if (std::min(toBegin, toEnd) > kHandleReach) {
        return Hand::Free;
    }
    return toBegin < toEnd ? Hand::MovingBegin : Hand::MovingEnd;
}

const CallMark* WaveformView::markAt(const QPointF& place) const {
    if (place.y() > kFlagBand) {
        return nullptr;
    }
    const CallMark* nearest = nullptr;
    for (const CallMark& mark : m_marks) {
        const double x = xOf(mark.at);
        if (place.x() >= x - 3 && place.x() <= x + kFlagWidth) {
            nearest = &mark;  // the last one lies on top
        }
    }
    return nearest;
}

void WaveformView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || scale().isEmpty() || event->position().x() < gutter() - kHandleReach) {
        event->ignore();
        return;
    }
    m_pressed = event->position();
    m_hand = handleAt(m_pressed.x());
    switch (m_hand) {
        case Hand::MovingBegin:
            m_anchor = m_loop->end;
            break;
        case Hand::MovingEnd:
            m_anchor = m_loop->begin;
            break;
        case Hand::Free:
        case Hand::Pressed:
        case Hand::Selecting:
            m_hand = Hand::Pressed;
            m_anchor = timeAt(m_pressed.x());
            break;
    }
}

void WaveformView::mouseMoveEvent(QMouseEvent* event) {
    const QPointF place = event->position();
    if (m_hand == Hand::Free) {
        setCursor(handleAt(place.x()) != Hand::Free ? Qt::SizeHorCursor : Qt::IBeamCursor);
        return;
    }
    if (m_hand == Hand::Pressed && std::abs(place.x() - m_pressed.x()) < kDragBegins) {
        return;
    }
    if (m_hand == Hand::Pressed) {
        m_hand = Hand::Selecting;
    }
    follow(place);
}

/// The end in the hand goes where the hand is; past the edge of the view the view goes along.
void WaveformView::follow(const QPointF& place) {
    const double right = gutter() + scale().width();
    if (place.x() > right) {
        Q_EMIT scrollWanted(place.x() - right);
    } else if (place.x() < gutter()) {
        Q_EMIT scrollWanted(place.x() - gutter());
    }
    const milliseconds here = timeAt(std::clamp(place.x(), double(gutter()), right));
    m_selection = TimeSpan{std::min(m_anchor, here), std::max(m_anchor, here)};
    update();
}

void WaveformView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || m_hand == Hand::Free) {
        return;
    }
    const Hand hand = std::exchange(m_hand, Hand::Free);
    const std::optional<TimeSpan> selection = std::exchange(m_selection, std::nullopt);
    update();
    if (hand == Hand::Pressed) {
        const CallMark* mark = markAt(m_pressed);
        Q_EMIT seekWanted(mark != nullptr ? mark->at : m_anchor);
    } else if (selection && selection->length() >= kShortestLoop) {
        Q_EMIT loopWanted(*selection);
    }
}

bool WaveformView::isOwnKey(const QKeyEvent& key) const {
    const bool drops =
        key.key() == Qt::Key_Escape && key.modifiers() == Qt::NoModifier && (m_selection || m_loop || m_loopBegin);
    return drops || AxisView::isOwnKey(key);
}

void WaveformView::keyPressEvent(QKeyEvent* event) {
    if (event->key() != Qt::Key_Escape || !isOwnKey(*event)) {
        AxisView::keyPressEvent(event);
        return;
    }
    m_hand = Hand::Free;
    if (m_selection) {
        m_selection.reset();
        update();
    } else {
        Q_EMIT loopDropped();
    }
}

void WaveformView::focusInEvent(QFocusEvent* event) {
    AxisView::focusInEvent(event);
    update();
}
void WaveformView::focusOutEvent(QFocusEvent* event) {
    AxisView::focusOutEvent(event);
    update();
}

// --- hover

QString WaveformView::voicesAt(milliseconds at) const {
    if (laneCount() != 2 || m_map->speech.size() < 2) {
        return {};
    }
    const int agent = m_order == ChannelOrder::AgentFirst ? 0 : 1;
    const bool agentSpeaks = spansHold(m_map->speech[size_t(agent)], at);
    const bool customerSpeaks = spansHold(m_map->speech[size_t(1 - agent)], at);
    if (agentSpeaks && customerSpeaks) {
        return tr("both speak");
    }
    return agentSpeaks ? tr("agent speaks") : customerSpeaks ? tr("customer speaks") : tr("nobody speaks");
}

QString WaveformView::textAt(const QPointF& place) const {
    if (laneCount() == 0 || place.x() < gutter() || scale().isEmpty()) {
        return monoNote();
    }
    if (const CallMark* mark = markAt(place)) {
        const QString words = QStringList{mark->kind, mark->text}.join(u' ').trimmed();
        return words.isEmpty() ? tr("Mark at %1").arg(exactPlaceText(mark->at))
                               : tr("Mark at %1: %2").arg(exactPlaceText(mark->at), isolated(words));
    }
    const milliseconds at = timeAt(place.x());
    QStringList parts{exactPlaceText(at), voicesAt(at)};
    for (const SkippedSpan& skip : m_skips.spans) {
        if (skip.span.holds(at)) {
            parts << skipText(skip.reason);
        }
    }
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

bool WaveformView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QToolTip::showText(help->globalPos(), plainToolTip(textAt(QPointF(help->pos()))), this);
        return true;
    }
    return AxisView::event(event);
}

}  // namespace earmark
