// A sound side that notes what is asked of it, and answers as a device would when told to; and recordings of silence.
#pragma once

#include "ui/playback/soundoutput.h"

namespace earmark {

/// Notes what is asked, and answers as a device would when told to.
class FakeOutput final : public SoundOutput {
 public:
    void setSamples(std::shared_ptr<const PcmStore> given) override {
        samples = std::move(given);
        plays = false;
    }
    void play(const SoundOrder& given) override {
        plays = true;
        frame = given.frame;
        order = given.number;
        last = given;
        ++playCount;
    }
    void halt() override { plays = false; }
    void setGain(double amplitude) override { gain = amplitude; }
    void setTempo(double given) override { tempo = given; }
    void setVoices(const VoiceMix& given) override { mix = given; }
    void setPath(const PlaybackPath& given) override { path = given; }

    [[nodiscard]] SoundReport sounds(double at, SteadyTime time, double heardTempo = 1) const {
        return {order, SoundPhase::Sounding, at, time, heardTempo};
    }

    std::shared_ptr<const PcmStore> samples;
    bool plays = false;
    std::int64_t frame = -1;
    quint64 order = 0;
    int playCount = 0;
    double gain = -1;
    double tempo = 1;
    VoiceMix mix;
    PlaybackPath path;
    SoundOrder last;
};

inline constexpr int kRate = 8000;

inline std::shared_ptr<PcmStore> store(std::int64_t frames) {
    auto samples = std::make_shared<PcmStore>(PcmFormat{kRate, 1}, "/nonexistent");
    const std::vector<std::int16_t> silence(static_cast<std::size_t>(frames));
    return samples->append(silence) ? samples : nullptr;
}

inline std::shared_ptr<PcmStore> finishedStore(std::int64_t frames) {
    auto samples = store(frames);
    samples->finish();
    return samples;
}

}  // namespace earmark
