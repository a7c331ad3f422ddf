// Result<T>: a value or an Error; every function that can fail returns one. Any thread.
#pragma once

#include <tl/expected.hpp>

#include "models/domain/error.h"

namespace earmark {

template <typename T>
using Result = tl::expected<T, Error>;

using Done = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

[[nodiscard]] inline tl::unexpected<Error> failure(ErrorKind kind, const QString& message, const QString& detail = {}) {
    return tl::unexpected<Error>(makeError(kind, message, detail));
}

}  // namespace earmark
