#include "ui/common/plainlabel.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

QString plainToolTip(const QString& data) {
    if (data.isEmpty()) {
        return {};
    }
    // The tag makes Qt parse it as rich text for sure, in which everything of the data is escaped.
    return u"<qt>"_s + shownText(data, 2000).toHtmlEscaped() + u"</qt>"_s;
}

PlainLabel::PlainLabel(QWidget* parent) : PlainLabel(QString(), parent) {}

PlainLabel::PlainLabel(const QString& text, QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);  // before the first text: QLabel guesses otherwise
    setOpenExternalLinks(false);
    setText(text);
}

void PlainLabel::setData(const QString& text) {
    setElided(wordWrap() ? shownParagraphs(text) : shownText(text));
}

void PlainLabel::setSentence(const QString& text) {
    setElided(text);
}

void PlainLabel::setElided(const QString& text) {
    setTextFormat(Qt::PlainText);
    setText(text);
    m_elides = !wordWrap();
    updateToolTip();
}

QSize PlainLabel::minimumSizeHint() const {
    const QSize full = QLabel::minimumSizeHint();
    if (!m_elides || wordWrap()) {
        return full;
    }
    return QSize(qMin(full.width(), fontMetrics().averageCharWidth() * 6), full.height());
}

bool PlainLabel::isElided() const {
    return m_elides && !wordWrap() && fontMetrics().horizontalAdvance(text()) > contentsRect().width() - 2 * margin();
}

void PlainLabel::paintEvent(QPaintEvent* event) {
    if (!isElided()) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    drawFrame(&painter);
    const QRect rect = contentsRect().adjusted(margin(), margin(), -margin(), -margin());
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, rect.width());
    style()->drawItemText(&painter, rect, int(QStyle::visualAlignment(layoutDirection(), alignment())), palette(),
                          isEnabled(), shown, foregroundRole());
}

void PlainLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    updateToolTip();
}

void PlainLabel::updateToolTip() {
    if (isElided()) {
        setToolTip(plainToolTip(text()));
        m_ownToolTip = true;
    } else if (m_ownToolTip) {
        setToolTip({});
        m_ownToolTip = false;
    }
}

}  // namespace earmark
