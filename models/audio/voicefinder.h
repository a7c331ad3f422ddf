// Tells speech, silence and tones from what was measured of each channel. Where it is in doubt it calls a sound speech:
// what is called something else may be skipped. Pure, any thread.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "models/audio/channelmeter.h"
#include "models/audio/soundmap.h"

namespace earmark {

/// Frames, from `begin` up to, but not including, `end`.
struct FrameRun {
    int begin = 0;
    int end = 0;

    [[nodiscard]] int length() const { return end - begin; }
    friend bool operator==(const FrameRun&, const FrameRun&) = default;
};
using FrameRuns = std::vector<FrameRun>;

/// The levels that parts a channel's noise from its sounds, in hundredths of dB.
struct NoiseFloor {
    int level = 0;         ///< what the line sounds like when nobody speaks
    int sound = 0;         ///< above: somebody or something is heard
    int quietest = 0;      ///< nothing below is called a sound, however quiet the line
    int loud = 0;          ///< of a hundred moments, two are louder
    int fade = 0;          ///< so much above `level` over 50 ms: something begins or ends
    bool isNoise = false;  ///< a steady noise that is always there; false: no such noise was found
    bool isGated = false;  ///< digital silence lies between the sounds

    [[nodiscard]] int fadeLevel() const { return std::max(level + fade, quietest - fade); }
    [[nodiscard]] int sureLevel() const { return std::max(level + fade + 100, quietest + 300); }
};

/// A steady tone or a pair of tones.
struct ToneRun {
    FrameRun run;
    float hertz = 0;
};

/// `hearing`: what is so much below the loud moments is no speech, in hundredths of dB.
[[nodiscard]] NoiseFloor noiseFloor(std::span<const SoundFrame> frames, std::int16_t SoundFrame::*which,
                                    const std::vector<bool>& leftOut, int hearing);
[[nodiscard]] std::vector<ToneRun> findTones(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames);

/// Where white noise goes on for at least 1.2 s as no voice does, nor a whisper or a vowel that is held, well below
/// `voices` (a level), less what borders on anything else: also noise that comes and goes or is louder than a quiet
/// voice elsewhere. What stands out of it is not in these runs.
[[nodiscard]] FrameRuns findSteadyNoise(std::span<const SoundFrame> frames, std::span<const ToneBlock> blocks,
                                        int voices);

/// Bursts of one ring-back and the pauses between them, as ITU-T E.180 has cadences: at least two, with a long pause
/// somewhere, alike but for the first and the last, which may be cut. Busy has no long pause. Nobody speaks in between.
[[nodiscard]] FrameRuns findRinging(std::span<const ToneRun> tones, const FrameRuns& speech);
/// Music: for seconds on end hardly a gap in it, and its sound changes from note to note and not from moment to moment
/// as speech does. What is taken for speech is asked alone.
[[nodiscard]] FrameRuns findMusic(std::span<const ToneBlock> blocks, std::span<const SoundFrame> frames,
                                  const FrameRuns& speech);
/// Runs with gaps shorter than this joined; ascending.
[[nodiscard]] FrameRuns joinedRuns(FrameRuns runs, int gap);
[[nodiscard]] FrameRuns runsWithout(const FrameRuns& runs, const FrameRuns& removed);
[[nodiscard]] int framesInside(const FrameRuns& runs, const FrameRun& inside);

/// What was found in a whole recording, in frames.
struct FoundVoices {
    struct Tone {
        ToneKind kind = ToneKind::Ringback;
        FrameRun run;
        bool onAllChannels = false;
    };
    std::vector<FrameRuns> speech;  ///< per channel
    FrameRuns silence;
    std::vector<Tone> tones;
    FrameRuns beeps;
};
[[nodiscard]] FoundVoices findVoices(std::span<const ChannelMeter> channels);

}  // namespace earmark
