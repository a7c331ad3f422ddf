#include "app/commandline/jsonwriter.h"

#include <QLocale>
#include <cmath>

namespace earmark {

namespace {

template <typename... Parts>
struct Visitor : Parts... {
    using Parts::operator()...;
};

}  // namespace

QByteArray plainNumber(double number) {
    if (number == 0) {
        return QByteArrayLiteral("0");  // not "-0"
    }
    return QByteArray::number(number, 'f', QLocale::FloatingPointShortest);
}

void JsonWriter::newLine() {
    if (m_depth <= m_linedDepth) {
        m_out += '\n';
        m_out.append(m_depth * 2, ' ');
    }
}

void JsonWriter::beforeValue() {
    if (m_afterKey) {
        m_afterKey = false;
        return;
    }
    if (m_depth > 0) {
        if (!m_first) {
            m_out += m_depth <= m_linedDepth ? "," : ", ";
        }
        newLine();
    }
    m_first = false;
}

void JsonWriter::open(char bracket) {
    beforeValue();
    m_out += bracket;
    ++m_depth;
    m_first = true;
}

void JsonWriter::close(char bracket) {
    const bool empty = m_first;
    --m_depth;
    if (!empty && m_depth < m_linedDepth) {
        m_out += '\n';
        m_out.append(m_depth * 2, ' ');
    }
    m_out += bracket;
    m_first = false;
    if (m_depth == 0) {
        m_out += '\n';
    }
}

void JsonWriter::key(QStringView name) {
    beforeValue();
    m_afterKey = true;  // the name itself needs no comma
    text(name);
    m_out += ": ";
    m_afterKey = true;
}

void JsonWriter::text(QStringView text) {
    beforeValue();
    m_out += '"';
    // What is not lawful Unicode becomes U+FFFD here, so that every reader accepts the document.
    const QByteArray utf8 = text.toUtf8();
    for (const char c : utf8) {
        switch (c) {
            case '"':
                m_out += "\\\"";
                break;
            case '\\':
                m_out += "\\\\";
                break;
            case '\n':
                m_out += "\\n";
                break;
            case '\r':
                m_out += "\\r";
                break;
            case '\t':
                m_out += "\\t";
                break;
            default:
                if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
                    m_out += "\\u00" + QByteArray::number(static_cast<unsigned char>(c), 16).rightJustified(2, '0');
                } else {
                    m_out += c;
                }
        }
    }
    m_out += '"';
}

void JsonWriter::textOrNull(const std::optional<QString>& value) {
    value ? text(*value) : null();
}

void JsonWriter::number(double number) {
    if (!std::isfinite(number)) {
        null();
        return;
    }
    beforeValue();
    m_out += plainNumber(number);
}

void JsonWriter::number(qint64 number) {
    beforeValue();
    m_out += QByteArray::number(number);
}

void JsonWriter::boolean(bool value) {
    beforeValue();
    m_out += value ? "true" : "false";
}

void JsonWriter::null() {
    beforeValue();
    m_out += "null";
}

void JsonWriter::moment(const std::optional<Moment>& moment) {
    moment ? text(toIsoText(*moment)) : null();
}

void JsonWriter::value(const FieldValue& value) {
    std::visit(
        Visitor{[this](std::monostate) { null(); }, [this](const QString& it) { text(it); },
                [this](double it) { number(it); }, [this](bool it) { boolean(it); }, [this](Moment it) { moment(it); },
                [this](const QStringList& it) {
                    beginArray();
                    for (const QString& each : it) {
                        text(each);
                    }
                    endArray();
                }},
        value);
}

void JsonWriter::raw(const QByteArray& json) {
    beforeValue();
    m_out += json;
}

QByteArray JsonWriter::take() {
    return std::exchange(m_out, QByteArray());
}

}  // namespace earmark
