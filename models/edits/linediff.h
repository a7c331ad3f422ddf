// Texts as lines, and which lines of one text stand in another: a longest common subsequence within bounded work. Pure
// functions, any thread.
#pragma once

#include <QHash>
#include <QStringView>
#include <optional>
#include <utility>
#include <vector>

namespace earmark {

/// A text taken apart at its line breaks (\n, \r\n, \r, U+2028, U+2029). Holds views: the text must outlive it.
/// "" has no lines, "a" and "a\n" have one; put together again the text is the same but for mixed line breaks.
struct TextLines {
    std::vector<QStringView> lines;
    std::optional<QStringView> lineBreak;  ///< the first one; nullopt: there is none
    bool endsWithBreak = false;
};
[[nodiscard]] TextLines linesOf(QStringView text);

/// Equal lines get equal numbers, from 0.
class LineNumbers final {
 public:
    [[nodiscard]] std::vector<int> numbersOf(const std::vector<QStringView>& lines);
    [[nodiscard]] QStringView line(int number) const { return m_lines[size_t(number)]; }

 private:
    QHash<QStringView, int> m_numbers;
    std::vector<QStringView> m_lines;
};

/// Lines [beforeFrom, beforeTo) of one text became lines [afterFrom, afterTo) of the other.
struct LineChange {
    int beforeFrom = 0;
    int beforeTo = 0;
    int afterFrom = 0;
    int afterTo = 0;

    [[nodiscard]] bool addsLines() const { return afterTo > afterFrom; }
    [[nodiscard]] bool removesLines() const { return beforeTo > beforeFrom; }
    /// More lines than before: some of them are new and stand for none that was there.
    [[nodiscard]] bool grows() const { return afterTo - afterFrom > beforeTo - beforeFrom; }

    friend bool operator==(const LineChange&, const LineChange&) = default;
};

/// How much comparing may be done; a comparison is a step. Texts of 100,000 lines that differ in some hundred places
/// need less than a tenth of this; it is used up in a fraction of a second.
inline constexpr qint64 kMostLineSteps = 20'000'000;

/// The changes that lead from `before` to `after`, in order, with at least one common line between two of them.
/// nullopt: it would have taken more than `most` steps. `steps` counts on.
[[nodiscard]] std::optional<std::vector<LineChange>> lineChanges(const std::vector<int>& before,
                                                                 const std::vector<int>& after, qint64* steps,
                                                                 qint64 most = kMostLineSteps);

}  // namespace earmark
