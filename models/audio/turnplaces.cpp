#include "models/audio/turnplaces.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "models/audio/turnalignment.h"

namespace earmark {

using std::chrono::milliseconds;

namespace {

constexpr int kEitherVoice = -1;
constexpr milliseconds kLeastTurn{200};         ///< what a turn without a told length and without speech is given
constexpr double kSecondsPerCharacter = 0.065;  ///< where the sound does not tell how fast somebody speaks
constexpr milliseconds kBreath{350};            ///< a shorter pause divides no speech

/// Told by the provider, or computed from what it told; else it has to be found.
bool hasTime(const Turn& turn) {
    return turn.offset && turn.offset->count() >= 0;
}

bool isSaid(const Turn& turn) {
    return turn.kind == TurnKind::Message && turn.speaker != Speaker::System && turn.speaker != Speaker::Tool;
}

/// Letters and digits; marks of the transcriber ("[noise]", "<unk>") take no time.
int spokenLength(const QString& text) {
    int count = 0;
    int depth = 0;
    for (const QChar c : text) {
        if (c == u'[' || c == u'<') {
            ++depth;
        } else if (c == u']' || c == u'>') {
            depth = std::max(0, depth - 1);
        } else if (depth == 0 && c.isLetterOrNumber()) {
            ++count;
        }
    }
    return std::max(count, 2);
}

milliseconds durationOf(const SoundMap& map) {
    return map.format.sampleRate > 0 ? milliseconds(map.frames * 1000 / map.format.sampleRate) : milliseconds(0);
}

double seconds(milliseconds time) {
    return double(time.count()) / 1000;
}

class Placer {
 public:
    Placer(const std::vector<Turn>& transcript, const SoundMap* map, ChannelOrder order);
    [[nodiscard]] std::vector<TurnPlace> place();

 private:
    [[nodiscard]] int voiceOf(const Turn& turn) const;
    [[nodiscard]] double expected(const Turn& turn) const;
    void measureSpeed();
    void takeTold();
    void estimateBetween(size_t first, size_t last);
    void estimateSilentOnes();
    void findEnds();
    [[nodiscard]] std::optional<milliseconds> speechEnd(int voice, milliseconds from, milliseconds until) const;

