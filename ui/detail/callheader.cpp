#include "ui/detail/callheader.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "models/domain/textfold.h"
#include "ui/common/theme.h"
#include "ui/detail/callwords.h"
#include "models/domain/timingstory.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

/// Ids of providers are long and say little to people; the whole one stands in "All fields".
QString shortId(const QString& id) {
    return id.size() > 20 ? id.left(8) + u'…' : id;
}

constexpr qsizetype kLongestName = 80;  ///< a header is no place for more; "All fields" has the whole

QString named(const std::optional<QString>& name, const std::optional<QString>& id) {
    return name && !name->isEmpty() ? shownText(*name, kLongestName) : shortId(id.value_or(QString()));
}

/// How it ended in words, and the provider's own word for it.
QString endText(const Call& call) {
    QStringList parts{endReasonText(call.endReason)};
    if (call.hangupCause && !call.hangupCause->isEmpty()) {
        parts << CallHeader::tr("hangup cause %1")
                     .arg(breakableWord(isolated(shownText(*call.hangupCause, kLongestName))));
    } else if (call.endReasonRaw && !call.endReasonRaw->isEmpty()) {
        parts << CallHeader::tr("end reason %1")
                     .arg(breakableWord(isolated(shownText(*call.endReasonRaw, kLongestName))));
    }
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

/// What people call it by: the campaign's name, the person, the number; an id only where there is nothing better.
QString titleOf(const Call& call) {
    for (const auto* name : {&call.campaignName, &call.leadName, &call.customerNumber, &call.campaignId}) {
        if (*name && !(*name)->trimmed().isEmpty()) {
            return **name;
        }
    }
    return {};
}

}  // namespace

CallHeader::CallHeader(QWidget* parent)
    : QWidget(parent),
      m_campaign(makeHeading({})),
      m_when(new ToneLabel),
      m_direction(new IconLine),
      m_status(new IconLine),
      m_hangup(new ToneLabel(Tone::Quiet)),
      m_notFound(new IconLine),
      m_unlisted(new IconLine),
      m_refresh(new IconLine) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space() / 2);
    m_campaign->setWordWrap(true);
    column->addWidget(m_campaign);
    column->addWidget(m_when);
    column->addWidget(m_direction);
    auto* how = new QHBoxLayout;
    how->setSpacing(theme::space() * 2);
    how->addWidget(m_status, 0, Qt::AlignTop);
    how->addWidget(m_hangup, 1, Qt::AlignTop);
    column->addLayout(how);
    column->addWidget(m_notFound);
    column->addWidget(m_unlisted);
    column->addWidget(m_refresh);
    for (QLabel* label : {static_cast<QLabel*>(m_campaign), static_cast<QLabel*>(m_when),
                          static_cast<QLabel*>(m_hangup), static_cast<QLabel*>(m_direction->label())}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_status->label()->setWordWrap(false);
    m_status->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
}

void CallHeader::setCall(const ReviewedCall& reviewed) {
    const Call& call = reviewed.call;
    const QString title = titleOf(call);
    m_campaign->setText(title.isEmpty() ? tr("No campaign") : breakableWord(shownText(title, 200)));

    const std::optional<Moment> start = startTime(call);
    QString when = start ? longMomentText(*start) : tr("Start not recorded");
    const QString startName = providerNameOf(call.provider, call.dialTime ? Field::DialTime : Field::CreatedTime);
    if (start && call.zoneAssumed.contains(startName)) {
        when += u" · "_s + tr("time zone assumed");
    }
    m_when->setText(when);

    const SignedWord direction = directionWord(call);
    QStringList who{shownText(direction.text, 60)};
    if (const QString number = call.customerNumber.value_or(QString()); !number.isEmpty()) {
        who << isolated(shownText(number, kLongestName));
    }
    if (const QString lead = named(call.leadName, call.leadId); !lead.isEmpty()) {
        who << tr("lead %1").arg(isolated(lead));
    }
    if (const QString agent = named(call.agentName, call.agentId); !agent.isEmpty()) {
        who << tr("agent %1").arg(isolated(agent));
    }
    m_direction->show(direction.icon, Tone::Quiet, who.join(u" · "_s));

    const SignedWord status = statusWord(call);
    m_status->show(status.icon, status.tone, shownText(status.text, 60));
    m_hangup->setText(endText(call));

    const QString provider = providerName(call.provider);
    m_notFound->show(u"warning"_s, Tone::Warning,
                     reviewed.notFoundSince
                         ? tr("Not found at %1 (deleted, or another tenant's) since %2. What is kept here stays.")
                               .arg(provider, longMomentText(*reviewed.notFoundSince))
                         : QString());
    m_unlisted->show(u"info"_s, Tone::Quiet,
                     reviewed.unlistedSince
                         ? tr("No longer in %1's list since %2.").arg(provider, longMomentText(*reviewed.unlistedSince))
                         : QString());
}

void CallHeader::setRefreshProblem(const QString& problem) {
    m_refresh->show(u"info"_s, Tone::Quiet, problem);
}

}  // namespace earmark
