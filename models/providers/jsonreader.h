// Typed reading of one object of a provider's answer: what is there, what is null, what is not what its document says.
// One reader per object, one thread at a time.
#pragma once

#include <QByteArrayView>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <optional>
#include <vector>

#include "models/domain/call.h"
#include "models/providers/jsonspans.h"
#include "models/providers/timeparser.h"

namespace earmark {

enum class Presence { Absent, Null, Present, Invalid };

/// value is set for Present, and for Invalid where the meaning is plain all the same ("90" for 90).
template <typename T>
struct Reading {
    Presence presence = Presence::Absent;
    std::optional<T> value = std::nullopt;
};

/// Lone halves of surrogate pairs, which UTF-8 cannot hold, become U+FFFD.
[[nodiscard]] QString wholeText(QString text);

/// Every getter that finds something else than its kind notes a FieldError and returns Invalid; none ever turns a wrong
/// value into 0, "" or false.
class JsonReader {
 public:
    static constexpr qsizetype kMostTextCharacters = 2 * 1024 * 1024;
    static constexpr qsizetype kMostIdCharacters = 16 * 1024;
    static constexpr double kMostSeconds = 1e9;  ///< 31 years: more is a number of another kind

    /// `object` is `text`, decoded; `text` may be empty where it is not at hand.
    JsonReader(const QJsonObject& object, QByteArrayView text, std::vector<FieldError>& errors)
        : m_object(object), m_text(text), m_errors(errors) {}

    /// Of a lawful text alone, which is decoded only where that is needed.
    JsonReader(QByteArrayView text, std::vector<FieldError>& errors)
        : m_object(m_decoded), m_text(text), m_errors(errors), m_isDecoded(false) {}
    Q_DISABLE_COPY_MOVE(JsonReader)

    /// Text as it came; lone halves of surrogate pairs become U+FFFD (UTF-8 cannot hold them), and more than 2 Mi
    /// characters are cut with a FieldError.
    [[nodiscard]] Reading<QString> text(const char* name);
    /// Text, or a number with all of its digits as they stand in the answer.
    [[nodiscard]] Reading<QString> id(const char* name);
    /// A web address, trimmed; blank counts as null.
    [[nodiscard]] Reading<QString> address(const char* name);
    /// Seconds: any JSON number within 1e9. Negative numbers are kept and noted; numbers in quotes are read and noted.
    [[nodiscard]] Reading<double> seconds(const char* name);
    /// Any JSON number, or one in quotes (both are lawful where providers write money); nothing is cut.
    [[nodiscard]] Reading<double> number(const char* name);
    /// true or false; the same in quotes and 0 or 1 are read and noted.
    [[nodiscard]] Reading<bool> flag(const char* name);
    /// A list; {} counts as an empty one (PHP cannot tell them apart), text is not looked into.
    [[nodiscard]] Reading<QJsonArray> list(const char* name);
    /// An object; [] counts as an empty one, for the same reason.
    [[nodiscard]] Reading<QJsonObject> object(const char* name);
    /// See timeparser.h for the forms; `zoneAssumed` in the answer tells that the text had no zone.
    [[nodiscard]] Reading<ParsedTime> time(const char* name, const AssumedZone& zone);
    /// A whole number from 0 to 2^53; notes nothing (paging numbers belong to no call).
    [[nodiscard]] std::optional<qint64> count(const char* name) const;

    /// Notes that a field is missing or null although its document promises it.
    void noteMissing(const char* name, Presence presence);
    void note(const char* name, const QString& problem);
    /// Notes what stands in the place of something else.
    void noteWrongType(const char* name) { noteWrongType(name, value(name)); }

    [[nodiscard]] QJsonValue value(const char* name) const;
    /// The JSON text of a member as it stands in the answer; empty where there is none.
    [[nodiscard]] QByteArrayView written(const char* name) const;

 private:
    /// The number's own digits.
    [[nodiscard]] QString digits(const char* name, const QJsonValue& value) const;
    void noteWrongType(const char* name, const QJsonValue& value);
    [[nodiscard]] Reading<double> secondsWithin(const char* name, double seconds, const QString& written,
                                                Presence presence);

    void findPlainMembers() const;
    /// The written value of a member, where that tells the same as asking the object; else empty.
    [[nodiscard]] QByteArrayView plainly(const char* name) const;
    /// A text without anything to decode, or null; nullopt for whatever else stands there.
    [[nodiscard]] std::optional<Reading<QString>> plainText(const char* name) const;

    mutable QJsonObject m_decoded;
    const QJsonObject& m_object;
    QByteArrayView m_text;
    std::vector<FieldError>& m_errors;
    /// Empty unless every member stands there once and under its plain name. Most values are short texts and numbers,
    /// which are read several times faster where they are written than out of the object.
    mutable std::vector<WrittenMember> m_plainMembers;
    mutable std::size_t m_nextPlain = 0;  ///< providers write fields in the order in which they are asked for here
    mutable bool m_soughtPlain = false;
    mutable bool m_isDecoded = true;  ///< m_object holds what m_text says
};

}  // namespace earmark
