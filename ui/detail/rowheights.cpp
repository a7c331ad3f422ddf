#include "ui/detail/rowheights.h"

#include <algorithm>

namespace earmark {

void RowHeights::reset(std::vector<int> heights) {
    m_heights = std::move(heights);
    m_sums.assign(m_heights.size() + 1, 0);
    for (std::size_t i = 1; i < m_sums.size(); ++i) {
        m_sums[i] += m_heights[i - 1];
        if (const std::size_t next = i + (i & (~i + 1)); next < m_sums.size()) {
            m_sums[next] += m_sums[i];
        }
    }
}

void RowHeights::setHeight(int row, int height) {
    const int more = height - m_heights[std::size_t(row)];
    m_heights[std::size_t(row)] = height;
    for (std::size_t i = std::size_t(row) + 1; i < m_sums.size(); i += i & (~i + 1)) {
        m_sums[i] += more;
    }
}

int RowHeights::top(int row) const {
    int sum = 0;
    for (auto i = std::size_t(row); i > 0; i -= i & (~i + 1)) {
        sum += m_sums[i];
    }
    return sum;
}

int RowHeights::rowAt(int place) const {
    if (m_heights.empty()) {
        return -1;
    }
    std::size_t step = 1;
    while (step * 2 < m_sums.size()) {
        step *= 2;
    }
    std::size_t row = 0;
    for (int left = place; step > 0; step /= 2) {
        if (row + step < m_sums.size() && m_sums[row + step] <= left) {
            row += step;
            left -= m_sums[row];
        }
    }
    return int(std::min(row, m_heights.size() - 1));
}

}  // namespace earmark
