#include "models/audio/channelmeter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

namespace earmark {

namespace {

constexpr int kToneRate = 8000;
constexpr int kToneLevel = -5500;  // tones below this are no matter
constexpr int kOrder = 4;          // two sines
constexpr std::size_t kFramesAtOnce = 128;
constexpr std::size_t kUsualSeconds = 610;
constexpr std::size_t kFewestForTone = 10 * kOrder;

Peak peakOf(std::span<const std::int16_t> samples) {
    std::int16_t lowest = samples.front();
    std::int16_t highest = samples.front();
    for (const std::int16_t sample : samples) {
        lowest = std::min(lowest, sample);
        highest = std::max(highest, sample);
    }
    return {lowest, highest};
}

/// A constant length lets the compiler do several samples at once.
Peak peakOfWhole(const std::int16_t* samples) {
    std::int16_t lowest = samples[0];
    std::int16_t highest = samples[0];
#pragma omp simd reduction(min : lowest) reduction(max : highest)
    for (int i = 0; i < SoundMap::kBaseFrames; ++i) {
        lowest = samples[i] < lowest ? samples[i] : lowest;
        highest = samples[i] > highest ? samples[i] : highest;
    }
    return {lowest, highest};
}

/// Samples thinned to the rate at which tones are looked for: sums of neighbours. Their products are whole numbers and
/// so are all sums of them, in any order.
struct ThinnedSamples {
    std::span<const double> values;

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] double operator[](std::size_t i) const { return values[i]; }
    /// Of the last `count` samples and those `lag` before them.
    [[nodiscard]] double product(std::size_t count, std::size_t lag) const {
        const double* same = values.data() + values.size() - count;
        const double* before = same - lag;
        double sum = 0;
#pragma omp simd reduction(+ : sum)
        for (std::size_t i = 0; i < count; ++i) {
            sum += before[i] * same[i];
        }
        return sum;
    }
};

struct PlainSamples {
    std::span<const std::int16_t> values;

