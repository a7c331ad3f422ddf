#include "tests/audio/heldoutcalls.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tests/audio/audibility.h"

namespace earmark::fixture {

namespace {

constexpr int kRate = 8000;
constexpr std::size_t kFrame = kRate / 100;
constexpr double kSeconds = 26;
constexpr double kHeardFrom = -50;  // dB against the loudest moment

double gainOf(double db) {
    return std::pow(10.0, db / 20);
}
double dbOf(double meanSquare) {
    return 10 * std::log10(meanSquare + 1e-20);
}

double muLawAndBack(double value) {
    const double magnitude = std::min(1.0, std::abs(value));
    const double pressed = std::round(127 * std::log1p(255 * magnitude) / std::log1p(255.0)) / 127;
    return std::copysign(std::expm1(pressed * std::log1p(255.0)) / 255, value);
}

struct Composer {
    const LineForm& form;
    std::mt19937 random;
    std::array<Track, 2> clean;
    std::array<Track, 2> around;  // noise and extras
    std::array<std::vector<double>, 2> below;

    double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(random); }
    double normal() { return std::normal_distribution<double>()(random); }
    static std::size_t place(double seconds) { return static_cast<std::size_t>(seconds * kRate); }

    Talker talker() {
        static constexpr std::array kTalkers{
            Talker{95, 1, 0.85, -16, -10, false, true},     Talker{125, 1, 1.6, -22, -20, false, false},
            Talker{205, 1.15, 1, -14, -26, false, true},    Talker{240, 1.17, 1.7, -20, -8, false, false},
            Talker{330, 1.35, 0.9, -24, -16, false, false}, Talker{110, 1, 1, -18, -22, true, false}};
        return kTalkers[random() % kTalkers.size()];
    }
    void speak(const std::vector<Track>& espeak) {
        const std::array<Talker, 2> talkers{talker(), talker()};
        const bool isEspeak = !espeak.empty();
        double at = form.extra == Extra::RingBack || form.extra == Extra::Music ? 14.0 : 1.5;
        for (std::size_t who = random() % 2; at < kSeconds - 7; who = random() % 3 == 0 ? who : 1 - who) {
            const bool isShort = random() % 5 == 0 || (form.isSparse && who == 1);
            Track sentence = isEspeak ? espeak[random() % espeak.size()]
                                      : spokenSentence(talkers[who], isShort ? 0.25 : between(0.6, 3), kRate, random);
            if (isEspeak && random() % 2 == 0) {  // swallowed endings
                const std::size_t tail = std::min(sentence.size(), place(0.6));
                for (std::size_t i = 0; i < tail; ++i) {
                    sentence[sentence.size() - tail + i] *=
                        gainOf(-22.0 * static_cast<double>(i) / static_cast<double>(tail));
                }
            }
            const double side = who == 1 ? form.sides - form.fading * at / kSeconds : 0;
            put(who, place(at), sentence, form.voiceDb + side + between(-4, 2));
            const double pause = form.isSparse       ? between(1.5, 5)
                                 : random() % 6 == 0 ? -0.3
                                 : random() % 3 == 0 ? between(0.1, 0.8)
                                                     : between(0.8, 4);
            at = std::max(at + 0.2, at + static_cast<double>(sentence.size()) / kRate + pause);
        }
    }
    void put(std::size_t who, std::size_t from, const Track& sentence, double db) {
        const double gain = gainOf(db);
        for (std::size_t i = 0; i < sentence.size() && from + i < clean[who].size(); ++i) {
            clean[who][from + i] += sentence[i] * gain;
        }
        const std::size_t first = from / kFrame;
        for (std::size_t k = first; k * kFrame < from + sentence.size() && k < below[who].size(); ++k) {
            double energy = 0;
            for (std::size_t i = std::max(k * kFrame, from); i < std::min((k + 1) * kFrame, from + sentence.size());
                 ++i) {
                energy += sentence[i - from] * sentence[i - from];
            }
            below[who][k] = std::max(below[who][k], dbOf(energy / kFrame));
        }
    }
    /// A packet that is lost is silence: nobody can have heard what was in it.
    void losePackets() {
        const std::size_t packet = place(0.02);
        for (std::size_t who = 0; who < 2 && form.lostPackets > 0; ++who) {
            for (std::size_t at = 0; at + 3 * packet < clean[who].size(); at += packet) {
                if (between(0, 1) < form.lostPackets) {
                    const std::size_t lost = (1 + random() % 3) * packet;
                    for (std::size_t i = at; i < at + lost; ++i) {
                        clean[who][i] = around[who][i] = 0;
                    }
                    at += lost;
                }
            }
        }
    }
    void addTones(std::size_t who, double from, double to, std::vector<double> hertz, double db) {
        for (std::size_t i = place(from); i < std::min(place(to), around[who].size()); ++i) {
            for (const double each : hertz) {
                around[who][i] += gainOf(db) * std::sin(2 * std::numbers::pi * each * static_cast<double>(i) / kRate);
            }
        }
    }
    void addNoise(std::size_t who) {
        const double gain = gainOf(form.noiseDb);
        std::array<double, 3> pink{};
        Track babble;
        if (form.noise == LineNoise::Babble) {
            babble.resize(clean[who].size());
            for (int voice = 0; voice < 6; ++voice) {
                const Track mutter = spokenSentence(talker(), 6, kRate, random);
                for (std::size_t i = 0; i < babble.size(); ++i) {
                    babble[i] += mutter[i % mutter.size()] * 0.9;
                }
            }
        }
        for (std::size_t i = 0; i < around[who].size(); ++i) {
            const double turn = 2 * std::numbers::pi * static_cast<double>(i) / kRate;
            double value = 0;
            switch (form.noise) {
                case LineNoise::None:
                    break;
                case LineNoise::White:
                    value = normal();
                    break;
                case LineNoise::Pink: {
                    const double white = normal();
                    pink = {0.99 * pink[0] + 0.1 * white, 0.96 * pink[1] + 0.3 * white, 0.57 * pink[2] + white};
                    value = (pink[0] + pink[1] + pink[2] + 0.2 * white) * 0.45;
                    break;
                }
                case LineNoise::Hum50:
                    value =
                        std::sin(50 * turn) + 0.4 * std::sin(150 * turn) + 0.3 * std::sin(250 * turn) + 0.02 * normal();
                    break;
                case LineNoise::Hum100:
                    value = 1.4 * std::sin(100 * turn) + 0.2 * std::sin(300 * turn);
                    break;
                case LineNoise::Babble:
                    value = babble[i];
                    break;
                case LineNoise::Switching: {
                    // The other end sends nothing but now and then a description of its noise.
                    const bool isOn = (i / place(1.7) + who) % 3 != 0;
                    value = isOn ? normal() : 0.05 * normal();
                    break;
                }
            }
            around[who][i] += gain * value;
        }
    }
    void addExtras() {
        switch (form.extra) {
            case Extra::None:
                break;
            case Extra::RingBack:
                for (const double from : {0.5, 5.5, 10.5}) {
                    addTones(0, from, from + 1, {425}, -20);
                }
                break;
            case Extra::Keys:
                for (int key = 0; key < 6; ++key) {
                    const double from = 3 + 0.25 * key;
                    addTones(1, from, from + 0.09, {770.0 + 82 * (key % 3), 1209.0 + 127 * (key % 2)}, -16);
                }
                break;
            case Extra::Music:
                for (int note = 0; note < 30; ++note) {
                    static constexpr std::array<double, 6> kNotes{262, 330, 392, 440, 392, 330};
                    const double hertz = kNotes[static_cast<std::size_t>(note) % kNotes.size()];
                    addTones(1, 0.4 * note, 0.4 * note + 0.4, {hertz, hertz * 2, hertz * 1.5}, -26);
                }
                break;
        }
    }
};

/// What is audible for a moment alone is no sound of speech.
void markAudible(std::vector<SaidFrame>& said) {
    const auto isHeard = [&said](std::size_t k) {
        return k < said.size() && said[k].above >= kHeardAbove && said[k].below >= kHeardBelow &&
               said[k].level >= kHeardLevel;
    };
    for (std::size_t k = 0; k < said.size(); ++k) {
        said[k].isAudible = isHeard(k) && ((k > 0 && isHeard(k - 1)) || isHeard(k + 1));
    }
}

/// Of one side; both noises where both sides share a channel, which takes half of each.
std::vector<SaidFrame> saidBy(const Composer& composer, std::size_t who) {
    const bool isShared = composer.form.channels == 1;
    Track noise = composer.around[who];
    for (std::size_t i = 0; i < noise.size() && isShared; ++i) {
        noise[i] += composer.around[1 - who][i];
    }
    const std::vector<HeardFrame> heard = heardFrames(composer.clean[who], noise, kRate);
    std::vector<SaidFrame> said(heard.size());
    for (std::size_t k = 0; k < heard.size(); ++k) {
        if (composer.below[who][k] >= kHeardFrom) {
            said[k] = {composer.below[who][k], heard[k].level - (isShared ? 6 : 0), heard[k].above, false};
        }
    }
    markAudible(said);
    return said;
}

}  // namespace

