// Our own look at JSON texts against QJsonDocument: on lawful texts both agree, on others ours stays inside the text.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/providers/excerpt.h"
#include "models/providers/jsonbody.h"
#include "models/providers/jsonreader.h"
#include "models/providers/jsonspans.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

namespace {

void checkInside(QByteArrayView part, const QByteArray& whole) {
    EARMARK_LAW(part.data() >= whole.constData() && part.data() + part.size() <= whole.constData() + whole.size(),
                whole);
}

QJsonValue alone(QByteArrayView text) {
    return QJsonDocument::fromJson('[' + text.toByteArray() + ']').array().at(0);
}

void readEverything(const QJsonObject& object, const QByteArray& text) {
    std::vector<FieldError> errors;
    JsonReader reader(object, text, errors);
    const AssumedZone zone(QStringLiteral("America/New_York"));
    for (const char* name : {"id", "a", "t", ""}) {
        const bool isThere = object.contains(QLatin1StringView(name));
        EARMARK_LAW((reader.text(name).presence == Presence::Absent) == !isThere, text);
        const auto id = reader.id(name);
        EARMARK_LAW(id.presence != Presence::Present || id.value.has_value(), text);
        const auto seconds = reader.seconds(name);
        EARMARK_LAW(!seconds.value || (*seconds.value <= 1e9 && *seconds.value >= -1e9), text);
        (void)reader.address(name);
        (void)reader.flag(name);
        (void)reader.time(name, zone);
        const auto count = reader.count(name);
        EARMARK_LAW(!count || (*count >= 0 && *count <= (qint64(1) << 53)), text);
    }
}

}  // namespace

void json(const QByteArray& given) {
    // Whoever parses bodies takes the byte order mark away first.
    const QByteArray input = given.startsWith("\xef\xbb\xbf") ? given.mid(3) : given;
    QJsonParseError trouble;
    const QJsonDocument document = QJsonDocument::fromJson(input, &trouble);
    const bool isLawful = trouble.error == QJsonParseError::NoError;

    const auto members = objectMembers(input);
    for (const JsonMember& member : members.value_or(std::vector<JsonMember>())) {
        checkInside(member.value, input);
    }
    const auto elements = arrayElements(input);
    for (const QByteArrayView element : elements.value_or(std::vector<QByteArrayView>())) {
        checkInside(element, input);
    }
    if (const auto text = memberText(input, u"a")) {
        checkInside(*text, input);
    }
    EARMARK_LAW(compactJson(input).size() <= input.size(), input);
    EARMARK_LAW(bodyExcerpt(input).size() <= kExcerptCharacters, input);

    const auto body = JsonBody::parse(given);
    if (body && body->isObject()) {
        (void)body->rows(QStringLiteral("a"));
        (void)body->rows(QStringLiteral("items"));
    } else if (body) {
        (void)body->rows();
    }
    if (!isLawful) {
        return;
    }
    EARMARK_LAW(body.has_value(), input);
    EARMARK_LAW(QJsonDocument::fromJson(compactJson(input)) == document, input);
    if (document.isObject()) {
        EARMARK_LAW(members.has_value(), input);
        QJsonObject rebuilt;
        for (const JsonMember& member : *members) {
            rebuilt.insert(member.name, alone(member.value));
        }
        EARMARK_LAW(rebuilt == document.object(), input);
        readEverything(document.object(), input);
    } else {
        EARMARK_LAW(elements.has_value() && qsizetype(elements->size()) == document.array().size(), input);
        for (size_t i = 0; i < elements->size(); ++i) {
            EARMARK_LAW(alone((*elements)[i]) == document.array().at(qsizetype(i)), input);
        }
    }
}

}  // namespace earmark::fuzz
