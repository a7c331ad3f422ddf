#include "models/edits/threewaymerge.h"

#include <algorithm>
#include <climits>

#include "models/edits/linediff.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using Numbers = std::vector<int>;
using Changes = std::vector<LineChange>;

/// One side's changes are taken where the other has none. nullopt: both changed it, differently.
template <typename T>
std::optional<T> whoeverChanged(const T& base, const T& mine, const T& theirs) {
    if (mine == theirs || theirs == base) {
        return mine;
    }
    return mine == base ? std::optional<T>(theirs) : std::optional<T>();
}

Numbers part(const Numbers& lines, int from, int to) {
    return Numbers(lines.begin() + from, lines.begin() + to);
}

/// Where a change stands in a text that both sides are compared in, and what it does there.
struct Spot {
    int from = 0;
    int to = 0;
    bool addsLines = false;
    bool grows = false;
};

std::vector<Spot> spotsBefore(const Changes& changes) {
    std::vector<Spot> spots;
    for (const LineChange& change : changes) {
        spots.push_back({change.beforeFrom, change.beforeTo, change.addsLines(), change.grows()});
    }
    return spots;
}

/// In the changed text, counted from `origin`.
std::vector<Spot> spotsAfter(const Changes& changes, int origin) {
    std::vector<Spot> spots;
    for (const LineChange& change : changes) {
        spots.push_back({change.afterFrom - origin, change.afterTo - origin, change.addsLines(), change.grows()});
    }
    return spots;
}

/// Of two changes that meet: do they leave each other alone? Side by side they do, unless both bring new lines there
/// (which would come first?) or one takes lines away where the other brings some (was it meant for those?).
bool areApart(const Spot& one, const Spot& other) {
    const bool share = std::max(one.from, other.from) < std::min(one.to, other.to);
    const auto isWithin = [](const Spot& point, const Spot& range) {
        return point.from == point.to && range.from < point.from && point.from < range.to;
    };
    const bool bothGrow = one.grows && other.grows;
    return !share && !isWithin(one, other) && !isWithin(other, one) && !bothGrow && one.addsLines == other.addsLines;
}

/// Both ascending, with a common line between two spots of one side. `areEqual` of two places in the vectors: the same
/// change on both sides.
template <typename AreEqual>
bool allApart(const std::vector<Spot>& ones, const std::vector<Spot>& others, const AreEqual& areEqual) {
    size_t i = 0;
    size_t j = 0;
    while (i < ones.size() && j < others.size()) {
        const Spot& one = ones[i];
        const Spot& other = others[j];
        const bool meet = one.to >= other.from && other.to >= one.from;
        if (meet && !areApart(one, other) && !areEqual(i, j)) {
            return false;
        }
        one.to <= other.to ? ++i : ++j;
    }
    return true;
}

/// A stretch of the base with all changes of both sides that touch each other there; places in whole texts.
struct Stretch {
    int baseFrom = 0;
    int baseTo = 0;
    int mineFrom = 0;
    int mineTo = 0;
    int theirsFrom = 0;
    int theirsTo = 0;
    Changes mine;
    Changes theirs;
};

/// What one merge works on; lines as numbers.
struct Sides {
    const Numbers& base;
    const Numbers& mine;
    const Numbers& theirs;
};

std::vector<Stretch> stretchesOf(const Changes& mine, const Changes& theirs) {
    std::vector<Stretch> stretches;
    size_t i = 0;
    size_t j = 0;
    int mineAhead = 0;  // how many more lines mine has before this place than the base
    int theirsAhead = 0;
    const auto ahead = [](const LineChange& change) { return change.afterTo - change.beforeTo; };
    while (i < mine.size() || j < theirs.size()) {
        const int from = std::min(i < mine.size() ? mine[i].beforeFrom : INT_MAX,
                                  j < theirs.size() ? theirs[j].beforeFrom : INT_MAX);
        Stretch stretch{from, from, from + mineAhead, 0, from + theirsAhead, 0, {}, {}};
        for (bool grew = true; grew;) {
            grew = false;
            if (i < mine.size() && mine[i].beforeFrom <= stretch.baseTo) {
                stretch.baseTo = std::max(stretch.baseTo, mine[i].beforeTo);
                mineAhead = ahead(mine[i]);
                stretch.mine.push_back(mine[i++]);
                grew = true;
            }
            if (j < theirs.size() && theirs[j].beforeFrom <= stretch.baseTo) {
                stretch.baseTo = std::max(stretch.baseTo, theirs[j].beforeTo);
                theirsAhead = ahead(theirs[j]);
                stretch.theirs.push_back(theirs[j++]);
                grew = true;
            }
        }
        stretch.mineTo = stretch.baseTo + mineAhead;
        stretch.theirsTo = stretch.baseTo + theirsAhead;
        stretches.push_back(std::move(stretch));
    }
    return stretches;
}

