#include "models/search/rowsort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "models/search/fieldcolumns.h"
#include "models/search/query.h"

namespace earmark {

namespace {

using Data = CallIndex::Private;

/// A row with a number that sorts as its value does.
struct Keyed {
    quint64 key = 0;
    RowNumber row = 0;
};

constexpr std::size_t kDigit = 256;

/// Stable, least significant byte first; bytes that are the same in all keys are skipped. For anything with a `key`.
template <typename Entry>
void radixSort(std::vector<Entry>& entries, const std::stop_token& stop) {
    if (std::is_sorted(entries.begin(), entries.end(),
                       [](const Entry& left, const Entry& right) { return left.key < right.key; })) {
        return;
    }
    std::array<std::array<std::size_t, kDigit>, 8> counts{};
    for (const Entry& entry : entries) {
        for (std::size_t byte = 0; byte < 8; ++byte) {
            ++counts[byte][entry.key >> (byte * 8) & 0xff];
        }
    }
    std::vector<Entry> other(entries.size());
    for (std::size_t byte = 0; byte < 8; ++byte) {
        auto& count = counts[byte];
        if (count[entries.front().key >> (byte * 8) & 0xff] == entries.size()) {
            continue;
        }
        if (stop.stop_requested()) {
            return;
        }
        std::exclusive_scan(count.begin(), count.end(), count.begin(), std::size_t(0));
        for (const Entry& entry : entries) {
            other[count[entry.key >> (byte * 8) & 0xff]++] = entry;
        }
        entries.swap(other);
    }
}

quint64 sortable(qint64 value) {
    return static_cast<quint64>(value) ^ (quint64(1) << 63);
}

quint64 sortable(double value) {
    const auto bits = std::bit_cast<quint64>(value + 0.0);  // -0 becomes 0
    return (bits >> 63) != 0 ? ~bits : bits | (quint64(1) << 63);
}

/// `keyOf(row)` gives the key or nullopt for a missing value.
template <typename KeyOf>
void sortByKey(std::vector<RowNumber>& rows, bool descending, const std::stop_token& stop, const KeyOf& keyOf) {
    std::vector<Keyed> entries;
    entries.reserve(rows.size());
    std::vector<RowNumber> missing;
    for (const RowNumber row : rows) {
        if (const std::optional<quint64> key = keyOf(row)) {
            entries.push_back({descending ? ~*key : *key, row});
        } else {
            missing.push_back(row);
        }
    }
    radixSort(entries, stop);
    auto out =
        std::transform(entries.begin(), entries.end(), rows.begin(), [](const Keyed& entry) { return entry.row; });
    std::copy(missing.begin(), missing.end(), out);
}

/// Position of each code in the order of `folded(code)`; equal texts share one, 0 = missing.
template <typename FoldedOf>
std::vector<quint32> ranks(std::size_t size, const FoldedOf& folded) {
    std::vector<DictionaryCode> order;
    for (DictionaryCode code = 1; code <= size; ++code) {
        if (folded(code)) {
            order.push_back(code);
        }
    }
    std::sort(order.begin(), order.end(),
              [&](DictionaryCode left, DictionaryCode right) { return *folded(left) < *folded(right); });
    std::vector<quint32> result(size + 1);
    quint32 rank = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (i == 0 || *folded(order[i]) != *folded(order[i - 1])) {
            ++rank;
        }
        result[order[i]] = rank;
    }
    return result;
}

class Sorter final {
 public:
    Sorter(const Data& index, std::vector<RowNumber>& rows, bool descending, const std::stop_token& stop)
        : m_index(index), m_rows(rows), m_descending(descending), m_stop(stop) {}

