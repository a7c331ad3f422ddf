// The sound system by Qt Multimedia. Audio thread only.
#pragma once

#include "ui/playback/soundsystem.h"

namespace earmark {

[[nodiscard]] std::unique_ptr<SoundSystem> makeQtSoundSystem();

}  // namespace earmark