/// The changes of both sides one after the other, those made by both only once.
Numbers interleaved(const Sides& sides, const Stretch& stretch) {
    struct Piece {
        LineChange change;
        Numbers lines;
    };
    std::vector<Piece> pieces;
    for (const LineChange& change : stretch.mine) {
        pieces.push_back({change, part(sides.mine, change.afterFrom, change.afterTo)});
    }
    for (const LineChange& change : stretch.theirs) {
        pieces.push_back({change, part(sides.theirs, change.afterFrom, change.afterTo)});
    }
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& one, const Piece& other) {
        return std::pair(one.change.beforeFrom, one.change.beforeTo) <
               std::pair(other.change.beforeFrom, other.change.beforeTo);
    });
    Numbers result;
    int at = stretch.baseFrom;
    for (size_t i = 0; i < pieces.size(); ++i) {
        const auto& [change, lines] = pieces[i];
        if (i > 0 && change.beforeFrom == pieces[i - 1].change.beforeFrom &&
            change.beforeTo == pieces[i - 1].change.beforeTo && lines == pieces[i - 1].lines) {
            continue;
        }
        result.insert(result.end(), sides.base.begin() + at, sides.base.begin() + change.beforeFrom);
        result.insert(result.end(), lines.begin(), lines.end());
        at = change.beforeTo;
    }
    result.insert(result.end(), sides.base.begin() + at, sides.base.begin() + stretch.baseTo);
    return result;
}

/// Has one side done what the other did, and more beside it? Then it says it all.
bool goesOnFrom(const Numbers& further, const Numbers& other, const std::vector<Spot>& whatTheOtherDid, qint64* steps) {
    const std::optional<Changes> more = lineChanges(other, further, steps);
    return more && allApart(spotsBefore(*more), whatTheOtherDid, [](size_t, size_t) { return false; });
}

std::optional<Numbers> settled(const Sides& sides, const Stretch& stretch, qint64* steps) {
    const Numbers mine = part(sides.mine, stretch.mineFrom, stretch.mineTo);
    const Numbers theirs = part(sides.theirs, stretch.theirsFrom, stretch.theirsTo);
    if (stretch.theirs.empty() || mine == theirs) {
        return mine;
    }
    if (stretch.mine.empty()) {
        return theirs;
    }
    const auto areEqual = [&](size_t i, size_t j) {
        const LineChange& one = stretch.mine[i];
        const LineChange& other = stretch.theirs[j];
        return one.beforeFrom == other.beforeFrom && one.beforeTo == other.beforeTo &&
               std::equal(sides.mine.begin() + one.afterFrom, sides.mine.begin() + one.afterTo,
                          sides.theirs.begin() + other.afterFrom, sides.theirs.begin() + other.afterTo);
    };
    if (allApart(spotsBefore(stretch.mine), spotsBefore(stretch.theirs), areEqual)) {
        return interleaved(sides, stretch);
    }
    const bool mineGoesOn = goesOnFrom(mine, theirs, spotsAfter(stretch.theirs, stretch.theirsFrom), steps);
    const bool theirsGoesOn = goesOnFrom(theirs, mine, spotsAfter(stretch.mine, stretch.mineFrom), steps);
    if (mineGoesOn != theirsGoesOn) {
        return mineGoesOn ? mine : theirs;
    }
    return std::nullopt;
}

struct Merged {
    enum class Kind { Clean, Overlap, GaveUp } kind = Kind::Clean;
    Numbers lines;
};

