#include "models/providers/autocallsdetails.h"

#include <QJsonDocument>
#include <algorithm>
#include <array>

#include "models/providers/autocallsfields.h"
#include "models/providers/commonwords.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

struct EvaluationField {
    const char* name;
    std::optional<QString> Call::*member;
};

// Source: the pages on what is evaluated after a call; `summary` is there from the start, the others are the customer's
// to configure under these names.
constexpr std::array kEvaluationFields{
    EvaluationField{"summary", &Call::summary},
    EvaluationField{"sentiment", &Call::sentiment},
    EvaluationField{"next_action", &Call::nextAction},
    EvaluationField{"outcome", &Call::disposition},
};

QString textOf(const QJsonObject& object, const char* name) {
    return wholeText(dialect::valueText(object.value(QLatin1StringView(name))).value_or(QString()));
}

std::optional<Moment> momentOf(const QJsonValue& value, const AssumedZone& zone) {
    const auto parsed = value.isString()   ? parseTime(value.toString(), zone)
                        : value.isDouble() ? parseEpoch(value.toDouble())
                                           : std::nullopt;
    return parsed ? std::optional(parsed->at) : std::nullopt;
}

/// nullopt for what is no turn. A turn that is a bare text has no speaker.
std::optional<Turn> turnOf(const QJsonValue& entry, const AssumedZone& zone) {
    Turn turn;
    if (entry.isString()) {
        turn.text = wholeText(entry.toString());
        return turn;
    }
    if (!entry.isObject()) {
        return std::nullopt;
    }
    const QJsonObject object = entry.toObject();
    turn.speakerRaw = textOf(object, "sender");
    turn.speaker = speakerOf(turn.speakerRaw);
    turn.text = textOf(object, "text");
    turn.at = momentOf(object.value(QLatin1StringView("timestamp")), zone);
    return turn;
}

/// A list of objects that was written as text; nullopt for what people would call a text.
std::optional<QJsonArray> listInText(const QString& text) {
    const QString trimmed = text.trimmed();
    if (!trimmed.startsWith(u'[')) {
        return std::nullopt;
    }
    const QJsonDocument document = QJsonDocument::fromJson(trimmed.toUtf8());
    const QJsonArray list = document.array();
    const bool areObjects =
        std::all_of(list.begin(), list.end(), [](const QJsonValue& entry) { return entry.isObject(); });
    return document.isArray() && areObjects ? std::optional<QJsonArray>(std::in_place, list) : std::nullopt;
}

std::vector<Turn> turnsOfList(JsonReader& reader, const QJsonArray& list, const AssumedZone& zone) {
    std::vector<Turn> turns;
    qsizetype others = 0;
    for (const auto& entry : list) {
        if (auto turn = turnOf(entry, zone)) {
            turns.push_back(std::move(*turn));
        } else {
            ++others;
        }
    }
    if (others > 0) {
        reader.note("transcript", QStringLiteral("%1 entries are no turns").arg(others));
    }
    return turns;
}

/// nullopt where it cannot be read or is not there.
std::optional<std::vector<Turn>> turnsOf(JsonReader& reader, const AssumedZone& zone) {
    const QJsonValue found = reader.value("transcript");
    if (found.isUndefined()) {
        return std::nullopt;
    }
    if (!found.isString()) {
        const auto list = reader.list("transcript");
        return list.presence == Presence::Invalid
                   ? std::nullopt
                   : std::optional(turnsOfList(reader, list.value.value_or(QJsonArray()), zone));
    }
    const auto text = reader.text("transcript");
    if (const auto list = listInText(*text.value)) {
        return turnsOfList(reader, *list, zone);
    }
    return turnsOfText(*text.value);
}

/// "boolean", "number", "string" of a value that comes without a type of its own; "" for anything else.
QString typeOfWritten(QByteArrayView json) {
    if (json == "true" || json == "false") {
        return QStringLiteral("boolean");
    }
    if (json.startsWith('"')) {
        return QStringLiteral("string");
    }
    const char first = json.isEmpty() ? '\0' : json.front();
    return first == '-' || (first >= '0' && first <= '9') ? QStringLiteral("number") : QString();
}

struct Evaluated {
    Metric metric;
    bool isText = false;  ///< the value is a text
};

