// The demo's calls as smallest.ai Atoms documents them: rows without transcript, details beside them, batch search,
// mixed and separate recordings, presigned addresses. No sockets; any one thread, but never the main one.
#pragma once

#include "app/demo/demovoice.h"
#include "app/demo/demowavs.h"

namespace earmark {

class AtomsVoice final : public DemoVoice {
 public:
    AtomsVoice(const DemoTruth& truth, const DemoLinks& links, DemoWavs& wavs)
        : DemoVoice(Provider::Atoms, truth, links), m_wavs(wavs) {}
    [[nodiscard]] DemoAnswer answer(const DemoRequest& request, Moment now) const override;
    [[nodiscard]] std::optional<DemoAnswer> recording(const DemoRequest& request, Moment now) const override;

 private:
    /// The calls that are in Atoms' list, those that changed last first.
    [[nodiscard]] std::vector<DemoCall> listed(Moment now) const;
    [[nodiscard]] DemoAnswer page(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer search(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer conversation(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer downloadUrl(const DemoCall& call, Moment now) const;
    [[nodiscard]] DemoAnswer agents(const DemoRequest& request) const;
    [[nodiscard]] DemoAnswer campaigns(const DemoRequest& request) const;
    [[nodiscard]] QJsonObject row(const DemoCall& call) const;
    [[nodiscard]] QJsonObject detail(const DemoCall& call) const;

    DemoWavs& m_wavs;
};

}  // namespace earmark
