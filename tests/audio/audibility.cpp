#include "tests/audio/audibility.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace earmark::fixture {

namespace {

constexpr double kLowest = 200;
constexpr double kParting = 1400;
constexpr int kAround = 5;
constexpr double kSmallestStep = 1e-9;  // -90 dB

/// Two poles each (Butterworth), after the audio EQ cookbook.
Track passed(const Track& track, double hertz, bool isHigh, int rate) {
    const double turn = 2 * std::numbers::pi * hertz / rate;
    const double alpha = std::sin(turn) / std::numbers::sqrt2;
    const double edge = isHigh ? (1 + std::cos(turn)) / 2 : (1 - std::cos(turn)) / 2;
    const double middle = isHigh ? -2 * edge : 2 * edge;
    const double scale = 1 / (1 + alpha);
    Track result(track.size());
    std::array<double, 4> past{};  // in, in, out, out
    for (std::size_t i = 0; i < track.size(); ++i) {
        const double out = scale * (edge * (track[i] + past[1]) + middle * past[0] + 2 * std::cos(turn) * past[2] -
                                    (1 - alpha) * past[3]);
        past = {track[i], past[0], out, past[2]};
        result[i] = out;
    }
    return result;
}

std::vector<double> energies(const Track& track, int rate) {
    const auto frame = static_cast<std::size_t>(rate / 100);
    std::vector<double> result(track.size() / frame);
    for (std::size_t k = 0; k < result.size(); ++k) {
        for (std::size_t i = k * frame; i < (k + 1) * frame; ++i) {
            result[k] += track[i] * track[i] / static_cast<double>(frame);
        }
    }
    return result;
}

std::vector<double> around(const std::vector<double>& values) {
    std::vector<double> result(values.size());
    const int count = static_cast<int>(values.size());
    for (int k = 0; k < count; ++k) {
        const auto begin = values.begin() + std::max(0, k - kAround);
        const auto end = values.begin() + std::min(count, k + kAround + 1);
        double sum = 0;
        std::for_each(begin, end, [&sum](double value) { sum += value; });
        result[static_cast<std::size_t>(k)] = sum / static_cast<double>(end - begin);
    }
    return result;
}

double dbOf(double energy) {
    return 10 * std::log10(energy + 1e-20);
}

}  // namespace

std::vector<HeardFrame> heardFrames(const Track& voice, const Track& noise, int rate) {
    const Track voiceBand = passed(passed(voice, kLowest, true, rate), kLowest, true, rate);
    const Track noiseBand = passed(passed(noise, kLowest, true, rate), kLowest, true, rate);
    const std::vector<double> whole = energies(voiceBand, rate);
    std::vector<HeardFrame> heard(whole.size());
    for (const bool isHigh : {false, true}) {
        const std::vector<double> half = energies(passed(voiceBand, kParting, isHigh, rate), rate);
        const std::vector<double> masking = around(energies(passed(noiseBand, kParting, isHigh, rate), rate));
        for (std::size_t k = 0; k < heard.size(); ++k) {
            heard[k].level = dbOf(whole[k]);
            heard[k].above = std::max(heard[k].above, dbOf(half[k]) - dbOf(masking[k] + kSmallestStep));
        }
    }
    return heard;
}

}  // namespace earmark::fixture
