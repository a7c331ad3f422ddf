#include "app/commandline/callshapes.h"

#include <QCoreApplication>
#include <QDateTime>

#include "app/commandline/detailshapes.h"
#include "models/domain/textfold.h"
#include "models/domain/timings.h"
#include "models/providers/rawobject.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

template <typename... Parts>
struct Visitor : Parts... {
    using Parts::operator()...;
};

QString name(Field field) {
    return QString::fromLatin1(info(field).jsonName);
}

void writeHistory(JsonWriter& json, const std::vector<HistoryEntry>& history) {
    json.key(u"history");
    json.beginArray();
    for (const HistoryEntry& entry : history) {
        json.beginObject();
        json.key(u"at");
        json.moment(entry.at);
        json.key(u"field");
        json.text(word(entry.field));
        json.key(u"from");
        json.textOrNull(entry.from);
        json.key(u"to");
        json.textOrNull(entry.to);
        json.key(u"origin");
        json.text(entry.origin);
        json.key(u"fate");
        json.text(entry.fate);
        json.endObject();
    }
    json.endArray();
}

}  // namespace

std::vector<Field> listFields() {
    std::vector<Field> fields;
    for (const FieldInfo& field : allFields()) {
        if (field.inListJson) {
            fields.push_back(field.field);
        }
    }
    return fields;
}

void writeCall(JsonWriter& json, const ReviewedCall& call, const std::vector<Field>& fields) {
    json.beginObject();
    for (const Field field : fields) {
        json.key(name(field));
        json.value(value(call, field));
    }
    json.endObject();
}

void writeWholeCall(JsonWriter& json, const ReviewedCall& call, const CallDetails& details,
                    const std::vector<HistoryEntry>& history) {
    json.beginObject();
    const std::vector<Field> fields = listFields();
    for (const Field field : fields) {
        json.key(name(field));
        json.value(value(call, field));
    }
    writeDetails(json, details);
    json.key(u"provenance");
    json.beginObject();
    for (const Field field : fields) {
        json.key(name(field));
        json.text(word(provenance(call, field)));
    }
    json.endObject();
    json.key(u"field_errors");
    json.beginArray();
    for (const FieldError& error : call.call.fieldErrors) {
        json.beginObject();
        json.key(u"path");
        json.text(error.path);
        json.key(u"problem");
        json.text(error.problem);
        json.endObject();
    }
    json.endArray();
    writeHistory(json, history);
    json.key(u"raw");
    json.raw(shownRaw(call.call));
    json.endObject();
}

QByteArray csvLine(const QStringList& cells) {
    QByteArray line;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        QString cell = cells.at(i);
        if (cell.contains(u'"') || cell.contains(u',') || cell.contains(u'\n') || cell.contains(u'\r') ||
            cell.startsWith(u' ') || cell.endsWith(u' ')) {
            cell = u'"' + cell.replace(u'"', u"\"\""_s) + u'"';
        }
        line += (i == 0 ? "" : ",") + cell.toUtf8();
    }
    return line + "\r\n";
}

QString guardedFormula(const QString& text) {
    // Blanks do not stop a spreadsheet, and some fold the full-width forms.
    const auto starts = [](QStringView rest) {
        while (!rest.isEmpty() && rest.front().isSpace() && !u"\t\r\n"_s.contains(rest.front())) {
            rest = rest.mid(1);
        }
        return !rest.isEmpty() && u"=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20"_s.contains(rest.front());
    };
    return starts(text) ? u'\'' + text : text;
}

QString csvCell(const ReviewedCall& call, Field field) {
    return std::visit(
        Visitor{[](std::monostate) { return QString(); }, [](const QString& it) { return guardedFormula(it); },
                [](double it) { return QString::fromLatin1(plainNumber(it)); },
                [](bool it) { return it ? u"true"_s : u"false"_s; }, [](Moment it) { return toIsoText(it); },
                [](const QStringList& it) { return guardedFormula(it.join(u';')); }},
        value(call, field));
}

QString shownValue(const ReviewedCall& call, Field field) {
    const bool isDuration = info(field).kind == FieldKind::Duration;
    return std::visit(
        Visitor{
            [](std::monostate) { return QString(); }, [](const QString& it) { return it; },
            [isDuration](double it) { return isDuration ? durationText(it) : QString::fromLatin1(plainNumber(it)); },
            [](bool it) { return it ? Text::tr("yes") : Text::tr("no"); },
            [](Moment it) { return QDateTime::fromMSecsSinceEpoch(toMs(it)).toString(u"yyyy-MM-dd HH:mm:ss"_s); },
            [](const QStringList& it) { return it.join(u", "_s); }},
        value(call, field));
}

void TextTable::addRow(const QStringList& cells) {
    QStringList shown;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        shown.append(shownText(cells.at(i), m_whole.contains(int(i)) ? 4096 : m_widest));
    }
    m_rows.push_back(shown);
}

QString TextTable::text() const {
    QList<qsizetype> widths;
    for (const QStringList& row : m_rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (qsizetype i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths.at(i), row.at(i).size());
        }
    }
    QString text;
    for (const QStringList& row : m_rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString cell = m_right.contains(int(i)) ? row.at(i).rightJustified(widths.at(i))
                                                          : row.at(i).leftJustified(widths.at(i));
            line += (i == 0 ? QString() : u"  "_s) + cell;
        }
        while (line.endsWith(u' ')) {
            line.chop(1);
        }
        text += line + u'\n';
    }
    return text;
}

}  // namespace earmark
