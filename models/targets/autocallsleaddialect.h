// The Autocalls lead of a call: its variables say how the call was reviewed. A call of Autocalls itself takes nothing.
// Any thread.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark {

/// Finds the one lead of the call's campaign whose number is exactly the customer's, reads, writes `variables` alone
/// and reads again. The platform knows no versions and no idempotency key: reading before writing makes repeats
/// harmless. One lead has many calls; the call reviewed last counts, and its id stands beside the review.
class AutocallsLeadDialect final : public WriteDialect {
 public:
    [[nodiscard]] TargetCapabilities capabilities(const Account& account) const override;
    [[nodiscard]] Result<QByteArray> compose(const Account& account, const OutgoingReview& review) const override;
    [[nodiscard]] std::unique_ptr<PushSteps> push(const Account& account, const OutgoingReview& review,
                                                  const QByteArray& frozen, const QByteArray& secret, bool isRepeat,
                                                  Moment now) const override;
    [[nodiscard]] std::unique_ptr<PushSteps> test(const Account& account, const QByteArray& secret,
                                                  Moment now) const override;
};

}  // namespace earmark
