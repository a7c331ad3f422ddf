#include "models/domain/timingstory.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "models/domain/fields.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TimingStory)
};

bool endedUnanswered(CallStatus status) {
    switch (status) {
        case CallStatus::NoAnswer:
        case CallStatus::Busy:
        case CallStatus::Failed:
        case CallStatus::Cancelled:
            return true;
        case CallStatus::Unknown:
        case CallStatus::Queued:
        case CallStatus::Dialing:
        case CallStatus::Ringing:
        case CallStatus::InProgress:
        case CallStatus::Completed:
            return false;
    }
    return false;
}

enum class Absence { None, NotOffered, NotReached, NotYet, NotRecorded, OutOfOrder };

/// Why a point is not on the line. "Not reached" is only said where the status explains it: a call that was never
/// answered has no answer time, and that is no gap in the record.
Absence absenceOf(const Call& call, const TimingMark& mark, const std::vector<const TimingMark*>& known) {
    if (mark.at) {
        return mark.outOfOrder ? Absence::OutOfOrder : Absence::None;
    }
    if (!mark.offered) {
        return Absence::NotOffered;
    }
    const bool laterKnown =
        std::any_of(known.begin(), known.end(), [&](const TimingMark* other) { return other->point > mark.point; });
    const bool going = call.status != CallStatus::Unknown && !hasEnded(call.status);
    if (going && !laterKnown) {
        return Absence::NotYet;
    }
    const bool answered = std::any_of(known.begin(), known.end(), [](const TimingMark* other) {
        return other->point == TimingPoint::Answer || other->point == TimingPoint::AgentConnect;
    });
    if (endedUnanswered(call.status) && !answered && mark.point != TimingPoint::Dial &&
        mark.point != TimingPoint::End) {
        return Absence::NotReached;
    }
    return Absence::NotRecorded;
}

QString wholeLabel(StretchKind kind) {
    switch (kind) {
        case StretchKind::Dialing:
            return Words::tr("Dialling");
        case StretchKind::Ringing:
            return Words::tr("Ringing");
        case StretchKind::Waiting:
            return Words::tr("Waiting for agent");
        case StretchKind::Talking:
            return Words::tr("Talking");
        case StretchKind::Unknown:
            return Words::tr("Not recorded");
        case StretchKind::Before:
            return Words::tr("Start not recorded");
        case StretchKind::After:
            return Words::tr("End not recorded");
        case StretchKind::Open:
            return Words::tr("Still going on");
    }
    return {};
}

StretchKind kindFrom(TimingPoint from) {
    switch (from) {
        case TimingPoint::Dial:
            return StretchKind::Dialing;
        case TimingPoint::Ring:
            return StretchKind::Ringing;
        case TimingPoint::Answer:
            return StretchKind::Waiting;
        case TimingPoint::AgentConnect:
        case TimingPoint::End:
            return StretchKind::Talking;
    }
    return StretchKind::Unknown;
}

/// The provider counts the whole stretch from answer to end as talk, so it may be drawn as talk.
bool talkFits(const Call& call) {
    if (!call.talkSeconds || !call.answerTime || !call.endTime) {
        return false;
    }
    const double measured = double((*call.endTime - *call.answerTime).count()) / 1000.0;
    return std::abs(*call.talkSeconds - measured) <= 2;
}

/// The story between two known neighbours when `missing` points lie between them.
Stretch between(const TimingMark& from, const TimingMark& to,
                const std::vector<std::pair<const TimingMark*, Absence>>& missing, const Call& call) {
    Stretch stretch{kindFrom(from.point), from.at, to.at, {}};
    for (const auto& [mark, why] : missing) {
        if (why == Absence::NotReached || why == Absence::NotOffered) {
            continue;  // nothing is hidden in this stretch
        }
        // A call without an agent (voice AI of some set-ups) has no moment of connecting: that is no gap in the talk.
        const bool noAgent = !call.agentId && !call.agentName;
        if (mark->point == TimingPoint::AgentConnect && why == Absence::NotRecorded && (noAgent || talkFits(call))) {
            continue;
        }
        stretch.kind = StretchKind::Unknown;
        stretch.label = (why == Absence::OutOfOrder ? Words::tr("%1: out of order") : Words::tr("%1: not recorded"))
                            .arg(timingPointLabel(mark->point));
        break;
    }
    if (stretch.kind == StretchKind::Waiting && to.point == TimingPoint::End) {
        stretch.kind = StretchKind::Talking;
    }
    if (stretch.label.isEmpty()) {
        stretch.label = wholeLabel(stretch.kind);
    }
    return stretch;
}

void tellAbsences(TimingStory& story, const std::vector<std::pair<const TimingMark*, Absence>>& absences,
                  const QString& provider) {
    const std::pair<Absence, QString> groups[] = {
        {Absence::NotRecorded, Words::tr("Not recorded: %1")},
        {Absence::NotReached, Words::tr("Not reached: %1")},
        {Absence::NotYet, Words::tr("Not yet: %1")},
        {Absence::NotOffered, Words::tr("Not offered by %2: %1")},
    };
    for (const auto& [why, text] : groups) {
        QStringList names;
        for (const auto& [mark, reason] : absences) {
            if (reason == why) {
                names << timingPointLabel(mark->point);
            }
        }
        if (!names.isEmpty()) {
            QString line = text;
            story.absences << line.replace(u"%2"_s, provider).replace(u"%1"_s, names.join(u", "_s));
        }
    }
}

