#include "ui/playback/devicetrace.h"

#include <algorithm>
#include <cmath>

namespace earmark {

namespace {

bool comesBefore(std::int64_t deviceFrame, const DeviceTrace::Mark& mark) {
    return deviceFrame < mark.from;
}

}  // namespace

void DeviceTrace::turn(const Mark& mark) {
    while (m_marks.size() > 1 && m_marks.back().from > mark.from) {
        m_marks.pop_back();
    }
    const Mark& last = m_marks.back();
    if (last.phase != mark.phase || last.order != mark.order || mark.phase == SoundPhase::Sounding) {
        m_marks.push_back(mark);
    }
}

void DeviceTrace::goOn(const Mark& mark) {
    const Mark& last = m_marks.back();
    const bool isTold = last.phase == mark.phase && last.order == mark.order &&
                        std::abs(last.speed - mark.speed) < 1e-9 &&
                        std::abs(last.frameAt(mark.from) - mark.frame) <= mark.speed;
    if (!isTold) {
        m_marks.push_back(mark);
    }
}

void DeviceTrace::resume(const Mark& mark) {
    m_marks.insert(std::upper_bound(m_marks.begin(), m_marks.end(), mark.from, comesBefore), mark);
}

DeviceTrace::Mark DeviceTrace::at(std::int64_t deviceFrame) {
    while (m_marks.size() > 1 && m_marks[1].from <= deviceFrame) {
        m_marks.pop_front();
    }
    return m_marks.front();
}

DeviceTrace::Mark DeviceTrace::peek(std::int64_t deviceFrame) const {
    const auto next = std::upper_bound(m_marks.begin(), m_marks.end(), deviceFrame, comesBefore);
    return next == m_marks.begin() ? m_marks.front() : *std::prev(next);
}

}  // namespace earmark
