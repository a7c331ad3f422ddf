// The accounts of the demo's desk: one on each provider that this version reads. Main thread only.
#pragma once

#include <vector>

#include "app/demo/demoserver.h"
#include "models/domain/account.h"

namespace earmark {

/// `known` are the accounts already in the profile: what was set for them stays, and a demo that began with one account
/// keeps that one's name, and with it the reviews written there.
[[nodiscard]] std::vector<Account> demoAccounts(const DemoServer& server, const std::vector<Account>& known);

}  // namespace earmark
