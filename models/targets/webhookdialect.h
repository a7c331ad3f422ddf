// The signed webhook: one POST a delivery, repeated with the same key and body until it is answered. Any thread.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark {

/// "v1=" and hex HMAC-SHA256(secret, timestamp + "." + body). `timestamp`: whole seconds since 1970.
[[nodiscard]] QByteArray webhookSignature(const QByteArray& secret, const QByteArray& timestamp,
                                          const QByteArray& body);

class WebhookDialect final : public WriteDialect {
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
