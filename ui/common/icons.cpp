#include "ui/common/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "ui/common/theme.h"

// Outside of every namespace: the macro declares a function of the resource library.
static void registerIconFiles() {
    Q_INIT_RESOURCE(icons);
}

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

const QByteArray& svgOf(const QString& name) {
    static QHash<QString, QByteArray> files = [] {
        registerIconFiles();
        return QHash<QString, QByteArray>{};
    }();
    auto found = files.constFind(name);
    if (found == files.constEnd()) {
        QFile file(u":/icons/"_s + name + u".svg"_s);  // compiled in: memory, no disk
        QByteArray bytes;
        if (file.open(QIODevice::ReadOnly)) {
            bytes = file.readAll();
        } else {
            qWarning("No icon of that name: %s", qUtf8Printable(name));
        }
        found = files.insert(name, bytes);
    }
    return *found;
}

/// Pixels, not logical units: the caller sets the ratio on what comes back.
QPixmap rendered(const QString& name, const QColor& color, QSize pixels) {
    const QString cacheKey =
        u"earmark-icon/%1/%2/%3x%4"_s.arg(name).arg(color.rgba(), 0, 16).arg(pixels.width()).arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(cacheKey, &pixmap)) {
        return pixmap;
    }
    QByteArray svg = svgOf(name);
    svg.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    if (!svg.isEmpty() && !pixels.isEmpty()) {
        QSvgRenderer renderer(svg);
        QPainter painter(&pixmap);
        painter.setOpacity(color.alphaF());
        const int side = qMin(pixels.width(), pixels.height());
        renderer.render(&painter, QRectF((pixels.width() - side) / 2.0, (pixels.height() - side) / 2.0, side,
                                         side));  // never stretched
    }
    QPixmapCache::insert(cacheKey, pixmap);
    return pixmap;
}

QColor colorOf(IconTint tint) {
    switch (tint) {
        case IconTint::Text:
            return QGuiApplication::palette().color(QPalette::Active, QPalette::WindowText);
        case IconTint::Secondary:
            return theme::secondaryText();
        case IconTint::Accent:
            return theme::accent();
        case IconTint::Good:
            return theme::good();
        case IconTint::Warning:
            return theme::warning();
        case IconTint::Bad:
            return theme::bad();
    }
    return {};
}

class SvgIconEngine final : public QIconEngine {
 public:
    SvgIconEngine(const QString& name, IconTint tint) : m_name(name), m_tint(tint) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const qreal ratio = painter->device() != nullptr ? painter->device()->devicePixelRatioF() : 1.0;
        QPixmap pixmap = scaledPixmap((QSizeF(rect.size()) * ratio).toSize(), mode, state, ratio);
        pixmap.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect, pixmap);
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return rendered(m_name, color(mode), size);
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override {
        return rendered(m_name, color(mode), size);
    }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override { return size; }
    QIconEngine* clone() const override { return new SvgIconEngine(*this); }
    QString key() const override { return u"earmark-svg"_s; }
    QString iconName() override { return m_name; }
    bool isNull() override { return svgOf(m_name).isEmpty(); }

 private:
    [[nodiscard]] QColor color(QIcon::Mode mode) const {
        const QPalette palette = QGuiApplication::palette();
        switch (mode) {
            case QIcon::Disabled:
                return palette.color(QPalette::Disabled, QPalette::WindowText);
            case QIcon::Selected:
                return palette.color(QPalette::Active, QPalette::HighlightedText);
            case QIcon::Normal:
            case QIcon::Active:
                break;
        }
        return colorOf(m_tint);
    }

    QString m_name;
    IconTint m_tint;
};

}  // namespace

QIcon icon(const QString& name) {
    return icon(name, IconTint::Text);
}

QIcon icon(const QString& name, IconTint tint) {
    return QIcon(new SvgIconEngine(name, tint));
}

QPixmap iconPixmap(const QString& name, const QColor& color, int extent, qreal devicePixelRatio) {
    const int pixels = qRound(extent * devicePixelRatio);
    QPixmap pixmap = rendered(name, color, QSize(pixels, pixels));
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

}  // namespace earmark
