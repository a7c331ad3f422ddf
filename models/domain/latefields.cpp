#include "models/domain/latefields.h"

#include <algorithm>
#include <array>

namespace earmark {

namespace {

constexpr std::array kYotel{Field::HasRecording, Field::Summary, Field::Sentiment, Field::NextAction};
constexpr std::array kAtoms{Field::HasRecording, Field::Summary};
constexpr std::array kVatel{Field::Summary};  // whether there is a recording it never says by itself
constexpr std::array kAutocalls{Field::HasRecording, Field::Summary};

bool isMissing(const Call& call, Field field) {
    switch (field) {
        case Field::HasRecording:
            return call.hasRecording.value_or(false) && call.recordingUrl.value_or(QString()).isEmpty();
        case Field::Summary:
            return !call.summary;
        case Field::Sentiment:
            return !call.sentiment;
        case Field::NextAction:
            return !call.nextAction;
        default:
            return false;
    }
}

}  // namespace

std::span<const Field> lateFields(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return kYotel;
        case Provider::Atoms:
            return kAtoms;
        case Provider::Vatel:
            return kVatel;
        case Provider::Autocalls:
            return kAutocalls;
    }
    return {};
}

bool lacksLateFields(const Call& call) {
    const std::span<const Field> fields = lateFields(call.provider);
    return std::any_of(fields.begin(), fields.end(), [&call](Field field) { return isMissing(call, field); });
}

}  // namespace earmark
