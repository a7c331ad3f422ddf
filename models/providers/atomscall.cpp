#include "models/providers/atomscall.h"

#include <QRegularExpression>
#include <utility>

#include "models/domain/fields.h"
#include "models/providers/atomsdetails.h"
#include "models/providers/atomsfields.h"
#include "models/providers/atomswords.h"
#include "models/providers/commonwords.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

struct Source {
    JsonReader& reader;
    const QJsonObject& object;
    const AssumedZone& zone;
};

/// Reads a member's own members with `read`; what is wrong there is noted under "member.name".
template <typename Read>
void within(Source& source, Call& call, const char* member, const Read& read) {
    const auto found = source.reader.object(member);
    if (!found.value) {
        return;
    }
    std::vector<FieldError> errors;
    JsonReader inner(*found.value, source.reader.written(member), errors);
    read(inner);
    for (FieldError& error : errors) {
        call.fieldErrors.push_back({QLatin1StringView(member) + u'.' + error.path, error.problem});
    }
}

/// The table reads both numbers as those of an outbound call. Who called whom is told by the type alone: without it,
/// and for a call from a web page, neither is the customer's (they stay in the raw object).
void turnNumbersRound(Call& call) {
    switch (call.direction) {
        case Direction::Outbound:
            return;
        case Direction::Inbound:
            std::swap(call.customerNumber, call.ownNumber);
            return;
        case Direction::Web:
        case Direction::Unknown:
            call.customerNumber.reset();
            call.ownNumber.reset();
            return;
    }
}

void readAgent(Source& source, Call& call) {
    within(source, call, "agent", [&call](JsonReader& agent) {
        if (const auto id = agent.id("_id"); id.value) {
            call.agentId = id.value;
        }
        call.agentName = agent.text("name").value;
    });
}

/// A link is a recording. A row without one is a call without recording once the call has ended, before that it is not
/// known; a detail that is silent about links says nothing.
void readRecording(Source& source, Call& call, CallPart part) {
    const auto dual = source.reader.address("recordingDualUrl");
    if (dual.value) {
        call.recordingUrl = dual.value;
    }
    const QJsonValue single = source.object.value(QLatin1StringView("recordingUrl"));
    const bool isNothing = single.isNull() || (single.isString() && single.toString().trimmed().isEmpty());
    if (call.recordingUrl) {
        call.hasRecording = true;
    } else if (dual.presence == Presence::Invalid || !(single.isUndefined() || isNothing)) {
        call.hasRecording.reset();  // something stands there that is no link
    } else if (dual.presence == Presence::Null || isNothing || (part != CallPart::Detail && hasEnded(call.status))) {
        call.hasRecording = false;
    }
}

void readEnd(Source& source, Call& call) {
    const auto isSaid = [](const std::optional<QString>& reason) {
        const QString text = reason ? reason->trimmed() : QString();
        return !text.isEmpty() && text != u"-";  // "-" is how the provider's log writes "none"
    };
    const auto failure = source.reader.text("callFailureReason");
    if (!isSaid(call.endReasonRaw) && isSaid(failure.value)) {
        call.endReasonRaw = failure.value;
    }
    if (isSaid(call.endReasonRaw)) {
        call.endReason = endReasonOf(*call.endReasonRaw);
    }
}

/// "Next action" and "next_action" are one name.
QString foldedName(const QString& name) {
    QString folded;
    for (const QChar sign : name) {
        if (sign.isLetterOrNumber()) {
            folded += sign.toCaseFolded();
        }
    }
    return folded;
}

/// Mood and next action exist where the customer configured a metric of that name.
void readAnalytics(Source& source, Call& call) {
    within(source, call, "postCallAnalytics", [&call](JsonReader& analytics) {
        call.summary = analytics.text("summary").value;
        (void)analytics.list("dispositionMetrics");
    });
    for (const Metric& metric : atomsMetrics(source.object)) {
        const QString name = foldedName(metric.name);
        if (name == u"sentiment" && !call.sentiment) {
            call.sentiment = metric.value;
        } else if (name == u"nextaction" && !call.nextAction) {
            call.nextAction = metric.value;
        }
    }
}

/// Newer calls tell how long the caller waited for each answer, older ones how long the model alone took.
void readLatency(Source& source, Call& call) {
    within(source, call, "turnLatencyMetrics",
           [&call](JsonReader& latency) { call.latencyMs = latency.number("avgLatency").value; });
    for (const char* name : {"average_transcriber_latency", "average_agent_latency", "average_synthesizer_latency"}) {
        (void)source.reader.number(name);
    }
    if (!call.latencyMs) {
        call.latencyMs = atomsAverageMs(source.object.value(QLatin1StringView("average_agent_latency")));
    }
}

/// A row has no transcript, so its silence is none; a detail without one is a call without one.
void readTranscript(Source& source, Call& call, CallPart part) {
    const QJsonValue said = source.reader.value("transcript");
    const bool isBlank = said.isString() && said.toString().trimmed().isEmpty();
    const Presence presence = isBlank ? Presence::Null : source.reader.list("transcript").presence;
    const std::vector<Turn> turns = atomsTurns(source.object, source.zone);
    call.transcriptText = transcriptTextOf(turns);
    if (!turns.empty()) {
        call.hasTranscript = true;
    } else if (part == CallPart::Detail && presence != Presence::Invalid) {
        call.hasTranscript = false;
    }
}

/// Details do not tell when the call was made, and what a row tells may be no time.
void computeCreation(Call& call) {
    if (call.createdTime) {
        return;
    }
    call.createdTime = atomsCreation(call.key.remoteId);
    if (call.createdTime) {
        call.computed += QLatin1StringView(info(Field::CreatedTime).jsonName);
    }
}

}  // namespace

std::optional<Moment> atomsCreation(const QString& callId) {
    static const QRegularExpression form(QStringLiteral("^CALL-([0-9]{13})-[0-9A-Fa-f]{6}$"));
    const auto match = form.match(callId);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    const auto time = parseEpoch(match.captured(1).toDouble());
    return time ? std::optional(time->at) : std::nullopt;
}

std::optional<Call> atomsCall(const Account& account, const AssumedZone& zone, const QJsonObject& object,
                              QByteArrayView text, CallPart part) {
    Call call;
    JsonReader reader(object, text, call.fieldErrors);
    const auto id = reader.id("callId");
    if (!id.value || id.value->trimmed().isEmpty()) {
        return std::nullopt;
    }
    call.key = {account.name, *id.value};
    call.provider = Provider::Atoms;
    call.part = part;
    readCallFields(atomsFields(), reader, zone, call);
    call.status = atomsStatus(call.statusRaw);
    call.direction = atomsDirection(call.typeRaw);
    if (call.cost) {
        call.costUnit = QStringLiteral("credits");
    }
    turnNumbersRound(call);
    Source source{reader, object, zone};
    readAgent(source, call);
    readRecording(source, call, part);
    readEnd(source, call);
    readAnalytics(source, call);
    readLatency(source, call);
    readTranscript(source, call, part);
    computeCreation(call);
    (part == CallPart::Detail ? call.rawDetail : call.raw) = compactJson(text);
    return call;
}

}  // namespace earmark
