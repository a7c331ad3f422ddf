#include "ui/common/deskstyle.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleFactory>
#include <QStyleOption>

#include "ui/common/icons.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qreal kRadius = 4.0;
constexpr int kScrollBarExtent = 12;
constexpr int kArrow = 14;
constexpr int kTextInset = 4;  ///< besides the frame, so that letters do not touch it

QColor mixed(const QColor& from, const QColor& to, double share) {
    const auto mix = [share](float a, float b) { return float(a + (b - a) * share); };
    return QColor::fromRgbF(mix(from.redF(), to.redF()), mix(from.greenF(), to.greenF()),
                            mix(from.blueF(), to.blueF()));
}

/// Borders of things one can act on are stronger than hairlines.
QColor controlBorder(const QPalette& palette) {
    return mixed(theme::line(), palette.color(QPalette::WindowText), 0.18);
}

void roundedBox(QPainter* painter, const QRect& rect, const QColor& fill, const QColor& border, qreal width = 1.0) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(border.isValid() ? QPen(border, width) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    const qreal inset = border.isValid() ? width / 2.0 : 0.0;
    painter->drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
    painter->restore();
}

void centredIcon(QPainter* painter, const QRect& rect, const QString& name, const QColor& color, int extent) {
    const qreal ratio = painter->device()->devicePixelRatioF();
    painter->drawPixmap(QRect(rect.center().x() - extent / 2 + 1, rect.center().y() - extent / 2 + 1, extent, extent),
                        iconPixmap(name, color, extent, ratio));
}

/// What a scroll bar lies on: lists and texts have their own ground, a scrolled page has the window's.
QPalette::ColorRole groundOf(const QWidget* widget) {
    for (const QWidget* at = widget; at != nullptr; at = at->parentWidget()) {
        if (const auto* area = qobject_cast<const QAbstractScrollArea*>(at)) {
            return area->viewport()->backgroundRole() == QPalette::Base ? QPalette::Base : QPalette::Window;
        }
    }
    return QPalette::Window;
}

bool has(const QStyleOption* option, QStyle::StateFlag flag) {
    return option->state.testFlag(flag);
}

void drawButtonPanel(const QStyleOption* option, QPainter* painter) {
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    const bool primary = button != nullptr && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
                         has(option, QStyle::State_Enabled);
    if (button != nullptr && button->features.testFlag(QStyleOptionButton::Flat) &&
        !has(option, QStyle::State_MouseOver) && !has(option, QStyle::State_Sunken) && !has(option, QStyle::State_On)) {
        return;
    }
    QColor fill = primary ? theme::accent() : option->palette.color(QPalette::Button);
    const QColor ink = primary ? theme::onAccent() : option->palette.color(QPalette::ButtonText);
    if (has(option, QStyle::State_Enabled)) {
        if (has(option, QStyle::State_Sunken) || has(option, QStyle::State_On)) {
            fill = mixed(fill, ink, 0.14);
        } else if (has(option, QStyle::State_MouseOver)) {
            fill = mixed(fill, ink, 0.06);
        }
    }
    // One who goes by Tab must see where the next key goes; the frame of the default button has its colour already.
    const bool focused = has(option, QStyle::State_HasFocus);
    const QColor ring = primary ? option->palette.color(QPalette::WindowText) : theme::accent();
    roundedBox(painter, option->rect, fill,
               focused   ? ring
               : primary ? fill
                         : controlBorder(option->palette),
               focused ? 2.0 : 1.0);
}

void drawToolPanel(const QStyleOption* option, QPainter* painter) {
    if (!has(option, QStyle::State_Enabled)) {
        return;
    }
    const QColor window = option->palette.color(QPalette::Window);
    const QColor ink = option->palette.color(QPalette::WindowText);
    if (has(option, QStyle::State_Sunken)) {
        roundedBox(painter, option->rect, mixed(window, ink, 0.16), {});
    } else if (has(option, QStyle::State_On)) {
        roundedBox(painter, option->rect, option->palette.color(QPalette::Active, QPalette::Highlight), {});
    } else if (has(option, QStyle::State_MouseOver)) {
        roundedBox(painter, option->rect, mixed(window, ink, 0.09), {});
    }
    if (has(option, QStyle::State_HasFocus)) {
        roundedBox(painter, option->rect, {}, theme::accent(), 2.0);
    }
}

void drawLineEditPanel(const QStyleOption* option, QPainter* painter) {
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    if (frame == nullptr || frame->lineWidth <= 0) {
        painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        return;
    }
    const bool focused = has(option, QStyle::State_HasFocus);
    roundedBox(painter, option->rect, option->palette.color(QPalette::Base),
               focused ? theme::accent() : controlBorder(option->palette), focused ? 2.0 : 1.0);
}

