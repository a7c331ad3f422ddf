#include "models/search/matcher.h"

#include <cmath>

#include "models/search/columnmatchers.h"
#include "models/search/fieldcolumns.h"
#include "models/search/textmatchers.h"

namespace earmark {

namespace {

class AllMatcher final : public Matcher {
 public:
    explicit AllMatcher(std::vector<MatcherPtr> parts) : m_parts(std::move(parts)) {
        std::stable_sort(m_parts.begin(), m_parts.end(),
                         [](const MatcherPtr& left, const MatcherPtr& right) { return left->cost() < right->cost(); });
    }
    void match(const Segment& segment, RowMask& mask) const override {
        m_parts.front()->match(segment, mask);
        for (std::size_t i = 1; i < m_parts.size(); ++i) {
            if (std::all_of(mask.begin(), mask.end(), [](quint64 word) { return word == 0; })) {
                return;
            }
            RowMask part;
            m_parts[i]->match(segment, part);
            combineWords(mask, [&](std::size_t word) { return mask[word] & part[word]; });
        }
    }
    [[nodiscard]] int cost() const override { return m_parts.back()->cost(); }

 private:
    std::vector<MatcherPtr> m_parts;
};

class AnyMatcher final : public Matcher {
 public:
    explicit AnyMatcher(std::vector<MatcherPtr> parts) : m_parts(std::move(parts)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        m_parts.front()->match(segment, mask);
        for (std::size_t i = 1; i < m_parts.size(); ++i) {
            RowMask part;
            m_parts[i]->match(segment, part);
            combineWords(mask, [&](std::size_t word) { return mask[word] | part[word]; });
        }
    }
    [[nodiscard]] int cost() const override {
        int sum = 0;
        for (const MatcherPtr& part : m_parts) {
            sum = std::min(sum + part->cost(), 100'000);
        }
        return sum;
    }

 private:
    std::vector<MatcherPtr> m_parts;
};

class NotMatcher final : public Matcher {
 public:
    explicit NotMatcher(MatcherPtr part) : m_part(std::move(part)) {}
    void match(const Segment& segment, RowMask& mask) const override {
        m_part->match(segment, mask);
        combineWords(mask, [&](std::size_t word) { return ~mask[word]; });
    }
    [[nodiscard]] int cost() const override { return m_part->cost(); }

 private:
    MatcherPtr m_part;
};

template <typename... Parts>
MatcherPtr anyOf(Parts... parts) {
    std::vector<MatcherPtr> list;
    (list.push_back(std::move(parts)), ...);
    return std::make_unique<AnyMatcher>(std::move(list));
}

MatcherPtr both(MatcherPtr left, MatcherPtr right) {
    std::vector<MatcherPtr> list;
    list.push_back(std::move(left));
    list.push_back(std::move(right));
    return std::make_unique<AllMatcher>(std::move(list));
}

MatcherPtr nothing() {
    return bitsMatcher([](const Segment&, std::size_t) { return quint64(0); });
}

class LeafBinder final {
 public:
    LeafBinder(const CallIndex::Private& index, const TextMatches& matches) : m_index(index), m_matches(matches) {}

    MatcherPtr operator()(const ValuesLeaf& leaf) const;
    MatcherPtr operator()(const ContainsLeaf& leaf) const;
    MatcherPtr operator()(const RangeLeaf& leaf) const;
    MatcherPtr operator()(const TimeLeaf& leaf) const;
    MatcherPtr operator()(const NoneLeaf& leaf) const;
    MatcherPtr operator()(const FlagLeaf& leaf) const;
    MatcherPtr operator()(const TextLeaf& leaf) const;

