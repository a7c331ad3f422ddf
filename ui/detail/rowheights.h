// Heights of many rows with their sums: changing one and finding the row at a place both take a few steps, however many
// rows there are. Plain data, any thread.
#pragma once

#include <cstddef>
#include <vector>

namespace earmark {

class RowHeights {
 public:
    void reset(std::vector<int> heights);
    [[nodiscard]] int count() const { return int(m_heights.size()); }
    [[nodiscard]] int height(int row) const { return m_heights[std::size_t(row)]; }
    void setHeight(int row, int height);
    [[nodiscard]] int top(int row) const;  ///< sum of the heights before it; of count() the sum of all
    [[nodiscard]] int total() const { return top(count()); }
    [[nodiscard]] int rowAt(int place) const;  ///< the first or last for places outside; -1 when there are no rows

 private:
    std::vector<int> m_heights;
    std::vector<int> m_sums;  ///< a Fenwick tree: [i] holds the sum of the rows that its lowest bit spans
};

}  // namespace earmark
