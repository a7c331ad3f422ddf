// The matchers that look into strings: ids, numbers, names, reviews and what a text scan found. One query, one thread.
#pragma once

#include "models/search/matcher.h"

namespace earmark {

/// The folded needle anywhere in the folded text.
[[nodiscard]] MatcherPtr blobContains(Texts column, const std::string& needle);
/// The words in the folded text.
[[nodiscard]] MatcherPtr blobWords(Texts column, const WordPattern& pattern);
/// The number as one word, however it is grouped.
[[nodiscard]] MatcherPtr customerNumber(const WordPattern& pattern);
/// The folded needle in "account/id".
[[nodiscard]] MatcherPtr keyContains(const CallIndex::Private& index, const std::string& needle);
[[nodiscard]] MatcherPtr flagContains(const std::string& needle);
[[nodiscard]] MatcherPtr localNotes(const WordPattern& pattern);
/// Rows whose database row id is in the sorted list; `rows` must outlive the matcher.
[[nodiscard]] MatcherPtr callRowsIn(const std::vector<qint64>& rows);

}  // namespace earmark
