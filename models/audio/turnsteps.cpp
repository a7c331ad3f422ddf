#include "models/audio/turnsteps.h"

#include <algorithm>

namespace earmark {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kWellInto{1500};
/// After a seek the position may lie a little before what was asked for.
constexpr milliseconds kNotAgain{100};
constexpr int kToolsWithinWords = 16;
constexpr milliseconds kBreath{600};
/// Both voices at once, or one that is heard on the other's channel.
constexpr milliseconds kAtOnce{300};

}  // namespace

TurnSteps::TurnSteps(const std::vector<TurnPlace>& places) {
    for (const TurnPlace& place : places) {
        if (place.turn < 0) {
            continue;
        }
        m_all.push_back({place.span.begin, place.turn, place.kind == TurnKind::Message, place.span.end});
        if (place.kind == TurnKind::Message) {
            m_said.push_back(place.span.begin);
        }
        if (size_t(place.turn) >= m_ofTurn.size()) {
            m_ofTurn.resize(size_t(place.turn) + 1);
        }
        m_ofTurn[size_t(place.turn)] = place.span.begin;
    }
    std::stable_sort(m_all.begin(), m_all.end(), [](const Begin& a, const Begin& b) { return a.at < b.at; });
    std::sort(m_said.begin(), m_said.end());
}

TurnSteps::TurnSteps(const SoundMap& sound) {
    for (const TimeSpans& voice : sound.speech) {
        const TimeSpan* before = nullptr;
        for (const TimeSpan& span : voice) {
            if (before == nullptr || span.begin - before->end >= kBreath) {
                m_said.push_back(span.begin);
            }
            before = &span;
        }
    }
    std::sort(m_said.begin(), m_said.end());
    const auto isSame = [](milliseconds kept, milliseconds other) { return other - kept < kAtOnce; };
    m_said.erase(std::unique(m_said.begin(), m_said.end(), isSame), m_said.end());
}

std::optional<int> TurnSteps::turnAt(milliseconds at) const {
    const auto after = std::upper_bound(m_all.begin(), m_all.end(), at,
                                        [](milliseconds time, const Begin& begin) { return time < begin.at; });
    if (after == m_all.begin()) {
        return std::nullopt;
    }
    const auto last = std::prev(after);
    auto one = last;
    for (int looked = 0; !one->isSaid && looked < kToolsWithinWords && one != m_all.begin(); ++looked) {
        --one;
    }
    return one->isSaid && one->until > at ? one->turn : last->turn;
}

std::optional<milliseconds> TurnSteps::previous(milliseconds at) const {
    auto found = std::upper_bound(m_said.begin(), m_said.end(), at);
    if (found == m_said.begin()) {
        return std::nullopt;
    }
    --found;
    const bool isWellInto = at - *found > kWellInto;
    return *(isWellInto || found == m_said.begin() ? found : std::prev(found));
}

std::optional<milliseconds> TurnSteps::next(milliseconds at) const {
    const auto found = std::upper_bound(m_said.begin(), m_said.end(), at + kNotAgain);
    return found == m_said.end() ? std::nullopt : std::optional(*found);
}

std::optional<milliseconds> TurnSteps::beginOf(int turn) const {
    return turn >= 0 && size_t(turn) < m_ofTurn.size() ? m_ofTurn[size_t(turn)] : std::nullopt;
}

}  // namespace earmark
