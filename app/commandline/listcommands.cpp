// list and count.
#include <QCoreApplication>
#include <algorithm>
#include <limits>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr qint64 kTableLimit = 200;
constexpr size_t kChunk = 32;  // whole records, and one may hold megabytes

enum class Format { Table, Json, Csv };

struct ListOrder {
    SortKey sort;
    qint64 limit = std::numeric_limits<qint64>::max();
    bool limitWasAsked = false;
    qint64 offset = 0;
    Format format = Format::Table;
    std::vector<Field> fields;
    bool isForPeople = false;  ///< the table's own columns: see shownCell
};

Result<Field> fieldNamed(const QString& name) {
    const auto field = fieldFromJsonName(name.trimmed());
    if (!field) {
        return failure(
            ErrorKind::InvalidInput,
            Text::tr("There is no field “%1”; fields have the names of the JSON output, such as talk_seconds.")
                .arg(shownText(name, 60)));
    }
    return *field;
}

Result<qint64> count(const Arguments& arguments, const char* option, qint64 fallback) {
    if (!arguments.has(option)) {
        return fallback;
    }
    bool lawful = false;
    const qint64 number = arguments.value(option).toLongLong(&lawful);
    if (!lawful || number < 0) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("--%1 needs a whole number, not “%2”.")
                           .arg(QLatin1StringView(option), shownText(arguments.value(option), 60)));
    }
    return number;
}

std::vector<Field> tableFields() {
    return {Field::Key,       Field::DialTime,    Field::Campaign,     Field::Agent,       Field::Direction,
            Field::Status,    Field::Disposition, Field::RingSeconds,  Field::TalkSeconds, Field::TotalSeconds,
            Field::Sentiment, Field::HangupCause, Field::HasRecording, Field::EditState};
}

Result<ListOrder> orderFromArguments(const Arguments& arguments) {
    ListOrder order;
    const QString format = arguments.value("format", u"table"_s);
    if (format == u"json"_s) {
        order.format = Format::Json;
    } else if (format == u"csv"_s) {
        order.format = Format::Csv;
    } else if (format != u"table"_s) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("There is no format “%1”; there are table, json and csv.").arg(shownText(format, 60)));
    }
    order.isForPeople = order.format == Format::Table && !arguments.has("columns");
    order.fields = order.format == Format::Table ? tableFields() : listFields();
    if (arguments.has("sort")) {
        QString name = arguments.value("sort");
        order.sort.descending = name.startsWith(u'-');
        name.remove(0, order.sort.descending ? 1 : 0);
        const auto field = fieldNamed(name);
        if (!field) {
            return failure(field.error());
        }
        if (!isSortable(*field)) {
            return failure(ErrorKind::InvalidInput,
                           Text::tr("Calls cannot be sorted by %1, which is a long text.").arg(name));
        }
        order.sort.field = *field;
    }
    if (arguments.has("columns")) {
        order.fields.clear();
        for (const QString& name : arguments.value("columns").split(u',')) {
            const auto field = fieldNamed(name);
            if (!field) {
                return failure(field.error());
            }
            order.fields.push_back(*field);
        }
    }
    const auto limit = count(arguments, "limit", order.format == Format::Table ? kTableLimit : order.limit);
    const auto offset = count(arguments, "offset", 0);
    if (!limit || !offset) {
        return failure(limit ? offset.error() : limit.error());
    }
    order.limitWasAsked = arguments.has("limit");
    order.limit = *limit;
    order.offset = *offset;
    return order;
}

/// Not every provider tells when it dialled or what its agents are called: the next best stands in the same column.
QString shownCell(const ListOrder& order, const ReviewedCall& call, Field field) {
    if (order.isForPeople && field == Field::DialTime && !call.call.dialTime) {
        return shownValue(call, Field::CreatedTime);
    }
    if (order.isForPeople && field == Field::Agent && call.call.agentName.value_or(QString()).isEmpty()) {
        return shownValue(call, Field::AgentId);
    }
    return shownValue(call, field);
}

/// Writes calls one after the other in the format asked for.
class CallPrinter {
 public:
    CallPrinter(Console& console, const ListOrder& order) : m_console(console), m_order(order), m_table(titles()) {
        for (size_t i = 0; i < order.fields.size(); ++i) {
            const FieldKind kind = info(order.fields[i]).kind;
            if (kind == FieldKind::Duration || kind == FieldKind::Number) {
                m_table.setRightAligned(int(i));
            }
            if (order.fields[i] == Field::Key || order.fields[i] == Field::Id) {
                m_table.setNeverCut(int(i));  // it is there to be copied
            }
        }
    }
    void begin() {
        if (m_order.format == Format::Json) {
            m_json.beginArray();
        } else if (m_order.format == Format::Csv) {
            m_console.print(csvLine(names()));
        }
    }
    void add(const ReviewedCall& call) {
        QStringList cells;
        switch (m_order.format) {
            case Format::Json:
                writeCall(m_json, call, m_order.fields);
                m_console.print(m_json.take());
                return;
            case Format::Csv:
                for (const Field field : m_order.fields) {
                    cells.append(csvCell(call, field));
                }
                m_console.print(csvLine(cells));
                return;
            case Format::Table:
                for (const Field field : m_order.fields) {
                    cells.append(shownCell(m_order, call, field));
                }
                m_table.addRow(cells);
                return;
        }
    }
    void end() {
        if (m_order.format == Format::Json) {
            m_json.endArray();
            m_console.print(m_json.take());
        } else if (m_order.format == Format::Table) {
            m_console.print(m_table.text());
        }
    }