/// `whereTheyOverlap` gives the lines for a stretch that is an overlap; nullopt ends the merge there.
template <typename WhereTheyOverlap>
Merged merged(const Sides& sides, qint64* steps, const WhereTheyOverlap& whereTheyOverlap) {
    const std::optional<Changes> mine = lineChanges(sides.base, sides.mine, steps);
    const std::optional<Changes> theirs = mine ? lineChanges(sides.base, sides.theirs, steps) : std::nullopt;
    if (!theirs) {
        return {Merged::Kind::GaveUp, {}};
    }
    Merged result;
    int at = 0;
    for (const Stretch& stretch : stretchesOf(*mine, *theirs)) {
        std::optional<Numbers> lines = settled(sides, stretch, steps);
        if (!lines) {
            result.kind = Merged::Kind::Overlap;
            lines = whereTheyOverlap(stretch);
        }
        if (!lines) {
            return {Merged::Kind::Overlap, {}};
        }
        result.lines.insert(result.lines.end(), sides.base.begin() + at, sides.base.begin() + stretch.baseFrom);
        result.lines.insert(result.lines.end(), lines->begin(), lines->end());
        at = stretch.baseTo;
    }
    result.lines.insert(result.lines.end(), sides.base.begin() + at, sides.base.end());
    return result;
}

Merged mergedOrOverlap(const Sides& sides, qint64* steps) {
    return merged(sides, steps, [](const Stretch&) { return std::optional<Numbers>(); });
}

/// A line that was moved by both sides, to different places, would be there twice; one that was moved by one side and
/// removed by the other would stay. Counting finds what places do not show.
bool isEveryLineAccountedFor(const Sides& sides, const Numbers& result) {
    int most = -1;
    for (const Numbers* lines : {&sides.base, &sides.mine, &sides.theirs, &result}) {
        for (const int line : *lines) {
            most = std::max(most, line);
        }
    }
    struct Counts {
        int base = 0;
        int mine = 0;
        int theirs = 0;
        int result = 0;
    };
    std::vector<Counts> counts(size_t(most + 1));
    const auto count = [&](const Numbers& lines, int Counts::*where) {
        for (const int line : lines) {
            ++(counts[size_t(line)].*where);
        }
    };
    count(sides.base, &Counts::base);
    count(sides.mine, &Counts::mine);
    count(sides.theirs, &Counts::theirs);
    count(result, &Counts::result);
    return std::all_of(counts.begin(), counts.end(), [](const Counts& c) {
        const int more = c.mine - c.base;
        const int theirsMore = c.theirs - c.base;
        const int both = more + theirsMore;  // each side's for itself; what both did may be the same deed
        const bool oneWay = (more >= 0) == (theirsMore >= 0) || more == 0 || theirsMore == 0;
        const int shared = !oneWay ? both : (both >= 0 ? std::max(more, theirsMore) : std::min(more, theirsMore));
        const int change = c.result - c.base;
        return change >= std::min(both, shared) && change <= std::max(both, shared);
    });
}

/// The first line break of each text that has one, merged like any value; where all differ, the same for both orders.
QString lineBreakOf(const TextLines& base, const TextLines& mine, const TextLines& theirs) {
    const auto text = [](const TextLines& lines) { return lines.lineBreak ? lines.lineBreak->toString() : QString(); };
    const QString of[] = {text(base), text(mine), text(theirs)};
    if (of[1].isEmpty() || of[2].isEmpty()) {
        const QString either = of[1] + of[2];
        return !either.isEmpty() ? either : !of[0].isEmpty() ? of[0] : u"\n"_s;
    }
    return whoeverChanged(of[0], of[1], of[2]).value_or(std::min(of[1], of[2]));
}

bool endsWithBreak(const TextLines& base, const TextLines& mine, const TextLines& theirs) {
    if (mine.lines.empty() || theirs.lines.empty()) {
        return mine.endsWithBreak || theirs.endsWithBreak;  // a text without lines has no end
    }
    return whoeverChanged(base.endsWithBreak, mine.endsWithBreak, theirs.endsWithBreak).value_or(false);
}

QString joined(const Numbers& lines, const LineNumbers& numbers, const QString& lineBreak, bool endsWithBreak) {
    QString text;
    for (size_t i = 0; i < lines.size(); ++i) {
        text += numbers.line(lines[i]);
        // An empty last line is only there when a break follows.
        if (i + 1 < lines.size() || endsWithBreak || numbers.line(lines[i]).isEmpty()) {
            text += lineBreak;
        }
    }
    return text;
}

/// Of texts without lines: nothing or "". Where a side says which, that is it.
std::optional<QString> withoutLines(const ThreeWayTexts& texts, bool mineIsEmpty, bool theirsIsEmpty) {
    if (mineIsEmpty && theirsIsEmpty) {
        return whoeverChanged(texts.base, texts.mine, texts.theirs).value_or(std::nullopt);
    }
    return mineIsEmpty ? texts.mine : theirsIsEmpty ? texts.theirs : std::nullopt;
}

