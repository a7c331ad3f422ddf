// One call as its provider tells it, normalised: values in, no behaviour. Plain data, any thread.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/domain/callkey.h"
#include "models/domain/clock.h"

namespace earmark {

enum class Provider { Yotel, Atoms, Vatel, Autocalls };
enum class Direction { Unknown, Inbound, Outbound, Web };
enum class CallStatus { Unknown, Queued, Dialing, Ringing, InProgress, Completed, NoAnswer, Busy, Failed, Cancelled };
/// Who or what ended the call, a second axis beside the status.
enum class EndReason { Unknown, Customer, Agent, Transferred, Timeout, Error, NotAnswered };

/// The words of the command line, JSON and the filter language ("in_progress", "no_answer", "outbound",
/// "not_answered").
[[nodiscard]] QString word(Provider provider);
[[nodiscard]] QString word(Direction direction);
[[nodiscard]] QString word(CallStatus status);
[[nodiscard]] QString word(EndReason reason);
[[nodiscard]] std::optional<Provider> providerFromWord(const QString& text);
[[nodiscard]] std::optional<Direction> directionFromWord(const QString& text);
[[nodiscard]] std::optional<CallStatus> callStatusFromWord(const QString& text);
[[nodiscard]] std::optional<EndReason> endReasonFromWord(const QString& text);
/// "Yotel", "smallest.ai Atoms", ...: a product name, not translated.
[[nodiscard]] QString providerName(Provider provider);

/// True for statuses after which the provider changes times and status no more.
[[nodiscard]] bool hasEnded(CallStatus status);

/// A field of the provider's answer that was not what its document says; the call is kept, the value is shown as
/// invalid.
struct FieldError {
    QString path;     ///< the provider's name, for example "talk_duration_s"
    QString problem;  ///< what was found, cut to 200 characters

    friend bool operator==(const FieldError&, const FieldError&) = default;
};

/// What an answer holds of a call: all of it; only what stands in a list, or only what a single read adds (Atoms: the
/// detail has no creation time, the row no transcript). Parts are merged when stored and never replace one another. An
/// Excerpt is a row that leaves out some of what a list tells (Atoms' search by ids): its values count, but the row
/// that is known stays the raw one.
enum class CallPart { Whole, Row, Detail, Excerpt };

/// nullopt always means "offered but empty, or not offered"; which of the two is told by offers() in fields.h.
/// Zero and "" are values of their own.
struct Call {
    CallKey key;
    Provider provider = Provider::Yotel;

    std::optional<QString> statusRaw;
    CallStatus status = CallStatus::Unknown;
    std::optional<QString> typeRaw;  ///< the provider's word for direction or type
    Direction direction = Direction::Unknown;
    std::optional<QString> source;

    std::optional<QString> campaignId;
    std::optional<QString> campaignName;
    std::optional<QString> leadId;
    std::optional<QString> leadName;
    std::optional<QString> agentId;
    std::optional<QString> agentName;
    std::optional<QString> customerNumber;
    std::optional<QString> ownNumber;
    std::optional<QString> switchId;  ///< Yotel fs_uuid: the id in the telephone switch

    std::optional<Moment> createdTime;
    std::optional<Moment> dialTime;
    std::optional<Moment> ringTime;
    std::optional<Moment> answerTime;
    std::optional<Moment> agentConnectTime;
    std::optional<Moment> endTime;
    std::optional<Moment> updatedTime;

    std::optional<double> ringSeconds;
    std::optional<double> talkSeconds;
    std::optional<double> totalSeconds;

    std::optional<QString> hangupCause;
    std::optional<QString> endReasonRaw;
    EndReason endReason = EndReason::Unknown;
    std::optional<QString> answeredBy;

    std::optional<QString> disposition;  ///< the provider's own; the supervisor's lives in Review
    std::optional<QString> notes;        ///< the provider's own

    std::optional<QString> summary;
    std::optional<QString> sentiment;
    std::optional<QString> nextAction;

    std::optional<bool> hasRecording;     ///< nullopt: unknown until asked
    std::optional<QString> recordingUrl;  ///< a bearer secret: never logged, never shown, never given to a decoder
    std::optional<bool> hasTranscript;
    std::optional<QString> transcriptText;  ///< the words of all turns, one turn a line: for searching, not for showing
    std::optional<double> latencyMs;        ///< mean time the agent took to answer, where the provider measures it

    std::optional<double> cost;
    std::optional<QString> costUnit;
    std::optional<double> carrierCost;
    QStringList tags;

    std::vector<FieldError> fieldErrors;
    QStringList zoneAssumed;  ///< provider names of times that came without a zone
    QStringList computed;     ///< JSON names of fields that were derived here because the provider was silent
    CallPart part = CallPart::Whole;
    QByteArray raw;        ///< the provider's object (of a Row: as it stood in the list) as compact JSON (UTF-8)
    QByteArray rawDetail;  ///< what a single read answered where that is a part of its own, else empty
};

/// Lays a newly read part over what is known of the same call: what the part says counts, what it is silent about
/// stays. Whole calls replace what was known.
[[nodiscard]] Call mergedCall(const Call& known, Call part);

/// dial time, else created time: what "newest first", date filters and the Start column use.
[[nodiscard]] std::optional<Moment> startTime(const Call& call);

}  // namespace earmark
