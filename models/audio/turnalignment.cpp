#include "models/audio/turnalignment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace earmark {

using std::chrono::milliseconds;

namespace {

constexpr double kForeignSpeech = 1.2;  ///< cost of a second of the other voice, or of nobody's turn, in a turn
constexpr double kUnsaid = 0.8;         ///< cost of a turn for which there is no speech, beside its length
constexpr double kCutInSpeech = 0.5;    ///< cost of a turn that begins in the middle of speech
constexpr double kNoPause = 0.25;       ///< cost of a turn that begins after next to no pause; fades with the pause
constexpr milliseconds kLongestPiece{1000};  ///< voices on one channel: turns may change within speech
constexpr size_t kMostInOne = 48;            ///< pieces in one turn
constexpr size_t kMostStates = 400'000;      ///< a longer conversation is looked at within a band around proportion

struct Piece {
    TimeSpan span;
    int voice = -1;
    double seconds = 0;
    double cutCost = 0;  ///< of a turn that begins here
};

/// Turns of one voice in a row: between them nobody else speaks.
struct Group {
    size_t first = 0;
    size_t last = 0;  ///< exclusive
    int voice = -1;
    double seconds = 0;
};

bool fits(int voice, int other) {
    return voice < 0 || other < 0 || voice == other;
}

std::vector<Piece> piecesOf(const std::vector<SpeechPiece>& speech, bool splits) {
    std::vector<Piece> pieces;
    milliseconds lastEnd[3]{};
    for (const SpeechPiece& one : speech) {
        milliseconds& before = lastEnd[std::clamp(one.voice, -1, 1) + 1];
        const double pause = double((one.span.begin - before).count()) / 1000;
        double cost = kNoPause * std::exp(-std::max(0.0, pause));
        milliseconds begin = one.span.begin;
        const auto parts = splits ? std::max<std::int64_t>(1, (one.span.length() / kLongestPiece) + 1) : 1;
        for (std::int64_t part = 1; part <= parts; ++part) {
            const milliseconds end = one.span.begin + one.span.length() * part / parts;
            pieces.push_back({{begin, end}, one.voice, double((end - begin).count()) / 1000, cost});
            begin = end;
            cost = kCutInSpeech;
        }
        before = one.span.end;
    }
    return pieces;
}

std::vector<Group> groupsOf(const std::vector<ExpectedTurn>& turns) {
    std::vector<Group> groups;
    for (size_t i = 0; i < turns.size(); ++i) {
        if (groups.empty() || turns[i].voice < 0 || groups.back().voice != turns[i].voice) {
            groups.push_back({i, i, turns[i].voice, 0});
        }
        groups.back().last = i + 1;
        groups.back().seconds += turns[i].seconds;
    }
    return groups;
}

std::vector<Group> eachAlone(const std::vector<ExpectedTurn>& turns, size_t first, size_t last) {
    std::vector<Group> groups;
    for (size_t i = first; i < last; ++i) {
        groups.push_back({i, i + 1, turns[i].voice, turns[i].seconds});
    }
    return groups;
}

/// The least costly way to hand runs of pieces to the groups, in order. Answers for each group where its run ends; it
/// begins where the one before ends.
class Alignment {
 public:
    Alignment(const std::vector<Group>& groups, const std::vector<Piece>& pieces, size_t first, size_t last)
        : m_groups(groups), m_pieces(pieces), m_first(first), m_count(last - first) {
        m_band = groups.size() * (m_count + 1) <= kMostStates
                     ? 2 * (m_count + 1)
                     : std::max<size_t>(kMostInOne, kMostStates / std::max<size_t>(1, groups.size()));
    }

    [[nodiscard]] std::vector<size_t> ends() {
        placeBands();
        std::vector<double> before(m_count + 1, kNever);
        before[0] = 0;
        // Speech of before the first turn belongs to nobody.
        double skipped = 0;
        for (size_t i = 0; i < std::min(m_count, kMostInOne); ++i) {
            skipped += m_pieces[m_first + i].seconds * kForeignSpeech;
            before[i + 1] = skipped;
        }
        std::vector<std::vector<std::uint8_t>> taken(m_groups.size());
        for (size_t g = 0; g < m_groups.size(); ++g) {
            before = after(g, before, taken[g]);
        }
        return trace(before, taken);
    }

 private:
    static constexpr double kNever = std::numeric_limits<double>::infinity();

    void placeBands() {
        double total = 0;
        for (const Group& group : m_groups) {
            total += group.seconds;
        }
        double speech = 0;
        for (size_t i = 0; i < m_count; ++i) {
            speech += m_pieces[m_first + i].seconds;
        }
        double said = 0;
        double heard = 0;
        size_t piece = 0;
        for (const Group& group : m_groups) {
            said += group.seconds;
            while (piece < m_count && heard < speech * said / std::max(total, 0.001)) {
                heard += m_pieces[m_first + piece].seconds;
                ++piece;
            }
            const size_t low = piece > m_band / 2 ? piece - m_band / 2 : 0;
            m_low.push_back(low);
            m_high.push_back(std::min(m_count, low + m_band));
        }
        m_high.back() = m_count;
    }