void drawHeaderSection(const QStyleOption* option, QPainter* painter) {
    QColor fill = option->palette.color(QPalette::Window);
    if (has(option, QStyle::State_Sunken)) {
        fill = mixed(fill, option->palette.color(QPalette::WindowText), 0.10);
    } else if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled)) {
        fill = mixed(fill, option->palette.color(QPalette::WindowText), 0.04);
    }
    painter->fillRect(option->rect, fill);
    painter->setPen(theme::line());
    painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
    const int edge = option->direction == Qt::LeftToRight ? option->rect.right() : option->rect.left();
    painter->drawLine(edge, option->rect.top() + 6, edge, option->rect.bottom() - 6);
}

/// Words on the window; the chosen one underlined, and a ring for who goes by Tab.
void drawTab(const QStyleOption* option, QPainter* painter) {
    const QRect rect = option->rect;
    if (has(option, QStyle::State_Selected)) {
        painter->fillRect(QRect(rect.left() + 6, rect.bottom() - 2, rect.width() - 12, 3), theme::accent());
    } else if (has(option, QStyle::State_MouseOver)) {
        painter->fillRect(
            rect, mixed(option->palette.color(QPalette::Window), option->palette.color(QPalette::WindowText), 0.05));
    }
    if (has(option, QStyle::State_HasFocus)) {
        roundedBox(painter, rect.adjusted(1, 1, -1, -4), {}, theme::accent(), 2.0);
    }
}

void drawProgress(const QStyleOptionProgressBar* bar, QPainter* painter) {
    QRect rect = bar->rect;
    if (bar->minimum >= bar->maximum) {  // busy without a known end: a quiet full bar, the words beside it say the rest
        roundedBox(painter, rect, mixed(bar->palette.color(QPalette::Window), theme::accent(), 0.35), {});
        return;
    }
    const double share = double(bar->progress - bar->minimum) / double(bar->maximum - bar->minimum);
    const int width = int(rect.width() * qBound(0.0, share, 1.0));
    if (bar->direction == Qt::RightToLeft) {
        rect.setLeft(rect.right() - width + 1);
    } else {
        rect.setWidth(width);
    }
    if (width > 0) {
        roundedBox(painter, rect, theme::accent(), {});
    }
}

/// The style below this one puts the words of a mirrored button at its far edge.
void drawMirroredLabel(const QStyleOptionButton& button, QPainter* painter, const QStyle& style) {
    const bool enabled = has(&button, QStyle::State_Enabled);
    const bool isDefault = button.features.testFlag(QStyleOptionButton::DefaultButton) && enabled;
    const int words = button.fontMetrics.size(Qt::TextShowMnemonic, button.text).width();
    const int gap = theme::space() / 2;
    QRect place(QPoint(), button.iconSize);
    place.moveCenter(button.rect.center());
    place.moveRight(button.rect.center().x() + (words + gap + place.width()) / 2);
    button.icon.paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    QPalette colours(button.palette);
    if (isDefault) {
        colours.setColor(QPalette::ButtonText, theme::onAccent());
    }
    const QRect text(QPoint(button.rect.left(), button.rect.top()),
                     QPoint(place.left() - 1 - gap, button.rect.bottom()));
    style.drawItemText(painter, text,
                       int(Qt::AlignRight | Qt::AlignVCenter) | int(Qt::AlignAbsolute) | int(Qt::TextShowMnemonic),
                       colours, enabled, button.text, QPalette::ButtonText);
}

}  // namespace

DeskStyle::DeskStyle() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) {
    setObjectName(u"earmark"_s);
}

void DeskStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    switch (element) {
        case PE_PanelButtonCommand:
            drawButtonPanel(option, painter);
            return;
        case PE_PanelButtonTool:
            drawToolPanel(option, painter);
            return;
        case PE_PanelLineEdit:
            drawLineEditPanel(option, painter);
            return;
        case PE_FrameFocusRect:
            roundedBox(painter, option->rect, {}, theme::accent(), 1.5);
            return;
        case PE_Frame: {
            const bool text = qobject_cast<const QPlainTextEdit*>(widget) != nullptr;
            painter->setPen(!text                         ? theme::line()
                            : has(option, State_HasFocus) ? theme::accent()
                                                          : controlBorder(option->palette));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            return;
        }
        case PE_PanelScrollAreaCorner:
            painter->fillRect(option->rect, option->palette.color(groundOf(widget)));
            return;
        case PE_FrameStatusBarItem:
            return;
        case PE_IndicatorHeaderArrow:
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                painter->save();
                if (header->sortIndicator == QStyleOptionHeader::SortDown) {  // Qt says "down" for ascending
                    painter->translate(header->rect.center() + QPoint(1, 1));
                    painter->rotate(180);
                    painter->translate(-header->rect.center() - QPoint(1, 1));
                }
                centredIcon(painter, header->rect, u"chevron-down"_s, theme::accent(), kArrow);
                painter->restore();
            }
            return;
        case PE_IndicatorArrowDown:
            centredIcon(painter, option->rect, u"chevron-down"_s, option->palette.color(QPalette::WindowText),
                        qMin(16, qMin(option->rect.width(), option->rect.height()) + 4));
            return;
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void DeskStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                            const QWidget* widget) const {
    switch (element) {
        case CE_PushButtonLabel:
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
                button != nullptr && button->direction == Qt::RightToLeft && !button->icon.isNull() &&
                !button->text.isEmpty()) {
                drawMirroredLabel(*button, painter, *this);
                return;
            }
            if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
                button != nullptr && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
                has(button, State_Enabled)) {
                QStyleOptionButton primary(*button);
                primary.palette.setColor(QPalette::ButtonText, theme::onAccent());
                QProxyStyle::drawControl(element, &primary, painter, widget);
                return;
            }
            break;
        case CE_TabBarTabShape:
            drawTab(option, painter);
            return;
        case CE_Header:  // the common one asks its own style, not this one, where label and arrow are
            if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
                drawHeaderSection(option, painter);
                QStyleOptionHeaderV2 part;
                static_cast<QStyleOptionHeader&>(part) = *header;
                part.rect = subElementRect(SE_HeaderLabel, header, widget);
                drawControl(CE_HeaderLabel, &part, painter, widget);
                if (header->sortIndicator != QStyleOptionHeader::None) {
                    part.rect = subElementRect(SE_HeaderArrow, header, widget);
                    drawPrimitive(PE_IndicatorHeaderArrow, &part, painter, widget);
                }
            }
            return;
        case CE_HeaderEmptyArea:
            painter->fillRect(option->rect, option->palette.color(QPalette::Window));
            painter->setPen(theme::line());
            painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
            return;
        case CE_Splitter: {
            painter->setPen(theme::line());
            const QPoint middle = option->rect.center();
            if (has(option, State_Horizontal)) {
                painter->drawLine(middle.x(), option->rect.top(), middle.x(), option->rect.bottom());
            } else {
                painter->drawLine(option->rect.left(), middle.y(), option->rect.right(), middle.y());
            }
            return;
        }
        case CE_ProgressBarGroove:
            roundedBox(painter, option->rect, mixed(option->palette.color(QPalette::Window), theme::line(), 0.9), {});
            return;
        case CE_ProgressBarContents:
            if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) {
                drawProgress(bar, painter);
            }
            return;
        default:
            break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void DeskStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                   const QWidget* widget) const {
    if (control == CC_ScrollBar) {
        const QColor ground = option->palette.color(groundOf(widget));
        painter->fillRect(option->rect, ground);
        QRect handle = subControlRect(CC_ScrollBar, option, SC_ScrollBarSlider, widget);
        const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (slider == nullptr || slider->maximum <= slider->minimum) {
            return;
        }
        const bool active = has(option, State_MouseOver) || option->activeSubControls.testFlag(SC_ScrollBarSlider);
        handle = slider->orientation == Qt::Vertical ? handle.adjusted(3, 1, -3, -1) : handle.adjusted(1, 3, -1, -3);
        roundedBox(painter, handle, mixed(ground, option->palette.color(QPalette::WindowText), active ? 0.45 : 0.25),
                   {});
        return;
    }
    if (control == CC_Slider) {
        const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (slider != nullptr && slider->orientation == Qt::Horizontal) {
            const QRect handle = subControlRect(CC_Slider, option, SC_SliderHandle, widget);
            QRect groove = subControlRect(CC_Slider, option, SC_SliderGroove, widget);
            groove = QRect(groove.left() + 1, groove.center().y() - 1, groove.width() - 2, 4);
            const bool enabled = has(option, State_Enabled);
            roundedBox(painter, groove, mixed(theme::line(), option->palette.color(QPalette::WindowText), 0.12), {});
            QRect filled = groove;
            if (slider->upsideDown) {
                filled.setLeft(handle.center().x());
            } else {
                filled.setRight(handle.center().x());
            }
            const QColor ink =
                enabled ? theme::accent() : option->palette.color(QPalette::Disabled, QPalette::WindowText);
            roundedBox(painter, filled, ink, {});
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(has(option, State_HasFocus) ? QPen(option->palette.color(QPalette::WindowText), 1.5)
                                                        : QPen(Qt::NoPen));
            painter->setBrush(ink);
            painter->drawEllipse(QRectF(handle.center().x() - 5.5, groove.center().y() - 5.5, 13, 13));
            painter->restore();
            return;
        }
    }
    if (control == CC_ComboBox) {
        const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (combo != nullptr && combo->frame) {
            const bool focused = has(option, State_HasFocus);
            QColor fill = option->palette.color(combo->editable ? QPalette::Base : QPalette::Button);
            if (!combo->editable && has(option, State_MouseOver) && has(option, State_Enabled)) {
                fill = mixed(fill, option->palette.color(QPalette::ButtonText), 0.06);
            }
            roundedBox(painter, option->rect, fill, focused ? theme::accent() : controlBorder(option->palette),
                       focused ? 2.0 : 1.0);
            centredIcon(painter, subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget), u"chevron-down"_s,
                        option->palette.color(has(option, State_Enabled) ? QPalette::Active : QPalette::Disabled,
                                              QPalette::WindowText),
                        16);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect DeskStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                const QWidget* widget) const {
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control == CC_ComboBox && part == SC_ComboBoxEditField) {
        return QProxyStyle::subControlRect(control, option, part, widget).adjusted(kTextInset, 0, -kTextInset, 0);
    }
    if (control != CC_ScrollBar || bar == nullptr) {
        return QProxyStyle::subControlRect(control, option, part, widget);
    }
    // No arrow buttons: the handle has the whole length.
    const bool vertical = bar->orientation == Qt::Vertical;
    const int length = vertical ? bar->rect.height() : bar->rect.width();
    const qint64 range = qint64(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0) {
        handle = int(qint64(bar->pageStep) * length / (range + bar->pageStep));
        handle = qBound(qMin(28, length), handle, length);
    }
    const int start =
        sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto piece = [&](int from, int size) {
        const QRect rect = vertical ? QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size)
                                    : QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height());
        return vertical ? rect : visualRect(bar->direction, bar->rect, rect);
    };
    switch (part) {
        case SC_ScrollBarSlider:
            return piece(start, handle);
        case SC_ScrollBarGroove:
            return bar->rect;
        case SC_ScrollBarSubPage:
            return piece(0, start);
        case SC_ScrollBarAddPage:
            return piece(start + handle, length - start - handle);
        case SC_ScrollBarAddLine:
        case SC_ScrollBarSubLine:
            return {};
        default:
            return QProxyStyle::subControlRect(control, option, part, widget);
    }
}

