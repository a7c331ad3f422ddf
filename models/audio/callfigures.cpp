#include "models/audio/callfigures.h"

#include <algorithm>

namespace earmark {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds kMonologuePause{1500};
constexpr milliseconds kUtterancePause{700};   // within one utterance
constexpr milliseconds kShortestOverlap{200};  // turns that merely touch interrupt nobody

milliseconds lengthOf(const TimeSpans& spans) {
    milliseconds sum{};
    for (const TimeSpan& span : spans) {
        sum += span.length();
    }
    return sum;
}

TimeSpans common(const TimeSpans& a, const TimeSpans& b) {
    TimeSpans result;
    for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
        const TimeSpan both{std::max(a[i].begin, b[k].begin), std::min(a[i].end, b[k].end)};
        if (both.begin < both.end) {
            result.push_back(both);
        }
        a[i].end < b[k].end ? ++i : ++k;
    }
    return result;
}

TimeSpans without(const TimeSpans& spans, const TimeSpans& removed) {
    TimeSpans result;
    std::size_t first = 0;
    for (TimeSpan rest : spans) {
        while (first < removed.size() && removed[first].end <= rest.begin) {
            ++first;
        }
        for (std::size_t i = first; i < removed.size() && removed[i].begin < rest.end; ++i) {
            if (removed[i].begin > rest.begin) {
                result.push_back({rest.begin, removed[i].begin});
            }
            rest.begin = std::max(rest.begin, removed[i].end);
        }
        if (rest.begin < rest.end) {
            result.push_back(rest);
        }
    }
    return result;
}

TimeSpans withoutPauses(const TimeSpans& spans, milliseconds pause) {
    TimeSpans result;
    for (const TimeSpan& span : spans) {
        if (!result.empty() && span.begin - result.back().end < pause) {
            result.back().end = span.end;
        } else {
            result.push_back(span);
        }
    }
    return result;
}

bool isHeardIn(const TimeSpans& spans, const TimeSpan& stretch) {
    const auto first = std::lower_bound(spans.begin(), spans.end(), stretch.begin,
                                        [](const TimeSpan& span, milliseconds at) { return span.end <= at; });
    return first != spans.end() && first->begin < stretch.end;
}

milliseconds longestMonologue(const TimeSpans& own, const TimeSpans& other) {
    milliseconds longest{};
    TimeSpan monologue;
    for (const TimeSpan& piece : without(own, other)) {
        const bool goesOn = monologue.end > milliseconds(0) && piece.begin - monologue.end < kMonologuePause &&
                            !isHeardIn(other, {monologue.end, piece.begin});
        monologue = goesOn ? TimeSpan{monologue.begin, piece.end} : piece;
        longest = std::max(longest, monologue.length());
    }
    return longest;
}

int interruptions(const TimeSpans& own, const TimeSpans& other) {
    int count = 0;
    for (const TimeSpan& span : own) {
        count += std::any_of(other.begin(), other.end(), [&span](const TimeSpan& spoken) {
            return spoken.begin < span.begin && span.begin + kShortestOverlap <= spoken.end && span.end > spoken.end;
        });
    }
    return count;
}

}  // namespace

CallFigures figuresOf(const SoundMap& map) {
    CallFigures figures;
    figures.duration = map.duration();
    if (map.speech.size() != 2) {
        figures.silence = figures.duration - (map.speech.empty() ? milliseconds(0) : lengthOf(map.speech.front()));
        return figures;
    }
    CallFigures::Voices voices;
    voices.overlap = lengthOf(common(map.speech[0], map.speech[1]));
    const milliseconds all = lengthOf(map.speech[0]) + lengthOf(map.speech[1]);
    const TimeSpans utterances[] = {withoutPauses(map.speech[0], kUtterancePause),
                                    withoutPauses(map.speech[1], kUtterancePause)};
    for (std::size_t i = 0; i < 2; ++i) {
        VoiceFigures& voice = voices.each[i];
        voice.talk = lengthOf(map.speech[i]);
        voice.share = all.count() > 0 ? static_cast<double>(voice.talk.count()) / static_cast<double>(all.count()) : 0;
        voice.longestMonologue = longestMonologue(map.speech[i], map.speech[1 - i]);
        voice.interruptions = interruptions(utterances[i], utterances[1 - i]);
    }
    figures.silence = figures.duration - (all - voices.overlap);
    figures.voices = voices;
    return figures;
}

}  // namespace earmark
