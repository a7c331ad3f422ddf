// A target as many telephone systems have it: a call's disposition is one of a list of ids. Written after the recipe in
// models/README.md, to prove it; no such target is in the product. Any thread.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark::test {

/// PUT /calls/{id} {"disposition_id": "..."}; GET /calls/{id} tells it. No idempotency key: reads before it writes.
class CodeListDialect final : public WriteDialect {
 public:
    explicit CodeListDialect(QUrl base) : m_base(std::move(base)) {}
    [[nodiscard]] TargetCapabilities capabilities(const Account& account) const override;
    [[nodiscard]] Result<QByteArray> compose(const Account& account, const OutgoingReview& review) const override;
    [[nodiscard]] std::unique_ptr<PushSteps> push(const Account& account, const OutgoingReview& review,
                                                  const QByteArray& frozen, const QByteArray& secret, bool isRepeat,
                                                  Moment now) const override;
    [[nodiscard]] std::unique_ptr<PushSteps> test(const Account& account, const QByteArray& secret,
                                                  Moment now) const override;

 private:
    QUrl m_base;
};

}  // namespace earmark::test
