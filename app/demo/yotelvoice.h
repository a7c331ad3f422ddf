// The demo's calls as Yotel's documented answers. No sockets; any one thread.
#pragma once

#include "app/demo/demovoice.h"

namespace earmark {

class YotelVoice final : public DemoVoice {
 public:
    YotelVoice(const DemoTruth& truth, const DemoLinks& links) : DemoVoice(Provider::Yotel, truth, links) {}
    [[nodiscard]] DemoAnswer answer(const DemoRequest& request, Moment now) const override;
    [[nodiscard]] std::optional<DemoAnswer> recording(const DemoRequest& request, Moment now) const override;

 private:
    [[nodiscard]] DemoAnswer campaigns() const;
    [[nodiscard]] DemoAnswer page(const QString& campaignId, const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer call(const QString& id, Moment now) const;
    [[nodiscard]] QJsonObject callObject(const DemoCall& call, Moment now) const;
    [[nodiscard]] QString recordingLink(const QString& file, Moment now) const;
};

}  // namespace earmark
