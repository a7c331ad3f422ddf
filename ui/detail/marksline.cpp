#include "ui/detail/marksline.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "models/domain/timingstory.h"
#include "models/edits/editwords.h"
#include "ui/common/theme.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLongestWord = 200;

QString reviewedSentence(const Review& review) {
    if (!review.reviewedAt) {
        return MarksLine::tr("Not reviewed yet");
    }
    const QString when = MarksLine::tr("Reviewed %1").arg(longMomentText(*review.reviewedAt));
    const QString heard = heardText(review.heardSeconds);
    return heard.isEmpty() ? when : when + u" \u00b7 "_s + heard;
}

QString flagSentence(const std::optional<QString>& flag) {
    if (!flag) {
        return MarksLine::tr("Not flagged");
    }
    return flag->isEmpty() ? MarksLine::tr("Flagged")
                           : MarksLine::tr("Flagged: %1").arg(isolated(shownText(*flag, kLongestWord)));
}

}  // namespace

MarksLine::MarksLine(QWidget* parent)
    : QWidget(parent),
      m_reviewed(new IconLine),
      m_toggleReviewed(new QPushButton),
      m_flagged(new IconLine),
      m_word(new QLineEdit),
      m_changeWord(new QPushButton(tr("Word"))),
      m_toggleFlag(new QPushButton),
      m_problem(new IconLine) {
    const int gap = theme::space();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(gap / 2);
    auto* first = new QHBoxLayout;
    first->addWidget(m_reviewed, 1, Qt::AlignVCenter);
    first->addWidget(m_toggleReviewed);
    auto* second = new QHBoxLayout;
    second->addWidget(m_flagged, 1, Qt::AlignVCenter);
    second->addWidget(m_changeWord);
    second->addWidget(m_toggleFlag);
    column->addLayout(first);
    column->addLayout(second);
    column->addWidget(m_word);
    column->addWidget(m_problem);
    m_word->setMaxLength(kLongestWord);
    m_word->setPlaceholderText(tr("Why it is flagged (may be empty); Enter saves"));
    m_word->setAccessibleName(tr("Word of the flag"));
    m_word->installEventFilter(this);
    m_word->hide();
    m_changeWord->setToolTip(tr("Flag with a word (Shift+F)"));
    m_toggleReviewed->setToolTip(tr("R"));
    m_toggleFlag->setToolTip(tr("F"));
    connect(m_toggleReviewed, &QPushButton::clicked, this, &MarksLine::reviewedToggled);
    connect(m_toggleFlag, &QPushButton::clicked, this, &MarksLine::flagToggled);
    connect(m_changeWord, &QPushButton::clicked, this, &MarksLine::editWord);
    tell();
}

void MarksLine::setReview(const Review& review, bool isOther) {
    m_review = review;
    if (isOther) {
        closeWord();
    }
    tell();
}

void MarksLine::setProblem(const QString& problem) {
    problem.isEmpty() ? m_problem->clear() : m_problem->show(u"warning"_s, Tone::Bad, tr("Not saved: %1").arg(problem));
}

void MarksLine::setLocked(bool locked) {
    m_isLocked = locked;
    tell();
}

void MarksLine::tell() {
    m_reviewed->show(u"reviewed"_s, m_review.reviewedAt ? Tone::Good : Tone::Quiet, reviewedSentence(m_review));
    m_flagged->show(u"flag"_s, m_review.flag ? Tone::Warning : Tone::Quiet, flagSentence(m_review.flag));
    m_toggleReviewed->setText(m_review.reviewedAt ? tr("Not reviewed") : tr("Mark as reviewed"));
    m_toggleFlag->setText(m_review.flag ? tr("Take away") : tr("Flag"));
    m_toggleFlag->setAccessibleName(m_review.flag ? tr("Take the flag away") : tr("Flag"));
    for (QPushButton* button : {m_toggleReviewed, m_toggleFlag, m_changeWord}) {
        button->setVisible(!m_isLocked);
    }
}

void MarksLine::editWord() {
    if (m_isLocked) {
        return;
    }
    m_word->setText(m_review.flag.value_or(QString()));
    m_word->show();
    m_word->setFocus(Qt::ShortcutFocusReason);
    m_word->selectAll();
}

void MarksLine::commit() {
    if (m_word->isHidden()) {
        return;
    }
    const QString word = m_word->text().trimmed();
    const bool wasTyped = m_word->isModified();
    closeWord();
    if (wasTyped && m_review.flag != word) {
        Q_EMIT wordEntered(word);
    }
}

void MarksLine::closeWord() {
    m_word->setModified(false);
    m_word->hide();
}

bool MarksLine::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_word) {
        return false;
    }
    if (event->type() == QEvent::FocusOut && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) {
        commit();
        return false;
    }
    if (event->type() != QEvent::KeyPress) {
        return false;
    }
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
    if (isEnter && key->modifiers() == Qt::NoModifier) {
        m_word->setModified(true);  // Enter flags, also with the word as it stands
        commit();
        m_toggleFlag->setFocus(Qt::OtherFocusReason);
        return true;
    }
    if (key->key() == Qt::Key_Escape) {
        closeWord();
        m_toggleFlag->setFocus(Qt::OtherFocusReason);
        return true;
    }
    return false;
}

}  // namespace earmark
