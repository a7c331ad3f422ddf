#include "ui/mainwindow/messagestrip.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QColor colorOf(MessageKind kind) {
    switch (kind) {
        case MessageKind::Notice:
            return theme::accent();
        case MessageKind::Warning:
            return theme::warning();
        case MessageKind::Problem:
            return theme::bad();
    }
    return {};
}

QString signOf(MessageKind kind) {
    return kind == MessageKind::Notice ? u"info"_s : u"warning"_s;
}

class MessageRow final : public QWidget {
 public:
    MessageRow(MessageKind kind, const QString& text, QWidget* parent) : QWidget(parent), m_kind(kind) {
        auto* words = new PlainLabel(this);
        words->setWordWrap(true);
        words->setSentence(text);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_layout = new QHBoxLayout(this);
        m_layout->setContentsMargins(5 * theme::space(), theme::space(), theme::space(), theme::space());
        m_layout->setSpacing(theme::space());
        m_layout->addWidget(words, 1);
        setAccessibleName(text);
    }
    QHBoxLayout* m_layout;

 protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(theme::line());
        painter.setBrush(theme::surface());
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        const bool mirrored = layoutDirection() == Qt::RightToLeft;
        const QColor color = colorOf(m_kind);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(mirrored ? width() - 4 : 0, 0, 4, height()), 2, 2);
        const int x = mirrored ? width() - 2 * theme::space() - 20 : 2 * theme::space();
        painter.drawPixmap(QRect(x, (height() - 20) / 2, 20, 20),
                           iconPixmap(signOf(m_kind), color, 20, devicePixelRatioF()));
    }

 private:
    MessageKind m_kind;
};

}  // namespace

MessageStrip::MessageStrip(QWidget* parent) : QWidget(parent), m_layout(new QVBoxLayout(this)) {
    m_layout->setContentsMargins(0, theme::space(), 0, 0);
    m_layout->setSpacing(theme::space() / 2);
    setAccessibleName(tr("Messages"));
    hide();
}

void MessageStrip::show(const QString& id, MessageKind kind, const QString& text, const QString& action,
                        const std::function<void()>& whenClicked) {
    remove(id);
    auto* row = new MessageRow(kind, text, this);
    if (!action.isEmpty()) {
        auto* button = new QPushButton(action, row);
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, id, whenClicked] {
            remove(id);
            if (whenClicked) {
                whenClicked();
            }
        });
        row->m_layout->addWidget(button, 0, Qt::AlignVCenter);
    }
    auto* dismiss = new QToolButton(row);
    dismiss->setIcon(icon(u"cancel"_s));
    dismiss->setAutoRaise(true);
    dismiss->setToolTip(tr("Dismiss"));
    dismiss->setAccessibleName(tr("Dismiss this message"));
    connect(dismiss, &QToolButton::clicked, this, [this, id] { remove(id); });
    row->m_layout->addWidget(dismiss, 0, Qt::AlignVCenter);
    m_layout->addWidget(row);
    m_rows.insert(id, row);
    QWidget::show();
}

void MessageStrip::remove(const QString& id) {
    if (QWidget* const row = m_rows.take(id)) {
        m_layout->removeWidget(row);
        row->hide();
        row->deleteLater();  // it may be the sender
    }
    setVisible(!m_rows.isEmpty());
}

void MessageStrip::removeAllOf(const QString& idPrefix) {
    const QStringList ids = m_rows.keys();
    for (const QString& id : ids) {
        if (id.startsWith(idPrefix)) {
            remove(id);
        }
    }
}

}  // namespace earmark
