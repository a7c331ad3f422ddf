#include "models/audio/samplesums.h"

#include <algorithm>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace earmark {

namespace {

#ifdef __SSE2__

constexpr std::size_t kAtOnce = 8;

// Eight samples become four sums of two products in one step, which just fit into 32 bits; they are added up in 64. No
// compiler finds that by itself.
__m128i eightFrom(const std::int16_t* samples) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(samples));
}

std::int64_t bothOf(__m128i wide) {
    alignas(16) std::int64_t parts[2];
    _mm_store_si128(reinterpret_cast<__m128i*>(parts), wide);
    return parts[0] + parts[1];
}

class WideSum final {
 public:
    void addPositive(__m128i pairs) {
        const __m128i low = _mm_set1_epi64x(0xffffffff);
        m_sum = _mm_add_epi64(m_sum, _mm_add_epi64(_mm_and_si128(pairs, low), _mm_srli_epi64(pairs, 32)));
    }
    /// Two products are never below -kLift, and a lifted pair fits into 32 bits without a sign.
    void addPairs(__m128i pairs) {
        addPositive(_mm_add_epi32(pairs, _mm_set1_epi32(kLift)));
        m_lifted += 4LL * kLift;
    }
    [[nodiscard]] std::int64_t value() const { return bothOf(m_sum) - m_lifted; }

 private:
    static constexpr std::int32_t kLift = 2 * 32768 * 32767;
    __m128i m_sum = _mm_setzero_si128();
    std::int64_t m_lifted = 0;
};

/// Adds up what can be taken eight at a time of the first `count` samples, behind which there are two more; returns how
/// many that were.
template <bool kSecond>
std::size_t addEights(const std::int16_t* samples, std::size_t count, SampleSums& sums) {
    const std::size_t whole = count / kAtOnce * kAtOnce;
    __m128i sum = _mm_setzero_si128();
    WideSum square;
    WideSum next;
    WideSum second;
    for (std::size_t i = 0; i < whole; i += kAtOnce) {
        const __m128i here = eightFrom(samples + i);
        sum = _mm_add_epi32(sum, _mm_madd_epi16(here, _mm_set1_epi16(1)));
        square.addPositive(_mm_madd_epi16(here, here));
        next.addPairs(_mm_madd_epi16(here, eightFrom(samples + i + 1)));
        if constexpr (kSecond) {
            second.addPairs(_mm_madd_epi16(here, eightFrom(samples + i + 2)));
        }
    }
    alignas(16) std::int32_t parts[4];
    _mm_store_si128(reinterpret_cast<__m128i*>(parts), sum);
    sums = {std::int64_t{parts[0]} + parts[1] + parts[2] + parts[3], square.value(), next.value(), second.value()};
    return whole;
}

std::size_t addEightProducts(const std::int16_t* samples, const std::int16_t* others, std::size_t count,
                             std::int64_t& sum) {
    const std::size_t whole = count / kAtOnce * kAtOnce;
    WideSum wide;
    for (std::size_t i = 0; i < whole; i += kAtOnce) {
        wide.addPairs(_mm_madd_epi16(eightFrom(samples + i), eightFrom(others + i)));
    }
    sum = wide.value();
    return whole;
}

#else

template <bool kSecond>
std::size_t addEights(const std::int16_t*, std::size_t, SampleSums&) {
    return 0;
}

std::size_t addEightProducts(const std::int16_t*, const std::int16_t*, std::size_t, std::int64_t&) {
    return 0;
}

#endif

template <bool kSecond>
SampleSums sums(std::span<const std::int16_t> samples, std::size_t behind) {
    const std::size_t count = samples.size();
    const std::int16_t* at = samples.data();
    const std::size_t reach = count + std::min<std::size_t>(behind, 2);
    SampleSums found;
    std::size_t i = reach > 2 ? addEights<kSecond>(at, reach - 2, found) : 0;
    if (i > 0 && i == count) {  // the last ones have been taken with those behind the stretch
        found.next -= at[count - 1] * at[count];
        found.second -= kSecond ? std::int64_t{at[count - 2]} * at[count] + at[count - 1] * at[count + 1] : 0;
    } else if (i > 0 && i + 1 == count) {
        found.second -= kSecond ? at[count - 2] * at[count] : 0;
    }
    for (; i < count; ++i) {
        const std::int64_t sample = at[i];
        found.sum += sample;
        found.square += sample * sample;
        found.next += i + 1 < count ? sample * at[i + 1] : 0;
        if constexpr (kSecond) {
            found.second += i + 2 < count ? sample * at[i + 2] : 0;
        }
    }
    return found;
}

}  // namespace

SampleSums sumsOf(std::span<const std::int16_t> samples, std::size_t behind) {
    return sums<true>(samples, behind);
}

SampleSums loudnessSumsOf(std::span<const std::int16_t> samples, std::size_t behind) {
    return sums<false>(samples, behind);
}

std::int64_t productSum(std::span<const std::int16_t> samples, const std::int16_t* others) {
    std::int64_t sum = 0;
    for (std::size_t i = addEightProducts(samples.data(), others, samples.size(), sum); i < samples.size(); ++i) {
        sum += std::int64_t{samples[i]} * others[i];
    }
    return sum;
}

}  // namespace earmark
