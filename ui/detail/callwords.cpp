#include "ui/detail/callwords.h"

#include <QCoreApplication>
#include <QLocale>

#include "models/domain/timings.h"
#include "models/domain/timingstory.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(CallWords)
};

struct ProviderName {
    Provider provider;
    Field field;
    const char* name;
};

// Only names that differ from ours; where the provider uses our JSON name there is no line.
constexpr ProviderName kProviderNames[] = {
    {Provider::Yotel, Field::SwitchId, "fs_uuid"},
    {Provider::Yotel, Field::TypeRaw, "direction"},
    {Provider::Yotel, Field::StatusRaw, "status"},
    {Provider::Yotel, Field::RingSeconds, "ring_duration_s"},
    {Provider::Yotel, Field::TalkSeconds, "talk_duration_s"},
    {Provider::Yotel, Field::TotalSeconds, "total_duration_s"},
    {Provider::Yotel, Field::ProviderDisposition, "disposition"},
    {Provider::Yotel, Field::ProviderNotes, "notes"},
    {Provider::Yotel, Field::Summary, "ai_summary"},
    {Provider::Yotel, Field::Sentiment, "ai_sentiment"},
    {Provider::Yotel, Field::NextAction, "ai_next_action"},
};

}  // namespace

SignedWord statusWord(const Call& call) {
    switch (call.status) {
        case CallStatus::Unknown:
            return {u"info"_s, Tone::Plain,
                    call.statusRaw.value_or(QString()).isEmpty() ? Words::tr("Status unknown") : *call.statusRaw};
        case CallStatus::Queued:
            return {u"clock"_s, Tone::Plain, Words::tr("Queued")};
        case CallStatus::Dialing:
            return {u"outbound"_s, Tone::Plain, Words::tr("Dialling")};
        case CallStatus::Ringing:
            return {u"clock"_s, Tone::Plain, Words::tr("Ringing")};
        case CallStatus::InProgress:
            return {u"volume"_s, Tone::Plain, Words::tr("In progress")};
        case CallStatus::Completed:
            return {u"saved"_s, Tone::Good, Words::tr("Completed")};
        case CallStatus::NoAnswer:
            return {u"minus"_s, Tone::Warning, Words::tr("No answer")};
        case CallStatus::Busy:
            return {u"pause"_s, Tone::Warning, Words::tr("Busy")};
        case CallStatus::Failed:
            return {u"warning"_s, Tone::Bad, Words::tr("Failed")};
        case CallStatus::Cancelled:
            return {u"cancel"_s, Tone::Warning, Words::tr("Cancelled")};
    }
    return {};
}

SignedWord directionWord(const Call& call) {
    switch (call.direction) {
        case Direction::Unknown:
            return {u"info"_s, Tone::Quiet,
                    call.typeRaw.value_or(QString()).isEmpty() ? Words::tr("Direction unknown") : *call.typeRaw};
        case Direction::Inbound:
            return {u"inbound"_s, Tone::Quiet, Words::tr("Inbound")};
        case Direction::Outbound:
            return {u"outbound"_s, Tone::Quiet, Words::tr("Outbound")};
        case Direction::Web:
            return {u"web"_s, Tone::Quiet, Words::tr("Web")};
    }
    return {};
}

SignedWord sentimentWord(const QString& sentiment) {
    const QString folded = sentiment.toLower();
    if (folded == u"positive"_s) {
        return {u"sentiment-positive"_s, Tone::Good, Words::tr("Positive")};
    }
    if (folded == u"negative"_s) {
        return {u"sentiment-negative"_s, Tone::Bad, Words::tr("Negative")};
    }
    if (folded == u"neutral"_s) {
        return {u"sentiment-neutral"_s, Tone::Plain, Words::tr("Neutral")};
    }
    return {u"sentiment-other"_s, Tone::Plain, sentiment};
}

QString endReasonText(EndReason reason) {
    switch (reason) {
        case EndReason::Unknown:
            return {};
        case EndReason::Customer:
            return Words::tr("The customer hung up");
        case EndReason::Agent:
            return Words::tr("The agent hung up");
        case EndReason::Transferred:
            return Words::tr("Transferred");
        case EndReason::Timeout:
            return Words::tr("Timed out");
        case EndReason::Error:
            return Words::tr("Ended by an error");
        case EndReason::NotAnswered:
            return Words::tr("Nobody answered");
    }
    return {};
}

QString editFateText(EditState state) {
    switch (state) {
        case EditState::Kept:
            return Words::tr("Kept on this computer");
        case EditState::Waiting:
            return Words::tr("Waiting to be sent");
        case EditState::Sending:
            return Words::tr("Being sent");
        case EditState::Sent:
            return Words::tr("Sent");
        case EditState::Refused:
            return Words::tr("Refused");
        case EditState::Conflict:
            return Words::tr("In conflict with the provider's value");
    }
    return {};
}

QString valueText(const FieldValue& value, FieldKind kind) {
    struct Teller {
        FieldKind kind;
        QString operator()(std::monostate) const { return {}; }
        QString operator()(const QString& text) const { return text; }
        QString operator()(double number) const {
            if (kind == FieldKind::Duration) {
                const QString exact = Words::tr("%1 s").arg(QLocale().toString(number, 'g', 10));
                const QString told = durationText(number);
                return told == exact ? told : told + u" (" + exact + u')';
            }
            return QLocale().toString(number, 'g', 12);
        }
        QString operator()(bool yes) const { return yes ? Words::tr("Yes") : Words::tr("No"); }
        QString operator()(Moment moment) const { return longMomentText(moment) + u" (" + toIsoText(moment) + u')'; }
        QString operator()(const QStringList& list) const { return list.join(u", "_s); }
    };
    return std::visit(Teller{kind}, value);
}

QString providerNameOf(Provider provider, Field field) {
    for (const ProviderName& name : kProviderNames) {
        if (name.provider == provider && name.field == field) {
            return QString::fromLatin1(name.name);
        }
    }
    return QString::fromLatin1(info(field).jsonName);
}

}  // namespace earmark
