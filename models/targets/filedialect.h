// The file: records appended to a file of a folder, one a month. Any thread.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark {

class FileDialect final : public WriteDialect {
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
