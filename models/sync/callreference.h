// What somebody pasted or typed to name a call: an id, ACCOUNT/ID, an earmark: address, a web address that ends with
// the id. Pure functions, any thread.
#pragma once

#include <QStringList>

#include "models/domain/callkey.h"

namespace earmark {

/// `account` counts where the text names none; `known` are the names that may stand before the first "/". InvalidInput
/// says what can be typed.
[[nodiscard]] Result<CallKey> callFromReference(const QString& text, const QString& account, const QStringList& known);

}  // namespace earmark
