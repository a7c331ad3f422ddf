// Sentences about what a pull did not find, and which failures spare it the rest. Pure functions, any thread.
#pragma once

#include <QStringList>

#include "models/domain/account.h"
#include "models/domain/result.h"

namespace earmark {

[[nodiscard]] QString callNotFound(const QString& callId, Provider provider);
/// The campaigns were asked for by name, and nothing came.
[[nodiscard]] QString noCallsFound(const QStringList& campaignIds, Provider provider);
/// `hasOthers`: the pull went on with other lists.
[[nodiscard]] QString campaignNotFound(const QString& campaign, Provider provider, bool hasOthers);
[[nodiscard]] QString campaignUnfinished(const QString& campaign, const Error& error, bool hasOthers);
/// Then the pages would fail alike: no need to try.
[[nodiscard]] bool concernsEveryRequest(ErrorKind kind);

}  // namespace earmark
