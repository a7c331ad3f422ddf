// The identity of a call on this desk: account name plus the provider's own id. Plain data, any thread.
#pragma once

#include <QHash>
#include <QString>

#include "models/domain/result.h"

namespace earmark {

/// Ids are opaque text, never numbers. `account` matches [a-z0-9][a-z0-9-]{0,30}; `remoteId` is never empty.
struct CallKey {
    QString account;
    QString remoteId;

    friend bool operator==(const CallKey&, const CallKey&) = default;
};

[[nodiscard]] inline size_t qHash(const CallKey& key, size_t seed = 0) {
    return qHashMulti(seed, key.account, key.remoteId);
}

/// "ACCOUNT/REMOTE-ID"; `/`, `%` and control characters in the remote id are percent-encoded (UTF-8).
[[nodiscard]] QString toText(const CallKey& key);
/// The reverse; InvalidInput when there is no '/', the account name is not lawful or the id is empty.
[[nodiscard]] Result<CallKey> callKeyFromText(const QString& text);

/// [a-z0-9][a-z0-9-]{0,30}
[[nodiscard]] bool isAccountName(const QString& name);

}  // namespace earmark
