// What every provider's answers are held to: a page, one call and its details, names, the body of an error. Whole or
// not at all, the same twice, and nothing that storage or screen could not hold. One thread.
#pragma once

#include <QByteArray>

#include "models/domain/call.h"

namespace earmark::fuzz {

/// The first letter says what the rest is: p(age), c(all), l(ist of campaigns), a(gents), s(earch), t(est of the key),
/// r(ecording link), e(rror); ordinary letters, so that seeds can be written by hand.
void answersOf(Provider provider, const QByteArray& input);

}  // namespace earmark::fuzz
