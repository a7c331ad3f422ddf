#include "ui/detail/aiblock.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "models/domain/fields.h"
#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"
#include "ui/detail/longtextview.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostTags = 50;  ///< "All fields" has the others
constexpr qsizetype kLongestTag = 80;

bool has(const std::optional<QString>& text) {
    return text && !text->trimmed().isEmpty();
}

}  // namespace

AiBlock::AiBlock(QWidget* parent)
    : QWidget(parent),
      m_sentiment(new IconLine),
      m_summary(new LongTextView),
      m_absent(new ToneLabel(Tone::Quiet)),
      m_nextTitle(new PlainLabel(tr("Next action"))),
      m_next(new LongTextView),
      m_tags(new ToneLabel) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    auto* top = new QHBoxLayout;
    top->addWidget(makeHeading(tr("AI summary")));
    top->addStretch();
    top->addWidget(m_sentiment, 0, Qt::AlignVCenter);
    column->addLayout(top);
    column->addWidget(m_summary);
    column->addWidget(m_absent);
    auto* next = new QVBoxLayout;
    next->setSpacing(2);
    next->addWidget(m_nextTitle);
    next->addWidget(m_next);
    column->addLayout(next);
    column->addWidget(m_tags);
    m_tags->setTextInteractionFlags(Qt::TextSelectableByMouse);

    QFont reading = font();
    reading.setPointSizeF(reading.pointSizeF() * 1.1);
    m_summary->area()->setFont(reading);
    m_summary->area()->setAccessibleName(tr("AI summary"));
    m_summary->setMaximumLines(14);
    m_next->setMaximumLines(6);
    m_next->area()->setAccessibleName(tr("Next action"));
    m_nextTitle->setForegroundRole(QPalette::PlaceholderText);
    m_sentiment->label()->setWordWrap(false);
    m_sentiment->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
}

void AiBlock::setCall(const Call& call) {
    const QString provider = providerName(call.provider);
    m_summary->setText(call.summary.value_or(QString()));
    m_summary->setVisible(has(call.summary));

    QStringList absent;
    if (!offers(call.provider, Field::Summary)) {
        absent << tr("A summary is not offered by %1.").arg(provider);
    } else if (!call.summary) {
        // Of a status that we do not know nothing is said.
        const bool known = call.status != CallStatus::Unknown;
        absent << (known && !hasEnded(call.status) ? tr("No summary yet; the call has not ended.") : tr("No summary."));
    } else if (!has(call.summary)) {
        absent << tr("The summary is empty.");
    }
    if (!offers(call.provider, Field::Sentiment)) {
        absent << tr("Sentiment is not offered by %1.").arg(provider);
    }
    if (!offers(call.provider, Field::NextAction)) {
        absent << tr("A next action is not offered by %1.").arg(provider);
    }
    m_absent->setText(absent.join(u' '));
    m_absent->setVisible(!absent.isEmpty());

    QStringList tags;
    for (const QString& tag : call.tags.mid(0, kMostTags)) {
        tags << breakableWord(isolated(shownText(tag, kLongestTag)));
    }
    m_tags->setText(tags.isEmpty() ? QString() : tr("Tags: %1").arg(tags.join(u" · "_s)));
    m_tags->setVisible(!tags.isEmpty());

    if (has(call.sentiment)) {
        const SignedWord word = sentimentWord(*call.sentiment);
        m_sentiment->show(word.icon, word.tone, shownText(word.text, 40));
    } else {
        m_sentiment->clear();
    }
}

void AiBlock::showNextAction(const Call& call) {
    m_next->setText(call.nextAction.value_or(QString()));
    m_next->setVisible(has(call.nextAction));
    m_nextTitle->setVisible(has(call.nextAction));
}

QString AiBlock::absenceText() const {
    return m_absent->isHidden() ? QString() : m_absent->text();
}

QString AiBlock::tagsText() const {
    return m_tags->isHidden() ? QString() : m_tags->text();
}

}  // namespace earmark
