// What smallest.ai Atoms tells about a call beyond its row: transcript, metrics, variables, latencies and the rest.
// Pure functions, any thread; whatever stands there in another form than documented is left out, never invented.
#pragma once

#include <QJsonObject>

#include "models/domain/account.h"
#include "models/domain/calldetails.h"
#include "models/providers/timeparser.h"

namespace earmark {

/// `call` is the provider's object, a row or a detail. Turns without words are left out. A turn's place in the
/// recording is an estimate from the event "call_started", where there is one; from the creation, which lies before the
/// ringing, it is never counted.
[[nodiscard]] std::vector<Turn> atomsTurns(const QJsonObject& call, const AssumedZone& zone);
[[nodiscard]] std::vector<Metric> atomsMetrics(const QJsonObject& call);

/// An average of an older call as milliseconds; nullopt where it is no number.
[[nodiscard]] std::optional<double> atomsAverageMs(const QJsonValue& average);

/// From `call.rawDetail`, and from `call.raw` where the detail is silent.
[[nodiscard]] CallDetails atomsDetails(const Account& account, const Call& call);

}  // namespace earmark
