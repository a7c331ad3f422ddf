// A whole answer as JSON, or the reason why it is none. Pure, any thread; bodies above 64 kB never on the window's
// thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonObject>
#include <QJsonValue>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/domain/result.h"

namespace earmark {

/// The value of a lawful JSON text, decoded when somebody asks for it. The text must outlive it.
class LateJson {
 public:
    explicit LateJson(QByteArrayView text) : m_text(text) {}

    [[nodiscard]] bool isObject() const { return m_text.startsWith('{'); }
    [[nodiscard]] QJsonValue decoded() const;
    [[nodiscard]] QJsonObject toObject() const { return decoded().toObject(); }
    operator QJsonValue() const { return decoded(); }

 private:
    QByteArrayView m_text;  ///< without blanks around it
};

/// One row of a list: its value and its own text.
struct JsonRow {
    LateJson value;
    QByteArrayView text;
};

class JsonBody {
 public:
    /// NotTheApi for what is no JSON at all (nothing, HTML, plain text), BadAnswer for JSON that is cut or unlawful.
    /// A byte order mark is accepted, everything else as strict as QJsonDocument (depth 1023, UTF-8 only).
    [[nodiscard]] static Result<JsonBody> parse(const QByteArray& body);

    [[nodiscard]] bool isObject() const { return QByteArrayView(m_body).trimmed().startsWith('{'); }
    [[nodiscard]] bool isArray() const { return QByteArrayView(m_body).trimmed().startsWith('['); }
    /// All of it decoded, at the first time of asking: rows of a long list are cheaper read one by one.
    [[nodiscard]] QJsonObject object() const;
    [[nodiscard]] QByteArrayView text() const { return m_body; }

    /// The rows of the top-level array.
    [[nodiscard]] Result<std::vector<JsonRow>> rows() const;
    /// The rows under a name of the top-level object: an array, or an object whose names are the numbers 0, 1, 2 ...
    /// (what PHP makes of a list). Anything else is BadAnswer: guessing rows would be inventing calls.
    [[nodiscard]] Result<std::vector<JsonRow>> rows(const QString& name) const;
    /// The same further down: {"data", "logs"} for {"data": {"logs": [...]}}.
    [[nodiscard]] Result<std::vector<JsonRow>> rowsUnder(const QStringList& path) const;

    /// BadAnswer with a sentence and the shape of the body as detail.
    [[nodiscard]] tl::unexpected<Error> badAnswer(const QString& message) const;

 private:
    JsonBody() = default;
    [[nodiscard]] Result<std::vector<JsonRow>> rowsOf(QByteArrayView list) const;

    QByteArray m_body;  ///< without byte order mark; the rows' texts point into it
    mutable std::optional<QJsonObject> m_object;
};

}  // namespace earmark
