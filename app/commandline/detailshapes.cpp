#include "app/commandline/detailshapes.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include "models/domain/textfold.h"
#include "models/domain/timings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr int kNameWidth = 24;
constexpr qsizetype kLongestName = 60;
constexpr qsizetype kLongestValue = 2000;

void numberOrNull(JsonWriter& json, const std::optional<double>& number) {
    number ? json.number(*number) : json.null();
}

template <typename List, typename Write>
void writeList(JsonWriter& json, QStringView name, const List& list, const Write& write) {
    json.key(name);
    json.beginArray();
    for (const auto& entry : list) {
        json.beginObject();
        write(entry);
        json.endObject();
    }
    json.endArray();
}

void writeTurn(JsonWriter& json, const Turn& turn) {
    json.key(u"speaker");
    json.text(word(turn.speaker));
    json.key(u"kind");
    json.text(word(turn.kind));
    json.key(u"text");
    json.text(turn.text);
    json.key(u"at");
    json.moment(turn.at);
    json.key(u"offset_ms");
    turn.offset ? json.number(qint64(turn.offset->count())) : json.null();
    json.key(u"estimated");
    json.boolean(turn.isEstimated);
}

void writeMetric(JsonWriter& json, const Metric& metric) {
    json.key(u"name");
    json.text(metric.name);
    json.key(u"value");
    json.textOrNull(metric.value);
    json.key(u"type");
    json.textOrNull(metric.type.isEmpty() ? std::nullopt : std::optional(metric.type));
    json.key(u"confidence");
    numberOrNull(json, metric.confidence);
    json.key(u"reason");
    json.textOrNull(metric.reason);
}

void writeVariable(JsonWriter& json, const Variable& variable) {
    json.key(u"name");
    json.text(variable.name);
    json.key(u"value");
    json.textOrNull(variable.value);
    json.key(u"type");
    json.textOrNull(variable.type.isEmpty() ? std::nullopt : std::optional(variable.type));
    json.key(u"description");
    json.textOrNull(variable.description);
    json.key(u"rationale");
    json.textOrNull(variable.rationale);
}

void writeLatency(JsonWriter& json, const Latency& latency) {
    json.key(u"part");
    json.text(latency.part);
    json.key(u"ms");
    json.number(latency.ms);
    json.key(u"turn");
    latency.turn ? json.number(qint64(*latency.turn)) : json.null();
}

QString line(const QString& name, const QString& value) {
    return name.leftJustified(kNameWidth) + u"  "_s + value + u'\n';
}

QString valueLine(const QString& name, const std::optional<QString>& value, QStringList remarks) {
    remarks.removeAll(QString());
    const QString told = value ? shownText(*value, kLongestValue) : u"–"_s;
    const QString more = remarks.isEmpty() ? QString() : u"  ("_s + remarks.join(u"; "_s) + u')';
    return line(u"  "_s + shownText(name, kLongestName), told + more);
}

/// A part's heading with what stands below it, or the reason why nothing does.
QString partText(const Call& call, DetailPart part, const QString& title, const QString& lines) {
    if (!lines.isEmpty()) {
        return title + u'\n' + lines;
    }
    return line(title,
                offers(call.provider, part) ? u"–"_s : Text::tr("not offered by %1").arg(providerName(call.provider)));
}

QString shownMetrics(const CallDetails& details) {
    QString text;
    for (const Metric& metric : details.metrics) {
        text += valueLine(
            metric.name, metric.value,
            {metric.confidence ? Text::tr("confidence %1").arg(QString::fromLatin1(plainNumber(*metric.confidence)))
                               : QString(),
             shownText(metric.reason.value_or(QString()), kLongestValue)});
    }
    return text;
}

QString shownVariables(const CallDetails& details) {
    QString text;
    for (const Variable& variable : details.variables) {
        text += valueLine(
            variable.name, variable.value,
            {shownText(variable.type, kLongestName), shownText(variable.rationale.value_or(QString()), kLongestValue)});
    }
    return text;
}

QString shownLatency(const CallDetails& details) {
    QString text;
    for (const Latency& latency : details.latency) {
        QString part = latency.part;
        part.replace(u'_', u' ');
        const QString name = latency.turn ? Text::tr("%1, turn %2").arg(part).arg(*latency.turn) : part;
        text += valueLine(name, Text::tr("%1 ms").arg(QString::fromLatin1(plainNumber(latency.ms))), {});
    }
    return text;
}

QString shownFeedback(const CallDetails& details) {
    if (!details.feedback) {
        return {};
    }
    QString text;
    if (details.feedback->stars) {
        text += valueLine(Text::tr("stars"), QString::fromLatin1(plainNumber(*details.feedback->stars)), {});
    }
    if (details.feedback->notes) {
        text += valueLine(Text::tr("notes"), details.feedback->notes, {});
    }
    return text;
}

QString shownOthers(const CallDetails& details) {
    QString text;
    if (details.webhookAnswer) {
        text += valueLine(Text::tr("webhook answer"), QString::fromUtf8(*details.webhookAnswer), {});
    }
    for (const OtherValue& other : details.others) {
        text += valueLine(other.name, other.value, {});
    }
    return text;
}

QString timeOf(const Turn& turn) {
    if (turn.offset) {
        return (turn.isEstimated ? u"~"_s : QString()) + durationText(double(turn.offset->count()) / 1000);
    }
    return turn.at ? QDateTime::fromMSecsSinceEpoch(toMs(*turn.at)).toString(u"HH:mm:ss"_s) : QString();
}

}  // namespace

void writeDetails(JsonWriter& json, const CallDetails& details) {
    writeList(json, u"transcript", details.transcript, [&json](const Turn& turn) { writeTurn(json, turn); });
    writeList(json, u"metrics", details.metrics, [&json](const Metric& metric) { writeMetric(json, metric); });
    writeList(json, u"variables", details.variables, [&json](const Variable& one) { writeVariable(json, one); });
    writeList(json, u"latency", details.latency, [&json](const Latency& latency) { writeLatency(json, latency); });
    json.key(u"feedback");
    if (!details.feedback) {
        json.null();
        return;
    }
    json.beginObject();
    json.key(u"stars");
    numberOrNull(json, details.feedback->stars);
    json.key(u"notes");
    json.textOrNull(details.feedback->notes);
    json.endObject();
}

QString detailsText(const Call& call, const CallDetails& details) {
    QString text = partText(call, DetailPart::Metrics, Text::tr("Metrics"), shownMetrics(details)) +
                   partText(call, DetailPart::Variables, Text::tr("Variables"), shownVariables(details)) +
                   partText(call, DetailPart::Latency, Text::tr("Latency"), shownLatency(details)) +
                   partText(call, DetailPart::Feedback, Text::tr("The caller's feedback"), shownFeedback(details));
    if (const QString others = shownOthers(details); !others.isEmpty()) {
        text += Text::tr("Also told") + u'\n' + others;
    }
    return text;
}

QString transcriptText(const CallDetails& details) {
    QString text;
    for (const Turn& turn : details.transcript) {
        const QString who = turn.kind == TurnKind::Message ? word(turn.speaker) : word(turn.kind);
        text += u"  "_s + timeOf(turn).leftJustified(9) + who.leftJustified(13) +
                shownParagraphs(turn.text).replace(u'\n', u"\n                        "_s) + u'\n';
    }
    return text;
}

}  // namespace earmark
