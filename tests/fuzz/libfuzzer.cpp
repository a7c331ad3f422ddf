// The entry point for libFuzzer: one program per target, named by EARMARK_FUZZ_TARGET.
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // A block of its own size: a view that reads past its end must be seen.
    earmark::fuzz::EARMARK_FUZZ_TARGET(QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)));
    return 0;
}