QString sentenceOf(const TimingStory& story) {
    QStringList parts;
    for (const Stretch& stretch : story.stretches) {
        const std::optional<double> seconds = stretch.seconds();
        parts << (seconds ? Words::tr("%1 for %2").arg(stretch.label, spokenDuration(*seconds)) : stretch.label);
    }
    QStringList sentences;
    if (story.timings.first) {
        sentences << Words::tr("Began %1").arg(longMomentText(*story.timings.first));
    }
    sentences << (parts.isEmpty() ? Words::tr("No stretch between two times is recorded") : parts.join(u", "_s));
    sentences << story.absences << story.timings.problems;
    return sentences.join(u"; "_s) + u'.';
}

}  // namespace

std::optional<double> Stretch::seconds() const {
    if (!begin || !end || *end < *begin) {
        return std::nullopt;
    }
    return double((*end - *begin).count()) / 1000.0;
}

TimingStory timingStoryOf(const Call& call) {
    TimingStory story;
    story.timings = timingsOf(call);

    std::vector<const TimingMark*> known;  // a clean chain: a point that runs backwards never becomes an end of a bar
    for (const TimingMark& mark : story.timings.marks) {
        if (mark.at && !mark.outOfOrder && (known.empty() || *known.back()->at <= *mark.at)) {
            known.push_back(&mark);
        }
    }
    std::vector<std::pair<const TimingMark*, Absence>> absences;
    std::vector<std::pair<const TimingMark*, Absence>> pending;
    const TimingMark* before = nullptr;
    for (const TimingMark& mark : story.timings.marks) {
        const bool inChain = std::find(known.begin(), known.end(), &mark) != known.end();
        if (!inChain) {
            const Absence why = mark.at ? Absence::OutOfOrder : absenceOf(call, mark, known);
            absences.emplace_back(&mark, why);
            pending.emplace_back(&mark, why);
            continue;
        }
        if (before != nullptr) {
            Stretch stretch = between(*before, mark, pending, call);
            if (stretch.seconds().value_or(0) > 0) {
                story.stretches.push_back(std::move(stretch));
            }
        } else if (std::any_of(pending.begin(), pending.end(),
                               [](const auto& gap) { return gap.second == Absence::NotRecorded; })) {
            story.stretches.push_back({StretchKind::Before, std::nullopt, mark.at, wholeLabel(StretchKind::Before)});
        }
        before = &mark;
        pending.clear();
    }
    if (before != nullptr && before->point != TimingPoint::End) {
        const bool going = call.status != CallStatus::Unknown && !hasEnded(call.status);
        const bool endMissing = std::any_of(pending.begin(), pending.end(), [](const auto& gap) {
            return gap.first->point == TimingPoint::End && gap.second == Absence::NotRecorded;
        });
        if (going) {
            const StretchKind doing = kindFrom(before->point);
            story.stretches.push_back(
                {StretchKind::Open, before->at, std::nullopt, Words::tr("%1, still going on").arg(wholeLabel(doing))});
        } else if (endMissing) {
            story.stretches.push_back({StretchKind::After, before->at, std::nullopt, wholeLabel(StretchKind::After)});
        }
    }
    tellAbsences(story, absences, providerName(call.provider));
    story.sentence = sentenceOf(story);
    return story;
}

namespace {
QString hours(qint64 n) {
    return n == 1 ? Words::tr("1 hour") : Words::tr("%1 hours").arg(n);
}
QString minutes(qint64 n) {
    return n == 1 ? Words::tr("1 minute") : Words::tr("%1 minutes").arg(n);
}
QString plainSeconds(qint64 n) {
    return n == 1 ? Words::tr("1 second") : Words::tr("%1 seconds").arg(n);
}
}  // namespace

QString spokenDuration(double seconds) {
    if (seconds < 10 && std::abs(seconds - std::round(seconds)) >= 0.05) {
        return Words::tr("%1 seconds").arg(QLocale().toString(seconds, 'f', 1));
    }
    const qint64 whole = qint64(std::round(seconds));
    QStringList parts;
    if (whole >= 3600) {
        parts << hours(whole / 3600);
    }
    if (whole >= 60 && whole / 60 % 60 != 0) {
        parts << minutes(whole / 60 % 60);
    }
    if (parts.isEmpty() || (whole < 3600 && whole % 60 != 0)) {
        parts << plainSeconds(whole % 60);
    }
    return parts.join(u' ');
}

QString longMomentText(Moment moment) {
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(toMs(moment));
    return QLocale().toString(local, u"ddd d MMM yyyy, HH:mm:ss"_s);
}

QString exactTimeText(Moment moment) {
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(toMs(moment));
    return QLocale().toString(local, u"HH:mm:ss.zzz"_s) + u' ' + local.timeZoneAbbreviation();
}

}  // namespace earmark
