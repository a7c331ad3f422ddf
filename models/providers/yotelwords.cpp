#include "models/providers/yotelwords.h"

#include <QLatin1StringView>
#include <array>

#include "models/providers/dialectparts.h"

namespace earmark {

namespace {

struct StatusLine {
    const char* status;
    const char* cause;  ///< nullptr = any; lines with a cause stand before the line without
    CallStatus common;
};

// Source: Yotel's status words; the causes are the public names of the FreeSWITCH switch, of which Yotel's own pages
// show NORMAL_CLEARING and NO_ANSWER.
constexpr std::array kStatuses{
    StatusLine{"dialing", nullptr, CallStatus::Dialing},
    StatusLine{"ringing", nullptr, CallStatus::Ringing},
    StatusLine{"answered", nullptr, CallStatus::InProgress},
    StatusLine{"agent_connected", nullptr, CallStatus::InProgress},
    StatusLine{"completed", nullptr, CallStatus::Completed},
    StatusLine{"failed", "NO_ANSWER", CallStatus::NoAnswer},
    StatusLine{"failed", "NO_USER_RESPONSE", CallStatus::NoAnswer},
    StatusLine{"failed", "USER_BUSY", CallStatus::Busy},
    StatusLine{"failed", "ORIGINATOR_CANCEL", CallStatus::Cancelled},
    StatusLine{"failed", nullptr, CallStatus::Failed},
};

struct EndReasonLine {
    const char* cause;
    EndReason common;
};

constexpr std::array kEndReasons{
    EndReasonLine{"NO_ANSWER", EndReason::NotAnswered},
    EndReasonLine{"NO_USER_RESPONSE", EndReason::NotAnswered},
    EndReasonLine{"USER_BUSY", EndReason::NotAnswered},
    EndReasonLine{"CALL_REJECTED", EndReason::NotAnswered},
    EndReasonLine{"SUBSCRIBER_ABSENT", EndReason::NotAnswered},
    EndReasonLine{"USER_NOT_REGISTERED", EndReason::NotAnswered},
    EndReasonLine{"ORIGINATOR_CANCEL", EndReason::NotAnswered},
    EndReasonLine{"PROGRESS_TIMEOUT", EndReason::NotAnswered},
    EndReasonLine{"BLIND_TRANSFER", EndReason::Transferred},
    EndReasonLine{"ATTENDED_TRANSFER", EndReason::Transferred},
    EndReasonLine{"ALLOTTED_TIMEOUT", EndReason::Timeout},
    EndReasonLine{"MEDIA_TIMEOUT", EndReason::Timeout},
    EndReasonLine{"RECOVERY_ON_TIMER_EXPIRE", EndReason::Timeout},
    EndReasonLine{"UNALLOCATED_NUMBER", EndReason::Error},
    EndReasonLine{"INVALID_NUMBER_FORMAT", EndReason::Error},
    EndReasonLine{"NO_ROUTE_DESTINATION", EndReason::Error},
    EndReasonLine{"NO_ROUTE_TRANSIT_NET", EndReason::Error},
    EndReasonLine{"DESTINATION_OUT_OF_ORDER", EndReason::Error},
    EndReasonLine{"NETWORK_OUT_OF_ORDER", EndReason::Error},
    EndReasonLine{"NORMAL_TEMPORARY_FAILURE", EndReason::Error},
    EndReasonLine{"NORMAL_CIRCUIT_CONGESTION", EndReason::Error},
    EndReasonLine{"SWITCH_CONGESTION", EndReason::Error},
    EndReasonLine{"GATEWAY_DOWN", EndReason::Error},
    EndReasonLine{"SERVICE_UNAVAILABLE", EndReason::Error},
    EndReasonLine{"INCOMPATIBLE_DESTINATION", EndReason::Error},
    EndReasonLine{"PROTOCOL_ERROR", EndReason::Error},
};

QString causeName(const std::optional<QString>& cause) {
    return cause ? cause->trimmed().toUpper() : QString();
}

}  // namespace

CallStatus yotelStatus(const std::optional<QString>& status, const std::optional<QString>& hangupCause) {
    if (!status) {
        return CallStatus::Unknown;
    }
    const QString text = dialect::normalisedWord(*status);
    const QString cause = causeName(hangupCause);
    for (const StatusLine& line : kStatuses) {
        const bool causeFits = line.cause == nullptr || cause == QLatin1StringView(line.cause);
        if (causeFits && text == QLatin1StringView(line.status)) {
            return line.common;
        }
    }
    return CallStatus::Unknown;
}

Direction yotelDirection(const std::optional<QString>& direction) {
    const QString text = direction ? dialect::normalisedWord(*direction) : QString();
    if (text == u"inbound") {
        return Direction::Inbound;
    }
    return text == u"outbound" ? Direction::Outbound : Direction::Unknown;
}

EndReason yotelEndReason(const std::optional<QString>& hangupCause, bool wasAnswered) {
    const QString cause = causeName(hangupCause);
    for (const EndReasonLine& line : kEndReasons) {
        if (cause == QLatin1StringView(line.cause)) {
            return wasAnswered && line.common == EndReason::NotAnswered ? EndReason::Unknown : line.common;
        }
    }
    return EndReason::Unknown;
}

}  // namespace earmark