    [[nodiscard]] std::vector<double> after(size_t g, const std::vector<double>& before,
                                            std::vector<std::uint8_t>& taken) const {
        const Group& group = m_groups[g];
        std::vector<double> now(m_count + 1, kNever);
        taken.assign(m_high[g] - m_low[g] + 1, 0);
        for (size_t end = m_low[g]; end <= m_high[g]; ++end) {
            double best = before[end] + kUnsaid + group.seconds;
            double own = 0;
            double foreign = 0;
            std::uint8_t run = 0;
            for (size_t length = 1; length <= std::min(end, kMostInOne); ++length) {
                const Piece& piece = m_pieces[m_first + end - length];
                const bool isOwn = fits(group.voice, piece.voice);
                (isOwn ? own : foreign) += piece.seconds;
                const double from = before[end - length];
                // A turn begins with its own voice.
                if (!isOwn || from == kNever) {
                    continue;
                }
                const double error = own - group.seconds;
                const double cost =
                    from + error * error / (group.seconds + 0.6) + foreign * kForeignSpeech + piece.cutCost;
                if (cost < best) {
                    best = cost;
                    run = std::uint8_t(length);
                }
            }
            now[end] = best;
            taken[end - m_low[g]] = run;
        }
        return now;
    }

    [[nodiscard]] std::vector<size_t> trace(const std::vector<double>& costs,
                                            const std::vector<std::vector<std::uint8_t>>& taken) const {
        size_t end = m_count;
        double best = kNever;
        double skipped = 0;
        for (size_t i = m_count + 1; i-- > 0;) {
            if (costs[i] + skipped < best) {
                best = costs[i] + skipped;
                end = i;
            }
            skipped += i > 0 ? m_pieces[m_first + i - 1].seconds * kForeignSpeech : 0;
        }
        m_runs.assign(m_groups.size(), 0);
        std::vector<size_t> ends(m_groups.size());
        for (size_t g = m_groups.size(); g-- > 0;) {
            ends[g] = m_first + end;
            const bool isInBand = end >= m_low[g] && end <= m_high[g];
            m_runs[g] = isInBand ? taken[g][end - m_low[g]] : 0;
            end -= m_runs[g];
        }
        return ends;
    }

 public:
    [[nodiscard]] const std::vector<size_t>& runs() const { return m_runs; }

 private:
    const std::vector<Group>& m_groups;
    const std::vector<Piece>& m_pieces;
    const size_t m_first;
    const size_t m_count;
    size_t m_band = 0;
    std::vector<size_t> m_low;
    std::vector<size_t> m_high;
    mutable std::vector<size_t> m_runs;
};

/// The turns of a group share its own speech by their lengths: for want of pauses to go by.
void share(const std::vector<ExpectedTurn>& turns, const Group& group, const std::vector<Piece>& own,
           std::vector<std::optional<TimeSpan>>& spans) {
    double speech = 0;
    for (const Piece& piece : own) {
        speech += piece.seconds;
    }
    const auto placeOf = [&](double heard, bool isEnd) {
        for (const Piece& piece : own) {
            if (heard < piece.seconds || (isEnd && heard <= piece.seconds)) {
                return piece.span.begin + milliseconds(std::lround(heard * 1000));
            }
            heard -= piece.seconds;
        }
        return own.back().span.end;
    };
    double said = 0;
    for (size_t i = group.first; i < group.last; ++i) {
        const double from = speech * said / group.seconds;
        said += turns[i].seconds;
        const double to = speech * said / group.seconds;
        spans[i] = TimeSpan{placeOf(from, false), placeOf(to, true)};
    }
}

std::vector<Piece> ownOf(const Group& group, const std::vector<Piece>& pieces, size_t first, size_t last) {
    std::vector<Piece> own;
    for (size_t i = first; i < last; ++i) {
        if (fits(group.voice, pieces[i].voice)) {
            own.push_back(pieces[i]);
        }
    }
    return own;
}

void placeGroup(const std::vector<ExpectedTurn>& turns, const Group& group, const std::vector<Piece>& own,
                std::vector<std::optional<TimeSpan>>& spans) {
    const size_t count = group.last - group.first;
    if (count == 1) {
        spans[group.first] = TimeSpan{own.front().span.begin, own.back().span.end};
        return;
    }
    if (own.size() < count) {
        share(turns, group, own, spans);
        return;
    }
    const std::vector<Group> alone = eachAlone(turns, group.first, group.last);
    Alignment alignment(alone, own, 0, own.size());
    const std::vector<size_t> ends = alignment.ends();
    for (size_t g = 0; g < alone.size(); ++g) {
        const size_t run = alignment.runs()[g];
        if (run == 0) {
            share(turns, group, own, spans);  // one would have nothing
            return;
        }
        spans[alone[g].first] = TimeSpan{own[ends[g] - run].span.begin, own[ends[g] - 1].span.end};
    }
}

}  // namespace

TimeSpans joined(const TimeSpans& spans, milliseconds pause) {
    TimeSpans joined;
    for (const TimeSpan& span : spans) {
        if (!joined.empty() && span.begin - joined.back().end < pause) {
            joined.back().end = std::max(joined.back().end, span.end);
        } else {
            joined.push_back(span);
        }
    }
    return joined;
}

std::vector<std::optional<TimeSpan>> alignTurns(const std::vector<ExpectedTurn>& turns,
                                                const std::vector<SpeechPiece>& speech) {
    std::vector<std::optional<TimeSpan>> spans(turns.size());
    if (turns.empty() || speech.empty()) {
        return spans;
    }
    const bool isMixed =
        std::any_of(speech.begin(), speech.end(), [](const SpeechPiece& one) { return one.voice < 0; });
    const std::vector<Piece> pieces = piecesOf(speech, isMixed);
    const std::vector<Group> groups = groupsOf(turns);
    Alignment alignment(groups, pieces, 0, pieces.size());
    const std::vector<size_t> ends = alignment.ends();
    for (size_t g = 0; g < groups.size(); ++g) {
        const size_t run = alignment.runs()[g];
        const std::vector<Piece> own = ownOf(groups[g], pieces, ends[g] - run, ends[g]);
        if (!own.empty()) {
            placeGroup(turns, groups[g], own, spans);
        }
    }
    return spans;
}

}  // namespace earmark
