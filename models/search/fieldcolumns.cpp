#include "models/search/fieldcolumns.h"

namespace earmark {

std::optional<Words> wordsColumn(Field field) {
    switch (field) {
        case Field::Account:
            return Words::Account;
        case Field::StatusRaw:
            return Words::StatusRaw;
        case Field::TypeRaw:
            return Words::TypeRaw;
        case Field::Source:
            return Words::Source;
        case Field::AgentId:
            return Words::AgentId;
        case Field::Agent:
            return Words::Agent;
        case Field::OwnNumber:
            return Words::OwnNumber;
        case Field::HangupCause:
            return Words::HangupCause;
        case Field::EndReasonRaw:
            return Words::EndReasonRaw;
        case Field::AnsweredBy:
            return Words::AnsweredBy;
        case Field::Disposition:
            return Words::Disposition;
        case Field::ProviderDisposition:
            return Words::ProviderDisposition;
        case Field::Sentiment:
            return Words::Sentiment;
        case Field::CostUnit:
            return Words::CostUnit;
        case Field::Tags:
            return Words::Tags;
        default:
            return std::nullopt;
    }
}

std::optional<Texts> textsColumn(Field field) {
    switch (field) {
        case Field::Id:
            return Texts::Id;
        case Field::LeadId:
            return Texts::LeadId;
        case Field::Lead:
            return Texts::Lead;
        case Field::SwitchId:
            return Texts::SwitchId;
        case Field::CustomerNumber:
            return Texts::CustomerNumber;
        default:
            return std::nullopt;
    }
}

Times timesColumn(std::optional<Field> field) {
    switch (field.value_or(Field::Count)) {
        case Field::CreatedTime:
            return Times::Created;
        case Field::DialTime:
            return Times::Dial;
        case Field::RingTime:
            return Times::Ring;
        case Field::AnswerTime:
            return Times::Answer;
        case Field::AgentConnectTime:
            return Times::AgentConnect;
        case Field::EndTime:
            return Times::End;
        case Field::UpdatedTime:
            return Times::Updated;
        case Field::ReviewedAt:
            return Times::Reviewed;
        case Field::UnlistedSince:
            return Times::Unlisted;
        default:
            return Times::Start;
    }
}

std::optional<Numbers> numbersColumn(Field field) {
    switch (field) {
        case Field::RingSeconds:
            return Numbers::Ring;
        case Field::TalkSeconds:
            return Numbers::Talk;
        case Field::TotalSeconds:
            return Numbers::Total;
        case Field::Cost:
            return Numbers::Cost;
        case Field::CarrierCost:
            return Numbers::CarrierCost;
        case Field::LatencyMs:
            return Numbers::Latency;
        default:
            return std::nullopt;
    }
}

}  // namespace earmark
