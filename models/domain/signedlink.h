// Links that carry a signature are keys to what they lead to: how their queries are taken out of texts. Pure, any
// thread.
#pragma once

#include <QByteArray>

namespace earmark {

/// JSON in which each signed http(s) link loses its query; everything else stays as it is.
[[nodiscard]] QByteArray withoutLinkQueries(const QByteArray& text);

}  // namespace earmark
