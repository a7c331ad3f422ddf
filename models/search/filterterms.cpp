#include "models/search/filterterms.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <numeric>

#include "models/search/filter.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct TermLine {
    const char* name;
    Term term;
    const char* explanation;
};

#define EARMARK_TERM(text) QT_TRANSLATE_NOOP("FilterTerm", text)

/// In the order of the completion list.
const std::array kTerms{
    TermLine{"status", {TermKind::ClosedWords, Field::Status, {}}, EARMARK_TERM("Status in common words")},
    TermLine{"disposition",
             {TermKind::Codes, Field::Disposition, {}},
             EARMARK_TERM("Disposition code that counts; none = no value")},
    TermLine{"agent", {TermKind::Contains, Field::Agent, Field::AgentId}, EARMARK_TERM("Agent's name or id contains")},
    TermLine{"campaign",
             {TermKind::Contains, Field::Campaign, Field::CampaignId},
             EARMARK_TERM("Campaign's name or id contains")},
    TermLine{"date",
             {TermKind::Time, {}, {}},
             EARMARK_TERM("Day or time of the start: today, yesterday, 7d, 2026-04-01..2026-04-30, >2026-04-01T14:00")},
    TermLine{"talk", {TermKind::Duration, Field::TalkSeconds, {}}, EARMARK_TERM("Talk time: >60, 1m..5m, <1:30")},
    TermLine{"ring", {TermKind::Duration, Field::RingSeconds, {}}, EARMARK_TERM("Ring time: <5, 10s..30s")},
    TermLine{"total", {TermKind::Duration, Field::TotalSeconds, {}}, EARMARK_TERM("Total time: >=90s")},
    TermLine{"sentiment", {TermKind::OpenWords, Field::Sentiment, {}}, EARMARK_TERM("Sentiment as the provider says")},
    TermLine{"direction", {TermKind::ClosedWords, Field::Direction, {}}, EARMARK_TERM("Direction of the call")},
    TermLine{"has", {TermKind::Has, {}, {}}, EARMARK_TERM("What the call has")},
    TermLine{"is", {TermKind::Is, {}, {}}, EARMARK_TERM("What happened to the call here")},
    TermLine{"hangup", {TermKind::Codes, Field::HangupCause, {}}, EARMARK_TERM("Hangup cause")},
    TermLine{"end-reason", {TermKind::ClosedWords, Field::EndReason, {}}, EARMARK_TERM("Who or what ended the call")},
    TermLine{"lead", {TermKind::Contains, Field::Lead, Field::LeadId}, EARMARK_TERM("Lead's name or id contains")},
    TermLine{
        "number", {TermKind::NumberContains, Field::CustomerNumber, {}}, EARMARK_TERM("Customer's number contains")},
    TermLine{"own-number", {TermKind::NumberContains, Field::OwnNumber, {}}, EARMARK_TERM("Own number contains")},
    TermLine{"notes", {TermKind::Words, Field::Notes, {}}, EARMARK_TERM("Words in the notes that count")},
    TermLine{"summary", {TermKind::Words, Field::Summary, {}}, EARMARK_TERM("Words in the summary")},
    TermLine{"next-action", {TermKind::Words, Field::NextAction, {}}, EARMARK_TERM("Words in the next action")},
    TermLine{"transcript", {TermKind::Words, {}, {}}, EARMARK_TERM("Words in the transcript")},
    TermLine{"id", {TermKind::Contains, Field::Id, {}}, EARMARK_TERM("Call's id contains")},
    TermLine{"account", {TermKind::Contains, Field::Account, {}}, EARMARK_TERM("Account's name contains")},
    TermLine{"provider", {TermKind::ClosedWords, Field::Provider, {}}, EARMARK_TERM("Provider of the call")},
    TermLine{"raw-status", {TermKind::Codes, Field::StatusRaw, {}}, EARMARK_TERM("Status in the provider's own word")},
    TermLine{"type", {TermKind::OpenWords, Field::TypeRaw, {}}, EARMARK_TERM("Type in the provider's own word")},
    TermLine{"source", {TermKind::OpenWords, Field::Source, {}}, EARMARK_TERM("Where the call came from")},
    TermLine{"answered-by", {TermKind::OpenWords, Field::AnsweredBy, {}}, EARMARK_TERM("Who answered")},
    TermLine{"tag", {TermKind::Codes, Field::Tags, {}}, EARMARK_TERM("Tag of the call")},
    TermLine{"cost", {TermKind::Number, Field::Cost, {}}, EARMARK_TERM("Cost: >1.5")},
    TermLine{"latency", {TermKind::Number, Field::LatencyMs, {}}, EARMARK_TERM("Latency in milliseconds: >900")},
};
#undef EARMARK_TERM

