// One call object of smallest.ai Atoms, a row or a detail, made a Call. Pure functions, any thread.
#pragma once

#include <QByteArrayView>
#include <QJsonObject>

#include "models/domain/account.h"
#include "models/providers/timeparser.h"

namespace earmark {

/// nullopt when the object has no call id, which makes it no call.
[[nodiscard]] std::optional<Call> atomsCall(const Account& account, const AssumedZone& zone, const QJsonObject& object,
                                            QByteArrayView text, CallPart part);

/// When the call was made, from "CALL-<13 digits of milliseconds>-<6 hex digits>"; nullopt for any other id.
[[nodiscard]] std::optional<Moment> atomsCreation(const QString& callId);

}  // namespace earmark
