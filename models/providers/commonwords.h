// Words that the providers use alike, for who spoke and for how a call ended. Pure functions, any thread.
#pragma once

#include "models/domain/calldetails.h"

namespace earmark {

/// "assistant", "bot", "AI" ... in any case; Unknown for a word that no document has, and for none.
[[nodiscard]] Speaker speakerOf(const QString& word);
/// From an end reason such as "user_hangup" or "ended-by-agent"; Unknown for a word that no document has.
[[nodiscard]] EndReason endReasonOf(const QString& word);

/// A transcript that is one text: each line that begins with a speaker's name and a colon begins a turn, other lines
/// continue the one before. A text without any such line is one turn of an unknown speaker; a blank text is none.
[[nodiscard]] std::vector<Turn> turnsOfText(const QString& text);

/// The words of all turns, one turn a line, for searching; nullopt where nothing was said. Cut at the length of the
/// longest text that a field may have.
[[nodiscard]] std::optional<QString> transcriptTextOf(const std::vector<Turn>& turns);

}  // namespace earmark
