#include "tests/audio/spokensound.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace earmark::fixture {

using std::chrono::milliseconds;

namespace {

double ratio(double db) {
    return std::pow(10.0, db / 20);
}

/// A resonance of a mouth.
class Formant {
 public:
    Formant(double hertz, double width, int rate)
        : m_radius(std::exp(-std::numbers::pi * width / rate)),
          m_feedback(2 * m_radius * std::cos(2 * std::numbers::pi * hertz / rate)) {}
    double operator()(double in) {
        const double out = in + m_feedback * m_one - m_radius * m_radius * m_two;
        m_two = m_one;
        m_one = out;
        return out;
    }

 private:
    double m_radius;
    double m_feedback;
    double m_one = 0;
    double m_two = 0;
};

class Speaker {
 public:
    Speaker(const SpokenForm& form, std::vector<double>& line, std::mt19937& random, double pitch)
        : m_form(form), m_line(line), m_random(random), m_pitch(pitch) {}

    /// Returns where the turn ended.
    std::size_t speak(std::size_t from, double seconds) {
        const auto end = std::min(from + place(seconds), m_line.size());
        std::size_t at = from;
        const double level = ratio(m_form.voiceDb + between(-4, 4));
        std::size_t last = from;
        while (at < end) {
            if (at == from || between(0, 1) < 0.3) {
                at = hiss(at, between(0.05, 0.12), level);
            }
            at = vowel(at, between(0.08, 0.28), level * between(0.4, 1));
            if (between(0, 1) < 0.25 || at >= end) {
                at = hiss(at, between(0.05, 0.12), level);
            }
            last = at;
            at += place(between(0, 1) < 0.15 ? between(0.1, 0.45) : between(0, 0.06));
        }
        return std::min(last, m_line.size());
    }

 private:
    [[nodiscard]] std::size_t place(double seconds) const { return static_cast<std::size_t>(seconds * m_form.rate); }
    double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(m_random); }

    void put(std::size_t from, std::vector<double> sound, double level) {
        double energy = 1e-12;
        for (const double value : sound) {
            energy += value * value;
        }
        const double gain = level / std::sqrt(energy / static_cast<double>(std::max<std::size_t>(sound.size(), 1)));
        const std::size_t edge = std::min(place(0.015), sound.size() / 2);
        for (std::size_t i = 0; i < sound.size() && from + i < m_line.size(); ++i) {
            const std::size_t near = std::min(i, sound.size() - 1 - i);
            const double fade = near < edge ? static_cast<double>(near) / static_cast<double>(edge) : 1;
            m_line[from + i] += gain * fade * sound[i];
        }
    }
    std::size_t hiss(std::size_t from, double seconds, double level) {
        std::vector<double> sound(place(seconds));
        double before = 0;
        for (double& value : sound) {
            const double noise = between(-1, 1);
            value = noise - 0.7 * before;
            before = noise;
        }
        const std::size_t end = from + sound.size();
        put(from, std::move(sound), level * ratio(-25 + between(-3, 3)));
        return end;
    }
    std::size_t vowel(std::size_t from, double seconds, double level) {
        static constexpr double kVowels[][3] = {{730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240},
                                                {530, 1840, 2480}, {570, 840, 2410},  {440, 1020, 2240}};
        const double* hertz = kVowels[static_cast<std::size_t>(between(0, 5.999))];
        Formant first(hertz[0], 80, m_form.rate);
        Formant second(hertz[1], 100, m_form.rate);
        Formant third(hertz[2], 140, m_form.rate);
        std::vector<double> sound(place(seconds));
        const double start = m_pitch * between(0.85, 1.2);
        const double glide = between(-0.2, 0.15);
        double phase = 0;
        for (std::size_t i = 0; i < sound.size(); ++i) {
            phase += start * (1 + glide * static_cast<double>(i) / static_cast<double>(sound.size())) / m_form.rate;
            double pulse = 0;
            if (phase >= 1) {
                phase -= 1;
                pulse = 1;
            }
            sound[i] = third(second(first(pulse + 0.01 * between(-1, 1))));
        }
        const std::size_t end = from + sound.size();
        put(from, std::move(sound), level);
        return end;
    }

