// Does a downloaded recording end where it should? Asked when the server did not say how long it is, for then a cut
// transfer can look finished. Pure file reading; any thread but the UI thread.
#pragma once

#include <QString>

namespace earmark {

enum class LengthProof {
    Whole,    ///< the file itself tells its length, and all of it is there
    Cut,      ///< the file itself tells that its end is missing
    Unknown,  ///< the file tells no length: written while it was recorded, or a form that has none
};

/// `container` is a word of audioContainer().
[[nodiscard]] LengthProof provenLength(int descriptor, const QString& container);

}  // namespace earmark
