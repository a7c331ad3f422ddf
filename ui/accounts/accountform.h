// What is typed for a new account, judged while it is typed. Values only, any thread.
#pragma once

#include <QByteArray>
#include <QString>

#include "models/domain/account.h"

namespace earmark {

/// The key as it will be sent: blanks and line breaks around it are gone (they come with copying). InvalidInput when
/// anything inside could not stand in a header; the sentence never repeats the key.
[[nodiscard]] Result<QByteArray> checkedTypedKey(const QString& typed);

/// "" when the name can be used, else one sentence.
[[nodiscard]] QString nameProblem(const QString& name, const QStringList& used);
/// "yotel", "yotel-2", ...
[[nodiscard]] QString suggestedName(Provider provider, const QStringList& used);

}  // namespace earmark
