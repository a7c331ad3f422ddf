// One delivery as text: the JSON of the webhook and of JSON Lines, and the record of a CSV file. Pure, any thread.
#pragma once

#include <QByteArray>

#include "models/domain/result.h"
#include "models/targets/writedialect.h"

namespace earmark {

/// {"schema": "earmark.review/1", ...} in one line without a line break, in the order of the contract: only the changed
/// fields, null for a cleared or unknown value. Characters that some readers take for the end of a line are escaped.
[[nodiscard]] QByteArray reviewJson(const Account& account, const OutgoingReview& review);

/// One record of RFC 4180, its CRLF included. `changed` names the changed fields, which tells a cleared value from one
/// that did not change.
[[nodiscard]] QByteArray reviewCsv(const Account& account, const OutgoingReview& review);
[[nodiscard]] QByteArray reviewCsvHeader();

/// A cell that no spreadsheet takes for a formula: such texts get an apostrophe in front. "+15550100123" stays.
[[nodiscard]] QByteArray csvCell(const QString& text);
/// "..." with all escapes.
[[nodiscard]] QByteArray jsonString(const QString& text);

}  // namespace earmark