struct FlagWord {
    TermKind kind;
    const char* word;
    FilterFlag flag;
};

constexpr std::array kFlags{
    FlagWord{TermKind::Has, "recording", FilterFlag::HasRecording},
    FlagWord{TermKind::Has, "transcript", FilterFlag::HasTranscript},
    FlagWord{TermKind::Has, "summary", FilterFlag::HasSummary},
    FlagWord{TermKind::Has, "notes", FilterFlag::HasNotes},
    FlagWord{TermKind::Is, "edited", FilterFlag::Edited},
    FlagWord{TermKind::Is, "pending", FilterFlag::Pending},
    FlagWord{TermKind::Is, "conflict", FilterFlag::Conflict},
    FlagWord{TermKind::Is, "refused", FilterFlag::Refused},
    FlagWord{TermKind::Is, "answered", FilterFlag::Answered},
    FlagWord{TermKind::Is, "reviewed", FilterFlag::Reviewed},
    FlagWord{TermKind::Is, "flagged", FilterFlag::Flagged},
    FlagWord{TermKind::Is, "unlisted", FilterFlag::Unlisted},
};

template <typename E>
QStringList words(std::initializer_list<E> values) {
    QStringList result;
    for (const E value : values) {
        result += word(value);
    }
    return result;
}

/// The vocabulary of a field whose values are ours; empty for all others.
QStringList vocabulary(Field field) {
    switch (field) {
        case Field::Status:
            return words({CallStatus::Queued, CallStatus::Dialing, CallStatus::Ringing, CallStatus::InProgress,
                          CallStatus::Completed, CallStatus::NoAnswer, CallStatus::Busy, CallStatus::Failed,
                          CallStatus::Cancelled, CallStatus::Unknown});
        case Field::Direction:
            return words({Direction::Inbound, Direction::Outbound, Direction::Web, Direction::Unknown});
        case Field::EndReason:
            return words({EndReason::Customer, EndReason::Agent, EndReason::Transferred, EndReason::Timeout,
                          EndReason::Error, EndReason::NotAnswered, EndReason::Unknown});
        case Field::Provider:
            return words({Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls});
        case Field::EditState:
            return words({EditState::Kept, EditState::Waiting, EditState::Sending, EditState::Sent, EditState::Refused,
                          EditState::Conflict}) +
                   QStringList{u"none"_s};
        case Field::Edited:
            return {u"true"_s, u"false"_s};
        case Field::HasRecording:
        case Field::HasTranscript:
            return {u"true"_s, u"false"_s, u"none"_s};
        default:
            return {};
    }
}

/// How a JSON field name that is no term of its own is matched.
Term termOfField(Field field) {
    switch (info(field).kind) {
        case FieldKind::Text:
            if (field == Field::ProviderNotes || field == Field::Notes || field == Field::Summary ||
                field == Field::NextAction) {
                return {TermKind::Words, field, {}};
            }
            return {TermKind::Contains, field, {}};
        case FieldKind::Code:
            switch (field) {
                case Field::Key:
                case Field::Account:
                case Field::Id:
                case Field::CampaignId:
                case Field::LeadId:
                case Field::AgentId:
                case Field::SwitchId:
                    return {TermKind::Contains, field, {}};
                case Field::CustomerNumber:
                case Field::OwnNumber:
                    return {TermKind::NumberContains, field, {}};
                default:
                    return {TermKind::Codes, field, {}};
            }
        case FieldKind::Word:
            return {vocabulary(field).isEmpty() ? TermKind::OpenWords : TermKind::ClosedWords, field, {}};
        case FieldKind::Time:
            return {TermKind::Time, field, {}};
        case FieldKind::Duration:
            return {TermKind::Duration, field, {}};
        case FieldKind::Number:
            return {TermKind::Number, field, {}};
        case FieldKind::Bool:
        case FieldKind::TriState:
            return {TermKind::ClosedWords, field, {}};
        case FieldKind::List:
            return {TermKind::Codes, field, {}};
    }
    return {};
}