std::optional<Evaluated> evaluatedEntry(QByteArrayView text) {
    const QJsonObject entry = QJsonDocument::fromJson(text.toByteArray()).object();
    const QString name = textOf(entry, "name");
    if (name.trimmed().isEmpty()) {
        return std::nullopt;
    }
    const QByteArrayView value = memberText(text, u"value").value_or(QByteArrayView());
    Metric metric;
    metric.name = name;
    metric.value = dialect::writtenText(value);
    metric.type = textOf(entry, "type");
    const QString description = textOf(entry, "description");
    metric.description = description.isEmpty() ? std::nullopt : std::optional(description);
    return Evaluated{std::move(metric), value.startsWith('"')};
}

std::vector<Evaluated> evaluatedObject(QByteArrayView text) {
    std::vector<Evaluated> entries;
    for (const JsonMember& member : dialect::lastMembers(text)) {
        Metric metric;
        metric.name = wholeText(member.name);
        metric.value = dialect::writtenText(member.value);
        metric.type = typeOfWritten(member.value);
        entries.push_back({std::move(metric), member.value.startsWith('"')});
    }
    return entries;
}

std::vector<Evaluated> evaluationOf(JsonReader& reader) {
    const QJsonValue found = reader.value("evaluation");
    if (found.isUndefined() || found.isNull()) {
        return {};
    }
    const QByteArrayView text = reader.written("evaluation");
    if (found.isObject()) {
        return evaluatedObject(text);
    }
    std::vector<Evaluated> entries;
    if (!found.isArray()) {
        reader.noteWrongType("evaluation");
        return entries;
    }
    qsizetype others = 0;
    for (const QByteArrayView entry : arrayElements(text).value_or(std::vector<QByteArrayView>())) {
        if (auto evaluated = evaluatedEntry(entry)) {
            entries.push_back(std::move(*evaluated));
        } else {
            ++others;
        }
    }
    if (others > 0) {
        reader.note("evaluation", QStringLiteral("%1 entries have no name").arg(others));
    }
    return entries;
}

void takeFromEvaluation(const std::vector<Evaluated>& evaluation, Call& call) {
    for (const Evaluated& entry : evaluation) {
        const QString name = dialect::normalisedWord(entry.metric.name).replace(u' ', u'_');
        for (const EvaluationField& field : kEvaluationFields) {
            if (entry.isText && name == QLatin1StringView(field.name)) {
                call.*field.member = entry.metric.value;
            }
        }
    }
}

std::vector<Variable> variablesOf(JsonReader& reader) {
    std::vector<Variable> variables;
    if (reader.object("variables").value) {
        for (const JsonMember& member : dialect::lastMembers(reader.written("variables"))) {
            variables.push_back(
                {wholeText(member.name), dialect::writtenText(member.value), {}, std::nullopt, std::nullopt});
        }
    }
    return variables;
}

/// null and blank say that there is none; anything that is no address says nothing.
std::optional<bool> recordingOf(const JsonReader& reader, const Call& call) {
    const QJsonValue found = reader.value("recording_url");
    if (call.recordingUrl) {
        return true;
    }
    return found.isNull() || found.isString() ? std::optional(false) : std::nullopt;
}

}  // namespace

void readAutocallsParts(JsonReader& reader, const AssumedZone& zone, Call& call) {
    call.hasRecording = recordingOf(reader, call);
    takeFromEvaluation(evaluationOf(reader), call);
    (void)reader.object("variables");
    if (const auto turns = turnsOf(reader, zone)) {
        call.hasTranscript = !turns->empty();
        call.transcriptText = transcriptTextOf(*turns);
    }
}

CallDetails autocallsDetails(const Account& account, const Call& call) {
    const QJsonObject object = QJsonDocument::fromJson(call.raw).object();
    std::vector<FieldError> ignored;
    JsonReader reader(object, call.raw, ignored);
    CallDetails details;
    details.transcript = turnsOf(reader, AssumedZone(account.assumedZone)).value_or(std::vector<Turn>());
    for (Evaluated& entry : evaluationOf(reader)) {
        details.metrics.push_back(std::move(entry.metric));
    }
    details.variables = variablesOf(reader);
    const QByteArrayView answer = reader.written("webhook_response");
    if (!answer.isEmpty() && answer != "null") {
        details.webhookAnswer = compactJson(answer);
    }
    details.others = dialect::otherValues(call.raw, autocallsPlacedNames());
    return details;
}

}  // namespace earmark