    void byTime(Times column) {
        byValue([&](const Segment& segment, std::size_t at) { return segment.times[column].at(at); });
    }
    void byNumber(Numbers column) {
        byValue([&](const Segment& segment, std::size_t at) { return segment.numbers[column].at(at); });
    }
    void byWords(Words column) {
        const Dictionary& dictionary = m_index.dictionaries[column];
        byRank(ranks(dictionary.size(), [&](DictionaryCode code) { return &dictionary[code].folded; }),
               [column](const Segment& segment, std::size_t at) { return segment.words[column].at(at); });
    }
    void byAgent() {
        const Dictionary& ids = m_index.dictionaries[Words::AgentId];
        byRank(ranks(ids.size(), [&](DictionaryCode code) { return &ids[code].folded; }),
               [](const Segment& segment, std::size_t at) {
                   const bool isNamed = segment.words[Words::Agent].at(at) != 0;
                   return isNamed ? DictionaryCode(0) : segment.words[Words::AgentId].at(at);
               });
        byWords(Words::Agent);
    }
    void byLead() {
        byString([](const Segment& segment, std::size_t at) -> std::optional<std::string_view> {
            const TextColumn& ids = segment.texts[Texts::LeadId];
            const bool isNamed = segment.texts[Texts::Lead].isKnown(at);
            return !isNamed && ids.isKnown(at) ? std::optional(ids.folded().at(at)) : std::nullopt;
        });
        byText(Texts::Lead);
    }
    /// Like the customer's number: grouping is no part of the order.
    void byOwnNumber() {
        const Dictionary& dictionary = m_index.dictionaries[Words::OwnNumber];
        std::vector<std::string> keys;
        for (DictionaryCode code = 1; code <= dictionary.size(); ++code) {
            keys.push_back(numberKey(dictionary[code].text).toStdString());
        }
        byRank(ranks(keys.size(), [&](DictionaryCode code) { return &keys[code - 1]; }),
               [](const Segment& segment, std::size_t at) { return segment.words[Words::OwnNumber].at(at); });
    }
    /// Names; where none is told the ids stand in order behind them, as the table shows them.
    void byCampaign() {
        byRank(ranks(m_index.campaigns.size(),
                     [&](DictionaryCode code) {
                         const auto& entry = m_index.campaigns[code];
                         return !entry.name && entry.id ? &entry.foldedId : nullptr;
                     }),
               [](const Segment& segment, std::size_t at) { return segment.campaigns.at(at); });
        byRank(ranks(m_index.campaigns.size(),
                     [&](DictionaryCode code) {
                         const auto& entry = m_index.campaigns[code];
                         return entry.name ? &entry.foldedName : nullptr;
                     }),
               [](const Segment& segment, std::size_t at) { return segment.campaigns.at(at); });
    }
    void byCampaignId() {
        byRank(ranks(m_index.campaigns.size(),
                     [&](DictionaryCode code) {
                         const auto& entry = m_index.campaigns[code];
                         return entry.id ? &entry.foldedId : nullptr;
                     }),
               [](const Segment& segment, std::size_t at) { return segment.campaigns.at(at); });
    }
    /// By the words of an enum; `shift` = 1 where code 0 means "no value".
    template <typename E>
    void byEnum(Enums column, E last, std::size_t shift = 0) {
        std::vector<std::string> words;
        for (int value = 0; value <= static_cast<int>(last); ++value) {
            words.push_back(word(static_cast<E>(value)).toStdString());
        }
        const auto rank = ranks(words.size(), [&](DictionaryCode code) { return &words[code - 1]; });
        byRank(rank, [column, shift](const Segment& segment, std::size_t at) {
            return segment.enums[column].at(at) + 1U - static_cast<DictionaryCode>(shift);
        });
    }
    void byTruth(std::optional<Bits> known, Bits value) {
        sort([=](const Segment& segment, std::size_t at) -> std::optional<quint64> {
            if (known && !segment.bits[*known].at(at)) {
                return std::nullopt;
            }
            return segment.bits[value].at(at) ? 1 : 0;
        });
    }
    void byText(Texts column) {
        byString([column](const Segment& segment, std::size_t at) -> std::optional<std::string_view> {
            const TextColumn& texts = segment.texts[column];
            return texts.isKnown(at) ? std::optional(texts.folded().at(at)) : std::nullopt;
        });
    }
    void byFlag() {
        byString([](const Segment& segment, std::size_t at) -> std::optional<std::string_view> {
            const ReviewRecord* record = segment.reviewAt(at);
            return record && record->review.flag ? std::optional<std::string_view>(record->foldedFlag) : std::nullopt;
        });
    }
    void byCallRow() {
        std::vector<Keyed> entries;
        entries.reserve(m_rows.size());
        for (const RowNumber row : m_rows) {
            entries.push_back({sortable(m_index.segment(row).callRows[Data::offset(row)]), row});
        }
        radixSort(entries, m_stop);
        std::transform(entries.begin(), entries.end(), m_rows.begin(), [](const Keyed& entry) { return entry.row; });
    }

 private:
    template <typename KeyAt>
    void sort(const KeyAt& keyAt) {
        sortByKey(m_rows, m_descending, m_stop, [&](RowNumber row) -> std::optional<quint64> {
            return keyAt(m_index.segment(row), Data::offset(row));
        });
    }
    template <typename ValueAt>
    void byValue(const ValueAt& valueAt) {
        sort([&](const Segment& segment, std::size_t at) -> std::optional<quint64> {
            const auto value = valueAt(segment, at);
            return value ? std::optional(sortable(*value)) : std::nullopt;
        });
    }
    template <typename CodeAt>
    void byRank(const std::vector<quint32>& rank, const CodeAt& codeAt) {
        sort([&](const Segment& segment, std::size_t at) -> std::optional<quint64> {
            const quint32 found = rank[codeAt(segment, at)];
            return found == 0 ? std::nullopt : std::optional<quint64>(found);
        });
    }
    template <typename TextAt>
    void byString(const TextAt& textAt);

    const Data& m_index;
    std::vector<RowNumber>& m_rows;
    const bool m_descending;
    const std::stop_token& m_stop;
};

/// A row with its text and eight bytes of it as a number.
struct Lettered {
    quint64 key = 0;
    const char* text = nullptr;
    quint32 size = 0;
    RowNumber row = 0;

