// The demo's calls as Vatel documents them: transcripts with tool calls and interruptions in the list, extracted
// variables, tags, feedback, recordings behind the key. No sockets; any one thread, but never the main one.
#pragma once

#include "app/demo/demovoice.h"
#include "app/demo/demowavs.h"

namespace earmark {

class VatelVoice final : public DemoVoice {
 public:
    VatelVoice(const DemoTruth& truth, const DemoLinks& links, DemoWavs& wavs)
        : DemoVoice(Provider::Vatel, truth, links), m_wavs(wavs) {}
    [[nodiscard]] DemoAnswer answer(const DemoRequest& request, Moment now) const override;

 private:
    [[nodiscard]] DemoAnswer page(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer call(const DemoRequest& request, Moment now) const;
    [[nodiscard]] DemoAnswer agents() const;

    DemoWavs& m_wavs;
};

}  // namespace earmark