 private:
    /// Looks through a dictionary once; `isMatch(entry)`.
    template <typename IsMatch>
    MatcherPtr entries(Words column, const IsMatch& isMatch, bool orNone = false) const {
        const Dictionary& dictionary = m_index.dictionaries[column];
        std::vector<quint8> marks(dictionary.size() + 1);
        marks[0] = orNone ? 1 : 0;
        for (DictionaryCode code = 1; code <= dictionary.size(); ++code) {
            marks[code] = isMatch(dictionary[code]) ? 1 : 0;
        }
        return std::make_unique<CodesMatcher<DictionaryCode>>(
            [](const Segment& segment, std::size_t at) -> const CodeColumn<DictionaryCode>& {
                return segment.words[static_cast<Words>(at)];
            },
            static_cast<std::size_t>(column), std::move(marks));
    }
    template <typename IsMatch>
    MatcherPtr campaigns(const IsMatch& isMatch) const {
        std::vector<quint8> marks(m_index.campaigns.size() + 1);
        for (DictionaryCode code = 1; code <= m_index.campaigns.size(); ++code) {
            marks[code] = isMatch(m_index.campaigns[code]) ? 1 : 0;
        }
        return std::make_unique<CodesMatcher<DictionaryCode>>(
            [](const Segment& segment, std::size_t) -> const CodeColumn<DictionaryCode>& { return segment.campaigns; },
            0, std::move(marks));
    }
    template <typename E>
    static MatcherPtr enums(Enums column, const QStringList& values, E last) {
        std::vector<quint8> marks(256);
        for (int value = 0; value <= static_cast<int>(last); ++value) {
            marks[static_cast<std::size_t>(value)] = values.contains(word(static_cast<E>(value))) ? 1 : 0;
        }
        return enumMarks(column, std::move(marks));
    }
    static MatcherPtr enumMarks(Enums column, std::vector<quint8> marks) {
        return std::make_unique<CodesMatcher<quint8>>(
            [](const Segment& segment, std::size_t at) -> const CodeColumn<quint8>& {
                return segment.enums[static_cast<Enums>(at)];
            },
            static_cast<std::size_t>(column), std::move(marks));
    }
    static MatcherPtr truth(const ValuesLeaf& leaf, std::optional<Bits> known, Bits value);
    MatcherPtr containsIn(Field field, const ContainsLeaf& leaf) const;
    MatcherPtr idsAndNames(const WordPattern& pattern) const;

