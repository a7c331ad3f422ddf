#include "models/providers/autocallswords.h"

#include <QLatin1StringView>
#include <array>

#include "models/providers/dialectparts.h"

namespace earmark {

namespace {

struct StatusLine {
    const char* status;
    CallStatus common;
    EndReason end;
};

// Source: the status words of the call pages, hyphens and underscores mixed there. They say how the line ended as well.
constexpr std::array kStatuses{
    StatusLine{"initiated", CallStatus::Queued, EndReason::Unknown},
    StatusLine{"ringing", CallStatus::Ringing, EndReason::Unknown},
    StatusLine{"in_progress", CallStatus::InProgress, EndReason::Unknown},
    StatusLine{"ended", CallStatus::Completed, EndReason::Unknown},
    StatusLine{"completed", CallStatus::Completed, EndReason::Unknown},
    StatusLine{"ended_by_customer", CallStatus::Completed, EndReason::Customer},
    StatusLine{"ended_by_assistant", CallStatus::Completed, EndReason::Agent},
    StatusLine{"no_answer", CallStatus::NoAnswer, EndReason::NotAnswered},
    StatusLine{"busy", CallStatus::Busy, EndReason::NotAnswered},
    StatusLine{"failed", CallStatus::Failed, EndReason::Unknown},
};

const StatusLine* lineOf(const std::optional<QString>& status) {
    const QString text = status ? dialect::normalisedWord(*status) : QString();
    for (const StatusLine& line : kStatuses) {
        if (text == QLatin1StringView(line.status)) {
            return &line;
        }
    }
    return nullptr;
}

}  // namespace

CallStatus autocallsStatus(const std::optional<QString>& status) {
    const StatusLine* line = lineOf(status);
    return line != nullptr ? line->common : CallStatus::Unknown;
}

EndReason autocallsEndReason(const std::optional<QString>& status) {
    const StatusLine* line = lineOf(status);
    return line != nullptr ? line->end : EndReason::Unknown;
}

Direction autocallsDirection(const std::optional<QString>& type) {
    const QString text = type ? dialect::normalisedWord(*type) : QString();
    if (text == u"inbound") {
        return Direction::Inbound;
    }
    if (text == u"outbound") {
        return Direction::Outbound;
    }
    return text == u"web" ? Direction::Web : Direction::Unknown;
}

}  // namespace earmark
