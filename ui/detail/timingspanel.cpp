#include "ui/detail/timingspanel.h"

#include <QVBoxLayout>

#include "models/domain/fields.h"
#include "models/tables/celltext.h"
#include "ui/common/theme.h"
#include "ui/detail/timingsstrip.h"

namespace earmark {

using namespace Qt::StringLiterals;

TimingsPanel::TimingsPanel(QWidget* parent)
    : QWidget(parent),
      m_strip(new TimingsStrip),
      m_counts(new ToneLabel(Tone::Quiet)),
      m_absences(new ToneLabel(Tone::Quiet)),
      m_problems(new IconLine) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    column->addWidget(makeHeading(tr("Timings")));
    column->addWidget(m_strip);
    column->addSpacing(theme::space() / 2);
    column->addWidget(m_problems);
    column->addWidget(m_absences);
    column->addWidget(m_counts);
}

void TimingsPanel::setCall(const Call& call) {
    const TimingStory story = timingStoryOf(call);
    m_strip->setStory(story);
    QStringList problems = story.timings.problems;
    for (QString& problem : problems) {
        problem += u'.';
    }
    m_problems->show(u"warning"_s, Tone::Bad, problems.join(u'\n'));
    QStringList absences = story.absences;
    if (!story.timings.first) {
        absences.prepend(call.createdTime ? tr("Of its times %1 tells when the call was created: %2.")
                                                .arg(providerName(call.provider), cellTime(*call.createdTime))
                                          : tr("No times are recorded for this call."));
    }
    m_absences->setText(absences.join(u'\n'));
    m_absences->setVisible(!absences.isEmpty());

    const std::pair<QString, std::optional<double>> counts[] = {
        {tr("ringing %1"), call.ringSeconds}, {tr("talk %1"), call.talkSeconds}, {tr("total %1"), call.totalSeconds}};
    QStringList told;
    for (const auto& [text, seconds] : counts) {
        if (seconds) {
            told << text.arg(durationText(*seconds));
        }
    }
    m_counts->setText(told.isEmpty() ? QString()
                                     : tr("%1 counts: %2").arg(providerName(call.provider), told.join(u" · "_s)));
    m_counts->setVisible(!told.isEmpty());
}

QString TimingsPanel::problemsText() const {
    return m_problems->isHidden() ? QString() : m_problems->text();
}

}  // namespace earmark
