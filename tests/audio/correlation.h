// Where does what was heard lie in its source, and how well does it fit? Plain sums: fast enough for short clips at 8
// kHz.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace earmark::correlation {

inline std::vector<double> channel(std::span<const std::int16_t> samples, int channels, int index) {
    std::vector<double> values;
    values.reserve(samples.size() / static_cast<std::size_t>(channels));
    for (auto i = static_cast<std::size_t>(index); i < samples.size(); i += static_cast<std::size_t>(channels)) {
        values.push_back(samples[i]);
    }
    return values;
}

/// Mean of `factor` neighbours: a plain filter, centred, so that nothing moves by more than half an input sample.
inline std::vector<double> decimated(const std::vector<double>& values, int factor) {
    std::vector<double> result;
    const int half = factor;
    for (int at = 0; at < static_cast<int>(values.size()); at += factor) {
        double sum = 0;
        int count = 0;
        for (int i = std::max(0, at - half); i <= std::min(static_cast<int>(values.size()) - 1, at + half);
             ++i, ++count) {
            sum += values[static_cast<std::size_t>(i)];
        }
        result.push_back(sum / count);
    }
    return result;
}

struct Fit {
    int lag = 0;       ///< positive: the second comes later
    double value = 0;  ///< normalised, 1 = the same but for loudness
};

inline double fitAt(const std::vector<double>& first, const std::vector<double>& second, int lag) {
    double product = 0;
    double firstEnergy = 1e-9;
    double secondEnergy = 1e-9;
    const int begin = std::max(0, -lag);
    const int end = std::min(static_cast<int>(first.size()), static_cast<int>(second.size()) - lag);
    for (int i = begin; i < end; ++i) {
        const double a = first[static_cast<std::size_t>(i)];
        const double b = second[static_cast<std::size_t>(i + lag)];
        product += a * b;
        firstEnergy += a * a;
        secondEnergy += b * b;
    }
    return product / std::sqrt(firstEnergy * secondEnergy);
}

inline Fit bestLag(const std::vector<double>& first, const std::vector<double>& second, int most) {
    Fit best;
    for (int lag = -most; lag <= most; ++lag) {
        if (const double value = fitAt(first, second, lag); value > best.value) {
            best = {lag, value};
        }
    }
    return best;
}

/// Where the short piece lies within the long one.
inline Fit place(const std::vector<double>& piece, const std::vector<double>& within) {
    Fit best;
    for (int lag = 0; lag + static_cast<int>(piece.size()) <= static_cast<int>(within.size()); ++lag) {
        if (const double value = fitAt(piece, within, lag); value > best.value) {
            best = {lag, value};
        }
    }
    return best;
}

}  // namespace earmark::correlation
