// Answers made to do harm: JSON at and beyond its edges, every field with what it must not hold, texts that other
// programs take for markup, commands or paths. Made here, nothing is copied from elsewhere. Plain values, any thread.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

namespace earmark::test {

struct HostileBody {
    QByteArray name;
    std::function<QByteArray()> make;  ///< large ones are made when they are asked for
};

/// Whole answers that are broken, cut, too deep or of another form.
[[nodiscard]] std::vector<HostileBody> brokenBodies();
/// Whole pages with one huge thing in them.
[[nodiscard]] std::vector<HostileBody> hugeBodies();

/// JSON text of values that a field must not hold, or only some fields.
[[nodiscard]] QByteArrayList oddValues();
/// Texts that are lawful as texts.
[[nodiscard]] QStringList naughtyTexts();
/// Ids that a path, a file name or a command line could stumble over; none of them is empty.
[[nodiscard]] QStringList oddIds();
/// Links of recordings that must never be followed from an account on the internet. `port`: of a server on this
/// computer that counts who comes.
[[nodiscard]] QStringList hostileLinks(int port);

/// A page with these rows, as Yotel's list of calls.
[[nodiscard]] QByteArray pageOf(const QByteArrayList& rows);
/// `text` as a JSON string.
[[nodiscard]] QByteArray quoted(const QString& text);

}  // namespace earmark::test
