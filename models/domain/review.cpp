#include "models/domain/review.h"

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

using wordtable::Entry;

constexpr std::array kReviewFields{
    Entry<ReviewField>{ReviewField::Disposition, "disposition"},
    Entry<ReviewField>{ReviewField::Notes, "notes"},
    Entry<ReviewField>{ReviewField::Reviewed, "reviewed"},
    Entry<ReviewField>{ReviewField::Flag, "flag"},
};

constexpr std::array kEditStates{
    Entry<EditState>{EditState::Kept, "kept"},       Entry<EditState>{EditState::Waiting, "waiting"},
    Entry<EditState>{EditState::Sending, "sending"}, Entry<EditState>{EditState::Sent, "sent"},
    Entry<EditState>{EditState::Refused, "refused"}, Entry<EditState>{EditState::Conflict, "conflict"},
};

/// How much a state wants the supervisor's attention: a conflict needs a choice, a refusal a correction, the rest time.
int urgency(EditState state) {
    switch (state) {
        case EditState::Sent:
            return 0;
        case EditState::Kept:
            return 1;
        case EditState::Sending:
            return 2;
        case EditState::Waiting:
            return 3;
        case EditState::Refused:
            return 4;
        case EditState::Conflict:
            return 5;
    }
    return 0;
}

}  // namespace

QString word(ReviewField field) {
    return wordtable::wordOf(kReviewFields, field);
}
QString word(EditState state) {
    return wordtable::wordOf(kEditStates, state);
}

std::optional<ReviewField> reviewFieldFromWord(const QString& text) {
    return wordtable::valueOf(kReviewFields, text);
}
std::optional<EditState> editStateFromWord(const QString& text) {
    return wordtable::valueOf(kEditStates, text);
}

std::optional<QString> dispositionThatCounts(const ReviewedCall& call) {
    return call.review.disposition ? call.review.disposition->value : call.call.disposition;
}

std::optional<QString> notesThatCount(const ReviewedCall& call) {
    return call.review.notes ? call.review.notes->value : call.call.notes;
}

bool providerChangedSince(const std::optional<LocalEdit>& edit, const std::optional<QString>& providerValue) {
    return edit && edit->base != providerValue;
}

bool isEdited(const Review& review) {
    return review.disposition || review.notes;
}

std::optional<EditState> editState(const Review& review) {
    std::optional<EditState> result;
    for (const auto* edit : {&review.disposition, &review.notes}) {
        if (*edit && (!result || urgency((*edit)->state) > urgency(*result))) {
            result = (*edit)->state;
        }
    }
    return result;
}

}  // namespace earmark