QRect DeskStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const {
    if (element == SE_LineEditContents) {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        const QRect contents = QProxyStyle::subElementRect(element, option, widget);
        return frame != nullptr && frame->lineWidth > 0 ? contents.adjusted(kTextInset, 0, -kTextInset, 0) : contents;
    }
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    if (header == nullptr || (element != SE_HeaderArrow && element != SE_HeaderLabel)) {
        return QProxyStyle::subElementRect(element, option, widget);
    }
    const QRect inside = option->rect.adjusted(theme::space(), 0, -theme::space(), 0);
    const bool sorted = header->sortIndicator != QStyleOptionHeader::None;
    if (element == SE_HeaderArrow) {
        const QRect arrow(inside.right() - kArrow + 1, inside.center().y() - kArrow / 2, kArrow, kArrow);
        return visualRect(option->direction, option->rect, arrow);
    }
    return visualRect(option->direction, option->rect, sorted ? inside.adjusted(0, 0, -kArrow - 2, 0) : inside);
}

QSize DeskStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                  const QWidget* widget) const {
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_PushButton) {
        result.rwidth() += theme::space();
        result.setHeight(qMax(result.height(), option->fontMetrics.height() + 12));
    } else if (type == CT_LineEdit || type == CT_ComboBox) {
        result.setHeight(qMax(result.height(), option->fontMetrics.height() + 12));
    } else if (type == CT_MenuItem && size.height() > 8) {
        result.setHeight(qMax(result.height(), option->fontMetrics.height() + 8));
    }
    return result;
}

int DeskStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_ScrollBarExtent:
            return kScrollBarExtent;
        case PM_ScrollView_ScrollBarSpacing:
            return 0;
        case PM_LayoutLeftMargin:
        case PM_LayoutRightMargin:
        case PM_LayoutTopMargin:
        case PM_LayoutBottomMargin:
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing:
            return theme::space();
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical:
            return 0;
        case PM_SplitterWidth:
            return 7;
        case PM_ToolTipLabelFrameWidth:
            return 6;
        case PM_HeaderMargin:
            return 6;
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int DeskStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                         QStyleHintReturn* answer) const {
    switch (hint) {
        case SH_EtchDisabledText:
        case SH_DialogButtonBox_ButtonsHaveIcons:
            return 0;
        case SH_Table_GridLineColor:
            return int(theme::line().rgba());
        case SH_ItemView_ActivateItemOnSingleClick:
            return 0;
        case SH_ScrollView_FrameOnlyAroundContents:
            return 0;
        default:
            return QProxyStyle::styleHint(hint, option, widget, answer);
    }
}

}  // namespace earmark
