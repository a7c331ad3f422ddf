#include "models/search/segment.h"

#include <algorithm>

namespace earmark {

namespace {

bool isBefore(const Segment::ReviewAt& entry, std::size_t row) {
    return entry.row < row;
}

}  // namespace

const ReviewRecord* Segment::reviewAt(std::size_t row) const {
    const auto found = std::lower_bound(reviews.begin(), reviews.end(), row, isBefore);
    return found != reviews.end() && found->row == row ? found->record.get() : nullptr;
}

void Segment::setReview(std::size_t row, std::shared_ptr<const ReviewRecord> record) {
    const auto found = std::lower_bound(reviews.begin(), reviews.end(), row, isBefore);
    const bool exists = found != reviews.end() && found->row == row;
    if (exists && record) {
        found->record = std::move(record);
    } else if (exists) {
        reviews.erase(found);
    } else if (record) {
        reviews.insert(found, {static_cast<quint16>(row), std::move(record)});
    }
}

}  // namespace earmark
