#include "ui/playback/heardtime.h"

namespace earmark {

void HeardTime::opened(const CallKey& call) {
    m_open = call;
    m_heard.insert(call, m_heard.value(call));
}

void HeardTime::closed() {
    m_open.reset();
}

void HeardTime::heard(std::chrono::milliseconds more) {
    if (m_open && more.count() > 0) {
        m_heard[*m_open] += more;
    }
}

std::optional<std::chrono::milliseconds> HeardTime::of(const CallKey& call) const {
    const auto found = m_heard.constFind(call);
    return found == m_heard.cend() ? std::nullopt : std::optional(*found);
}

}  // namespace earmark
