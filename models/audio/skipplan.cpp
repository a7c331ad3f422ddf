#include "models/audio/skipplan.h"

#include <algorithm>

namespace earmark {

using std::chrono::milliseconds;

namespace {

/// Ascending, joined where they touch, inside the recording.
TimeSpans joined(TimeSpans spans, milliseconds end) {
    std::sort(spans.begin(), spans.end(), [](const TimeSpan& a, const TimeSpan& b) { return a.begin < b.begin; });
    TimeSpans result;
    for (TimeSpan span : spans) {
        span = {std::max(span.begin, milliseconds(0)), std::min(span.end, end)};
        if (span.begin >= span.end) {
            continue;
        }
        if (!result.empty() && span.begin <= result.back().end) {
            result.back().end = std::max(result.back().end, span.end);
        } else {
            result.push_back(span);
        }
    }
    return result;
}

/// Ring-back is left out while nobody can have spoken yet, or when it is on the whole line.
bool mayBeLeftOut(const ToneSpan& tone, milliseconds conversationBegins) {
    return tone.kind == ToneKind::Hold || tone.onAllChannels || tone.span.end <= conversationBegins;
}

milliseconds beginOfConversation(const SoundMap& map, const SkipQuestion& question) {
    if (question.answeredAt) {
        return *question.answeredAt;
    }
    milliseconds first = map.duration();
    for (const TimeSpans& channel : map.speech) {
        first = channel.empty() ? first : std::min(first, channel.front().begin);
    }
    for (const TimeSpan& turn : question.toldTurns) {
        first = std::min(first, turn.begin);
    }
    return first;
}

TimeSpans heardSpans(const SoundMap& map, const SkipQuestion& question) {
    TimeSpans heard = map.beeps;
    for (const TimeSpans& channel : map.speech) {
        heard.insert(heard.end(), channel.begin(), channel.end());
    }
    heard.insert(heard.end(), question.toldTurns.begin(), question.toldTurns.end());
    const milliseconds begins = beginOfConversation(map, question);
    for (const ToneSpan& tone : map.tones) {
        if (!mayBeLeftOut(tone, begins)) {
            heard.push_back(tone.span);
        }
    }
    return joined(std::move(heard), map.duration());
}

/// A tone that fills a good part of the stretch is the reason for leaving it out.
SkipReason reasonOf(const SoundMap& map, const TimeSpan& stretch) {
    milliseconds ringing{};
    milliseconds holding{};
    for (const ToneSpan& tone : map.tones) {
        const milliseconds shared = std::min(tone.span.end, stretch.end) - std::max(tone.span.begin, stretch.begin);
        (tone.kind == ToneKind::Ringback ? ringing : holding) += std::max(shared, milliseconds(0));
    }
    if (std::max(ringing, holding) * 4 < stretch.length()) {
        return SkipReason::Silence;
    }
    return ringing >= holding ? SkipReason::Ringback : SkipReason::Hold;
}

}  // namespace

milliseconds SkipPlan::saved() const {
    milliseconds sum{};
    for (const SkippedSpan& skipped : spans) {
        sum += skipped.span.length();
    }
    return sum;
}

milliseconds SkipPlan::heardPlace(milliseconds at) const {
    const auto after =
        std::upper_bound(spans.begin(), spans.end(), at,
                         [](milliseconds place, const SkippedSpan& each) { return place < each.span.begin; });
    if (after == spans.begin()) {
        return at;
    }
    const TimeSpan& before = std::prev(after)->span;
    return before.holds(at) ? before.end : at;
}

SkipPlan planSkips(const SoundMap& map, const SkipQuestion& question) {
    SkipPlan plan;
    if (question.mode == SkipMode::Off) {
        return plan;
    }
    const SkipPadding padding = question.mode == SkipMode::Gentle ? kGentlePadding : kStrongPadding;
    const milliseconds end = map.duration();
    milliseconds from{};
    const auto leaveOut = [&](milliseconds to) {
        if (to - from < kShortestSkippable) {
            return;
        }
        // Nothing is heard before the beginning and after the end, so that nothing is left there.
        const TimeSpan stretch{from == milliseconds(0) ? from : from + padding.after,
                               to == end ? to : to - padding.before};
        if (stretch.length() > milliseconds(0)) {
            plan.spans.push_back({stretch, reasonOf(map, stretch)});
        }
    };
    for (const TimeSpan& heard : heardSpans(map, question)) {
        leaveOut(heard.begin);
        from = heard.end;
    }
    leaveOut(end);
    return plan;
}

}  // namespace earmark
