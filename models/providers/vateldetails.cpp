#include "models/providers/vateldetails.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

#include "models/providers/commonwords.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonspans.h"
#include "models/providers/vatelfields.h"
#include "models/providers/vatelwords.h"

namespace earmark {

namespace {

constexpr double kLongestTurnMs = 1e9;  ///< eleven days: more is a number of another kind

QJsonValue member(const QJsonObject& object, const char* name) {
    return object.value(QLatin1StringView(name));
}

QString textOf(const QJsonObject& object, const char* name) {
    return wholeText(dialect::valueText(member(object, name)).value_or(QString()));
}

std::optional<QString> someText(const QJsonObject& object, const char* name) {
    const QString text = textOf(object, name);
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

std::optional<Moment> timeOf(const QJsonObject& object, const char* name, const AssumedZone& zone) {
    const QJsonValue found = member(object, name);
    const auto parsed = found.isString()   ? parseTime(found.toString(), zone)
                        : found.isDouble() ? parseEpoch(found.toDouble())
                                           : std::nullopt;
    return parsed ? std::optional(parsed->at) : std::nullopt;
}

/// The entries as they stand; nullopt where something else stands in their place.
std::optional<QJsonArray> entriesOf(JsonReader& reader) {
    const auto transcript = reader.object("transcript");
    if (transcript.presence == Presence::Invalid) {
        return std::nullopt;
    }
    const QJsonValue entries = member(transcript.value.value_or(QJsonObject()), "entries");
    if (entries.isArray()) {
        return entries.toArray();
    }
    if (!entries.isNull() && !entries.isUndefined()) {
        reader.note("transcript.entries", QStringLiteral("no list"));
        return std::nullopt;
    }
    return QJsonArray();
}

/// By index; entries without one stay behind the entry that they follow, and so do several with the same.
std::vector<QJsonObject> ordered(const QJsonArray& entries) {
    std::vector<std::pair<double, QJsonObject>> indexed;
    indexed.reserve(static_cast<std::size_t>(entries.size()));
    double index = -1;
    for (const auto& entry : entries) {
        if (entry.isObject()) {
            const QJsonObject object = entry.toObject();
            index = member(object, "index").toDouble(index);
            indexed.emplace_back(index, object);
        }
    }
    std::stable_sort(indexed.begin(), indexed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<QJsonObject> objects;
    objects.reserve(indexed.size());
    for (auto& [place, object] : indexed) {
        objects.push_back(std::move(object));
    }
    return objects;
}

ToolUse toolUseOf(const QJsonObject& entry, const AssumedZone& zone) {
    const QJsonObject call = member(entry, "toolCall").toObject();
    ToolUse use{textOf(call, "toolName"), textOf(call, "arguments"), textOf(call, "output"),
                timeOf(call, "startedAt", zone), timeOf(call, "endedAt", zone)};
    if (use.output.isEmpty()) {
        use.output = textOf(entry, "toolCallOutput");  // some entries tell call and output together
    }
    return use;
}

void placeInTime(Turn& turn, const QJsonObject& entry, std::optional<Moment> startedAt, const AssumedZone& zone) {
    turn.at = timeOf(entry, "createdAt", zone);
    if (turn.at && startedAt && *turn.at >= *startedAt) {
        turn.offset = *turn.at - *startedAt;
        turn.isEstimated = true;
    }
    const double milliseconds = member(entry, "durationMs").toDouble(-1);
    if (milliseconds >= 0 && milliseconds <= kLongestTurnMs) {
        turn.duration = std::chrono::milliseconds(std::llround(milliseconds));
    }
}

Turn turnOf(const QJsonObject& entry, std::optional<Moment> startedAt, const AssumedZone& zone) {
    Turn turn;
    turn.kind = vatelTurnKind(textOf(entry, "type"));
    turn.speakerRaw = textOf(entry, "role");
    turn.speaker = speakerOf(turn.speakerRaw);
    turn.text = textOf(entry, "message");
    placeInTime(turn, entry, startedAt, zone);
    if (turn.kind == TurnKind::ToolCall) {
        turn.speaker = Speaker::Tool;
        turn.tool = toolUseOf(entry, zone);
        const QString used = QString(turn.tool->name + u' ' + turn.tool->arguments).trimmed();
        turn.text = turn.text.isEmpty() ? used : turn.text + u'\n' + used;
    } else if (turn.kind == TurnKind::ToolOutput) {
        turn.speaker = Speaker::Tool;
        turn.text = turn.text.isEmpty() ? textOf(entry, "toolCallOutput") : turn.text;
    }
    return turn;
}

std::vector<Turn> turnsOf(const QJsonArray& entries, std::optional<Moment> startedAt, const AssumedZone& zone) {
    std::vector<Turn> turns;
    for (const QJsonObject& entry : ordered(entries)) {
        turns.push_back(turnOf(entry, startedAt, zone));
    }
    return turns;
}

void noteStrangers(JsonReader& reader, const char* name, const QJsonArray& list) {
    const auto strangers =
        std::count_if(list.begin(), list.end(), [](const QJsonValue& entry) { return !entry.isObject(); });
    if (strangers > 0) {
        reader.note(name, QStringLiteral("%1 of them no objects").arg(strangers));
    }
}

QStringList tagsOf(JsonReader& reader) {
    QStringList tags;
    int others = 0;
    for (const auto& tag : reader.list("tags").value.value_or(QJsonArray())) {
        if (tag.isString()) {
            tags += wholeText(tag.toString());
        } else {
            ++others;
        }
    }
    if (others > 0) {
        reader.note("tags", QStringLiteral("%1 of them no text").arg(others));
    }
    return tags;
}

/// "extracted, number" of the kind and the data type, whichever is told.
QString typeOf(const QJsonObject& variable) {
    QStringList words{textOf(variable, "type"), textOf(variable, "dataType")};
    words.removeAll(QString());
    return words.join(QStringLiteral(", "));
}

std::vector<Variable> variablesOf(const JsonReader& reader) {
    std::vector<Variable> variables;
    const auto texts = arrayElements(reader.written("extracted_variables"));
    for (const QByteArrayView text : texts.value_or(std::vector<QByteArrayView>())) {
        const QJsonObject object = QJsonDocument::fromJson(text.toByteArray()).object();
        if (object.isEmpty()) {
            continue;
        }
        variables.push_back({textOf(object, "name"),
                             dialect::writtenText(memberText(text, u"value").value_or(QByteArrayView())),
                             typeOf(object), someText(object, "description"), someText(object, "rationale")});
    }
    return variables;
}

std::optional<Feedback> feedbackOf(JsonReader& reader) {
    const QJsonObject object = reader.object("feedback").value.value_or(QJsonObject());
    std::vector<FieldError> ignored;
    const QByteArrayView text = reader.written("feedback");
    JsonReader inner(object, text, ignored);
    const Feedback feedback{inner.number("stars").value, someText(object, "notes")};
    return feedback == Feedback{} ? std::nullopt : std::optional(feedback);
}

}  // namespace

void readVatelParts(JsonReader& reader, const AssumedZone& zone, Call& call) {
    call.tags = tagsOf(reader);
    noteStrangers(reader, "extracted_variables", reader.list("extracted_variables").value.value_or(QJsonArray()));
    (void)reader.object("feedback");
    const auto entries = entriesOf(reader);
    if (!entries) {
        return;
    }
    noteStrangers(reader, "transcript.entries", *entries);
    const auto turns = turnsOf(*entries, std::nullopt, zone);
    call.hasTranscript = !turns.empty();
    call.transcriptText = transcriptTextOf(turns);
}

CallDetails vatelDetails(const Account& account, const Call& call) {
    const QJsonObject object = QJsonDocument::fromJson(call.raw).object();
    std::vector<FieldError> ignored;
    JsonReader reader(object, call.raw, ignored);
    CallDetails details;
    details.transcript =
        turnsOf(entriesOf(reader).value_or(QJsonArray()), call.answerTime, AssumedZone(account.assumedZone));
    details.variables = variablesOf(reader);
    details.feedback = feedbackOf(reader);
    details.others = dialect::otherValues(call.raw, vatelPlacedNames());
    return details;
}

}  // namespace earmark