    [[nodiscard]] std::string_view from(std::size_t depth) const {
        return std::string_view(text, size).substr(std::min<std::size_t>(depth, size));
    }
    void readKey(std::size_t depth) {
        const std::string_view rest = from(depth);
        key = 0;
        for (std::size_t i = 0; i < 8; ++i) {
            key = key << 8 | (i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U);
        }
    }
};

/// Below this a comparison sort is quicker than another round of keys.
constexpr std::ptrdiff_t kSmallGroup = 256;
/// Texts that are the same for so long are hostile; comparing them is slow but ends.
constexpr std::size_t kDeepestKey = 512;

/// Stable. The key holds the bytes from `depth`; groups that share them are sorted by the next eight.
void sortLetters(std::vector<Lettered> entries, std::size_t depth, std::vector<RowNumber>& out,
                 const std::stop_token& stop) {
    radixSort(entries, stop);
    for (auto begin = entries.begin(); begin != entries.end();) {
        const auto end = std::find_if(begin + 1, entries.end(),
                                      [key = begin->key](const Lettered& entry) { return entry.key != key; });
        // A last byte of zero is the end of a text or a NUL in it, and keys cannot tell these apart.
        const bool hasNextKey = (begin->key & 0xff) != 0 && depth < kDeepestKey;
        if (end - begin > kSmallGroup && hasNextKey && !stop.stop_requested()) {
            std::vector<Lettered> group(begin, end);
            for (Lettered& entry : group) {
                entry.readKey(depth + 8);
            }
            sortLetters(std::move(group), depth + 8, out, stop);
        } else {
            if (end - begin > 1 && !stop.stop_requested()) {
                std::stable_sort(begin, end, [depth](const Lettered& left, const Lettered& right) {
                    return left.from(depth) < right.from(depth);
                });
            }
            std::transform(begin, end, std::back_inserter(out), [](const Lettered& entry) { return entry.row; });
        }
        begin = end;
    }
}

template <typename TextAt>
void Sorter::byString(const TextAt& textAt) {
    std::vector<Lettered> entries;
    std::vector<RowNumber> missing;
    // Equal texts keep the order of the rows both ways: for "descending" the rows go in and come out reversed.
    const auto take = [&](RowNumber row) {
        if (const auto text = textAt(m_index.segment(row), Data::offset(row))) {
            entries.push_back({0, text->data(), static_cast<quint32>(text->size()), row});
            entries.back().readKey(0);
        } else {
            missing.push_back(row);
        }
    };
    if (m_descending) {
        std::for_each(m_rows.rbegin(), m_rows.rend(), take);
        std::reverse(missing.begin(), missing.end());
    } else {
        std::for_each(m_rows.begin(), m_rows.end(), take);
    }
    std::vector<RowNumber> sorted;
    sorted.reserve(m_rows.size());
    sortLetters(std::move(entries), 0, sorted, m_stop);
    if (m_descending) {
        std::reverse(sorted.begin(), sorted.end());
    }
    sorted.insert(sorted.end(), missing.begin(), missing.end());
    m_rows.swap(sorted);
}

void sortByField(Sorter& sorter, Field field) {
    switch (field) {
        case Field::Key:
            sorter.byText(Texts::Id);
            return sorter.byWords(Words::Account);
        case Field::Provider:
            return sorter.byEnum(Enums::Provider, Provider::Autocalls);
        case Field::Status:
            return sorter.byEnum(Enums::Status, CallStatus::Cancelled);
        case Field::Direction:
            return sorter.byEnum(Enums::Direction, Direction::Web);
        case Field::EndReason:
            return sorter.byEnum(Enums::EndReason, EndReason::NotAnswered);
        case Field::EditState:
            return sorter.byEnum(Enums::EditState, EditState::Conflict, 1);
        case Field::CampaignId:
            return sorter.byCampaignId();
        case Field::Campaign:
            return sorter.byCampaign();
        case Field::Agent:
            return sorter.byAgent();
        case Field::Lead:
            return sorter.byLead();
        case Field::CustomerNumber:
            return sorter.byText(Texts::CustomerNumberKey);
        case Field::OwnNumber:
            return sorter.byOwnNumber();
        case Field::DialTime:
            return sorter.byTime(Times::Start);
        case Field::HasRecording:
            return sorter.byTruth(Bits::RecordingKnown, Bits::HasRecording);
        case Field::HasTranscript:
            return sorter.byTruth(Bits::TranscriptKnown, Bits::HasTranscript);
        case Field::Edited:
            return sorter.byTruth(std::nullopt, Bits::Edited);
        case Field::Flagged:
            return sorter.byFlag();
        default:
            break;
    }
    if (const auto words = wordsColumn(field)) {
        sorter.byWords(*words);
    } else if (const auto texts = textsColumn(field)) {
        sorter.byText(*texts);
    } else if (const auto numbers = numbersColumn(field)) {
        sorter.byNumber(*numbers);
    } else if (info(field).kind == FieldKind::Time) {
        sorter.byTime(timesColumn(field));
    }
}

}  // namespace

void sortRows(const CallIndex::Private& index, std::vector<RowNumber>& rows, const SortKey& key,
              const std::stop_token& stop) {
    Sorter sorter(index, rows, key.descending, stop);
    if (!index.callRowsAscend) {
        sorter.byCallRow();
    }
    sortByField(sorter, key.field);
}

}  // namespace earmark
