// Mends Qt 6.4's way of speaking to PulseAudio, which hangs for ever, or ends the program, when a device goes away at
// the wrong moment. Qt's calls of the sound library pass through here, for the program's own functions of these names
// come before the library's. Any thread.
#pragma once

namespace earmark {

/// Takes the mends into the program, which without a call nobody would link.
void mendPulse();
/// Whether calls pass through here.
[[nodiscard]] bool pulseIsMended();

}  // namespace earmark
