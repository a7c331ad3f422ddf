// What becomes of an edit, told at the field it belongs to. fateSentence(): any thread.
#pragma once

#include <QString>
#include <functional>

#include "models/domain/account.h"
#include "models/domain/review.h"
#include "models/sync/pushreport.h"
#include "ui/common/deskservices.h"

namespace earmark {

class ReviewBlock;

/// "Waits for hooks.example.com/reviews; next try at 14:05." `account` null: it is not set up (any more).
[[nodiscard]] QString fateSentence(ReviewField field, EditState state, const Account* account, const PushState& push);

/// What becomes of all that is entered for a call of this provider, said once above the fields: "What you enter is kept
/// on this computer and sent to hooks.example.com/reviews." `account` null: it is not set up (any more).
[[nodiscard]] QString fateForeword(Provider provider, const Account* account);

/// From now on the fields of the block tell it, and again when an account or how it stands with its target changes.
/// `account`: of the call that is shown. Main thread only.
void tellFatesIn(ReviewBlock* block, const DeskServices& services, const std::function<QString()>& account);

}  // namespace earmark