    [[nodiscard]] std::size_t size() const { return values.size(); }
    [[nodiscard]] double operator[](std::size_t i) const { return values[i]; }
    [[nodiscard]] double product(std::size_t count, std::size_t lag) const {
        const auto same = values.last(count);
        return static_cast<double>(productSum(same, same.data() - lag));
    }
};

/// Three products in one go: each sum waits for itself, so that alone it leaves the processor idle.
std::array<double, 3> firstProducts(const ThinnedSamples& samples) {
    const std::size_t count = samples.size() - kOrder;
    const double* same = samples.values.data() + kOrder;
    const double* one = same - 1;
    const double* two = same - 2;
    double energy = 0;
    double byOne = 0;
    double byTwo = 0;
#pragma omp simd reduction(+ : energy, byOne, byTwo)
    for (std::size_t i = 0; i < count; ++i) {
        energy += same[i] * same[i];
        byOne += one[i] * same[i];
        byTwo += two[i] * same[i];
    }
    return {energy, byOne, byTwo};
}

/// The same from the sums of the block's two halves.
std::array<double, 3> firstProducts(std::span<const std::int16_t> samples, const SampleSums& first,
                                    const SampleSums& second) {
    const std::int16_t* middle = samples.data() + samples.size() / 2;
    std::int64_t energy = first.square + second.square;
    std::int64_t byOne = first.next + second.next + middle[-1] * middle[0];
    std::int64_t byTwo = first.second + second.second + middle[-2] * middle[0] + middle[-1] * middle[1];
    for (std::size_t i = 0; i < kOrder; ++i) {  // the first ones have none before them to be told from
        energy -= samples[i] * samples[i];
        byOne -= i >= 1 ? samples[i] * samples[i - 1] : 0;
        byTwo -= i >= 2 ? samples[i] * samples[i - 2] : 0;
    }
    return {static_cast<double>(energy), static_cast<double>(byOne), static_cast<double>(byTwo)};
}

template <std::size_t kStep>
void thinBy(const std::int16_t* from, std::span<double> into) {
    for (std::size_t i = 0; i < into.size(); ++i) {
        int sum = 0;
        for (std::size_t k = 0; k < kStep; ++k) {
            sum += from[i * kStep + k];
        }
        into[i] = sum;
    }
}

void thin(std::span<const std::int16_t> samples, std::size_t step, std::span<double> into) {
    switch (step) {  // a known step is done side by side: those of the usual rates
        case 2:
            return thinBy<2>(samples.data(), into);
        case 3:
            return thinBy<3>(samples.data(), into);
        case 5:
            return thinBy<5>(samples.data(), into);
        case 6:
            return thinBy<6>(samples.data(), into);
        default:
            for (std::size_t i = 0; i < into.size(); ++i) {
                const auto part = samples.subspan(i * step, step);
                into[i] = std::accumulate(part.begin(), part.end(), 0);
            }
    }
}

/// Of positive numbers, several side by side; to about seven digits.
float binaryLogarithm(float value) {
    constexpr std::int32_t kRootOfHalf = 0x3f3504f3;  // the mantissa lies around one
    constexpr float kPerNatural = 2.885390082F;       // 2 / ln(2)
    const auto bits = std::bit_cast<std::int32_t>(value);
    const std::int32_t exponent = (bits - kRootOfHalf) >> 23;
    const float mantissa = std::bit_cast<float>(bits - exponent * (1 << 23));
    const float part = (mantissa - 1) / (mantissa + 1);
    const float square = part * part;
    return static_cast<float>(exponent) +
           part * kPerNatural * (1 + square * (1.0F / 3 + square * (1.0F / 5 + square * (1.0F / 7 + square / 9))));
}

/// Hundredths of dB of these shares of the full scale's energy.
void findLevels(std::span<const float> shares, std::int16_t* levels) {
    constexpr float kPerOctave = 301.03F;  // 1000 * log10(2)
    constexpr float kSilence = 1e-12F;
    std::array<int, kFramesAtOnce> found;
    const std::size_t count = shares.size();
#pragma omp simd
    for (std::size_t i = 0; i < count; ++i) {
        const float share = shares[i] > kSilence ? shares[i] : kSilence;
        found[i] = static_cast<int>(kPerOctave * binaryLogarithm(share) - 0.5F);  // rounded: it is negative
    }
    for (std::size_t i = 0; i < count; ++i) {
        levels[i] = static_cast<std::int16_t>(shares[i] < kSilence ? kQuietest : found[i]);
    }
}

constexpr double kFullScale = 32768.0 * 32768.0;

/// Of the energy about the mean.
float shareOf(const SampleSums& sums, std::size_t count) {
    const auto samples = static_cast<std::int64_t>(count);
    const auto scale = 1 / (kFullScale * static_cast<double>(samples * samples));
    return static_cast<float>(static_cast<double>(samples * sums.square - sums.sum * sums.sum) * scale);
}

/// Of the energy of the differences between neighbours.
float brightShareOf(std::span<const std::int16_t> samples, const SampleSums& sums) {
    const std::int64_t first = samples.front();
    const std::int64_t last = samples.back();
    const auto scale = 1 / (kFullScale * static_cast<double>(samples.size()));
    return static_cast<float>(static_cast<double>(2 * (sums.square - sums.next) - first * first - last * last) * scale);
}

using Square = std::array<std::array<double, kOrder + 1>, kOrder + 1>;

/// What the best prediction from the four samples before leaves of the last row's energy: elimination, row by row.
double restOfPrediction(Square matrix) {
    for (int pivot = 0; pivot < kOrder; ++pivot) {
        const double divisor = matrix[pivot][pivot];
        if (divisor <= 0) {
            break;
        }
        for (int row = pivot + 1; row <= kOrder; ++row) {
            const double factor = matrix[row][pivot] / divisor;
            for (int column = pivot; column <= kOrder; ++column) {
                matrix[row][column] -= factor * matrix[pivot][column];
            }
        }
    }
    return matrix[kOrder][kOrder];
}

/// Row and column kOrder stand for the sample itself, kOrder - k for the one k before.
template <typename Values>
Square pairsOf(const Values& samples, const std::array<double, kOrder + 1>& lags) {
    const std::size_t count = samples.size() - kOrder;
    Square matrix{};
    for (int lag = 0; lag <= kOrder; ++lag) {
        double value = lags[static_cast<std::size_t>(lag)];
        for (int row = kOrder; row >= lag; --row) {
            const auto high = static_cast<std::size_t>(row);
            const auto low = static_cast<std::size_t>(row - lag);
            matrix[high][low] = matrix[low][high] = value;
            if (row > lag) {  // one sample earlier: one product more at the front, one less at the back
                value += samples[high - 1] * samples[low - 1] - samples[count + high - 1] * samples[count + low - 1];
            }
        }
    }
    for (std::size_t i = 0; i < kOrder; ++i) {
        matrix[i][i] *= 1 + 1e-9;
    }
    return matrix;
}

}  // namespace

