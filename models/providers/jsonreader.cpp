#include "models/providers/jsonreader.h"

#include <QJsonDocument>
#include <algorithm>
#include <cmath>

#include "models/domain/textfold.h"
#include "models/providers/jsonspans.h"

namespace earmark {

namespace {

constexpr qsizetype kProblemCharacters = 200;
constexpr std::size_t kMostPlainMembers = 100;        // each is compared with each
constexpr double kLargestExact = 9007199254740992.0;  // 2^53

/// Problems are technical notes beside a field (like the field's name, in English); the sentence around is the
/// window's.
QString quoted(const QString& text) {
    return u'"' + shownText(text, 80) + u'"';
}

QString described(const QJsonValue& value, const QString& digits) {
    switch (value.type()) {
        case QJsonValue::Null:
            return QStringLiteral("null");
        case QJsonValue::Bool:
            return value.toBool() ? QStringLiteral("true") : QStringLiteral("false");
        case QJsonValue::Double:
            return QStringLiteral("the number ") + shownText(digits, 80);
        case QJsonValue::String:
            return QStringLiteral("the text ") + quoted(value.toString());
        case QJsonValue::Array:
            return QStringLiteral("a list of %1").arg(value.toArray().size());
        case QJsonValue::Object:
            return QStringLiteral("an object of %1").arg(value.toObject().size());
        case QJsonValue::Undefined:
            break;
    }
    return QStringLiteral("nothing");
}

/// Positions of halves of surrogate pairs that stand alone.
std::vector<qsizetype> loneHalves(QStringView text) {
    std::vector<qsizetype> places;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!text[i].isSurrogate()) {
            continue;
        }
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            ++i;
        } else {
            places.push_back(i);
        }
    }
    return places;
}

QString cut(const QString& text, qsizetype limit) {
    const bool splits = text[limit - 1].isHighSurrogate();
    return text.left(splits ? limit - 1 : limit);
}

}  // namespace

QString wholeText(QString text) {
    for (const qsizetype place : loneHalves(text)) {
        text[place] = QChar(QChar::ReplacementCharacter);
    }
    return text;
}

QJsonValue JsonReader::value(const char* name) const {
    if (!m_isDecoded) {
        m_decoded = QJsonDocument::fromJson(m_text.toByteArray()).object();
        m_isDecoded = true;
    }
    return m_object.value(QLatin1StringView(name));
}

void JsonReader::findPlainMembers() const {
    m_soughtPlain = true;
    auto members = writtenMembers(m_text);
    if (!members || members->size() > kMostPlainMembers) {
        return;
    }
    for (auto member = members->begin(); member != members->end(); ++member) {
        const auto isTheSame = [member](const WrittenMember& other) { return other.name == member->name; };
        if (member->name.contains('\\') || std::any_of(members->begin(), member, isTheSame)) {
            return;
        }
    }
    m_plainMembers = std::move(*members);
}

QByteArrayView JsonReader::plainly(const char* name) const {
    if (!m_soughtPlain) {
        findPlainMembers();
    }
    const QByteArrayView wanted(name);
    for (std::size_t tried = 0; tried < m_plainMembers.size(); ++tried) {
        const WrittenMember& member = m_plainMembers[m_nextPlain];
        m_nextPlain = m_nextPlain + 1 == m_plainMembers.size() ? 0 : m_nextPlain + 1;
        if (member.name.sliced(1, member.name.size() - 2) == wanted) {
            return member.value;
        }
    }
    return {};
}

std::optional<Reading<QString>> JsonReader::plainText(const char* name) const {
    const QByteArrayView text = plainly(name);
    if (text == "null") {
        return Reading<QString>{Presence::Null};
    }
    // fromUtf8() takes a byte order mark away, wherever the text came from.
    if (!text.startsWith('"') || text.contains('\\') || text.startsWith("\"\xef\xbb\xbf") ||
        text.size() > kMostTextCharacters) {
        return std::nullopt;
    }
    return Reading<QString>{Presence::Present, QString::fromUtf8(text.sliced(1, text.size() - 2))};
}

void JsonReader::note(const char* name, const QString& problem) {
    m_errors.push_back({QString::fromLatin1(name), shownText(problem, kProblemCharacters)});
}

void JsonReader::noteMissing(const char* name, Presence presence) {
    note(name,
         presence == Presence::Absent ? QStringLiteral("missing") : QStringLiteral("null, though it is promised"));
}

void JsonReader::noteWrongType(const char* name, const QJsonValue& found) {
    note(name, QStringLiteral("unexpected: ") + described(found, found.isDouble() ? digits(name, found) : QString()));
}

QString JsonReader::digits(const char* name, const QJsonValue& found) const {
    const QByteArrayView text = written(name);
    return text.isEmpty() ? QString::number(found.toDouble(), 'g', 17) : QString::fromLatin1(text);
}

QByteArrayView JsonReader::written(const char* name) const {
    return memberText(m_text, QString::fromLatin1(name)).value_or(QByteArrayView());
}

Reading<QString> JsonReader::text(const char* name) {
    if (auto plain = plainText(name)) {
        return std::move(*plain);
    }
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    if (!found.isString()) {
        noteWrongType(name, found);
        return {Presence::Invalid};
    }
    const QString text = wholeText(found.toString());
    if (text.size() > kMostTextCharacters) {
        note(name, QStringLiteral("cut: %1 characters, %2 are kept").arg(text.size()).arg(kMostTextCharacters));
        return {Presence::Invalid, cut(text, kMostTextCharacters)};
    }
    return {Presence::Present, text};
}

