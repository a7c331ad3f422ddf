// The provider's own object of a call for people and for output. Pure functions, any thread; above 64 kB never on the
// window's thread.
#pragma once

#include <QByteArray>

#include "models/domain/account.h"
#include "models/domain/calldetails.h"

namespace earmark {

/// Row and detail as one object: members of the row in their order, each replaced by the detail's where that has one
/// that is not null, then what only the detail has. Digits and order within values stay as they came. Where one of the
/// two is empty or no object, the other.
[[nodiscard]] QByteArray mergedRaw(const QByteArray& row, const QByteArray& detail);
/// For output: links lose signatures and passwords; "null" for what is no JSON object.
[[nodiscard]] QByteArray shownRaw(const QByteArray& raw);
[[nodiscard]] QByteArray shownRaw(const Call& call);

/// What the provider tells beyond the row, as its dialect reads it; links in values lose signatures and passwords.
/// Empty for a provider that cannot be read.
[[nodiscard]] CallDetails shownDetails(const Account& account, const Call& call);
/// The provider tells these only when the call is asked for by itself, which has not happened yet.
[[nodiscard]] bool detailsAreMissing(const Call& call);
/// For calls that outlive their account: one of that provider as a new one would be.
[[nodiscard]] Account accountStandingIn(const Call& call);

}  // namespace earmark
