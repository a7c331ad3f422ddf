// An account that a command changes: reviews.db opened for writing, under the profile's lock. Main thread only.
#pragma once

#include <memory>

#include "app/commandline/commandline.h"
#include "models/domain/account.h"
#include "models/store/reviewsdatabase.h"

namespace earmark {

struct KnownAccount {
    std::unique_ptr<ProfileLock> lock;
    std::unique_ptr<ReviewsDatabase> reviews;
    Account account;
};

/// NotFoundHere when there is none of this name; HeldElsewhere names who holds the profile.
[[nodiscard]] Result<KnownAccount> openKnownAccount(const CommandContext& context, const QString& name);

/// The sentence for a name that no account has.
[[nodiscard]] Error noSuchAccount(const QString& name);

}  // namespace earmark
