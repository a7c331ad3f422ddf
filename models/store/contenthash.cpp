#include "models/store/contenthash.h"

#include <bit>
#include <cstring>

namespace earmark {

namespace {

constexpr quint64 kPrime1 = 0x9E3779B185EBCA87ULL;
constexpr quint64 kPrime2 = 0xC2B2AE3D27D4EB4FULL;
constexpr quint64 kPrime3 = 0x165667B19E3779F9ULL;
constexpr quint64 kPrime4 = 0x85EBCA77C2B2AE63ULL;
constexpr quint64 kPrime5 = 0x27D4EB2F165667C5ULL;

static_assert(std::endian::native == std::endian::little, "the hash on disk is defined over little-endian words");

template <typename Word>
Word wordAt(const unsigned char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

quint64 stirred(quint64 sum, quint64 word) {
    return std::rotl(sum + word * kPrime2, 31) * kPrime1;
}

quint64 merged(quint64 sum, quint64 lane) {
    return (sum ^ stirred(0, lane)) * kPrime1 + kPrime4;
}

quint64 tail(quint64 sum, const unsigned char* at, const unsigned char* end) {
    for (; at + 8 <= end; at += 8)
        sum = std::rotl(sum ^ stirred(0, wordAt<quint64>(at)), 27) * kPrime1 + kPrime4;
    if (at + 4 <= end) {
        sum = std::rotl(sum ^ (wordAt<quint32>(at) * kPrime1), 23) * kPrime2 + kPrime3;
        at += 4;
    }
    for (; at < end; ++at)
        sum = std::rotl(sum ^ (*at * kPrime5), 11) * kPrime1;
    sum = (sum ^ (sum >> 33)) * kPrime2;
    sum = (sum ^ (sum >> 29)) * kPrime3;
    return sum ^ (sum >> 32);
}

}  // namespace

quint64 contentHash(const void* bytes, size_t size) {
    const auto* at = static_cast<const unsigned char*>(bytes);
    const auto* const end = at + size;
    quint64 sum = kPrime5;
    if (size >= 32) {
        quint64 a = kPrime1 + kPrime2;
        quint64 b = kPrime2;
        quint64 c = 0;
        quint64 d = 0 - kPrime1;
        for (; at + 32 <= end; at += 32) {
            a = stirred(a, wordAt<quint64>(at));
            b = stirred(b, wordAt<quint64>(at + 8));
            c = stirred(c, wordAt<quint64>(at + 16));
            d = stirred(d, wordAt<quint64>(at + 24));
        }
        sum = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
        sum = merged(merged(merged(merged(sum, a), b), c), d);
    }
    return tail(sum + size, at, end);
}

}  // namespace earmark