HeldOutCall heldOutCall(const LineForm& form, const std::vector<Track>& espeak, unsigned seed) {
    Composer composer{form, std::mt19937(seed), {}, {}, {}};
    const std::size_t count = Composer::place(kSeconds);
    const std::size_t frames = count / kFrame;
    for (std::size_t who = 0; who < 2; ++who) {
        composer.clean[who].assign(count, 0);
        composer.around[who].assign(count, 0);
        composer.below[who].assign(frames, -200);
    }
    composer.speak(espeak);
    composer.addExtras();
    composer.addNoise(0);
    composer.addNoise(1);
    composer.losePackets();
    HeldOutCall call{kRate, form.channels, {}, std::vector<SaidFrame>(frames)};
    for (std::size_t who = 0; who < 2; ++who) {
        const std::vector<SaidFrame> said = saidBy(composer, who);
        for (std::size_t k = 0; k < frames; ++k) {
            SaidFrame& best = call.said[k];
            if (said[k].isAudible > best.isAudible ||
                (said[k].isAudible == best.isAudible && said[k].above > best.above)) {
                best = said[k];
            }
        }
    }
    const std::size_t delay = Composer::place(0.018);
    const auto line = [&](std::size_t who, std::size_t i) {
        const double echo = i >= delay ? gainOf(form.echoDb) * composer.clean[1 - who][i - delay] : 0;
        const double value = composer.clean[who][i] + composer.around[who][i] + echo + form.offset;
        return form.isCompanded ? muLawAndBack(value) : value;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const double first = line(0, i);
        const double second = line(1, i);
        const auto sampleOf = [](double value) {
            return static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0, 1.0) * 32767));
        };
        if (form.channels == 1) {
            call.samples.push_back(sampleOf((first + second) / 2));
        } else {
            call.samples.push_back(sampleOf(first));
            call.samples.push_back(sampleOf(second));
        }
    }
    return call;
}

}  // namespace earmark::fixture