 private:
    [[nodiscard]] QStringList names() const {
        QStringList names;
        for (const Field field : m_order.fields) {
            names.append(QString::fromLatin1(info(field).jsonName));
        }
        return names;
    }
    [[nodiscard]] QStringList titles() const {
        QStringList titles;
        for (const Field field : m_order.fields) {
            titles.append(m_order.isForPeople && field == Field::DialTime ? Text::tr("Start") : fieldLabel(field));
        }
        return titles;
    }

    Console& m_console;
    const ListOrder& m_order;
    JsonWriter m_json{1};
    TextTable m_table;
};

}  // namespace

int runList(CommandContext& context) {
    const auto order = orderFromArguments(context.arguments);
    if (!order) {
        return context.fail(order.error().message, kExitUsage);
    }
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto selection = (*reader)->select(context.arguments.value("filter"), order->sort, context.clock->now());
    if (!selection) {
        const bool isUsage = selection.error().kind == ErrorKind::InvalidInput;
        return isUsage ? context.fail(selection.error().message, kExitUsage) : context.fail(selection.error());
    }
    const auto total = qint64(selection->rows.size());
    const qint64 first = std::min(order->offset, total);
    const qint64 last = first + std::min(order->limit, total - first);
    CallPrinter printer(context.console, *order);
    printer.begin();
    for (qint64 start = first; start < last; start += qint64(kChunk)) {
        std::vector<qint64> callRows;
        for (qint64 i = start; i < std::min(last, start + qint64(kChunk)); ++i) {
            callRows.push_back(selection->index->callRow(selection->rows[size_t(i)]));
        }
        const auto calls = (*reader)->calls(callRows);
        if (!calls) {
            return context.fail(calls.error());
        }
        for (const ReviewedCall& call : *calls) {
            printer.add(call);
        }
    }
    printer.end();
    if (order->format == Format::Table) {
        if (last - first < total && !order->limitWasAsked) {
            context.console.say(Text::tr("%1 of %2 calls; --limit and --offset show others.")
                                    .arg(QString::number(last - first), QString::number(total)));
        } else if (!(*reader)->hasCalls()) {
            context.console.say(
                Text::tr("There are no calls here yet. Add an account with “earmark account add”, then fetch its calls "
                         "with “earmark pull”."));
        }
    }
    return kExitDone;
}

int runCount(CommandContext& context) {
    std::optional<Field> by;
    if (context.arguments.has("by")) {
        const auto field = fieldNamed(context.arguments.value("by"));
        if (!field) {
            return context.fail(field.error().message, kExitUsage);
        }
        if (!isSortable(*field)) {
            return context.fail(
                Text::tr("Calls cannot be counted by %1, which is a long text.").arg(context.arguments.value("by")),
                kExitUsage);
        }
        by = *field;
    }
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto selection = (*reader)->select(context.arguments.value("filter"), SortKey(), context.clock->now());
    if (!selection) {
        const bool isUsage = selection.error().kind == ErrorKind::InvalidInput;
        return isUsage ? context.fail(selection.error().message, kExitUsage) : context.fail(selection.error());
    }
    std::vector<std::pair<QString, qint64>> parts;
    if (by) {
        const auto counted = countBy(*selection->index, selection->rows, *by);
        for (auto it = counted.cbegin(); it != counted.cend(); ++it) {
            parts.emplace_back(it.key(), it.value());
        }
        std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
    }
    const auto total = qint64(selection->rows.size());
    if (context.arguments.has("json")) {
        JsonWriter json(by ? 2 : 0);
        json.beginObject();
        json.key(u"count");
        json.number(total);
        if (by) {
            json.key(u"by");
            json.beginObject();
            for (const auto& [value, number] : parts) {
                json.key(value);
                json.number(number);
            }
            json.endObject();
        }
        json.endObject();
        context.console.print(json.take());
        return kExitDone;
    }
    if (!by) {
        context.console.line(QString::number(total));
        return kExitDone;
    }
    TextTable table({fieldLabel(*by), Text::tr("Calls")}, 60);
    table.setRightAligned(1);
    for (const auto& [value, number] : parts) {
        table.addRow({value, QString::number(number)});
    }
    table.addRow({Text::tr("all"), QString::number(total)});
    context.console.print(table.text());
    return kExitDone;
}

}  // namespace earmark
