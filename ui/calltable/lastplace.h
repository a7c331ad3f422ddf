// Which call the table stood on when the program ended, and how far below the top edge: remembered by the settings, and
// found again once at the next start. Main thread only.
#pragma once

#include <optional>

#include "models/domain/callkey.h"

namespace earmark {

class DeskSettings;

class LastPlace final {
 public:
    explicit LastPlace(DeskSettings* settings);

    /// Where to go at this start; nullopt: nowhere, or somebody has gone elsewhere meanwhile.
    [[nodiscard]] const std::optional<CallKey>& call() const { return m_call; }
    [[nodiscard]] int rowsAbove() const { return m_rowsAbove; }  ///< between it and the top edge; negative: above that
    void forget() { m_call.reset(); }

    void keep(const CallKey& call, int rowsAbove);

 private:
    DeskSettings* m_settings;
    std::optional<CallKey> m_call;
    int m_rowsAbove = 0;
};

}  // namespace earmark
