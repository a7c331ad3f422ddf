#include "models/domain/call.h"

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

using wordtable::Entry;

constexpr std::array kProviders{
    Entry<Provider>{Provider::Yotel, "yotel"},
    Entry<Provider>{Provider::Atoms, "atoms"},
    Entry<Provider>{Provider::Vatel, "vatel"},
    Entry<Provider>{Provider::Autocalls, "autocalls"},
};

constexpr std::array kDirections{
    Entry<Direction>{Direction::Unknown, "unknown"},
    Entry<Direction>{Direction::Inbound, "inbound"},
    Entry<Direction>{Direction::Outbound, "outbound"},
    Entry<Direction>{Direction::Web, "web"},
};

constexpr std::array kStatuses{
    Entry<CallStatus>{CallStatus::Unknown, "unknown"},        Entry<CallStatus>{CallStatus::Queued, "queued"},
    Entry<CallStatus>{CallStatus::Dialing, "dialing"},        Entry<CallStatus>{CallStatus::Ringing, "ringing"},
    Entry<CallStatus>{CallStatus::InProgress, "in_progress"}, Entry<CallStatus>{CallStatus::Completed, "completed"},
    Entry<CallStatus>{CallStatus::NoAnswer, "no_answer"},     Entry<CallStatus>{CallStatus::Busy, "busy"},
    Entry<CallStatus>{CallStatus::Failed, "failed"},          Entry<CallStatus>{CallStatus::Cancelled, "cancelled"},
};

constexpr std::array kEndReasons{
    Entry<EndReason>{EndReason::Unknown, "unknown"},
    Entry<EndReason>{EndReason::Customer, "customer"},
    Entry<EndReason>{EndReason::Agent, "agent"},
    Entry<EndReason>{EndReason::Transferred, "transferred"},
    Entry<EndReason>{EndReason::Timeout, "timeout"},
    Entry<EndReason>{EndReason::Error, "error"},
    Entry<EndReason>{EndReason::NotAnswered, "not_answered"},
};

}  // namespace

QString word(Provider provider) {
    return wordtable::wordOf(kProviders, provider);
}
QString word(Direction direction) {
    return wordtable::wordOf(kDirections, direction);
}
QString word(CallStatus status) {
    return wordtable::wordOf(kStatuses, status);
}
QString word(EndReason reason) {
    return wordtable::wordOf(kEndReasons, reason);
}

std::optional<Provider> providerFromWord(const QString& text) {
    return wordtable::valueOf(kProviders, text);
}
std::optional<Direction> directionFromWord(const QString& text) {
    return wordtable::valueOf(kDirections, text);
}
std::optional<CallStatus> callStatusFromWord(const QString& text) {
    return wordtable::valueOf(kStatuses, text);
}
std::optional<EndReason> endReasonFromWord(const QString& text) {
    return wordtable::valueOf(kEndReasons, text);
}

QString providerName(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return QStringLiteral("Yotel");
        case Provider::Atoms:
            return QStringLiteral("smallest.ai Atoms");
        case Provider::Vatel:
            return QStringLiteral("Vatel");
        case Provider::Autocalls:
            return QStringLiteral("Autocalls");
    }
    return {};
}

bool hasEnded(CallStatus status) {
    switch (status) {
        case CallStatus::Completed:
        case CallStatus::NoAnswer:
        case CallStatus::Busy:
        case CallStatus::Failed:
        case CallStatus::Cancelled:
            return true;
        // A word that we do not know may well be a call under way: it is read again.
        case CallStatus::Unknown:
        case CallStatus::Queued:
        case CallStatus::Dialing:
        case CallStatus::Ringing:
        case CallStatus::InProgress:
            return false;
    }
    return false;
}

