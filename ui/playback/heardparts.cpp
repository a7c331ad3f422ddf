#include "ui/playback/heardparts.h"

namespace earmark {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kBetweenLooks = 60ms;  ///< an interpolated place may go back so far, and on again

}  // namespace

void HeardParts::opened(const CallKey& call) {
    m_open = call;
    m_known[call];
}

void HeardParts::closed() {
    m_open.reset();
}

void HeardParts::remember(const CallKey& call, const ListeningProgress& before) {
    Known& known = m_known[call];
    if (known.remembers) {
        return;
    }
    known.remembers = true;
    known.heard += before.heard;
    for (const TimeSpan& span : before.played) {
        known.played = withSpan(known.played, span, kBetweenLooks);
    }
}

void HeardParts::heard(milliseconds more) {
    if (m_open && more.count() > 0) {
        m_known[*m_open].heard += more;
    }
}

bool HeardParts::played(milliseconds from, milliseconds to, milliseconds atMost) {
    if (!m_open || to <= from || to > from + atMost + kBetweenLooks) {
        return false;
    }
    TimeSpans& parts = m_known[*m_open].played;
    parts = fewerSpans(withSpan(parts, {from, to}, kBetweenLooks), kMostPlayedParts);
    return true;
}

std::optional<milliseconds> HeardParts::of(const CallKey& call) const {
    const auto found = m_known.constFind(call);
    return found == m_known.cend() ? std::nullopt : std::optional(found->heard);
}

TimeSpans HeardParts::parts(const CallKey& call) const {
    return m_known.value(call).played;
}

}  // namespace earmark
