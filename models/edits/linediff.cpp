#include "models/edits/linediff.h"

#include <algorithm>
#include <cmath>

namespace earmark {

namespace {

bool isLineBreak(QChar c) {
    return c == u'\n' || c == u'\r' || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
}

/// The lines of one text that stand in the other at all: only these can be common, and where two texts have nothing in
/// common nothing needs to be compared.
struct Candidates {
    std::vector<int> numbers;
    std::vector<int> places;
};

Candidates candidates(const std::vector<int>& lines, const std::vector<bool>& elsewhere) {
    Candidates kept;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (size_t(lines[i]) < elsewhere.size() && elsewhere[size_t(lines[i])]) {
            kept.numbers.push_back(lines[i]);
            kept.places.push_back(int(i));
        }
    }
    return kept;
}

std::vector<bool> presence(const std::vector<int>& lines) {
    std::vector<bool> present;
    for (const int number : lines) {
        if (size_t(number) >= present.size()) {
            present.resize(size_t(number) + 1);
        }
        present[size_t(number)] = true;
    }
    return present;
}

/// Myers' difference algorithm in linear space: the middle of a shortest way is found from both ends, then each half.
class CommonLines final {
 public:
    CommonLines(const std::vector<int>& before, const std::vector<int>& after, qint64* steps, qint64 most)
        : m_before(before),
          m_after(after),
          m_steps(steps),
          m_most(most),
          m_offset(int(before.size() + after.size()) + 2),
          m_forward(size_t(2 * m_offset + 1)),
          m_backward(size_t(2 * m_offset + 1)) {}

    /// Pairs of places, ascending; false when it takes too long.
    bool find() { return between(0, int(m_before.size()), 0, int(m_after.size())); }

    std::vector<std::pair<int, int>> pairs;

 private:
    struct Run {
        int before = 0;
        int after = 0;
        int length = 0;
    };

    bool between(int beforeFrom, int beforeTo, int afterFrom, int afterTo) {
        while (beforeFrom < beforeTo && afterFrom < afterTo &&
               m_before[size_t(beforeFrom)] == m_after[size_t(afterFrom)]) {
            pairs.emplace_back(beforeFrom++, afterFrom++);
            ++*m_steps;
        }
        int tail = 0;
        while (beforeFrom < beforeTo - tail && afterFrom < afterTo - tail &&
               m_before[size_t(beforeTo - tail - 1)] == m_after[size_t(afterTo - tail - 1)]) {
            ++tail;
            ++*m_steps;
        }
        beforeTo -= tail;
        afterTo -= tail;
        if (beforeFrom < beforeTo && afterFrom < afterTo) {
            const std::optional<Run> run = middle(beforeFrom, beforeTo, afterFrom, afterTo);
            if (!run || !between(beforeFrom, run->before, afterFrom, run->after)) {
                return false;
            }
            for (int i = 0; i < run->length; ++i) {
                pairs.emplace_back(run->before + i, run->after + i);
            }
            if (!between(run->before + run->length, beforeTo, run->after + run->length, afterTo)) {
                return false;
            }
        }
        for (int i = 0; i < tail; ++i) {
            pairs.emplace_back(beforeTo + i, afterTo + i);
        }
        return *m_steps <= m_most;
    }

