// Calls as JSON, CSV and aligned text; the shapes are a contract with everyone who reads our output. Any thread.
#pragma once

#include <QByteArray>
#include <QStringList>
#include <vector>

#include "app/commandline/jsonwriter.h"
#include "models/domain/calldetails.h"
#include "models/domain/review.h"

namespace earmark {

/// The fields of `list --format json` in their order.
[[nodiscard]] std::vector<Field> listFields();

/// One call as an object with these fields.
void writeCall(JsonWriter& json, const ReviewedCall& call, const std::vector<Field>& fields);
/// The object of `show --format json`: all list fields, then the second group.
void writeWholeCall(JsonWriter& json, const ReviewedCall& call, const CallDetails& details,
                    const std::vector<HistoryEntry>& history);

/// RFC 4180, one line with its CRLF.
[[nodiscard]] QByteArray csvLine(const QStringList& cells);
[[nodiscard]] QString csvCell(const ReviewedCall& call, Field field);
/// Text that a spreadsheet would take for a formula, made harmless with a leading apostrophe.
[[nodiscard]] QString guardedFormula(const QString& text);

/// For people: local times, durations as m:ss, "" for nothing.
[[nodiscard]] QString shownValue(const ReviewedCall& call, Field field);

/// Columns padded to the same width; cells are cut at `widest` characters, keys never.
class TextTable final {
 public:
    explicit TextTable(const QStringList& titles, int widest = 28) : m_widest(widest) { addRow(titles); }
    void setRightAligned(int column) { m_right.append(column); }
    void setNeverCut(int column) { m_whole.append(column); }
    void addRow(const QStringList& cells);
    [[nodiscard]] QString text() const;

 private:
    int m_widest;
    QList<int> m_right;
    QList<int> m_whole;
    std::vector<QStringList> m_rows;
};

}  // namespace earmark