    const SpokenForm& m_form;
    std::vector<double>& m_line;
    std::mt19937& m_random;
    double m_pitch;
};

TimeSpan spanOf(std::size_t from, std::size_t to, int rate) {
    const auto ms = [rate](std::size_t frame) { return static_cast<std::int64_t>(frame) * 1000 / rate; };
    return {milliseconds(ms(from)), milliseconds(ms(to) + 1)};
}

}  // namespace

SpokenCall spokenCall(const SpokenForm& form) {
    std::mt19937 random(form.seed);
    const auto between = [&random](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    const auto frames = static_cast<std::size_t>(form.seconds * form.rate);
    std::vector<double> voices[2] = {std::vector<double>(frames), std::vector<double>(frames)};
    SpokenCall call{form.rate, {}, {{}, {}}};
    auto at = static_cast<std::size_t>(form.firstTurn * form.rate);
    const auto lastStart =
        frames > static_cast<std::size_t>(2 * form.rate) ? frames - 2 * static_cast<std::size_t>(form.rate) : 0;
    for (std::size_t who = 0; at < lastStart; who = 1 - who) {
        Speaker speaker(form, voices[who], random, who == 0 ? 115 : 210);
        const std::size_t end = speaker.speak(at, between(0.4, 4));
        TimeSpans& turns = call.turns[who];
        const TimeSpan turn = spanOf(at, end, form.rate);
        if (!turns.empty() && turn.begin <= turns.back().end) {
            turns.back().end = std::max(turns.back().end, turn.end);
        } else {
            turns.push_back(turn);
        }
        const double pause = between(0, 1) < form.overlap ? -between(0.1, 0.5) : between(0.1, 4);
        const double next = static_cast<double>(end) + pause * form.rate;
        at = static_cast<std::size_t>(std::max(next, static_cast<double>(at) + 0.2 * form.rate));
    }
    std::normal_distribution<double> noise(0, form.noiseDb > -120 ? ratio(form.noiseDb) : 0);
    const double echo = ratio(form.echoDb);
    const auto delay = static_cast<std::size_t>(0.012 * form.rate);
    call.samples.reserve(2 * frames);
    for (std::size_t i = 0; i < frames; ++i) {
        for (std::size_t who = 0; who < 2; ++who) {
            double value = voices[who][i] + (i >= delay ? echo * voices[1 - who][i - delay] : 0);
            value += form.noiseDb > -120 ? noise(random) : 0;
            call.samples.push_back(static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0, 1.0) * 32767)));
        }
    }
    return call;
}

TimeSpans SpokenCall::allTurns() const {
    TimeSpans all = turns[0];
    all.insert(all.end(), turns[1].begin(), turns[1].end());
    std::sort(all.begin(), all.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
    TimeSpans joined;
    for (const TimeSpan& span : all) {
        if (!joined.empty() && span.begin <= joined.back().end) {
            joined.back().end = std::max(joined.back().end, span.end);
        } else {
            joined.push_back(span);
        }
    }
    return joined;
}

std::vector<std::int16_t> SpokenCall::mixed() const {
    std::vector<std::int16_t> mono;
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
        mono.push_back(static_cast<std::int16_t>((samples[i] + samples[i + 1]) / 2));
    }
    return mono;
}

void addTone(SpokenCall& call, int channel, const TimeSpan& span, const std::vector<double>& hertz, double db) {
    const std::int64_t from = span.begin.count() * call.rate / 1000;
    const std::int64_t to = std::min(span.end.count() * call.rate / 1000, call.frames());
    for (std::int64_t i = from; i < to; ++i) {
        double value = 0;
        for (const double each : hertz) {
            value += std::sin(2 * std::numbers::pi * each * static_cast<double>(i) / call.rate);
        }
        std::int16_t& sample = call.samples[static_cast<std::size_t>(2 * i + channel)];
        const double sum =
            sample + 32767 * ratio(db) * std::numbers::sqrt2 * value / std::sqrt(static_cast<double>(hertz.size()));
        sample = static_cast<std::int16_t>(std::lround(std::clamp(sum, -32768.0, 32767.0)));
    }
}

}  // namespace earmark::fixture
