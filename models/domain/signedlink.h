// Links that carry a signature or a password are keys to what they lead to: how these are taken out of texts. Pure,
// any thread.
#pragma once

#include <QByteArray>

namespace earmark {

/// JSON in which each signed http(s) link loses its query and each the user and password before its host; everything
/// else stays as it is.
[[nodiscard]] QByteArray withoutLinkSecrets(const QByteArray& text);

}  // namespace earmark
