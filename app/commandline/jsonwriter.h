// Writes JSON with keys in the order they are given (QJsonObject would sort them) and numbers as people write them. Any
// thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringView>
#include <optional>

#include "models/domain/fields.h"

namespace earmark {

class JsonWriter final {
 public:
    /// Containers nested deeper than `linedDepth` are written on one line.
    explicit JsonWriter(int linedDepth) : m_linedDepth(linedDepth) {}

    void beginObject() { open('{'); }
    void endObject() { close('}'); }
    void beginArray() { open('['); }
    void endArray() { close(']'); }
    void key(QStringView name);

    void text(QStringView text);
    void textOrNull(const std::optional<QString>& text);
    void number(double number);  ///< shortest exact digits, never an exponent; no number = null
    void number(qint64 number);
    void boolean(bool value);
    void null();
    void moment(const std::optional<Moment>& moment);
    void value(const FieldValue& value);
    void raw(const QByteArray& json);  ///< must be one lawful JSON value

    /// What was written since the last call; so a long array never lies in memory as a whole.
    [[nodiscard]] QByteArray take();

 private:
    void open(char bracket);
    void close(char bracket);
    void beforeValue();
    void newLine();

    QByteArray m_out;
    int m_depth = 0;
    int m_linedDepth;
    bool m_first = true;
    bool m_afterKey = false;
};

/// A number as JSON and CSV have it: "12", "0.4"; never an exponent.
[[nodiscard]] QByteArray plainNumber(double number);

}  // namespace earmark
