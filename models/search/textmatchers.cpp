#include "models/search/textmatchers.h"

#include <cstring>

#include "models/domain/callkey.h"
#include "models/search/columnmatchers.h"

namespace earmark {

namespace {

void setBit(RowMask& mask, std::size_t row) {
    mask[row / 64] |= quint64(1) << (row % 64);
}

/// Searches all strings of a blob in one go and asks `isMatch(text of the row, place in it)` where the needle lies
/// within one row.
template <typename IsMatch>
void searchBlob(const Blob& blob, const std::string& needle, RowMask& mask, const IsMatch& isMatch) {
    const std::string_view bytes = blob.bytes();
    std::size_t row = 0;
    std::size_t from = 0;
    while (from < bytes.size()) {
        const void* found = ::memmem(bytes.data() + from, bytes.size() - from, needle.data(), needle.size());
        if (!found) {
            return;
        }
        const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
        while (blob.end(row) <= at) {
            ++row;
        }
        if (at + needle.size() <= blob.end(row) && isMatch(blob.at(row), at - blob.begin(row))) {
            setBit(mask, row);
            from = blob.end(row);
        } else {
            from = at + 1;
        }
    }
}

class BlobContains final : public Matcher {
 public:
    BlobContains(Texts column, std::string needle) : m_column(column), m_needle(std::move(needle)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        mask.fill(0);
        searchBlob(segment.texts[m_column].folded(), m_needle, mask,
                   [](std::string_view, std::size_t) { return true; });
    }
    [[nodiscard]] int cost() const override { return 20; }

 private:
    Texts m_column;
    std::string m_needle;
};

class BlobWords final : public Matcher {
 public:
    BlobWords(Texts column, WordPattern pattern) : m_column(column), m_pattern(std::move(pattern)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        mask.fill(0);
        searchBlob(segment.texts[m_column].folded(), m_pattern.firstWord(), mask,
                   [this](std::string_view text, std::size_t at) {
                       return wordBeginsAt(text, at) && m_pattern.matchesAt(text, at);
                   });
    }
    [[nodiscard]] int cost() const override { return 20; }

 private:
    Texts m_column;
    WordPattern m_pattern;
};

class CustomerNumberMatcher final : public Matcher {
 public:
    explicit CustomerNumberMatcher(WordPattern pattern) : m_pattern(std::move(pattern)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        const Blob& keys = segment.texts[Texts::CustomerNumberKey].raw();
        fillMask(mask, keys.rows(), [&](std::size_t row) { return m_pattern.matchesNumber(keys.at(row)); });
    }
    [[nodiscard]] int cost() const override { return 10; }

 private:
    WordPattern m_pattern;
};

class KeyContains final : public Matcher {
 public:
    KeyContains(const CallIndex::Private& index, std::string needle) : m_index(index), m_needle(std::move(needle)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        fillMask(mask, segment.rows, [&](std::size_t row) {
            const std::string_view id = segment.texts[Texts::Id].raw().at(row);
            const QString account = m_index.dictionaries[Words::Account][segment.words[Words::Account].at(row)].text;
            const QString key = toText({account, QString::fromUtf8(id.data(), static_cast<qsizetype>(id.size()))});
            return foldedUtf8(key).find(m_needle) != std::string::npos;
        });
    }
    [[nodiscard]] int cost() const override { return 200; }

 private:
    const CallIndex::Private& m_index;
    std::string m_needle;
};

/// Asks only the few rows that were reviewed.
template <typename IsMatch>
class ReviewMatcher final : public Matcher {
 public:
    explicit ReviewMatcher(IsMatch isMatch) : m_isMatch(std::move(isMatch)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        mask.fill(0);
        for (const Segment::ReviewAt& entry : segment.reviews) {
            if (m_isMatch(*entry.record)) {
                setBit(mask, entry.row);
            }
        }
    }
    [[nodiscard]] int cost() const override { return 5; }

 private:
    IsMatch m_isMatch;
};

template <typename IsMatch>
MatcherPtr reviewMatcher(IsMatch isMatch) {
    return std::make_unique<ReviewMatcher<IsMatch>>(std::move(isMatch));
}

class CallRowsIn final : public Matcher {
 public:
    explicit CallRowsIn(const std::vector<qint64>& rows) : m_rows(rows) {}
    void match(const Segment& segment, RowMask& mask) const override {
        mask.fill(0);
        const std::vector<qint64>& callRows = segment.callRows;
        if (!segment.callRowsAscend) {
            fillMask(mask, callRows.size(),
                     [&](std::size_t row) { return std::binary_search(m_rows.begin(), m_rows.end(), callRows[row]); });
            return;
        }
        auto wanted = std::lower_bound(m_rows.begin(), m_rows.end(), callRows.front());
        auto row = callRows.begin();
        for (; wanted != m_rows.end() && *wanted <= callRows.back(); ++wanted) {
            row = std::lower_bound(row, callRows.end(), *wanted);
            if (*row == *wanted) {
                setBit(mask, static_cast<std::size_t>(row - callRows.begin()));
            }
        }
    }
    [[nodiscard]] int cost() const override { return 4; }

 private:
    const std::vector<qint64>& m_rows;
};

}  // namespace

MatcherPtr blobContains(Texts column, const std::string& needle) {
    return std::make_unique<BlobContains>(column, needle);
}

MatcherPtr blobWords(Texts column, const WordPattern& pattern) {
    return std::make_unique<BlobWords>(column, pattern);
}

MatcherPtr customerNumber(const WordPattern& pattern) {
    return std::make_unique<CustomerNumberMatcher>(pattern);
}

MatcherPtr keyContains(const CallIndex::Private& index, const std::string& needle) {
    return std::make_unique<KeyContains>(index, needle);
}

MatcherPtr flagContains(const std::string& needle) {
    return reviewMatcher([needle](const ReviewRecord& record) {
        return record.review.flag && record.foldedFlag.find(needle) != std::string::npos;
    });
}

MatcherPtr localNotes(const WordPattern& pattern) {
    return reviewMatcher([pattern](const ReviewRecord& record) {
        return record.review.notes && record.review.notes->value && pattern.matches(record.foldedNotes);
    });
}

MatcherPtr callRowsIn(const std::vector<qint64>& rows) {
    return std::make_unique<CallRowsIn>(rows);
}

}  // namespace earmark
