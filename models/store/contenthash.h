// A fast 64-bit hash (XXH64) of bytes, the same on every computer: it is stored on disk. Pure function, any thread.
#pragma once

#include <QtGlobal>
#include <cstddef>

namespace earmark {

[[nodiscard]] quint64 contentHash(const void* bytes, size_t size);

}  // namespace earmark
