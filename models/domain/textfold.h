// One way of folding text for search and one way of making data safe to show. Pure functions, any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace earmark {

/// Case-folded, compatibility forms and accents removed (also Turkish dotless i -> i, German sharp s -> ss, stroke
/// letters). Accents are those of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel marks; vowel signs and the
/// like of Indic, Thai and Japanese writing are letters and stay. Used on both sides of each comparison.
[[nodiscard]] QString foldedText(QStringView text);
/// The words of any text, folded (letters, digits and marks run together; everything else separates). Folding a folded
/// text again changes nothing, so either may be given.
[[nodiscard]] QStringList foldedWords(QStringView text);

/// For cells, labels, tooltips: at most `limit` characters (never cutting a surrogate pair), line breaks as blanks,
/// control and bidi control characters as visible marks (U+2400 block, "<U+202E>"), NUL included. More than 16 marks
/// on one letter are counted instead of drawn ("<+1984 marks>").
[[nodiscard]] QString shownText(QStringView text, qsizetype limit = 512);
/// For multi-line panes: as above but line breaks and tabs stay, and no limit.
[[nodiscard]] QString shownParagraphs(QStringView text);
/// Data inside one of our sentences: shownText wrapped in first-strong isolates (U+2068 ... U+2069).
[[nodiscard]] QString isolated(QStringView text);

}  // namespace earmark
