#include "models/domain/call.h"

#include "models/domain/wordtable.h"

namespace earmark {

namespace {

using wordtable::Entry;

constexpr std::array kProviders{
    Entry<Provider>{Provider::Yotel, "yotel"},
    Entry<Provider>{Provider::Atoms, "atoms"},
    Entry<Provider>{Provider::Vatel, "vatel"},
    Entry<Provider>{Provider::Autocalls, "autocalls"},
};

constexpr std::array kDirections{
    Entry<Direction>{Direction::Unknown, "unknown"},
    Entry<Direction>{Direction::Inbound, "inbound"},
    Entry<Direction>{Direction::Outbound, "outbound"},
    Entry<Direction>{Direction::Web, "web"},
};

constexpr std::array kStatuses{
    Entry<CallStatus>{CallStatus::Unknown, "unknown"},        Entry<CallStatus>{CallStatus::Queued, "queued"},
    Entry<CallStatus>{CallStatus::Dialing, "dialing"},        Entry<CallStatus>{CallStatus::Ringing, "ringing"},
    Entry<CallStatus>{CallStatus::InProgress, "in_progress"}, Entry<CallStatus>{CallStatus::Completed, "completed"},
    Entry<CallStatus>{CallStatus::NoAnswer, "no_answer"},     Entry<CallStatus>{CallStatus::Busy, "busy"},
    Entry<CallStatus>{CallStatus::Failed, "failed"},          Entry<CallStatus>{CallStatus::Cancelled, "cancelled"},
};

constexpr std::array kEndReasons{
    Entry<EndReason>{EndReason::Unknown, "unknown"},
    Entry<EndReason>{EndReason::Customer, "customer"},
    Entry<EndReason>{EndReason::Agent, "agent"},
    Entry<EndReason>{EndReason::Transferred, "transferred"},
    Entry<EndReason>{EndReason::Timeout, "timeout"},
    Entry<EndReason>{EndReason::Error, "error"},
    Entry<EndReason>{EndReason::NotAnswered, "not_answered"},
};

}  // namespace

QString word(Provider provider) {
    return wordtable::wordOf(kProviders, provider);
}
QString word(Direction direction) {
    return wordtable::wordOf(kDirections, direction);
}
QString word(CallStatus status) {
    return wordtable::wordOf(kStatuses, status);
}
QString word(EndReason reason) {
    return wordtable::wordOf(kEndReasons, reason);
}

std::optional<Provider> providerFromWord(const QString& text) {
    return wordtable::valueOf(kProviders, text);
}
std::optional<Direction> directionFromWord(const QString& text) {
    return wordtable::valueOf(kDirections, text);
}
std::optional<CallStatus> callStatusFromWord(const QString& text) {
    return wordtable::valueOf(kStatuses, text);
}
std::optional<EndReason> endReasonFromWord(const QString& text) {
    return wordtable::valueOf(kEndReasons, text);
}

QString providerName(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return QStringLiteral("Yotel");
        case Provider::Atoms:
            return QStringLiteral("smallest.ai Atoms");
        case Provider::Vatel:
            return QStringLiteral("Vatel");
        case Provider::Autocalls:
            return QStringLiteral("Autocalls");
    }
    return {};
}

bool hasEnded(CallStatus status) {
    switch (status) {
        case CallStatus::Completed:
        case CallStatus::NoAnswer:
        case CallStatus::Busy:
        case CallStatus::Failed:
        case CallStatus::Cancelled:
            return true;
        // A word that we do not know may well be a call under way: it is read again.
        case CallStatus::Unknown:
        case CallStatus::Queued:
        case CallStatus::Dialing:
        case CallStatus::Ringing:
        case CallStatus::InProgress:
            return false;
    }
    return false;
}

std::optional<Moment> startTime(const Call& call) {
    return call.dialTime ? call.dialTime : call.createdTime;
}

}  // namespace earmark
