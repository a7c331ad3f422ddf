// The arguments of "target set" as settings of an account's target. Pure, any thread.
#pragma once

#include "app/commandline/arguments.h"
#include "models/domain/account.h"
#include "models/domain/result.h"

namespace earmark {

/// What the account's target is to be: of the same kind, what was not said stays as it is; of another one, it begins
/// anew. InvalidInput is wrong usage and says which option.
[[nodiscard]] Result<TargetSettings> targetFromArguments(const Account& account, const Arguments& arguments);

}  // namespace earmark
