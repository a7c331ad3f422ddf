// Calls made up for the tests of the store. Any thread.
#pragma once

#include <QString>

#include "models/domain/call.h"

namespace earmark::sample {

using namespace Qt::StringLiterals;

inline const Moment kNow = momentFromMs(1'776'523'022'419);  // 2026-04-18T14:37:02.419Z

/// Every field has a value; `number` makes id and content differ.
inline Call wholeCall(int number, const QString& account = u"main"_s) {
    Call call;
    call.key = {account, u"call-%1"_s.arg(number, 6, 10, QLatin1Char('0'))};
    call.provider = Provider::Yotel;
    call.statusRaw = u"completed"_s;
    call.status = CallStatus::Completed;
    call.typeRaw = u"outbound"_s;
    call.direction = Direction::Outbound;
    call.source = u"sip"_s;
    call.campaignId = u"camp-%1"_s.arg(number % 3);
    call.leadId = u"lead-%1"_s.arg(number);
    call.leadName = u"Lead Ünal %1"_s.arg(number);
    call.agentId = u"agent-%1"_s.arg(number % 7);
    call.agentName = u"Priya %1"_s.arg(number % 7);
    call.customerNumber = u"+9198%1"_s.arg(number, 8, 10, QLatin1Char('0'));
    call.ownNumber = u"+911140000000"_s;
    call.switchId = u"fs-%1"_s.arg(number);
    const Moment dialled = kNow - std::chrono::hours(24) + std::chrono::seconds(number);
    call.createdTime = dialled - std::chrono::milliseconds(250);
    call.dialTime = dialled;
    call.ringTime = dialled + std::chrono::milliseconds(1500);
    call.answerTime = dialled + std::chrono::seconds(8);
    call.agentConnectTime = dialled + std::chrono::seconds(9);
    call.endTime = dialled + std::chrono::seconds(100);
    call.updatedTime = dialled + std::chrono::seconds(120);
    call.ringSeconds = 6.5;
    call.talkSeconds = 92;
    call.totalSeconds = 100;
    call.hangupCause = u"NORMAL_CLEARING"_s;
    call.endReasonRaw = u"ended_by_customer"_s;
    call.endReason = EndReason::Customer;
    call.answeredBy = u"human"_s;
    call.disposition = number % 2 ? u"CALLBACK"_s : u"SALE"_s;
    call.notes = u"Provider's note %1"_s.arg(number);
    call.summary = u"The customer asked about plan %1 and wants a call back next week."_s.arg(number);
    call.sentiment = u"neutral"_s;
    call.nextAction = u"Call back"_s;
    call.hasRecording = true;
    call.recordingUrl = u"https://storage.test/rec/%1.wav?X-Goog-Signature=abc%1&X-Goog-Date=20260418"_s.arg(number);
    call.hasTranscript = false;
    call.cost = 0.25;
    call.costUnit = u"USD"_s;
    call.carrierCost = 0.03;
    call.tags = {u"vip"_s, u"\"quoted\", with comma"_s};
    call.fieldErrors = {{u"ring_duration_s"_s, u"found \"6.5\""_s}};
    call.zoneAssumed = {u"created_at"_s};
    // As it is stored: the signature lies beside it, not in it.
    call.raw = "{\"id\":\"" + call.key.remoteId.toUtf8() + "\",\"recording_url\":\"" +
               call.recordingUrl->section(u'?', 0, 0).toUtf8() + "\"}";
    return call;
}

/// Only what every call has.
inline Call bareCall(int number, const QString& account = u"main"_s) {
    Call call;
    call.key = {account, u"bare-%1"_s.arg(number)};
    call.raw = "{}";
    return call;
}

inline bool sameCall(const Call& a, const Call& b) {
    return a.key == b.key && a.provider == b.provider && a.statusRaw == b.statusRaw && a.status == b.status &&
           a.typeRaw == b.typeRaw && a.direction == b.direction && a.source == b.source &&
           a.campaignId == b.campaignId && a.campaignName == b.campaignName && a.leadId == b.leadId &&
           a.leadName == b.leadName && a.agentId == b.agentId && a.agentName == b.agentName &&
           a.customerNumber == b.customerNumber && a.ownNumber == b.ownNumber && a.switchId == b.switchId &&
           a.createdTime == b.createdTime && a.dialTime == b.dialTime && a.ringTime == b.ringTime &&
           a.answerTime == b.answerTime && a.agentConnectTime == b.agentConnectTime && a.endTime == b.endTime &&
           a.updatedTime == b.updatedTime && a.ringSeconds == b.ringSeconds && a.talkSeconds == b.talkSeconds &&
           a.totalSeconds == b.totalSeconds && a.hangupCause == b.hangupCause && a.endReasonRaw == b.endReasonRaw &&
           a.endReason == b.endReason && a.answeredBy == b.answeredBy && a.disposition == b.disposition &&
           a.notes == b.notes && a.summary == b.summary && a.sentiment == b.sentiment && a.nextAction == b.nextAction &&
           a.hasRecording == b.hasRecording && a.recordingUrl == b.recordingUrl && a.hasTranscript == b.hasTranscript &&
           a.cost == b.cost && a.costUnit == b.costUnit && a.carrierCost == b.carrierCost && a.tags == b.tags &&
           a.fieldErrors == b.fieldErrors && a.zoneAssumed == b.zoneAssumed && a.raw == b.raw;
}

}  // namespace earmark::sample
