#include "models/providers/atomsdetails.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <array>

#include "models/providers/atomsfields.h"
#include "models/providers/atomswords.h"
#include "models/providers/commonwords.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

/// Averages are milliseconds, as the provider's own clients show them; its published example has 0.7, which only makes
/// sense as seconds: no service answers in less than this.
constexpr double kLeastMs = 10;

QJsonValue member(const QJsonObject& object, const char* name) {
    return object.value(QLatin1StringView(name));
}

QString textOf(const QJsonValue& value) {
    return dialect::valueText(value).value_or(QString());
}

std::optional<double> numberIn(const QJsonObject& object, const char* name) {
    std::vector<FieldError> ignored;
    return JsonReader(object, {}, ignored).number(name).value;
}

std::optional<Moment> timeIn(const QJsonObject& object, const char* name, const AssumedZone& zone) {
    std::vector<FieldError> ignored;
    const auto time = JsonReader(object, {}, ignored).time(name, zone).value;
    return time ? std::optional(time->at) : std::nullopt;
}

/// Older calls have plain texts, newer ones objects; the provider's log of calls writes "text" for "content".
std::optional<Turn> turnFrom(const QJsonValue& value, const AssumedZone& zone) {
    Turn turn;
    if (value.isString()) {
        turn.text = wholeText(value.toString());
    } else {
        const QJsonObject said = value.toObject();
        const QJsonValue content = member(said, "content");
        turn.text = textOf(content.isNull() || content.isUndefined() ? member(said, "text") : content);
        turn.speakerRaw = textOf(member(said, "role"));
        turn.speaker = speakerOf(turn.speakerRaw);
        turn.at = timeIn(said, "timestamp", zone);
    }
    return turn.text.trimmed().isEmpty() ? std::nullopt : std::optional(turn);
}

/// "BOOLEAN" -> "boolean"; kinds that others do not have ("ENUM") stay the provider's.
QString metricKind(const QString& kind) {
    const QString text = dialect::normalisedWord(kind);
    const bool isCommon = text == u"boolean" || text == u"number" || text == u"string";
    return isCommon ? text : kind;
}

QString configuredKind(const QJsonObject& call, const QString& name) {
    const QJsonArray configured = member(call, "agentDispositionConfig").toArray();
    for (const auto& value : configured) {
        const QJsonObject one = value.toObject();
        if (textOf(member(one, "identifier")) == name) {
            return metricKind(textOf(member(one, "type")));
        }
    }
    return {};
}

std::optional<Metric> metricFrom(const QJsonObject& object) {
    Metric metric;
    metric.name = textOf(member(object, "identifier"));
    metric.value = dialect::valueText(member(object, "value"));
    metric.type = metricKind(textOf(member(object, "dispositionMetricType")));
    metric.confidence = numberIn(object, "confidence");
    metric.reason = dialect::valueText(member(object, "reasoning"));
    const bool saysNothing = metric.name.isEmpty() && !metric.value && !metric.reason;
    return saysNothing ? std::nullopt : std::optional(metric);
}

/// In the order of the answer, which QJsonObject does not keep.
std::vector<Variable> variablesIn(QByteArrayView text) {
    std::vector<Variable> variables;
    for (const JsonMember& one : objectMembers(text).value_or(std::vector<JsonMember>())) {
        Variable variable;
        variable.name = wholeText(one.name);
        variable.value = dialect::writtenText(one.value);
        std::erase_if(variables, [&variable](const Variable& before) { return before.name == variable.name; });
        variables.push_back(std::move(variable));
    }
    return variables;
}

void addTurnLatencies(const QJsonObject& measured, std::vector<Latency>& latencies) {
    if (const auto average = numberIn(measured, "avgLatency")) {
        latencies.push_back({QStringLiteral("turn_average"), *average, std::nullopt});
    }
    const QJsonArray transitions = member(measured, "transitions").toArray();
    for (const auto& value : transitions) {
        const QJsonObject transition = value.toObject();
        const auto ms = numberIn(transition, "latency");
        const int turn = member(transition, "turn").toInt(0);
        if (ms && turn > 0) {
            latencies.push_back({QStringLiteral("turn"), *ms, turn});
        }
    }
    if (!transitions.isEmpty()) {
        return;
    }
    const QJsonArray plain = member(measured, "latencies").toArray();
    for (qsizetype i = 0; i < plain.size(); ++i) {
        if (plain.at(i).isDouble()) {
            latencies.push_back({QStringLiteral("turn"), plain.at(i).toDouble(), static_cast<int>(i) + 1});
        }
    }
}

std::vector<Latency> latencyIn(const QJsonObject& call) {
    std::vector<Latency> latencies;
    for (const auto& [name, part] :
         {std::pair("average_transcriber_latency", "transcriber"), std::pair("average_agent_latency", "agent"),
          std::pair("average_synthesizer_latency", "synthesizer")}) {
        if (const auto ms = atomsAverageMs(member(call, name))) {
            latencies.push_back({QString::fromLatin1(part), *ms, std::nullopt});
        }
    }
    addTurnLatencies(member(call, "turnLatencyMetrics").toObject(), latencies);
    return latencies;
}

