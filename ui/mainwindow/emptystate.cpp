#include "ui/mainwindow/emptystate.h"

#include <QAbstractScrollArea>
#include <QEvent>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"

namespace earmark {

namespace {
constexpr int kSign = 40;
}

EmptyState::EmptyState(QWidget* parent)
    : QWidget(parent),
      m_sign(new PlainLabel(this)),
      m_heading(new PlainLabel(this)),
      m_sentence(new PlainLabel(this)),
      m_button(new QPushButton(this)) {
    m_sign->setAlignment(Qt::AlignCenter);
    m_heading->setFont(theme::headingFont(font()));
    m_heading->setAlignment(Qt::AlignCenter);
    m_sentence->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    m_sentence->setWordWrap(true);
    m_sentence->setMinimumWidth(fontMetrics().averageCharWidth() * 20);
    m_sentence->setMaximumWidth(fontMetrics().averageCharWidth() * 64);
    m_button->setDefault(true);  // the one thing to do here
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(3 * theme::space(), 3 * theme::space(), 3 * theme::space(), 3 * theme::space());
    column->setSpacing(theme::space());
    column->addStretch(2);
    column->addWidget(m_sign);
    column->addWidget(m_heading);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(m_sentence, 8);
    middle->addStretch(1);
    column->addLayout(middle);
    column->addSpacing(theme::space());
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
}

void EmptyState::set(const QString& iconName, const QString& heading, const QString& sentence, const QString& button) {
    m_iconName = iconName;
    drawSign();
    m_heading->setText(heading);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    m_button->setText(button);
    m_button->setVisible(!button.isEmpty());
}

void EmptyState::drawSign() {
    m_sign->setPixmap(iconPixmap(m_iconName, theme::secondaryText(), kSign, devicePixelRatioF()));
    m_sign->setVisible(!m_iconName.isEmpty());
}

void EmptyState::coverViewportOf(QAbstractScrollArea* view) {
    m_covered = view->viewport();
    setParent(view);
    m_covered->installEventFilter(this);
    setGeometry(m_covered->geometry());
}

bool EmptyState::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_covered && (event->type() == QEvent::Resize || event->type() == QEvent::Move)) {
        setGeometry(m_covered->geometry());
    }
    return QWidget::eventFilter(watched, event);
}

void EmptyState::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_iconName.isEmpty()) {
        drawSign();
    }
}

}  // namespace earmark
