// Everything that the windows of this process say, gathered: labels, actions, tips, titles, cells, headers, messages
// and what is told to screen readers; and what is unlawful about it. Main thread only.
#pragma once

#include <QStringList>
#include <vector>

namespace earmark::test {

struct SaidText {
    QString where;
    QString text;
    bool isInput = false;  ///< what is being edited there is the data itself
};

/// Of all windows, shown or not.
[[nodiscard]] std::vector<SaidText> everythingSaid();
/// Markup that Qt would follow, control characters that change how the text around is read, empty when all is well.
[[nodiscard]] QStringList unlawfulTexts();

}  // namespace earmark::test
