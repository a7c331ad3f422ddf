// Where a text holds what is looked for, whatever its case and accents, in positions of the text itself. Pure, any
// thread.
#pragma once

#include <QString>
#include <QStringView>
#include <vector>

namespace earmark {

struct TextMatch {
    qsizetype from = 0;
    qsizetype length = 0;

    friend bool operator==(const TextMatch&, const TextMatch&) = default;
};

/// Matches that do not overlap, in order. `folded` is what foldedText() made of what somebody typed; an empty one is
/// nowhere.
[[nodiscard]] std::vector<TextMatch> matchesIn(QStringView text, const QString& folded);

}  // namespace earmark
