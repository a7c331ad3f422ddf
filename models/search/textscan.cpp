#include "models/search/textscan.h"

#include <algorithm>
#include <unordered_map>

#include "models/search/filternode.h"

namespace earmark {

struct TextScan::Found {
    Filter filter;  ///< keeps the leaves alive
    std::vector<const TextLeaf*> leaves;
    /// Per database row: the leaves that matched, times two, plus one for "in the provider's notes".
    std::unordered_map<qint64, std::vector<quint32>> hits;
};

namespace {

void collectLeaves(const FilterNode& node, std::vector<const TextLeaf*>& leaves) {
    if (const auto* leaf = std::get_if<TextLeaf>(&node.leaf); leaf && node.kind == FilterNode::Kind::Leaf) {
        leaves.push_back(leaf);
    }
    for (const FilterNode& child : node.children) {
        collectLeaves(child, leaves);
    }
}

std::string folded(const std::optional<QString>& text) {
    return text ? foldedUtf8(*text) : std::string();
}

bool isInTexts(const TextLeaf& leaf, const std::string& summary, const std::string& nextAction,
               const std::string& transcript) {
    switch (leaf.scope) {
        case TextLeaf::Scope::Anything:
            return leaf.pattern.matches(summary) || leaf.pattern.matches(nextAction) ||
                   leaf.pattern.matches(transcript);
        case TextLeaf::Scope::Summary:
            return leaf.pattern.matches(summary);
        case TextLeaf::Scope::NextAction:
            return leaf.pattern.matches(nextAction);
        case TextLeaf::Scope::Transcript:
            return leaf.pattern.matches(transcript);
        case TextLeaf::Scope::Notes:
        case TextLeaf::Scope::ProviderNotes:
            return false;
    }
    return false;
}

bool looksIntoNotes(const TextLeaf& leaf) {
    return leaf.scope == TextLeaf::Scope::Anything || leaf.scope == TextLeaf::Scope::Notes ||
           leaf.scope == TextLeaf::Scope::ProviderNotes;
}

bool looksIntoTranscripts(const std::vector<const TextLeaf*>& leaves) {
    return std::any_of(leaves.begin(), leaves.end(), [](const TextLeaf* leaf) {
        return leaf->scope == TextLeaf::Scope::Anything || leaf->scope == TextLeaf::Scope::Transcript;
    });
}

std::vector<quint32> hitsIn(const CallTexts& texts, const std::vector<const TextLeaf*>& leaves) {
    const std::string summary = folded(texts.summary);
    const std::string notes = folded(texts.notes);
    const std::string nextAction = folded(texts.nextAction);
    const std::string transcript = looksIntoTranscripts(leaves) ? folded(texts.transcript) : std::string();
    std::vector<quint32> hits;
    for (const TextLeaf* leaf : leaves) {
        const auto number = static_cast<quint32>(leaf->number) * 2;
        if (isInTexts(*leaf, summary, nextAction, transcript)) {
            hits.push_back(number);
        }
        if (looksIntoNotes(*leaf) && leaf->pattern.matches(notes)) {
            hits.push_back(number + 1);
        }
    }
    return hits;
}

}  // namespace

TextScan::TextScan(const Filter& filter) : m_found(std::make_shared<Found>()) {
    m_found->filter = filter;
    if (filter.root()) {
        collectLeaves(*filter.root(), m_found->leaves);
    }
}

bool TextScan::isNeeded() const {
    return !m_found->leaves.empty();
}

std::function<bool(const CallTexts&)> TextScan::matcher() const {
    return [found = m_found](const CallTexts& texts) {
        std::vector<quint32> hits = hitsIn(texts, found->leaves);
        if (hits.empty()) {
            found->hits.erase(texts.callRow);
            return false;
        }
        found->hits[texts.callRow] = std::move(hits);
        return true;
    };
}

TextMatches TextScan::matches() const {
    TextMatches matches(m_found->leaves.size());
    for (const auto& [callRow, hits] : m_found->hits) {
        for (const quint32 hit : hits) {
            TextLeafMatches& leaf = matches[hit / 2];
            (hit % 2 == 0 ? leaf.inTexts : leaf.inProviderNotes).push_back(callRow);
        }
    }
    for (TextLeafMatches& leaf : matches) {
        std::sort(leaf.inTexts.begin(), leaf.inTexts.end());
        std::sort(leaf.inProviderNotes.begin(), leaf.inProviderNotes.end());
    }
    return matches;
}

}  // namespace earmark