namespace {

template <typename T>
void keepWhereSilent(std::optional<T>& part, const std::optional<T>& known) {
    if (!part) {
        part = known;
    }
}

template <typename Member, typename... Members>
void keepWhereSilent(Call& part, const Call& known, Member member, Members... members) {
    keepWhereSilent(part.*member, known.*member);
    if constexpr (sizeof...(members) > 0) {
        keepWhereSilent(part, known, members...);
    }
}

const QString kCreatedTime = QStringLiteral("created_time");

/// A creation time that was said is never replaced by one that was computed; a kept one stays what it was.
void keepCreatedTime(Call& part, const Call& known) {
    const bool partSays = part.createdTime && !part.computed.contains(kCreatedTime);
    if (partSays || !known.createdTime) {
        return;
    }
    part.createdTime = known.createdTime;
    part.computed.removeAll(kCreatedTime);
    if (known.computed.contains(kCreatedTime)) {
        part.computed += kCreatedTime;
    }
}

/// Errors that the part does not judge anew: it says nothing about the field.
void keepErrors(Call& part, const Call& known) {
    const QByteArray& said = part.part == CallPart::Detail ? part.rawDetail : part.raw;
    for (const FieldError& error : known.fieldErrors) {
        const QByteArray name = '"' + error.path.section(u'.', 0, 0).section(u'[', 0, 0).toUtf8() + '"';
        if (!said.contains(name)) {
            part.fieldErrors.push_back(error);
        }
    }
}

}  // namespace

Call mergedCall(const Call& known, Call part) {
    if (part.part == CallPart::Whole) {
        return part;
    }
    keepWhereSilent(part, known, &Call::statusRaw, &Call::typeRaw, &Call::source, &Call::campaignId,
                    &Call::campaignName, &Call::leadId, &Call::leadName, &Call::agentId, &Call::agentName,
                    &Call::customerNumber, &Call::ownNumber, &Call::switchId, &Call::hangupCause, &Call::endReasonRaw,
                    &Call::answeredBy, &Call::disposition, &Call::notes, &Call::summary, &Call::sentiment,
                    &Call::nextAction, &Call::recordingUrl, &Call::transcriptText, &Call::costUnit);
    keepCreatedTime(part, known);
    keepWhereSilent(part, known, &Call::dialTime, &Call::ringTime, &Call::answerTime, &Call::agentConnectTime,
                    &Call::endTime, &Call::updatedTime);
    keepWhereSilent(part, known, &Call::ringSeconds, &Call::talkSeconds, &Call::totalSeconds, &Call::cost,
                    &Call::carrierCost, &Call::latencyMs);
    keepWhereSilent(part, known, &Call::hasRecording, &Call::hasTranscript);
    // Enums are read from the words beside them; a part without the word knows nothing.
    if (part.status == CallStatus::Unknown && part.statusRaw == known.statusRaw) {
        part.status = known.status;
    }
    if (part.direction == Direction::Unknown && part.typeRaw == known.typeRaw) {
        part.direction = known.direction;
    }
    if (part.endReason == EndReason::Unknown && part.endReasonRaw == known.endReasonRaw) {
        part.endReason = known.endReason;
    }
    if (part.tags.isEmpty()) {
        part.tags = known.tags;
    }
    for (const QString& name : known.zoneAssumed) {
        if (!part.zoneAssumed.contains(name)) {
            part.zoneAssumed += name;
        }
    }
    for (const QString& name : known.computed) {
        if (name != kCreatedTime && !part.computed.contains(name)) {
            part.computed += name;
        }
    }
    keepErrors(part, known);
    const bool isListRow = part.part == CallPart::Row || (part.part == CallPart::Excerpt && known.raw.isEmpty());
    if (!isListRow) {
        part.raw = known.raw;
    }
    if (part.part != CallPart::Detail) {
        part.rawDetail = known.rawDetail;
    }
    return part;
}

std::optional<Moment> startTime(const Call& call) {
    return call.dialTime ? call.dialTime : call.createdTime;
}

}  // namespace earmark
