// The paces of accounts and storages with the wishes of servers that an earlier process heard, and written down for the
// next one. Main thread only.
#pragma once

#include <memory>

#include "models/net/httpclient.h"
#include "models/net/pace.h"
#include "models/store/store.h"

namespace earmark {

/// What everything that asks this account's provider goes by. `store` keeps the server's wishes; it must be open.
[[nodiscard]] std::shared_ptr<Pace> paceOf(const Account& account, HttpClient* http, Store* store);

/// The same for where its edits go: the account's own pace where the provider takes them (its limit counts all), else
/// one of the target's address; of nobody else's where it has no address (a folder).
[[nodiscard]] std::shared_ptr<Pace> paceOfTarget(const Account& account, bool isTheProviders, HttpClient* http,
                                                 Store* store);

/// The same for the server behind a link out of data.
[[nodiscard]] std::shared_ptr<Pace> paceOfStorage(const QUrl& link, HttpClient* http, Store* store);

/// How the store names the wishes of an account's server.
[[nodiscard]] QString wishName(const Account& account);

/// What is left of a wish; a clock that was set back never makes it longer than a server can ask for (1 h).
[[nodiscard]] std::chrono::milliseconds wishLeft(std::optional<Moment> until, Moment now);

}  // namespace earmark
