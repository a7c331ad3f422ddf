#include "models/audio/channelmeter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace earmark {

namespace {

constexpr int kToneRate = 8000;
constexpr int kToneLevel = -5500;  // tones below this are no matter
constexpr int kOrder = 4;          // two sines

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

/// Of samples and the same samples `lag` later; sums in any order, so that they can be done side by side.
float product(const float* samples, std::size_t count, std::size_t lag) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t i = 0; i < count; ++i) {
        sum += samples[i] * samples[i + lag];
    }
    return sum;
}

/// Three products in one go: each sum waits for itself, so that alone it leaves the processor idle.
std::array<float, 3> firstProducts(const float* samples, std::size_t count) {
    const float* same = samples + kOrder;
    const float* one = same - 1;
    const float* two = same - 2;
    float energy = 0;
    float byOne = 0;
    float byTwo = 0;
#pragma omp simd reduction(+ : energy, byOne, byTwo)
    for (std::size_t i = 0; i < count; ++i) {
        energy += same[i] * same[i];
        byOne += one[i] * same[i];
        byTwo += two[i] * same[i];
    }
    return {energy, byOne, byTwo};
}

float sumOf(std::span<const float> samples) {
    const float* values = samples.data();
    const std::size_t count = samples.size();
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::size_t i = 0; i < count; ++i) {
        sum += values[i];
    }
    return sum;
}

std::int16_t hundredthsOfDb(double meanSquare) {
    constexpr double kFullScale = 32768.0 * 32768.0;
    const float share = static_cast<float>(meanSquare / kFullScale);
    if (share < 1e-12F) {
        return kQuietest;
    }
    constexpr float kPerOctave = 301.03F;                                    // 1000 * log10(2)
    return static_cast<std::int16_t>(kPerOctave * std::log2(share) - 0.5F);  // rounded: it is negative
}

struct Sums {
    float sum = 0;
    float square = 0;
    float next = 0;  ///< of each with the one behind it
};

SoundFrame frameOf(std::span<const float> samples, Sums sums) {
    const float first = samples.front();
    const float last = samples.back();
    const double count = static_cast<double>(samples.size());
    const double mean = sums.sum / count;
    const double ends = first * first + last * last;
    return {hundredthsOfDb(sums.square / count - mean * mean),
            hundredthsOfDb((2.0 * (sums.square - sums.next) - ends) / count)};
}

SoundFrame frameOf(std::span<const float> samples) {
    const float* values = samples.data();
    const std::size_t last = samples.size() - 1;
    float sum = values[last];
    float square = values[last] * values[last];
    float next = 0;
#pragma omp simd reduction(+ : sum, square, next)
    for (std::size_t i = 0; i < last; ++i) {
        sum += values[i];
        square += values[i] * values[i];
        next += values[i] * values[i + 1];
    }
    return frameOf(samples, {sum, square, next});
}