    const std::vector<Turn>& m_transcript;
    const SoundMap* m_map;
    const ChannelOrder m_order;
    bool m_hasTwoVoices = false;
    std::vector<SpeechPiece> m_speech;  ///< ascending
    double m_speed[3] = {kSecondsPerCharacter, kSecondsPerCharacter, kSecondsPerCharacter};
    std::optional<milliseconds> m_duration;
    struct Found {
        milliseconds begin{};
        std::optional<milliseconds> end;
        bool isEstimated = false;
    };
    std::vector<std::optional<Found>> m_found;
};

Placer::Placer(const std::vector<Turn>& transcript, const SoundMap* map, ChannelOrder order)
    : m_transcript(transcript), m_map(map), m_order(order), m_found(transcript.size()) {
    if (map == nullptr) {
        return;
    }
    m_duration = durationOf(*map);
    m_hasTwoVoices = map->speech.size() == 2 && !map->speech[0].empty() && !map->speech[1].empty();
    for (size_t channel = 0; channel < map->speech.size(); ++channel) {
        for (TimeSpan span : joined(map->speech[channel], kBreath)) {
            span.end = std::min(span.end, *m_duration);
            if (span.begin < span.end) {
                m_speech.push_back({span, m_hasTwoVoices ? int(channel) : kEitherVoice});
            }
        }
    }
    std::stable_sort(m_speech.begin(), m_speech.end(),
                     [](const SpeechPiece& a, const SpeechPiece& b) { return a.span.begin < b.span.begin; });
}

int Placer::voiceOf(const Turn& turn) const {
    if (!m_hasTwoVoices || (turn.speaker != Speaker::Agent && turn.speaker != Speaker::Customer)) {
        return kEitherVoice;
    }
    return (turn.speaker == Speaker::Agent) == (m_order == ChannelOrder::AgentFirst) ? 0 : 1;
}

double Placer::expected(const Turn& turn) const {
    return turn.duration ? std::max(0.2, seconds(*turn.duration))
                         : 0.2 + spokenLength(turn.text) * m_speed[voiceOf(turn) + 1];
}

/// How fast each voice speaks here: all it says over all the time it speaks.
void Placer::measureSpeed() {
    for (int voice = kEitherVoice; voice <= 1; ++voice) {
        double time = 0;
        double characters = 0;
        int turns = 0;
        for (const SpeechPiece& piece : m_speech) {
            time += piece.voice == voice ? seconds(piece.span.length()) : 0;
        }
        for (const Turn& turn : m_transcript) {
            if (isSaid(turn) && voiceOf(turn) == voice) {
                characters += spokenLength(turn.text);
                ++turns;
            }
        }
        if (time > 0 && characters > 0) {
            m_speed[voice + 1] = std::clamp((time - 0.2 * turns) / characters, 0.03, 0.2);
        }
    }
}

void Placer::takeTold() {
    for (size_t i = 0; i < m_transcript.size(); ++i) {
        const Turn& turn = m_transcript[i];
        if (!hasTime(turn) || (m_duration && *turn.offset >= *m_duration)) {
            continue;
        }
        m_found[i] = Found{*turn.offset, std::nullopt, turn.isEstimated};
        if (turn.duration && turn.duration->count() > 0) {
            m_found[i]->end = *turn.offset + *turn.duration;
        }
    }
}

/// The turns first..last (exclusive) have no time; those around them have one, where there are any.
void Placer::estimateBetween(size_t first, size_t last) {
    milliseconds from{};
    milliseconds until = *m_duration;
    if (first > 0 && m_found[first - 1]) {
        const Turn& before = m_transcript[first - 1];
        const milliseconds spoken(isSaid(before) ? std::lround(expected(before) * 700) : 0);
        from = m_found[first - 1]->end.value_or(m_found[first - 1]->begin + spoken);
    }
    if (last < m_transcript.size()) {
        until = m_found[last]->begin;
    }
    std::vector<SpeechPiece> speech;
    for (const SpeechPiece& piece : m_speech) {
        if (piece.span.begin >= from && piece.span.begin < until) {
            speech.push_back(piece);
        }
    }
    std::vector<ExpectedTurn> turns;
    std::vector<size_t> which;
    for (size_t i = first; i < last; ++i) {
        if (isSaid(m_transcript[i])) {
            turns.push_back({voiceOf(m_transcript[i]), expected(m_transcript[i])});
            which.push_back(i);
        }
    }
    const std::vector<std::optional<TimeSpan>> spans = alignTurns(turns, speech);
    for (size_t i = 0; i < spans.size(); ++i) {
        if (spans[i]) {
            m_found[which[i]] = Found{spans[i]->begin, spans[i]->end, true};
        }
    }
}

/// What nobody says (a tool, an interruption) happens after the turn before it.
void Placer::estimateSilentOnes() {
    for (size_t i = 1; i < m_transcript.size(); ++i) {
        if (!m_found[i] && !isSaid(m_transcript[i]) && m_found[i - 1]) {
            const milliseconds begin = m_found[i - 1]->end.value_or(m_found[i - 1]->begin);
            if (begin < *m_duration) {
                m_found[i] = Found{begin, begin, true};
            }
        }
    }
}

std::optional<milliseconds> Placer::speechEnd(int voice, milliseconds from, milliseconds until) const {
    std::optional<milliseconds> end;
    auto piece = std::lower_bound(m_speech.begin(), m_speech.end(), from,
                                  [](const SpeechPiece& one, milliseconds at) { return one.span.begin < at; });
    // A piece that begins a little before the told begin belongs to it too.
    piece -= std::min<std::ptrdiff_t>(piece - m_speech.begin(), 4);
    for (; piece != m_speech.end() && piece->span.begin < until; ++piece) {
        const bool isRight = voice == kEitherVoice || piece->voice == kEitherVoice || piece->voice == voice;
        if (isRight && piece->span.end > from) {
            end = std::max(end.value_or(from), std::min(piece->span.end, until));
        }
    }
    return end;
}

void Placer::findEnds() {
    std::optional<milliseconds> next;  // the begin of the next turn that is not before this one
    for (size_t i = m_transcript.size(); i-- > 0;) {
        if (!m_found[i]) {
            continue;
        }
        Found& found = *m_found[i];
        const Turn& turn = m_transcript[i];
        if (next && *next < found.begin) {
            next.reset();  // out of order: it bounds nothing
        }
        if (!found.end) {
            const milliseconds longest = found.begin + milliseconds(std::lround(expected(turn) * 1000));
            const milliseconds until = next.value_or(m_duration.value_or(longest));
            const auto end = isSaid(turn) ? speechEnd(voiceOf(turn), found.begin, until) : std::nullopt;
            found.end = end ? *end : next ? *next : std::min(longest, until);
        }
        found.end = std::max(*found.end, found.begin);
        if (*found.end == found.begin) {
            const milliseconds least = found.begin + kLeastTurn;
            found.end = next ? std::min(least, std::max(*next, found.begin)) : least;
        }
        if (m_duration) {
            found.end = std::min(*found.end, *m_duration);
        }
        next = found.begin;
    }
}

std::vector<TurnPlace> Placer::place() {
    measureSpeed();
    takeTold();
    if (m_map != nullptr) {
        for (size_t i = 0; i < m_transcript.size();) {
            size_t last = i;
            while (last < m_transcript.size() && !m_found[last]) {
                ++last;
            }
            if (last > i) {
                estimateBetween(i, last);
            }
            i = std::max(last, i + 1);
        }
        estimateSilentOnes();
    }
    findEnds();
    std::vector<TurnPlace> places;
    for (size_t i = 0; i < m_transcript.size(); ++i) {
        if (m_found[i]) {
            places.push_back({int(i),
                              m_transcript[i].speaker,
                              m_transcript[i].kind,
                              {m_found[i]->begin, *m_found[i]->end},
                              m_found[i]->isEstimated});
        }
    }
    return places;
}

}  // namespace

std::vector<TurnPlace> placeTurns(const std::vector<Turn>& transcript, const SoundMap* map, ChannelOrder order) {
    return Placer(transcript, map, order).place();
}

}  // namespace earmark
