// A short piece of a foreign answer that may stand in a log: no keys, no signatures, no content of calls. Pure, any
// thread.
#pragma once

#include <QByteArrayView>
#include <QString>

namespace earmark {

inline constexpr qsizetype kExcerptCharacters = 200;

/// Foreign text in one line, cut to 200 characters; queries of addresses, bearer tokens and API keys are replaced by
/// "...".
[[nodiscard]] QString redactedLine(QStringView text);
/// The beginning of a body for an Error's detail. Of JSON only names and shape: its values are what customers said.
[[nodiscard]] QString bodyExcerpt(QByteArrayView body);

}  // namespace earmark
