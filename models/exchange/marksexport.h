// Marks of a recording as files that other programs read: Audacity's label track and WebVTT. Pure, any thread.
#pragma once

#include <QByteArray>

#include "models/domain/callmark.h"

namespace earmark {

enum class MarksFormat {
    AudacityLabels,  ///< manual.audacityteam.org, "Importing and Exporting Labels": begin TAB end TAB label, seconds
    WebVtt,          ///< w3.org/TR/webvtt1
};

/// "txt", "vtt"
[[nodiscard]] QString fileEnding(MarksFormat format);
/// UTF-8, in the order of the recording. A mark's label is its text, with its kind before it in square brackets.
[[nodiscard]] QByteArray marksText(CallMarks marks, MarksFormat format);

}  // namespace earmark