/// The three texts of notes as lines with common numbers.
struct NotesAsLines {
    explicit NotesAsLines(const ThreeWayTexts& texts)
        : baseText(texts.base.value_or(QString())),
          mineText(texts.mine.value_or(QString())),
          theirsText(texts.theirs.value_or(QString())),
          baseLines(linesOf(baseText)),
          mineLines(linesOf(mineText)),
          theirsLines(linesOf(theirsText)),
          base(numbers.numbersOf(baseLines.lines)),
          mine(numbers.numbersOf(mineLines.lines)),
          theirs(numbers.numbersOf(theirsLines.lines)) {}

    [[nodiscard]] QString text(const Numbers& lines) const {
        return joined(lines, numbers, lineBreakOf(baseLines, mineLines, theirsLines),
                      endsWithBreak(baseLines, mineLines, theirsLines));
    }

    const QString baseText;
    const QString mineText;
    const QString theirsText;
    const TextLines baseLines;
    const TextLines mineLines;
    const TextLines theirsLines;
    LineNumbers numbers;
    const Numbers base;
    const Numbers mine;
    const Numbers theirs;
};

ThreeWayResult overlap(bool gaveUp, qint64 steps) {
    return {true, std::nullopt, gaveUp, steps};
}

ThreeWayResult mergeNotes(const ThreeWayTexts& texts) {
    const NotesAsLines notes(texts);
    const Sides sides{notes.base, notes.mine, notes.theirs};
    ThreeWayResult result;
    const Merged both = mergedOrOverlap(sides, &result.steps);
    if (both.kind != Merged::Kind::Clean) {
        return overlap(both.kind == Merged::Kind::GaveUp, result.steps);
    }
    if (!isEveryLineAccountedFor(sides, both.lines)) {
        return overlap(false, result.steps);
    }
    // Merged once more with either side it must stay: repeated lines can be lined up in more than one way.
    for (const Sides& again :
         {Sides{notes.base, both.lines, notes.theirs}, Sides{notes.base, notes.mine, both.lines}}) {
        const Merged same = mergedOrOverlap(again, &result.steps);
        if (same.kind != Merged::Kind::Clean || same.lines != both.lines ||
            !isEveryLineAccountedFor(again, both.lines)) {
            return overlap(same.kind == Merged::Kind::GaveUp, result.steps);
        }
    }
    result.value = both.lines.empty() ? withoutLines(texts, notes.mine.empty(), notes.theirs.empty())
                                      : std::optional(notes.text(both.lines));
    return result;
}

}  // namespace

ThreeWayResult mergeField(ReviewField field, const ThreeWayTexts& texts) {
    if (const auto simple = whoeverChanged(texts.base, texts.mine, texts.theirs)) {
        return {false, *simple, false, 0};
    }
    return field == ReviewField::Notes ? mergeNotes(texts) : overlap(false, 0);
}

bool haveSameLines(const std::optional<QString>& one, const std::optional<QString>& other) {
    const QString first = one.value_or(QString());
    const QString second = other.value_or(QString());
    return one == other || linesOf(first).lines == linesOf(second).lines;
}

QString combinedText(ReviewField field, const ThreeWayTexts& texts) {
    if (field != ReviewField::Notes) {
        return texts.mine.value_or(QString());
    }
    const NotesAsLines notes(texts);
    const auto mineThenTheirs = [&](const Numbers& mine, const Numbers& theirs) {
        Numbers lines = mine;
        std::vector<bool> isThere(size_t(notes.base.size() + notes.mine.size() + notes.theirs.size()));
        for (const int line : mine) {
            isThere[size_t(line)] = true;
        }
        std::copy_if(theirs.begin(), theirs.end(), std::back_inserter(lines),
                     [&](int line) { return !isThere[size_t(line)]; });
        return lines;
    };
    qint64 steps = 0;
    const Sides sides{notes.base, notes.mine, notes.theirs};
    const Merged both = merged(sides, &steps, [&](const Stretch& stretch) {
        return std::optional(mineThenTheirs(part(notes.mine, stretch.mineFrom, stretch.mineTo),
                                            part(notes.theirs, stretch.theirsFrom, stretch.theirsTo)));
    });
    return notes.text(both.kind == Merged::Kind::GaveUp ? mineThenTheirs(notes.mine, notes.theirs) : both.lines);
}

}  // namespace earmark