    const CallIndex::Private& m_index;
    const TextMatches& m_matches;
};

MatcherPtr LeafBinder::truth(const ValuesLeaf& leaf, std::optional<Bits> known, Bits value) {
    const bool yes = leaf.values.contains(QStringLiteral("true"));
    const bool no = leaf.values.contains(QStringLiteral("false"));
    return bitsMatcher([yes, no, orNone = leaf.orNone, known, value](const Segment& segment, std::size_t word) {
        const quint64 isKnown = known ? segment.bits[*known].word(word) : ~quint64(0);
        const quint64 isTrue = segment.bits[value].word(word);
        return (yes ? isKnown & isTrue : 0) | (no ? isKnown & ~isTrue : 0) | (orNone ? ~isKnown : 0);
    });
}

MatcherPtr LeafBinder::operator()(const ValuesLeaf& leaf) const {
    switch (leaf.field) {
        case Field::Status:
            return enums(Enums::Status, leaf.values, CallStatus::Cancelled);
        case Field::Direction:
            return enums(Enums::Direction, leaf.values, Direction::Web);
        case Field::EndReason:
            return enums(Enums::EndReason, leaf.values, EndReason::NotAnswered);
        case Field::Provider:
            return enums(Enums::Provider, leaf.values, Provider::Autocalls);
        case Field::EditState: {
            std::vector<quint8> marks(256);
            marks[0] = leaf.orNone ? 1 : 0;
            for (int state = 0; state <= static_cast<int>(EditState::Conflict); ++state) {
                marks[static_cast<std::size_t>(state) + 1] =
                    leaf.values.contains(word(static_cast<EditState>(state))) ? 1 : 0;
            }
            return enumMarks(Enums::EditState, std::move(marks));
        }
        case Field::Edited:
            return truth(leaf, std::nullopt, Bits::Edited);
        case Field::HasRecording:
            return truth(leaf, Bits::RecordingKnown, Bits::HasRecording);
        case Field::HasTranscript:
            return truth(leaf, Bits::TranscriptKnown, Bits::HasTranscript);
        default:
            break;
    }
    const auto column = wordsColumn(leaf.field);
    if (!column) {
        return nothing();
    }
    const bool isLoose = leaf.compare == ValuesLeaf::Compare::Loose;
    const auto isWanted = [&](const QString& text) {
        return leaf.values.contains(isLoose ? text.trimmed().toLower() : text);
    };
    return entries(
        *column,
        [&](const Dictionary::Entry& entry) {
            return column == Words::Tags ? std::any_of(entry.list.begin(), entry.list.end(), isWanted)
                                         : isWanted(entry.text);
        },
        leaf.orNone);
}

MatcherPtr LeafBinder::containsIn(Field field, const ContainsLeaf& leaf) const {
    const auto has = [&](const std::string& folded) { return folded.find(leaf.needle) != std::string::npos; };
    if (field == Field::Campaign) {
        return campaigns([&](const CampaignTable::Entry& entry) { return has(entry.foldedName); });
    }
    if (field == Field::CampaignId) {
        return campaigns([&](const CampaignTable::Entry& entry) { return has(entry.foldedId); });
    }
    if (field == Field::Key) {
        return keyContains(m_index, leaf.needle);
    }
    if (field == Field::Flagged) {
        return flagContains(leaf.needle);
    }
    if (const auto column = textsColumn(field)) {
        return blobContains(leaf.asNumber ? Texts::CustomerNumberKey : *column, leaf.needle);
    }
    if (const auto column = wordsColumn(field)) {
        return entries(*column, [&](const Dictionary::Entry& entry) {
            return has(leaf.asNumber ? numberKey(entry.text).toStdString() : entry.folded);
        });
    }
    return nothing();
}

MatcherPtr LeafBinder::operator()(const ContainsLeaf& leaf) const {
    std::vector<MatcherPtr> parts;
    for (const Field field : leaf.fields) {
        parts.push_back(containsIn(field, leaf));
    }
    return std::make_unique<AnyMatcher>(std::move(parts));
}

MatcherPtr LeafBinder::operator()(const RangeLeaf& leaf) const {
    const auto column = numbersColumn(leaf.field);
    if (!column) {
        return nothing();
    }
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return std::make_unique<RangeMatcher<Numbers, double>>(
        [](const Segment& segment, Numbers which) -> const ValueColumn<double>& { return segment.numbers[which]; },
        *column, leaf.lowExcluded ? std::nextafter(leaf.low, kInfinity) : leaf.low,
        leaf.highExcluded ? std::nextafter(leaf.high, -kInfinity) : leaf.high);
}

MatcherPtr LeafBinder::operator()(const TimeLeaf& leaf) const {
    return std::make_unique<RangeMatcher<Times, qint64>>(
        [](const Segment& segment, Times which) -> const ValueColumn<qint64>& { return segment.times[which]; },
        timesColumn(leaf.field), leaf.first, leaf.last);
}

MatcherPtr LeafBinder::operator()(const NoneLeaf& leaf) const {
    if (const auto numbers = leaf.field ? numbersColumn(*leaf.field) : std::nullopt) {
        return bitsMatcher([column = *numbers](const Segment& segment, std::size_t word) {
            return ~segment.numbers[column].known().word(word);
        });
    }
    return bitsMatcher([column = timesColumn(leaf.field)](const Segment& segment, std::size_t word) {
        return ~segment.times[column].known().word(word);
    });
}

MatcherPtr LeafBinder::operator()(const FlagLeaf& leaf) const {
    const auto bit = [](Bits column) {
        return bitsMatcher(
            [column](const Segment& segment, std::size_t word) { return segment.bits[column].word(word); });
    };
    switch (leaf.flag) {
        case FilterFlag::HasRecording:
            return bit(Bits::HasRecording);
        case FilterFlag::HasTranscript:
            return bit(Bits::HasTranscript);
        case FilterFlag::HasSummary:
            return bit(Bits::HasSummary);
        case FilterFlag::HasNotes:
            return bitsMatcher([](const Segment& segment, std::size_t word) {
                const auto at = [&](Bits column) { return segment.bits[column].word(word); };
                return at(Bits::HasLocalNotes) | (at(Bits::HasProviderNotes) & ~at(Bits::NotesEdited));
            });
        case FilterFlag::Edited:
            return bit(Bits::Edited);
        case FilterFlag::Pending:
            return bit(Bits::Pending);
        case FilterFlag::Conflict:
            return bit(Bits::Conflict);
        case FilterFlag::Refused:
            return bit(Bits::Refused);
        case FilterFlag::Answered:
            return bit(Bits::Answered);
        case FilterFlag::Reviewed:
            return bit(Bits::Reviewed);
        case FilterFlag::Flagged:
            return bit(Bits::Flagged);
        case FilterFlag::Unlisted:
            return bitsMatcher([](const Segment& segment, std::size_t word) {
                return segment.bits[Bits::NotFound].word(word) | segment.times[Times::Unlisted].known().word(word);
            });
    }
    return nothing();
}

MatcherPtr LeafBinder::idsAndNames(const WordPattern& pattern) const {
    const auto inEntry = [&](const Dictionary::Entry& entry) { return pattern.matches(entry.folded); };
    return anyOf(
        campaigns([&](const CampaignTable::Entry& entry) {
            return pattern.matches(entry.foldedName) || pattern.matches(entry.foldedId);
        }),
        entries(Words::Agent, inEntry), entries(Words::AgentId, inEntry),
        entries(Words::OwnNumber,
                [&](const Dictionary::Entry& entry) {
                    return pattern.matches(entry.folded) || pattern.matchesNumber(numberKey(entry.text).toStdString());
                }),
        customerNumber(pattern), blobWords(Texts::CustomerNumber, pattern), blobWords(Texts::Id, pattern),
        blobWords(Texts::LeadId, pattern), blobWords(Texts::Lead, pattern), blobWords(Texts::SwitchId, pattern));
}

MatcherPtr LeafBinder::operator()(const TextLeaf& leaf) const {
    const TextLeafMatches& found = m_matches[static_cast<std::size_t>(leaf.number)];
    const auto notesThatCount = [&] {
        // An edit replaces the provider's note, it does not stand beside it.
        auto notEdited = bitsMatcher(
            [](const Segment& segment, std::size_t word) { return ~segment.bits[Bits::NotesEdited].word(word); });
        return anyOf(both(callRowsIn(found.inProviderNotes), std::move(notEdited)), localNotes(leaf.pattern));
    };
    switch (leaf.scope) {
        case TextLeaf::Scope::Anything:
            return anyOf(callRowsIn(found.inTexts), notesThatCount(), idsAndNames(leaf.pattern));
        case TextLeaf::Scope::Summary:
        case TextLeaf::Scope::NextAction:
        case TextLeaf::Scope::Transcript:
            return callRowsIn(found.inTexts);
        case TextLeaf::Scope::Notes:
            return notesThatCount();
        case TextLeaf::Scope::ProviderNotes:
            return callRowsIn(found.inProviderNotes);
    }
    return nothing();
}

}  // namespace

MatcherPtr matcherFor(const FilterNode& node, const CallIndex::Private& index, const TextMatches& matches) {
    if (node.kind == FilterNode::Kind::Leaf) {
        return std::visit(LeafBinder(index, matches), node.leaf);
    }
    std::vector<MatcherPtr> parts;
    for (const FilterNode& child : node.children) {
        parts.push_back(matcherFor(child, index, matches));
    }
    switch (node.kind) {
        case FilterNode::Kind::Not:
            return std::make_unique<NotMatcher>(std::move(parts.front()));
        case FilterNode::Kind::Any:
            return std::make_unique<AnyMatcher>(std::move(parts));
        case FilterNode::Kind::All:
        case FilterNode::Kind::Leaf:
            break;
    }
    return std::make_unique<AllMatcher>(std::move(parts));
}

}  // namespace earmark
