// Sums over stretches of samples as loudness and pitch need them: whole numbers, exact, so that every processor and
// every compiler finds the same ones whatever the order. Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace earmark {

struct SampleSums {
    std::int64_t sum = 0;
    std::int64_t square = 0;
    std::int64_t next = 0;    ///< of each sample with the one behind it
    std::int64_t second = 0;  ///< and with the one behind that
};

/// Of up to 100,000 samples; products reach no further than the stretch. `behind`: how many samples follow it in
/// memory; with two it takes less time.
[[nodiscard]] SampleSums sumsOf(std::span<const std::int16_t> samples, std::size_t behind);
/// The same without `second`.
[[nodiscard]] SampleSums loudnessSumsOf(std::span<const std::int16_t> samples, std::size_t behind);
/// Of two stretches of one length, sample by sample.
[[nodiscard]] std::int64_t productSum(std::span<const std::int16_t> samples, const std::int16_t* others);

}  // namespace earmark
