// The demo's calls as Autocalls and its white-labels document them: integer ids, times without a zone, two shapes of
// transcript and evaluation, costs as numbers or as text. No sockets; any one thread.
#pragma once

#include "app/demo/demovoice.h"

namespace earmark {

class AutocallsVoice final : public DemoVoice {
 public:
    AutocallsVoice(const DemoTruth& truth, const DemoLinks& links) : DemoVoice(Provider::Autocalls, truth, links) {}
    [[nodiscard]] DemoAnswer answer(const DemoRequest& request, Moment now) const override;
    [[nodiscard]] std::optional<DemoAnswer> recording(const DemoRequest& request, Moment now) const override;

 private:
    [[nodiscard]] DemoAnswer page(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer call(const QString& id, Moment now) const;
    [[nodiscard]] DemoAnswer assistants(const DemoRequest& request, bool inPages) const;
    [[nodiscard]] DemoAnswer campaigns() const;
    [[nodiscard]] bool passes(const QJsonObject& call, const DemoRequest& request) const;
    [[nodiscard]] QJsonObject callObject(const DemoCall& call) const;
    [[nodiscard]] QJsonObject paginated(const QJsonArray& rows, const QString& route, int page, int size,
                                        int total) const;
};

}  // namespace earmark