    /// Common lines in the middle of a shortest way (maybe none); the ends of the two ranges differ. nullopt: given up.
    std::optional<Run> middle(int beforeFrom, int beforeTo, int afterFrom, int afterTo) {
        const int n = beforeTo - beforeFrom;
        const int m = afterTo - afterFrom;
        m_forward[size_t(m_offset + 1)] = 0;
        m_backward[size_t(m_offset + 1)] = 0;
        for (int distance = 0; distance <= (n + m + 1) / 2; ++distance) {
            for (const bool isForward : {true, false}) {
                std::vector<int>& ours = isForward ? m_forward : m_backward;
                const std::vector<int>& others = isForward ? m_backward : m_forward;
                const int reached = distance - (isForward ? 1 : 0);  // by the other end, so far
                const int last = distance - 2 * std::max(0, distance - n);
                for (int k = -(distance - 2 * std::max(0, distance - m)); k <= last; k += 2) {
                    const int below = ours[size_t(m_offset + k + 1)];
                    const int left = k == -distance ? -1 : ours[size_t(m_offset + k - 1)];
                    const int start = k == -distance || (k != distance && left < below) ? below : left + 1;
                    int x = start;
                    while (x < n && x - k < m &&
                           (isForward ? m_before[size_t(beforeFrom + x)] == m_after[size_t(afterFrom + x - k)]
                                      : m_before[size_t(beforeTo - 1 - x)] == m_after[size_t(afterTo - 1 - x + k)])) {
                        ++x;
                    }
                    *m_steps += 1 + x - start;
                    ours[size_t(m_offset + k)] = x;
                    const int across = n - m - k;  // the same diagonal, counted from the other end
                    if (((n + m) % 2 != 0) == isForward && std::abs(across) <= reached &&
                        x + others[size_t(m_offset + across)] >= n) {
                        return isForward ? Run{beforeFrom + start, afterFrom + start - k, x - start}
                                         : Run{beforeTo - x, afterTo - x + k, x - start};
                    }
                }
            }
            if (*m_steps > m_most) {
                return std::nullopt;
            }
        }
        return std::nullopt;  // cannot be: both ends meet after half of the way
    }

    const std::vector<int>& m_before;
    const std::vector<int>& m_after;
    qint64* const m_steps;
    const qint64 m_most;
    const int m_offset;
    std::vector<int> m_forward;   ///< how far one gets on each diagonal from the beginning
    std::vector<int> m_backward;  ///< and from the end
};

}  // namespace

TextLines linesOf(QStringView text) {
    TextLines result;
    qsizetype from = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!isLineBreak(text[i])) {
            continue;
        }
        const qsizetype length = text[i] == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n' ? 2 : 1;
        if (!result.lineBreak) {
            result.lineBreak = text.mid(i, length);
        }
        result.lines.push_back(text.mid(from, i - from));
        i += length - 1;
        from = i + 1;
    }
    if (from < text.size()) {
        result.lines.push_back(text.mid(from));
    } else {
        result.endsWithBreak = !text.isEmpty();
    }
    return result;
}

std::vector<int> LineNumbers::numbersOf(const std::vector<QStringView>& lines) {
    std::vector<int> numbers;
    numbers.reserve(lines.size());
    for (const QStringView line : lines) {
        const auto [found, isNew] = [&] {
            const auto known = m_numbers.constFind(line);
            return known != m_numbers.cend() ? std::pair(*known, false) : std::pair(int(m_lines.size()), true);
        }();
        if (isNew) {
            m_numbers.insert(line, found);
            m_lines.push_back(line);
        }
        numbers.push_back(found);
    }
    return numbers;
}

std::optional<std::vector<LineChange>> lineChanges(const std::vector<int>& before, const std::vector<int>& after,
                                                   qint64* steps, qint64 most) {
    const Candidates old = candidates(before, presence(after));
    const Candidates now = candidates(after, presence(before));
    const qint64 allowed = *steps + most;
    *steps += qint64(before.size() + after.size());
    CommonLines common(old.numbers, now.numbers, steps, allowed);
    if (!common.find()) {
        return std::nullopt;
    }
    std::vector<LineChange> changes;
    int beforeFrom = 0;
    int afterFrom = 0;
    const auto changeUpTo = [&](int beforeTo, int afterTo) {
        if (beforeFrom < beforeTo || afterFrom < afterTo) {
            changes.push_back({beforeFrom, beforeTo, afterFrom, afterTo});
        }
    };
    for (const auto& [oldPlace, newPlace] : common.pairs) {
        const int b = old.places[size_t(oldPlace)];
        const int a = now.places[size_t(newPlace)];
        changeUpTo(b, a);
        beforeFrom = b + 1;
        afterFrom = a + 1;
    }
    changeUpTo(int(before.size()), int(after.size()));
    return changes;
}

}  // namespace earmark