/// Two frames of one length in one go, as with firstProducts; the sums are the very same as one by one.
std::array<SoundFrame, 2> framesOf(std::span<const float> samples) {
    const std::size_t count = samples.size() / 2;
    const std::size_t last = count - 1;
    const float* a = samples.data();
    const float* b = a + count;
    float sum = a[last];
    float square = a[last] * a[last];
    float next = 0;
    float sumB = b[last];
    float squareB = b[last] * b[last];
    float nextB = 0;
#pragma omp simd reduction(+ : sum, square, next, sumB, squareB, nextB)
    for (std::size_t i = 0; i < last; ++i) {
        sum += a[i];
        square += a[i] * a[i];
        next += a[i] * a[i + 1];
        sumB += b[i];
        squareB += b[i] * b[i];
        nextB += b[i] * b[i + 1];
    }
    return {frameOf(samples.first(count), {sum, square, next}),
            frameOf(samples.subspan(count), {sumB, squareB, nextB})};
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

double square(float value) {
    return static_cast<double>(value) * value;
}

/// Row and column kOrder stand for the sample itself, kOrder - k for the one k before.
Square pairsOf(std::span<const float> samples, const std::array<double, kOrder + 1>& lags) {
    const std::size_t count = samples.size() - kOrder;
    Square matrix{};
    for (int lag = 0; lag <= kOrder; ++lag) {
        double value = lags[static_cast<std::size_t>(lag)];
        for (int row = kOrder; row >= lag; --row) {
            const auto high = static_cast<std::size_t>(row);
            const auto low = static_cast<std::size_t>(row - lag);
            matrix[high][low] = matrix[low][high] = value;
            if (row > lag) {  // one sample earlier: one product more at the front, one less at the back
                value += static_cast<double>(samples[high - 1]) * samples[low - 1] -
                         static_cast<double>(samples[count + high - 1]) * samples[count + low - 1];
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
      m_thinning(std::max(1, m_rate / kToneRate)) {}

void ChannelMeter::push(std::span<const std::int16_t> samples) {
    addPeaks(samples);
    const auto whole = static_cast<std::size_t>(2 * m_frameLength);
    while (!samples.empty()) {
        if (m_waiting.empty() && samples.size() >= whole) {
            addBlock(samples.first(whole));
            samples = samples.subspan(whole);
            continue;
        }
        const std::size_t count = std::min(samples.size(), whole - m_waiting.size());
        m_waiting.insert(m_waiting.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
        samples = samples.subspan(count);
        if (m_waiting.size() == whole) {
            addBlock(m_waiting);
            m_waiting.clear();
        }
    }
}

void ChannelMeter::finish() {
    if (m_bucketFrames > 0) {
        m_peaks.push_back(m_bucket);
        m_bucketFrames = 0;
    }
    if (!m_waiting.empty()) {
        addBlock(m_waiting);
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

void ChannelMeter::addBlock(std::span<const std::int16_t> samples) {
    m_values.assign(samples.begin(), samples.end());
    const std::span<const float> values(m_values);
    const auto frame = static_cast<std::size_t>(m_frameLength);
    int loudest = kQuietest;
    const auto take = [&](const SoundFrame& measured) {
        m_frames.push_back(measured);
        loudest = std::max<int>(loudest, measured.level);
    };
    if (values.size() == 2 * frame) {
        std::ranges::for_each(framesOf(values), take);
    } else {  // at the end
        for (std::size_t at = 0; at < values.size(); at += frame) {
            take(frameOf(values.subspan(at, std::min(frame, values.size() - at))));
        }
    }
    m_blocks.push_back(loudest >= kToneLevel ? toneOf(values) : ToneBlock());
}

ToneBlock ChannelMeter::toneOf(std::span<const float> samples) {
    std::span<const float> thin = samples;
    if (m_thinning > 1) {
        const auto step = static_cast<std::size_t>(m_thinning);
        m_thinned.resize(samples.size() / step);
        for (std::size_t i = 0; i < m_thinned.size(); ++i) {
            m_thinned[i] = sumOf(samples.subspan(i * step, step));
        }
        thin = m_thinned;
    }
    if (thin.size() < 10 * kOrder) {
        return {};
    }
    // Pairs of the same distance, by what is left out at the ends.
    const std::size_t count = thin.size() - kOrder;
    std::array<double, kOrder + 1> lags{};
    const auto measure = [&](std::size_t lag) { lags[lag] = product(thin.data() + kOrder - lag, count, lag); };
    const auto first = firstProducts(thin.data(), count);
    std::copy(first.begin(), first.end(), lags.begin());
    const auto energyFrom = [&thin, count](std::size_t earlier, double later) {
        return later + square(thin[kOrder - earlier]) - square(thin[count + kOrder - earlier]);
    };
    const double one = energyFrom(1, lags[0]);
    const double two = energyFrom(2, one);
    if (lags[0] <= 0 || one <= 0 || two <= 0) {
        return {};
    }
    // The mean of the cosine over the spectrum is the place, its variance the width.
    const double cosine = std::clamp(lags[1] / std::sqrt(lags[0] * one), -1.0, 1.0);
    const double variance = std::max(0.0, (lags[2] / std::sqrt(lags[0] * two) + 1) / 2 - cosine * cosine);
    const double sine = std::sqrt(std::max(1e-6, 1 - cosine * cosine));
    const double perRadian = m_rate / (2 * std::numbers::pi * m_thinning);
    ToneBlock block{1, static_cast<float>(std::acos(cosine) * perRadian),
                    static_cast<float>(std::sqrt(variance) / sine * perRadian)};
    if (!m_blocks.empty() && block.goesOnFrom(m_blocks.back())) {
        measure(3);
        measure(4);
        block.rest = static_cast<float>(std::clamp(restOfPrediction(pairsOf(thin, lags)) / lags[0], 0.0, 1.0));
    }
    return block;
}

}  // namespace earmark
