#include "models/search/callindex.h"

#include "models/search/callindexdata.h"
#include "models/search/indexbuilder.h"

namespace earmark {

namespace {

template <typename T>
FieldValue orNull(const std::optional<T>& value) {
    return value ? FieldValue(*value) : FieldValue();
}

FieldValue moment(const Segment& segment, std::size_t at, Times column) {
    const auto ms = segment.times[column].at(at);
    return ms ? FieldValue(momentFromMs(*ms)) : FieldValue();
}

FieldValue triState(const Segment& segment, std::size_t at, Bits known, Bits value) {
    return segment.bits[known].at(at) ? FieldValue(segment.bits[value].at(at)) : FieldValue();
}

template <typename E>
E enumAt(const Segment& segment, std::size_t at, Enums column) {
    return static_cast<E>(segment.enums[column].at(at));
}

}  // namespace

CallIndex::CallIndex(std::shared_ptr<const Private> data) : d(std::move(data)) {}

CallIndexPtr CallIndex::empty() {
    return std::make_shared<const CallIndex>(std::make_shared<const Private>());
}

CallIndexPtr CallIndex::with(const std::vector<IndexRow>& rows) const {
    IndexBuilder builder(*d);
    for (const IndexRow& row : rows) {
        builder.put(row);
    }
    return builder.take();
}

CallIndexPtr CallIndex::withReview(const CallKey& key, const Review& review) const {
    return withReviews({{key, review}});
}

CallIndexPtr CallIndex::withReviews(const std::vector<CallReview>& reviews) const {
    IndexBuilder builder(*d);
    bool any = false;
    for (const CallReview& one : reviews) {
        if (const auto row = find(one.key)) {
            builder.tellReview(*row, one.review);
            any = true;
        }
    }
    if (!any) {
        const CallIndexPtr same = weak_from_this().lock();
        return same ? same : std::make_shared<const CallIndex>(d);
    }
    return builder.take();
}

CallIndexPtr CallIndex::withoutAccount(const QString& account) const {
    IndexBuilder builder(*d);
    builder.removeAccount(account);
    return builder.take();
}

RowNumber CallIndex::rowCount() const {
    return d->rows;
}

RowNumber CallIndex::liveCount() const {
    return d->liveRows;
}

bool CallIndex::isGone(RowNumber row) const {
    return !d->isLive(row);
}

std::optional<RowNumber> CallIndex::find(const CallKey& key) const {
    std::optional<RowNumber> found;
    d->rowsByKey.find(Private::hashOf(key), [&](quint32 row) {
        if (d->isLive(row) && d->key(row) == key) {
            found = row;
        }
        return found.has_value();
    });
    return found;
}

std::optional<RowNumber> CallIndex::findCallRow(qint64 callRow) const {
    std::optional<RowNumber> found;
    d->rowsByCallRow.find(static_cast<quint64>(callRow), [&](quint32 row) {
        if (d->isLive(row)) {
            found = row;
        }
        return true;
    });
    return found;
}

qint64 CallIndex::callRow(RowNumber row) const {
    return d->segment(row).callRows[Private::offset(row)];
}

CallKey CallIndex::key(RowNumber row) const {
    return d->key(row);
}

Review CallIndex::review(RowNumber row) const {
    const ReviewRecord* record = d->segment(row).reviewAt(Private::offset(row));
    return record ? record->review : Review();
}

Provider CallIndex::provider(RowNumber row) const {
    return enumAt<Provider>(d->segment(row), Private::offset(row), Enums::Provider);
}

bool CallIndex::isNotFound(RowNumber row) const {
    return d->segment(row).bits[Bits::NotFound].at(Private::offset(row));
}

bool CallIndex::hasFieldErrors(RowNumber row) const {
    return d->segment(row).bits[Bits::HasFieldErrors].at(Private::offset(row));
}

bool CallIndex::hasText(RowNumber row, Field field) const {
    const auto& bits = d->segment(row).bits;
    const std::size_t at = Private::offset(row);
    switch (field) {
        case Field::Summary:
            return bits[Bits::HasSummary].at(at);
        case Field::NextAction:
            return bits[Bits::HasNextAction].at(at);
        case Field::ProviderNotes:
            return bits[Bits::HasProviderNotes].at(at);
        case Field::Notes:
            return bits[Bits::NotesEdited].at(at) ? bits[Bits::HasLocalNotes].at(at)
                                                  : bits[Bits::HasProviderNotes].at(at);
        default:
            return false;
    }
}

FieldValue CallIndex::value(RowNumber row, Field field) const {
    const Segment& segment = d->segment(row);
    const std::size_t at = Private::offset(row);
    const auto words = [&](Words column) { return orNull(d->text(row, column)); };
    const auto text = [&](Texts column) { return orNull(d->text(row, column)); };
    const auto number = [&](Numbers column) { return orNull(segment.numbers[column].at(at)); };
    const DictionaryCode campaign = segment.campaigns.at(at);
    switch (field) {
        case Field::Key:
            return toText(d->key(row));
        case Field::Account:
            return words(Words::Account);
        case Field::Provider:
            return word(provider(row));
        case Field::Id:
            return text(Texts::Id);
        case Field::Status:
            return word(enumAt<CallStatus>(segment, at, Enums::Status));
        case Field::StatusRaw:
            return words(Words::StatusRaw);
        case Field::Direction:
            return word(enumAt<Direction>(segment, at, Enums::Direction));
        case Field::TypeRaw:
            return words(Words::TypeRaw);
        case Field::Source:
            return words(Words::Source);
        case Field::CampaignId:
            return campaign == 0 ? FieldValue() : orNull(d->campaigns[campaign].id);
        case Field::Campaign:
            return campaign == 0 ? FieldValue() : orNull(d->campaigns[campaign].name);
        case Field::LeadId:
            return text(Texts::LeadId);
        case Field::Lead:
            return text(Texts::Lead);
        case Field::AgentId:
            return words(Words::AgentId);
        case Field::Agent:
            return words(Words::Agent);
        case Field::CustomerNumber:
            return text(Texts::CustomerNumber);
        case Field::OwnNumber:
            return words(Words::OwnNumber);
        case Field::CreatedTime:
            return moment(segment, at, Times::Created);
        case Field::DialTime:
            return moment(segment, at, Times::Dial);
        case Field::RingTime:
            return moment(segment, at, Times::Ring);
        case Field::AnswerTime:
            return moment(segment, at, Times::Answer);
        case Field::AgentConnectTime:
            return moment(segment, at, Times::AgentConnect);
        case Field::EndTime:
            return moment(segment, at, Times::End);
        case Field::UpdatedTime:
            return moment(segment, at, Times::Updated);
        case Field::RingSeconds:
            return number(Numbers::Ring);
        case Field::TalkSeconds:
            return number(Numbers::Talk);
        case Field::TotalSeconds:
            return number(Numbers::Total);
        case Field::HangupCause:
            return words(Words::HangupCause);
        case Field::EndReason:
            return word(enumAt<EndReason>(segment, at, Enums::EndReason));
        case Field::EndReasonRaw:
            return words(Words::EndReasonRaw);
        case Field::AnsweredBy:
            return words(Words::AnsweredBy);
        case Field::Disposition:
            return words(Words::Disposition);
        case Field::Notes: {
            const ReviewRecord* record = segment.reviewAt(at);
            return record && record->review.notes ? orNull(record->review.notes->value) : FieldValue();
        }
        case Field::ProviderDisposition:
            return words(Words::ProviderDisposition);
        case Field::Sentiment:
            return words(Words::Sentiment);
        case Field::HasRecording:
            return triState(segment, at, Bits::RecordingKnown, Bits::HasRecording);
        case Field::HasTranscript:
            return triState(segment, at, Bits::TranscriptKnown, Bits::HasTranscript);
        case Field::Cost:
            return number(Numbers::Cost);
        case Field::CostUnit:
            return words(Words::CostUnit);
        case Field::CarrierCost:
            return number(Numbers::CarrierCost);
        case Field::LatencyMs:
            return number(Numbers::Latency);
        case Field::Tags: {
            const DictionaryCode tags = segment.words[Words::Tags].at(at);
            return tags == 0 ? QStringList() : d->dictionaries[Words::Tags][tags].list;
        }
        case Field::Edited:
            return segment.bits[Bits::Edited].at(at);
        case Field::EditState: {
            const quint8 state = segment.enums[Enums::EditState].at(at);
            return state == 0 ? FieldValue() : word(static_cast<EditState>(state - 1));
        }
        case Field::ReviewedAt:
            return moment(segment, at, Times::Reviewed);
        case Field::Flagged: {
            const ReviewRecord* record = segment.reviewAt(at);
            return record ? orNull(record->review.flag) : FieldValue();
        }
        case Field::UnlistedSince:
            return moment(segment, at, Times::Unlisted);
        case Field::SwitchId:
            return text(Texts::SwitchId);
        case Field::ProviderNotes:
        case Field::Summary:
        case Field::NextAction:
        case Field::Count:
            break;
    }
    return {};
}

std::optional<QString> CallIndex::Private::text(RowNumber row, Words column) const {
    const DictionaryCode code = segment(row).words[column].at(offset(row));
    return code == 0 ? std::nullopt : std::optional(dictionaries[column][code].text);
}

std::optional<QString> CallIndex::Private::text(RowNumber row, Texts column) const {
    const TextColumn& texts = segment(row).texts[column];
    const std::size_t at = offset(row);
    if (!texts.isKnown(at)) {
        return std::nullopt;
    }
    const std::string_view raw = texts.raw().at(at);
    return QString::fromUtf8(raw.data(), static_cast<qsizetype>(raw.size()));
}

CallKey CallIndex::Private::key(RowNumber row) const {
    return {text(row, Words::Account).value_or(QString()), text(row, Texts::Id).value_or(QString())};
}

}  // namespace earmark
