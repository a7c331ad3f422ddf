// How values of calls are said in table cells, tooltips and to screen readers. Pure functions, any thread.
#pragma once

#include <QString>
#include <QVariant>

#include "models/search/callindex.h"
#include "models/tables/callcolumns.h"

namespace earmark {

/// The sign for "offered, but no value" and for "this provider never gives it": visibly different, also from 0:00.
[[nodiscard]] QString noValueSign();
[[nodiscard]] QString notOfferedSign();

/// A time in the system's zone: locale's short form with seconds.
[[nodiscard]] QString cellTime(Moment moment);
/// Enum words of the common record as people read them ("no_answer" -> "No answer"); words we do not know stay as they
/// are.
[[nodiscard]] QString wordText(Field field, const QString& word);
/// "Edited", "Waiting", "Sent", ...: what the Edited column says.
[[nodiscard]] QString editMarkText(EditState state);

/// RawValueRole: QString, double, bool, QDateTime (UTC), QStringList; invalid = null.
[[nodiscard]] QVariant rawValue(const FieldValue& value);

/// The value that a column shows for a row: Start falls back to the created time, names to their ids.
[[nodiscard]] FieldValue cellValue(const CallIndex& index, RowNumber row, CallColumn column);
/// What the cell says; the signs above where there is nothing. Cut to 512 characters. Not for columns with long texts.
[[nodiscard]] QString cellText(const CallIndex& index, RowNumber row, CallColumn column);
/// Said about null: "no value" or "not offered by Yotel"; "" when there is a value.
[[nodiscard]] QString absenceText(const CallIndex& index, RowNumber row, CallColumn column);
/// One sentence about the row, for screen readers.
[[nodiscard]] QString rowSentence(const CallIndex& index, RowNumber row);

/// Data as a tooltip that can never be taken for markup of its own.
[[nodiscard]] QString escapedToolTip(const QString& data);

}  // namespace earmark
