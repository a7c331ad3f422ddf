// The tree of a parsed filter: for the parser that makes it and the evaluator that reads it. Plain data, any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/domain/fields.h"
#include "models/search/wordpattern.h"

namespace earmark {

/// The words of has: and is:.
enum class FilterFlag {
    HasRecording,  ///< only known true
    HasTranscript,
    HasSummary,
    HasNotes,
    Edited,
    Pending,  ///< any edit waits or is on its way
    Conflict,
    Refused,
    Answered,
    Reviewed,
    Flagged,
    Unlisted,  ///< no longer listed, or "not found" when asked for
};

/// Any of these values; `orNone`: also calls without a value.
struct ValuesLeaf {
    enum class Compare {
        Exact,
        Loose  ///< without regard to case and surrounding blanks
    };
    Field field = Field::Status;
    Compare compare = Compare::Exact;
    QStringList values;
    bool orNone = false;
};

/// The folded needle lies in any of the fields; for numbers both sides are number keys.
struct ContainsLeaf {
    std::vector<Field> fields;
    std::string needle;
    bool asNumber = false;
};

struct RangeLeaf {
    Field field = Field::TalkSeconds;
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();
    bool lowExcluded = false;
    bool highExcluded = false;
};

/// Milliseconds since 1970, both ends included. No field = the start: dial time, else created time.
struct TimeLeaf {
    std::optional<Field> field;
    qint64 first = std::numeric_limits<qint64>::min();
    qint64 last = std::numeric_limits<qint64>::max();
};

/// The call has no value for the field (no field = neither dial nor created time).
struct NoneLeaf {
    std::optional<Field> field;
};

struct FlagLeaf {
    FilterFlag flag = FilterFlag::Edited;
};

struct TextLeaf {
    enum class Scope {
        Anything,  ///< bare words: ids, numbers, names, summary, notes that count, next action, transcript
        Summary,
        Notes,  ///< the ones that count
        ProviderNotes,
        NextAction,
        Transcript,
    };
    int number = 0;  ///< position in TextMatches
    Scope scope = Scope::Anything;
    WordPattern pattern;
};

using FilterLeaf = std::variant<ValuesLeaf, ContainsLeaf, RangeLeaf, TimeLeaf, NoneLeaf, FlagLeaf, TextLeaf>;

struct FilterNode {
    enum class Kind { All, Any, Not, Leaf };
    Kind kind = Kind::Leaf;
    std::vector<FilterNode> children;
    FilterLeaf leaf;
};

/// The tree's building blocks.
[[nodiscard]] inline FilterNode leafNode(FilterLeaf leaf) {
    FilterNode node;
    node.leaf = std::move(leaf);
    return node;
}

[[nodiscard]] inline FilterNode negated(FilterNode node) {
    FilterNode result;
    result.kind = FilterNode::Kind::Not;
    result.children.push_back(std::move(node));
    return result;
}

/// The child itself when there is only one.
[[nodiscard]] inline FilterNode joined(FilterNode::Kind kind, std::vector<FilterNode> children) {
    if (children.size() == 1) {
        return std::move(children.front());
    }
    FilterNode node;
    node.kind = kind;
    node.children = std::move(children);
    return node;
}

}  // namespace earmark
