// The shared collection of good, odd and broken answers and what is known to be in them, for the contract tests of all
// dialects. Those are skipped, and say so, where the collection is not beside the source. One thread.
#pragma once

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMap>
#include <algorithm>

#include "models/providers/callfields.h"
#include "models/providers/readdialect.h"

namespace earmark::test {

[[nodiscard]] inline QString sharedData() {
    return QStringLiteral(EARMARK_SHARED_DIR "/data/");
}

[[nodiscard]] inline bool hasSharedAnswers() {
    return QFile::exists(sharedData() + QStringLiteral("truth.json"));
}

[[nodiscard]] inline QByteArray contents(const QString& path) {
    QFile file(sharedData() + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

[[nodiscard]] inline QByteArray sample(const char* name) {
    return contents(QStringLiteral("../providers/samples/") + QString::fromLatin1(name));
}

[[nodiscard]] inline QJsonObject json(const QString& path) {
    return QJsonDocument::fromJson(contents(path)).object();
}

/// What is known of all calls of one provider.
[[nodiscard]] inline QJsonObject truthOf(Provider provider) {
    return json(QStringLiteral("truth.json"))
        .value(QStringLiteral("providers"))
        .toObject()
        .value(word(provider))
        .toObject();
}

/// The twenty dialogues: ids per provider, times, turns.
[[nodiscard]] inline QJsonArray dialogues() {
    return json(QStringLiteral("truth.json")).value(QStringLiteral("calls")).toArray();
}

/// Words outside the providers' documents: {id: {field: word}}.
[[nodiscard]] inline QMap<QString, QJsonObject> unknownWords(Provider provider) {
    QMap<QString, QJsonObject> words;
    for (const auto& entry : json(QStringLiteral("truth.json")).value(QStringLiteral("unknown_values")).toArray()) {
        const QJsonObject one = entry.toObject();
        if (one.value(QStringLiteral("provider")).toString() == word(provider)) {
            words.insert(one.value(QStringLiteral("id")).toVariant().toString(),
                         one.value(QStringLiteral("fields")).toObject());
        }
    }
    return words;
}

[[nodiscard]] inline QList<QJsonObject> oddAnswers(Provider provider) {
    QList<QJsonObject> cases;
    for (const auto& entry : json(QStringLiteral("anomalies/cases.json")).value(QStringLiteral("cases")).toArray()) {
        if (entry.toObject().value(QStringLiteral("provider")).toString() == word(provider)) {
            cases += entry.toObject();
        }
    }
    return cases;
}

/// What is known of one odd answer ("id_types.json").
[[nodiscard]] inline QJsonObject oddAnswer(Provider provider, const char* name) {
    const QString file = word(provider) + u'/' + QString::fromLatin1(name);
    for (const QJsonObject& one : oddAnswers(provider)) {
        if (one.value(QStringLiteral("file")).toString() == file) {
            return one;
        }
    }
    return {};
}

[[nodiscard]] inline QString orNull(const std::optional<QString>& text) {
    return text.value_or(QStringLiteral("null"));
}

/// {"completed": 29, ...} from what was read, in the form of the known counts.
template <typename F>
[[nodiscard]] QJsonObject counted(const std::vector<Call>& calls, F wordOf) {
    QMap<QString, int> counts;
    for (const Call& call : calls) {
        ++counts[wordOf(call)];
    }
    QJsonObject object;
    for (auto count = counts.cbegin(); count != counts.cend(); ++count) {
        object.insert(count.key(), count.value());
    }
    return object;
}

[[nodiscard]] inline bool isNull(const CallField& field, const Call& call) {
    return std::visit([&call](auto member) { return !(call.*member).has_value(); }, field.member);
}

/// The names of the fields that something is wrong with.
[[nodiscard]] inline QStringList noted(const Call& call) {
    QStringList names;
    for (const FieldError& error : call.fieldErrors) {
        names += error.path;
    }
    return names;
}

[[nodiscard]] inline const Call* findCall(const std::vector<Call>& calls, const QString& id) {
    const auto found =
        std::find_if(calls.begin(), calls.end(), [&id](const Call& call) { return call.key.remoteId == id; });
    return found == calls.end() ? nullptr : &*found;
}

[[nodiscard]] inline QStringList idsOf(const std::vector<Call>& calls) {
    QStringList ids;
    for (const Call& call : calls) {
        ids += call.key.remoteId;
    }
    return ids;
}

[[nodiscard]] inline QStringList textsOf(const QJsonArray& values) {
    QStringList texts;
    for (const auto& value : values) {
        texts += value.toVariant().toString();
    }
    return texts;
}

/// What the values of timestamps.json are, in its order: "noted" for what is no time, "null", "assumed" behind times
/// without a zone (in UTC).
[[nodiscard]] inline QStringList timesInManyForms() {
    return QStringLiteral(
               "2026-03-08T01:59:59.000Z,2026-03-08T01:59:59.000Z,2026-03-08T01:59:59.000Z,2026-03-08T01:59:59.100Z,"
               "2026-03-08T01:59:59.123Z,2026-03-08T01:59:59.123Z,2026-03-08T01:59:59.123Z,"
               "2026-03-08T01:59:59.000Z assumed,2026-03-08T01:59:59.000Z assumed,2026-03-08T01:59:59.000Z,"
               "2026-03-08T00:00:00.000Z assumed,2026-03-08T01:59:59.000Z,2026-03-08T01:59:59.000Z,"
               "2026-03-08T01:59:59.123Z,2026-03-08T01:59:59.000Z,2026-03-08T01:59:00.000Z,2017-01-01T00:00:00.000Z,"
               "2026-03-09T00:00:00.000Z,noted,noted,noted,0001-01-01T00:00:00.000Z,9999-12-31T23:59:59.000Z,"
               "2026-10-25T01:30:00.000Z,noted,null")
        .split(u',');
}

/// The same from what was read.
[[nodiscard]] inline QStringList timesRead(const std::vector<Call>& calls, std::optional<Moment> Call::*member,
                                           const QString& name) {
    QStringList found;
    for (const Call& call : calls) {
        const QString none = noted(call).contains(name) ? QStringLiteral("noted") : QStringLiteral("null");
        const QString assumed = call.zoneAssumed.contains(name) ? QStringLiteral(" assumed") : QString();
        found += call.*member ? toIsoText(*(call.*member)) + assumed : none;
    }
    return found;
}

/// What the values of durations.json are, in its order; the last one is told apart by each provider.
[[nodiscard]] inline QStringList durationsInManyForms() {
    return QStringLiteral("-5 noted,null noted,12.5,90 noted,null noted,null noted,3456000,0,null noted,null")
        .split(u',');
}

[[nodiscard]] inline QStringList durationsRead(const std::vector<Call>& calls, const QString& name) {
    QStringList found;
    for (const Call& call : calls) {
        const QString number = call.talkSeconds
                                   ? QString::number(*call.talkSeconds, 'f', QLocale::FloatingPointShortest)
                                   : QStringLiteral("null");
        found += number + (noted(call).contains(name) ? QStringLiteral(" noted") : QString());
    }
    return found;
}

/// {file, outcome} of anomalies/malformed for Yotel, in whose form they are written; the three that it can read are no
/// page of anybody else.
[[nodiscard]] inline QList<std::pair<QString, QString>> brokenBodies(bool isYotel) {
    const QString read = isYotel ? QStringLiteral("read") : QStringLiteral("bad_answer");
    const QString bad = QStringLiteral("bad_answer");
    const QString none = QStringLiteral("not_the_api");
    return {{QStringLiteral("truncated.json"), bad},
            {QStringLiteral("trailing_comma.json"), bad},
            {QStringLiteral("bom.json"), read},
            {QStringLiteral("utf16.json"), bad},
            {QStringLiteral("invalid_utf8.json"), bad},
            {QStringLiteral("empty.json"), none},
            {QStringLiteral("spaces.json"), none},
            {QStringLiteral("html_200.json"), none},
            {QStringLiteral("nan.json"), bad},
            {QStringLiteral("dup_keys.json"), read},
            {QStringLiteral("deep.json"), bad},
            {QStringLiteral("top_array.json"), bad},
            {QStringLiteral("top_null.json"), bad},
            {QStringLiteral("lone_surrogate.json"), read},
            {QStringLiteral("two_documents.json"), bad},
            {QStringLiteral("body.json.gz"), bad},
            {QStringLiteral("error_500_text.json"), none}};
}

}  // namespace earmark::test