/// How many letters must be typed differently; stops counting at 3.
int distance(const QString& left, const QString& right) {
    constexpr int kFar = 3;
    if (std::abs(left.size() - right.size()) >= kFar) {
        return kFar;
    }
    std::vector<int> row(static_cast<std::size_t>(right.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 0; i < left.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i) + 1;
        for (qsizetype j = 0; j < right.size(); ++j) {
            const auto at = static_cast<std::size_t>(j) + 1;
            const int replaced = diagonal + (left[i] == right[j] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({replaced, row[at] + 1, row[at - 1] + 1});
        }
    }
    return std::min(row.back(), kFar);
}

}  // namespace

std::optional<Term> termFromName(const QString& name) {
    QString canonical = name.toLower();
    canonical.replace(u'_', u'-');
    for (const TermLine& line : kTerms) {
        if (canonical == QLatin1StringView(line.name)) {
            return line.term;
        }
    }
    canonical.replace(u'-', u'_');
    const auto field = fieldFromJsonName(canonical);
    return field ? std::optional(termOfField(*field)) : std::nullopt;
}

QString nearestWord(const QString& typed, const QStringList& words) {
    QString best;
    int bestDistance = 3;
    for (const QString& word : words) {
        // A beginning that was typed on the way counts as close, a single letter does not.
        const bool begun = typed.size() >= 2 && word.startsWith(typed);
        const int far = begun ? 1 : distance(typed, word);
        if (far < bestDistance && far < std::max(word.size(), typed.size()) - 1) {
            best = word;
            bestDistance = far;
        }
    }
    return best;
}

QString nearestTermName(const QString& name) {
    QString canonical = name.toLower();
    canonical.replace(u'_', u'-');
    QStringList names;
    for (const TermLine& line : kTerms) {
        names += QString::fromLatin1(line.name);
    }
    const QString term = nearestWord(canonical, names);
    if (!term.isEmpty()) {
        return term;
    }
    names.clear();
    for (const FieldInfo& field : allFields()) {
        names += QString::fromLatin1(field.jsonName);
    }
    canonical.replace(u'-', u'_');
    return nearestWord(canonical, names);
}

QStringList lawfulWords(const Term& term) {
    QStringList result;
    switch (term.kind) {
        case TermKind::ClosedWords:
            return vocabulary(*term.field);
        case TermKind::Has:
        case TermKind::Is:
            for (const FlagWord& flag : kFlags) {
                if (flag.kind == term.kind) {
                    result += QString::fromLatin1(flag.word);
                }
            }
            return result;
        case TermKind::OpenWords:
        case TermKind::Codes:
        case TermKind::Contains:
        case TermKind::NumberContains:
        case TermKind::Words:
        case TermKind::Duration:
        case TermKind::Time:
        case TermKind::Number:
            return result;
    }
    return result;
}

std::optional<FilterFlag> flagFromWord(TermKind kind, const QString& word) {
    for (const FlagWord& flag : kFlags) {
        if (flag.kind == kind && word == QLatin1StringView(flag.word)) {
            return flag.flag;
        }
    }
    return std::nullopt;
}

std::vector<FilterTerm> filterTerms() {
    std::vector<FilterTerm> terms;
    terms.reserve(kTerms.size());
    for (const TermLine& line : kTerms) {
        FilterTerm term;
        term.prefix = QLatin1StringView(line.name) + u':';
        term.explanation = QCoreApplication::translate("FilterTerm", line.explanation);
        term.values = lawfulWords(line.term);
        if (line.term.kind == TermKind::Time) {
            term.values = {u"today"_s, u"yesterday"_s, u"7d"_s, u"30d"_s};
        } else if (line.term.field == Field::Disposition) {
            term.values = {u"none"_s};
        } else if (line.term.field == Field::Sentiment) {
            term.values = {u"positive"_s, u"neutral"_s, u"negative"_s, u"none"_s};
        }
        terms.push_back(term);
    }
    return terms;
}

}  // namespace earmark