ChannelMeter::ChannelMeter(int sampleRate)
    : m_rate(std::max(sampleRate, kFramesPerSecond)),
      m_frameLength((m_rate + kFramesPerSecond / 2) / kFramesPerSecond),
      m_thinning(std::max(1, m_rate / kToneRate)) {
    // What most recordings need; pages that are never written to are never there.
    m_frames.reserve(kUsualSeconds * kFramesPerSecond);
    m_blocks.reserve(kUsualSeconds * kFramesPerSecond / 2);
    m_peaks.reserve(kUsualSeconds * static_cast<std::size_t>(m_rate) / SoundMap::kBaseFrames);
}

void ChannelMeter::push(std::span<const std::int16_t> samples) {
    addPeaks(samples);
    const auto block = static_cast<std::size_t>(2 * m_frameLength);
    while (!samples.empty()) {
        if (m_waiting.empty() && samples.size() >= block) {
            const std::size_t blocks = std::min(samples.size() / block, kFramesAtOnce / 2);
            addBlocks(samples.first(blocks * block));
            samples = samples.subspan(blocks * block);
            continue;
        }
        const std::size_t count = std::min(samples.size(), block - m_waiting.size());
        m_waiting.insert(m_waiting.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
        samples = samples.subspan(count);
        if (m_waiting.size() == block) {
            addBlocks(m_waiting);
            m_waiting.clear();
        }
    }
}

void ChannelMeter::finish() {
    if (m_bucketFrames > 0) {
        m_peaks.push_back(m_bucket);
        m_bucketFrames = 0;
    }
    m_peaks.shrink_to_fit();
    if (!m_waiting.empty()) {
        addBlocks(m_waiting);
        m_waiting.clear();
    }
}

void ChannelMeter::addPeaks(std::span<const std::int16_t> samples) {
    constexpr auto kBase = static_cast<std::size_t>(SoundMap::kBaseFrames);
    while (!samples.empty()) {
        if (m_bucketFrames == 0 && samples.size() >= kBase) {
            m_peaks.push_back(peakOfWhole(samples.data()));
            samples = samples.subspan(kBase);
            continue;
        }
        const auto part = samples.first(std::min(samples.size(), kBase - static_cast<std::size_t>(m_bucketFrames)));
        const Peak peak = peakOf(part);
        m_bucket = m_bucketFrames == 0
                       ? peak
                       : Peak{std::min(m_bucket.lowest, peak.lowest), std::max(m_bucket.highest, peak.highest)};
        m_bucketFrames += static_cast<std::int64_t>(part.size());
        samples = samples.subspan(part.size());
        if (m_bucketFrames == SoundMap::kBaseFrames) {
            m_peaks.push_back(m_bucket);
            m_bucketFrames = 0;
        }
    }
}

void ChannelMeter::addBlocks(std::span<const std::int16_t> samples) {
    const auto frame = static_cast<std::size_t>(m_frameLength);
    const bool isThin = m_thinning == 1;
    std::array<SampleSums, kFramesAtOnce> sums;
    std::array<float, kFramesAtOnce> shares{};
    std::array<float, kFramesAtOnce> brightShares{};
    std::size_t count = 0;
    for (std::size_t at = 0; at < samples.size(); at += frame, ++count) {
        const auto part = samples.subspan(at, std::min(frame, samples.size() - at));
        const std::size_t behind = samples.size() - at - part.size();
        sums[count] = isThin ? sumsOf(part, behind) : loudnessSumsOf(part, behind);
        shares[count] = shareOf(sums[count], part.size());
        brightShares[count] = brightShareOf(part, sums[count]);
    }
    std::array<std::int16_t, kFramesAtOnce> levels{};
    std::array<std::int16_t, kFramesAtOnce> brightLevels{};
    findLevels(std::span(shares).first(count), levels.data());
    findLevels(std::span(brightShares).first(count), brightLevels.data());
    for (std::size_t i = 0; i < count; ++i) {
        m_frames.push_back({levels[i], brightLevels[i]});
    }
    for (std::size_t i = 0; i < count; i += 2) {
        const auto block = samples.subspan(i * frame, std::min(2 * frame, samples.size() - i * frame));
        if (std::max<int>(levels[i], i + 1 < count ? levels[i + 1] : kQuietest) < kToneLevel) {
            m_blocks.emplace_back();
        } else if (isThin && block.size() == 2 * frame && block.size() >= kFewestForTone) {
            m_blocks.push_back(toneFrom(PlainSamples{block}, firstProducts(block, sums[i], sums[i + 1])));
        } else {
            m_blocks.push_back(thinnedToneOf(block));
        }
    }
}

ToneBlock ChannelMeter::thinnedToneOf(std::span<const std::int16_t> samples) {
    const auto step = static_cast<std::size_t>(m_thinning);
    m_thinned.resize(samples.size() / step);
    if (m_thinned.size() < kFewestForTone) {
        return {};
    }
    thin(samples, step, m_thinned);
    const ThinnedSamples values{m_thinned};
    return toneFrom(values, firstProducts(values));
}

/// `pairs`: of the samples but the first kOrder, with themselves, the one before and the one before that.
template <typename Values>
ToneBlock ChannelMeter::toneFrom(const Values& values, std::array<double, 3> pairs) const {
    const std::size_t count = values.size() - kOrder;
    const auto energyFrom = [&values, count](std::size_t earlier, double later) {
        const double first = values[kOrder - earlier];
        const double last = values[count + kOrder - earlier];
        return later + first * first - last * last;
    };
    const double energy = pairs[0];
    const double one = energyFrom(1, energy);
    const double two = energyFrom(2, one);
    if (energy <= 0 || one <= 0 || two <= 0) {
        return {};
    }
    // The mean of the cosine over the spectrum is the place, its variance the width.
    const double cosine = std::clamp(pairs[1] / std::sqrt(energy * one), -1.0, 1.0);
    const double variance = std::max(0.0, (pairs[2] / std::sqrt(energy * two) + 1) / 2 - cosine * cosine);
    const double sine = std::sqrt(std::max(1e-6, 1 - cosine * cosine));
    const double perRadian = m_rate / (2 * std::numbers::pi * m_thinning);
    ToneBlock block{1, static_cast<float>(std::acos(cosine) * perRadian),
                    static_cast<float>(std::sqrt(variance) / sine * perRadian)};
    if (!m_blocks.empty() && block.goesOnFrom(m_blocks.back())) {
        const std::array<double, kOrder + 1> lags = {energy, pairs[1], pairs[2], values.product(count, 3),
                                                     values.product(count, 4)};
        block.rest = static_cast<float>(std::clamp(restOfPrediction(pairsOf(values, lags)) / energy, 0.0, 1.0));
    }
    return block;
}

}  // namespace earmark
