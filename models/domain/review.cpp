#include "models/domain/review.h"

#include <QDateTime>

#include "models/domain/wordtable.h"

using namespace Qt::StringLiterals;

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

QString reviewedMarkText(const ReviewedMark& mark) {
    const QString heard = mark.heardSeconds ? u" heard="_s + QString::number(*mark.heardSeconds, 'f', 1) : QString();
    return toIsoText(mark.at) + heard;
}

std::optional<ReviewedMark> reviewedMarkFromText(const QString& text, Moment editedAt) {
    if (text == "1"_L1) {
        return ReviewedMark{editedAt, std::nullopt};
    }
    const qsizetype blank = text.indexOf(u' ');
    const QDateTime at = QDateTime::fromString(text.left(blank < 0 ? text.size() : blank), Qt::ISODateWithMs);
    if (!at.isValid() || at.timeSpec() != Qt::UTC) {
        return std::nullopt;
    }
    ReviewedMark mark{momentFromMs(at.toMSecsSinceEpoch()), std::nullopt};
    if (blank >= 0) {
        bool isNumber = false;
        const double heard = text.mid(blank).mid(7).toDouble(&isNumber);
        if (!text.mid(blank).startsWith(" heard="_L1) || !isNumber || !(heard >= 0 && heard < 1e9)) {
            return std::nullopt;
        }
        mark.heardSeconds = heard;
    }
    return mark;
}

std::optional<QString> dispositionThatCounts(const ReviewedCall& call) {
    return call.review.disposition ? call.review.disposition->value : call.call.disposition;
}

std::optional<QString> notesThatCount(const ReviewedCall& call) {
    return call.review.notes ? call.review.notes->value : call.call.notes;
}

bool providerChangedSince(const std::optional<LocalEdit>& edit, const std::optional<QString>& providerValue) {
    return edit && edit->base != providerValue && edit->value != providerValue;
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

void OutboxCounts::add(EditState state, qint64 lines) {
    switch (state) {
        case EditState::Kept:
            kept += lines;
            return;
        case EditState::Waiting:
        case EditState::Sending:
            waiting += lines;
            return;
        case EditState::Sent:
            sent += lines;
            return;
        case EditState::Refused:
            refused += lines;
            return;
        case EditState::Conflict:
            conflicts += lines;
            return;
    }
}

}  // namespace earmark