/// Members of a member: "agent.workflowType".
void addOthersOf(QByteArrayView call, const char* name, std::span<const char* const> known,
                 std::vector<OtherValue>& others) {
    const auto inner = memberText(call, QString::fromLatin1(name));
    for (OtherValue& other : inner ? dialect::otherValues(*inner, known) : std::vector<OtherValue>()) {
        other.name.prepend(QLatin1StringView(name) + u'.');
        others.push_back(std::move(other));
    }
}

std::vector<OtherValue> othersIn(const QJsonObject& object, QByteArrayView text) {
    const std::optional<QString> type =
        member(object, "type").isString() ? std::optional(member(object, "type").toString()) : std::nullopt;
    const bool hasNumbers = atomsDirection(type) == Direction::Inbound || atomsDirection(type) == Direction::Outbound;
    std::vector<const char*> known(atomsStructures().begin(), atomsStructures().end());
    for (const CallField& field : atomsFields()) {
        const QLatin1StringView name(field.name);
        if (hasNumbers || (name != QLatin1StringView("from") && name != QLatin1StringView("to"))) {
            known.push_back(field.name);
        }
    }
    std::vector<OtherValue> others = dialect::otherValues(text, known);
    static constexpr std::array kOfAgent{"_id", "name"};
    static constexpr std::array kOfAnalytics{"summary", "dispositionMetrics"};
    static constexpr std::array kOfLatency{"avgLatency", "latencies", "transitions"};
    addOthersOf(text, "agent", kOfAgent, others);
    addOthersOf(text, "postCallAnalytics", kOfAnalytics, others);
    addOthersOf(text, "turnLatencyMetrics", kOfLatency, others);
    const QString failure = textOf(member(object, "callFailureReason"));
    if (!failure.isEmpty()) {
        others.push_back({QStringLiteral("callFailureReason"), failure});
    }
    return others;
}

template <typename T>
void fillWhereEmpty(std::vector<T>& part, std::vector<T> other) {
    if (part.empty()) {
        part = std::move(other);
    }
}

/// What a detail is silent about, its row may tell; the row alone knows the kinds of the metrics.
void addFrom(const QByteArray& raw, const AssumedZone& zone, CallDetails& details) {
    const QJsonObject object = QJsonDocument::fromJson(raw).object();
    if (object.isEmpty()) {
        return;
    }
    fillWhereEmpty(details.transcript, atomsTurns(object, zone));
    fillWhereEmpty(details.variables,
                   variablesIn(memberText(raw, QStringLiteral("variables")).value_or(QByteArrayView())));
    fillWhereEmpty(details.latency, latencyIn(object));
    for (Metric& metric : atomsMetrics(object)) {
        const auto same = std::find_if(details.metrics.begin(), details.metrics.end(),
                                       [&metric](const Metric& one) { return one.name == metric.name; });
        if (same == details.metrics.end()) {
            details.metrics.push_back(std::move(metric));
        }
    }
    for (Metric& metric : details.metrics) {
        metric.type = metric.type.isEmpty() ? configuredKind(object, metric.name) : metric.type;
    }
    for (OtherValue& other : othersIn(object, raw)) {
        const bool isThere = std::any_of(details.others.begin(), details.others.end(),
                                         [&other](const OtherValue& one) { return one.name == other.name; });
        if (!isThere) {
            details.others.push_back(std::move(other));
        }
    }
}

}  // namespace

std::vector<Turn> atomsTurns(const QJsonObject& call, const AssumedZone& zone) {
    std::vector<Turn> turns;
    const QJsonValue transcript = member(call, "transcript");
    if (transcript.isString()) {
        return turnsOfText(wholeText(transcript.toString()));
    }
    const QJsonArray said = transcript.toArray();
    for (const auto& value : said) {
        // No offset: nothing tells when the recording begins, which is not at the event "call_started".
        if (auto turn = turnFrom(value, zone)) {
            turns.push_back(std::move(*turn));
        }
    }
    return turns;
}

std::vector<Metric> atomsMetrics(const QJsonObject& call) {
    std::vector<Metric> metrics;
    const QJsonArray list = member(member(call, "postCallAnalytics").toObject(), "dispositionMetrics").toArray();
    for (const auto& value : list) {
        if (auto metric = metricFrom(value.toObject())) {
            metrics.push_back(std::move(*metric));
        }
    }
    const QJsonObject byName = member(call, "dispositionMetrics").toObject();
    for (auto one = byName.begin(); one != byName.end(); ++one) {
        const QString name = wholeText(one.key());
        const bool isThere =
            std::any_of(metrics.begin(), metrics.end(), [&name](const Metric& other) { return other.name == name; });
        if (!isThere) {
            metrics.push_back({name, dialect::valueText(one.value()), {}, std::nullopt, std::nullopt});
        }
    }
    for (Metric& metric : metrics) {
        metric.type = metric.type.isEmpty() ? configuredKind(call, metric.name) : metric.type;
    }
    return metrics;
}

std::optional<double> atomsAverageMs(const QJsonValue& average) {
    const auto number = numberIn(QJsonObject{{QStringLiteral("ms"), average}}, "ms");
    return number && *number > 0 && *number < kLeastMs ? std::optional(*number * 1000) : number;
}

CallDetails atomsDetails(const Account& account, const Call& call) {
    const AssumedZone zone(account.assumedZone);
    CallDetails details;
    addFrom(call.rawDetail, zone, details);
    addFrom(call.raw, zone, details);
    return details;
}

}  // namespace earmark
