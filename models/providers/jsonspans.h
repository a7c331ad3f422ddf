// Where the parts of a JSON text stand, byte for byte. QJsonDocument decides what is lawful and decodes it; it also
// turns large numbers into doubles and sorts keys, so whoever needs the digits of an id or the object as it came asks
// here. Pure functions over a text that QJsonDocument has accepted; on any other text they stay inside it. Any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <optional>
#include <vector>

namespace earmark {

struct JsonMember {
    QString name;          ///< decoded
    QByteArrayView value;  ///< its text in the source, without surrounding blanks
};

/// A member whose name nobody has decoded yet.
struct WrittenMember {
    QByteArrayView name;  ///< with its quotes
    QByteArrayView value;
};

/// The elements of an array text, in order; nullopt when `text` is no array.
[[nodiscard]] std::optional<std::vector<QByteArrayView>> arrayElements(QByteArrayView text);
/// The members of an object text, in order, repeated names included; nullopt when `text` is no object.
[[nodiscard]] std::optional<std::vector<JsonMember>> objectMembers(QByteArrayView text);
[[nodiscard]] std::optional<std::vector<WrittenMember>> writtenMembers(QByteArrayView text);  ///< the same, cheaper
/// The text of a member; of several with one name the last, as QJsonDocument has it.
[[nodiscard]] std::optional<QByteArrayView> memberText(QByteArrayView object, QStringView name);
/// The same JSON without blanks between its tokens; order, digits and escapes stay as they came.
[[nodiscard]] QByteArray compactJson(QByteArrayView text);

}  // namespace earmark