Reading<QString> JsonReader::id(const char* name) {
    auto plain = plainText(name);
    if (const QJsonValue found = plain ? QJsonValue() : value(name); found.isDouble()) {
        return {Presence::Present, digits(name, found)};
    }
    Reading<QString> reading = plain ? std::move(*plain) : text(name);
    if (reading.value && reading.value->size() > kMostIdCharacters) {
        note(name, QStringLiteral("not an id: %1 characters").arg(reading.value->size()));
        return {Presence::Invalid};
    }
    return reading;
}

Reading<QString> JsonReader::address(const char* name) {
    Reading<QString> reading = text(name);
    if (!reading.value) {
        // What stands in the place of an address may hold a signature, so it is not repeated.
        if (reading.presence == Presence::Invalid && !m_errors.empty()) {
            m_errors.back().problem = QStringLiteral("not an address");
        }
        return reading;
    }
    reading.value = reading.value->trimmed();
    if (reading.value->isEmpty()) {
        return {Presence::Null};
    }
    return reading;
}

Reading<double> JsonReader::secondsWithin(const char* name, double seconds, const QString& written, Presence presence) {
    if (!std::isfinite(seconds) || std::abs(seconds) > kMostSeconds) {
        note(name, QStringLiteral("no duration: ") + written);
        return {Presence::Invalid};
    }
    if (seconds < 0) {
        note(name, QStringLiteral("negative: ") + written);
        return {Presence::Invalid, seconds};
    }
    return {presence, seconds};
}

Reading<double> JsonReader::seconds(const char* name) {
    const QByteArrayView written = plainly(name);
    if (written == "null") {
        return {Presence::Null};
    }
    bool isNumber = false;
    const double plain = written.startsWith('-') ? -1 : written.toDouble(&isNumber);
    if (isNumber && plain <= kMostSeconds) {
        return {Presence::Present, plain};
    }
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    if (found.isDouble()) {
        const double seconds = found.toDouble();
        const bool isPlain = seconds >= 0 && seconds <= kMostSeconds;
        return isPlain ? Reading<double>{Presence::Present, seconds}
                       : secondsWithin(name, seconds, digits(name, found), Presence::Present);
    }
    const double seconds = found.isString() ? found.toString().trimmed().toDouble(&isNumber) : 0.0;
    if (!isNumber) {
        noteWrongType(name, found);
        return {Presence::Invalid};
    }
    const auto reading = secondsWithin(name, seconds, quoted(found.toString()), Presence::Invalid);
    if (reading.value && *reading.value >= 0) {
        note(name, QStringLiteral("a number in quotes: ") + quoted(found.toString()));
    }
    return reading;
}

Reading<double> JsonReader::number(const char* name) {
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    bool isNumber = found.isDouble();
    const double number = found.isString() ? found.toString().trimmed().toDouble(&isNumber) : found.toDouble();
    if (!isNumber || !std::isfinite(number)) {
        noteWrongType(name, found);
        return {Presence::Invalid};
    }
    return {Presence::Present, number};
}

Reading<bool> JsonReader::flag(const char* name) {
    const QByteArrayView written = plainly(name);
    if (written == "true" || written == "false") {
        return {Presence::Present, written == "true"};
    }
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    if (found.isBool()) {
        return {Presence::Present, found.toBool()};
    }
    noteWrongType(name, found);
    const QString word = found.isString() ? found.toString().trimmed().toLower() : QString();
    if (word == u"true" || (found.isDouble() && found.toDouble() == 1.0)) {
        return {Presence::Invalid, true};
    }
    if (word == u"false" || (found.isDouble() && found.toDouble() == 0.0)) {
        return {Presence::Invalid, false};
    }
    return {Presence::Invalid};
}

Reading<QJsonArray> JsonReader::list(const char* name) {
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    if (found.isArray() || (found.isObject() && found.toObject().isEmpty())) {
        return {Presence::Present, std::optional<QJsonArray>(std::in_place, found.toArray())};
    }
    noteWrongType(name, found);
    return {Presence::Invalid};
}

Reading<QJsonObject> JsonReader::object(const char* name) {
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    if (found.isObject() || (found.isArray() && found.toArray().isEmpty())) {
        return {Presence::Present, std::optional<QJsonObject>(std::in_place, found.toObject())};
    }
    noteWrongType(name, found);
    return {Presence::Invalid};
}

Reading<ParsedTime> JsonReader::time(const char* name, const AssumedZone& zone) {
    if (const auto plain = plainText(name)) {
        const auto parsed = plain->value ? parseTime(*plain->value, zone) : std::nullopt;
        if (parsed || !plain->value) {
            return {plain->presence, parsed};
        }
    }
    const QJsonValue found = value(name);
    if (found.isUndefined()) {
        return {};
    }
    if (found.isNull()) {
        return {Presence::Null};
    }
    std::optional<ParsedTime> parsed;
    if (found.isString()) {
        parsed = parseTime(found.toString(), zone);
    } else if (found.isDouble()) {
        parsed = parseEpoch(found.toDouble());
    }
    if (!parsed) {
        note(name, QStringLiteral("no time: ") + described(found, found.isDouble() ? digits(name, found) : QString()));
        return {Presence::Invalid};
    }
    return {Presence::Present, parsed};
}

std::optional<qint64> JsonReader::count(const char* name) const {
    const QByteArrayView plain = plainly(name);
    const QJsonValue found = plain.isEmpty() ? value(name) : QJsonValue();
    bool isNumber = found.isDouble();
    const double number = plain.isEmpty() ? found.toDouble() : plain.toDouble(&isNumber);
    if (!isNumber || !(number >= 0 && number < kLargestExact) || number != std::floor(number)) {
        return std::nullopt;
    }
    return static_cast<qint64>(number);
}

}  // namespace earmark
