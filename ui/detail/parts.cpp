#include "ui/detail/parts.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QStyle>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/common/theme.h"

namespace earmark {

namespace {

QColor colourOf(Tone tone, const QPalette& palette) {
    switch (tone) {
        case Tone::Plain:
            return palette.color(QPalette::WindowText);
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

IconTint tintOf(Tone tone) {
    switch (tone) {
        case Tone::Plain:
            return IconTint::Text;
        case Tone::Quiet:
            return IconTint::Secondary;
        case Tone::Good:
            return IconTint::Good;
        case Tone::Warning:
            return IconTint::Warning;
        case Tone::Bad:
            return IconTint::Bad;
    }
    return IconTint::Text;
}

}  // namespace

ToneLabel::ToneLabel(Tone tone, QWidget* parent) : PlainLabel(parent), m_tone(tone) {
    setWordWrap(true);
    colour();
}

void ToneLabel::setTone(Tone tone) {
    m_tone = tone;
    colour();
}

void ToneLabel::colour() {
    if (m_colouring) {
        return;  // setPalette announces a palette change of its own
    }
    m_colouring = true;
    QPalette own;
    if (m_tone != Tone::Plain) {
        own.setColor(QPalette::WindowText, colourOf(m_tone, own));
    }
    setPalette(own);
    m_colouring = false;
}

void ToneLabel::changeEvent(QEvent* event) {
    PlainLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange) {
        colour();
    }
}

IconView::IconView(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void IconView::setIcon(const QString& name, IconTint tint) {
    m_icon = icon(name, tint);
    update();
}

QSize IconView::sizeHint() const {
    const int side = fontMetrics().height();
    return {side, side};
}

void IconView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    m_icon.paint(&painter, rect());
}

IconLine::IconLine(QWidget* parent) : QWidget(parent), m_icon(new IconView), m_label(new ToneLabel) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_label, 1);
    m_label->setAlignment(Qt::AlignTop | Qt::AlignLeading);  // beside the icon, however high the row
    hide();
}

void IconLine::show(const QString& iconName, Tone tone, const QString& text) {
    m_icon->setIcon(iconName, tintOf(tone));
    m_label->setTone(tone);
    if (m_label->text() != text) {
        m_label->setText(text);
        updateGeometry();  // a layout around this one hears of its new height now, not an event later
    }
    setVisible(!text.isEmpty());
}

void growToFit(QWidget* window) {
    QLayout* layout = window->layout();
    layout->activate();
    const int needed = std::max(layout->totalMinimumSize().height(), layout->totalHeightForWidth(window->width()));
    if (window->height() < needed) {
        window->resize(window->width(), needed);
    }
}

void IconLine::clear() {
    m_label->setText({});
    hide();
}

QString breakableWord(const QString& text) {
    QString made;
    int run = 0;
    for (const QChar c : text) {
        run = c.isSpace() ? 0 : run + 1;
        made += c;
        if (run >= 24 && !c.isHighSurrogate()) {
            made += QChar(0x200b);  // zero width
            run = 0;
        }
    }
    return made;
}

PlainLabel* makeHeading(const QString& text) {
    auto* heading = new PlainLabel(text);
    heading->setFont(theme::headingFont(heading->font()));
    return heading;
}

Rule::Rule(QWidget* parent) : QWidget(parent) {
    setFixedHeight(1);
}

void Rule::paintEvent(QPaintEvent*) {
    QPainter(this).fillRect(rect(), theme::line());
}

HeadingButton::HeadingButton(QWidget* parent) : QAbstractButton(parent) {
    setFont(theme::headingFont(font()));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
}

QSize HeadingButton::sizeHint() const {
    const int height = fontMetrics().height() + theme::space();
    return {fontMetrics().height() + theme::space() / 2 + fontMetrics().horizontalAdvance(text()) + theme::space(),
            height};
}

void HeadingButton::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int side = fontMetrics().height();
    const QRect sign = QStyle::visualRect(layoutDirection(), rect(), QRect(0, (height() - side) / 2, side, side));
    icon().paint(&painter, sign);
    const QRect words =
        QStyle::visualRect(layoutDirection(), rect(), rect().adjusted(side + theme::space() / 2, 0, 0, 0));
    painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(words, int(Qt::AlignVCenter) | int(Qt::AlignLeading) | int(Qt::TextSingleLine), text());
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme::accent(), 1.5));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
    }
}

Disclosure::Disclosure(const QString& title, QWidget* content, QWidget* parent)
    : QWidget(parent), m_button(new HeadingButton), m_content(content) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(m_button, 0, Qt::AlignLeading);
    column->addWidget(content);
    connect(m_button, &QAbstractButton::clicked, this, [this] { setOpen(!m_open); });
    content->hide();
    setTitle(title);
}

void Disclosure::setTitle(const QString& title) {
    m_title = title;
    tell();
}

void Disclosure::tell() {
    m_button->setText(m_title);
    m_button->setIcon(
        icon(m_open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), IconTint::Secondary));
    m_button->setAccessibleName(m_open ? tr("%1, open").arg(m_title) : tr("%1, closed").arg(m_title));
}

void Disclosure::setOpen(bool open) {
    if (open == m_open) {
        return;
    }
    m_open = open;
    tell();
    if (open) {
        Q_EMIT opened();  // filled first, so that it never flashes empty
    }
    m_content->setVisible(open);
}

}  // namespace earmark
