#include "app/demo/demotruth.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr double kWordsAfterEnd = 8;  // the analysis comes a little after the call
constexpr double kLongAgo = -1e9;

QString nameOf(const QString& login) {
    QStringList parts = login.split(u'.', Qt::SkipEmptyParts);
    for (QString& part : parts) {
        part[0] = part.at(0).toUpper();
    }
    return parts.join(u' ');
}

DemoFinding finding(const QJsonObject& object) {
    return {object.value(u"name"_s).toString(), object.value(u"description"_s).toString(), object.value(u"value"_s),
            object.value(u"confidence"_s).toDouble(1), object.value(u"reason"_s).toString()};
}

DemoAction action(const QJsonObject& object) {
    return {object.value(u"after_turn"_s).toInt(), object.value(u"name"_s).toString(),
            object.value(u"arguments"_s).toObject(), object.value(u"output"_s).toObject()};
}

bool isSeenBy(const QJsonObject& line, Provider provider) {
    return line.contains(u"seen_by"_s) ? line.value(u"seen_by"_s).toArray().contains(QJsonValue(word(provider)))
                                       : provider == Provider::Yotel;
}

}  // namespace

QString demoLogin(const QString& agent) {
    return agent.toLower().replace(u' ', u'.');
}

bool DemoCall::endedByCustomer() const {
    return dialogue == nullptr || dialogue->turns.empty() || !dialogue->turns.back().isAgent;
}

Result<DemoTruth> DemoTruth::load(const QByteArray& callsJson, const QByteArray& dialoguesJson,
                                  const QByteArray& findingsJson, Moment start) {
    const QJsonObject calls = QJsonDocument::fromJson(callsJson).object();
    const QJsonObject found = QJsonDocument::fromJson(findingsJson).object();
    DemoTruth truth;
    truth.m_start = start;
    const QJsonObject numbers = found.value(u"own_numbers"_s).toObject();
    for (const auto& value : calls.value(u"campaigns"_s).toArray()) {
        const QJsonObject campaign = value.toObject();
        const QString name = campaign.value(u"name"_s).toString();
        truth.m_campaigns.push_back({name, numbers.value(name).toString(), campaign});
    }
    const QJsonObject byDialogue = found.value(u"dialogues"_s).toObject();
    for (const auto& value : QJsonDocument::fromJson(dialoguesJson).array()) {
        truth.addDialogue(value.toObject(), byDialogue.value(value.toObject().value(u"id"_s).toString()).toObject());
    }
    int number = 0;
    for (const auto& value : calls.value(u"calls"_s).toArray()) {
        truth.addLine(value.toObject(), number++);
    }
    if (truth.m_campaigns.empty() || truth.m_lines.empty()) {
        return failure(ErrorKind::Damaged, u"The demo calls are not in this program."_s);
    }
    std::stable_sort(truth.m_lines.begin(), truth.m_lines.end(), [](const QJsonObject& a, const QJsonObject& b) {
        return a.value(u"minutes_ago"_s).toDouble() < b.value(u"minutes_ago"_s).toDouble();
    });
    truth.m_agents.removeDuplicates();
    return truth;
}

void DemoTruth::addDialogue(const QJsonObject& object, const QJsonObject& found) {
    DemoDialogue dialogue;
    const auto text = [&object](const QString& name) { return object.value(name).toString(); };
    dialogue.summary = text(u"summary"_s);
    dialogue.sentiment = text(u"sentiment"_s);
    dialogue.nextAction = text(u"next_action"_s);
    dialogue.disposition = text(u"disposition"_s);
    dialogue.agent = text(u"agent"_s);
    dialogue.customer = text(u"customer"_s);
    dialogue.file = text(u"file"_s).section(u'/', -1);
    dialogue.seconds = object.value(u"duration_ms"_s).toDouble() / 1000;
    for (const auto& value : object.value(u"turns"_s).toArray()) {
        const QJsonObject turn = value.toObject();
        const QString speaker = turn.value(u"speaker"_s).toString();
        if (speaker != u"service") {  // a tone is no words
            dialogue.turns.push_back({speaker == u"agent", turn.value(u"text"_s).toString(),
                                      turn.value(u"start_ms"_s).toDouble() / 1000,
                                      turn.value(u"duration_ms"_s).toDouble() / 1000});
        }
    }
    for (const auto& value : found.value(u"findings"_s).toArray()) {
        dialogue.findings.push_back(finding(value.toObject()));
    }
    if (found.contains(u"action"_s)) {
        dialogue.action = action(found.value(u"action"_s).toObject());
    }
    for (const auto& value : found.value(u"tags"_s).toArray()) {
        dialogue.tags.append(value.toString());
    }
    dialogue.stars = found.value(u"stars"_s).toInt();
    dialogue.starsNote = found.value(u"stars_note"_s).toString();
    m_agents.append(dialogue.agent);
    m_dialogues.insert(text(u"id"_s), dialogue);
}

void DemoTruth::addLine(const QJsonObject& object, int number) {
    QJsonObject line = object;
    line.insert(u"number_in_file"_s, number);
    const QString campaign = line.value(u"campaign"_s).toString();
    const bool spokenKnown =
        !line.contains(u"dialogue"_s) || m_dialogues.contains(line.value(u"dialogue"_s).toString());
    const bool campaignKnown = std::any_of(m_campaigns.begin(), m_campaigns.end(),
                                           [&](const DemoCampaign& one) { return one.name == campaign; });
    if (spokenKnown && campaignKnown) {
        m_lines.push_back(line);
    }
}

Moment DemoTruth::at(double secondsAfterStart) const {
    return m_start + std::chrono::milliseconds(std::llround(secondsAfterStart * 1000));
}

std::vector<DemoCall> DemoTruth::calls(Provider provider, Moment now) const {
    std::vector<DemoCall> all;
    for (const QJsonObject& line : m_lines) {
        if (isSeenBy(line, provider)) {
            all.push_back(callAt(line, provider, now));
        }
    }
    return all;
}

DemoCall DemoTruth::callAt(const QJsonObject& line, Provider provider, Moment now) const {
    const double elapsed = std::chrono::duration<double>(now - m_start).count();
    const auto text = [&line](const QString& name) { return line.value(name).toString(); };
    const auto dialogue = m_dialogues.constFind(text(u"dialogue"_s));
    DemoCall call;
    call.id = text(u"id"_s);
    call.number = line.value(u"number_in_file"_s).toInt();
    call.campaign = &*std::find_if(m_campaigns.begin(), m_campaigns.end(),
                                   [&](const DemoCampaign& one) { return one.name == text(u"campaign"_s); });
    call.dialogue = dialogue == m_dialogues.constEnd() ? nullptr : &*dialogue;
    call.direction = line.value(u"direction"_s).toString(u"outbound"_s);
    call.stage = line.value(u"status"_s).toString(u"completed"_s);
    call.cause = call.dialogue ? u"NORMAL_CLEARING"_s : text(u"cause"_s);
    call.agent = call.dialogue ? call.dialogue->agent : nameOf(text(u"agent"_s));
    call.customer = call.dialogue ? call.dialogue->customer : text(u"customer"_s);
    call.customerNumber = text(u"number"_s);
    call.lead = text(u"lead"_s);
    call.notes = text(u"notes"_s);
    call.isWeb = text(u"way"_s) == u"web";
    call.isSimulation = text(u"way"_s) == u"simulation";
    call.isMailbox = text(u"dialogue"_s) == u"voicemail-message";
    call.isOtherShape = line.value(u"other_shape"_s).toArray().contains(QJsonValue(word(provider)));
    call.hasRecording = call.dialogue && !call.isSimulation;
    call.recordingReady = call.hasRecording && elapsed >= line.value(u"link_after_s"_s).toDouble(kLongAgo);
    call.changed = at(-60 * line.value(u"minutes_ago"_s).toDouble());
    line.contains(u"live"_s) ? addLiveTimes(call, line, elapsed) : addTimes(call, line);
    addWords(call, line, elapsed);
    addOddity(call, text(u"oddity"_s));
    return call;
}

void DemoTruth::addTimes(DemoCall& call, const QJsonObject& line) const {
    const double minutes = line.value(u"minutes_ago"_s).toDouble();
    const double dial = -60 * minutes - std::fmod(minutes * 7.3, 41);
    const double ring = dial + line.value(u"ring"_s).toDouble() + 0.218;
    call.dial = at(dial);
    if (line.contains(u"ring"_s)) {
        call.ring = at(ring);
    }
    if (line.contains(u"unanswered"_s)) {
        const int total = line.value(u"unanswered"_s).toInt();
        call.end = at(dial + total);
        call.totalSeconds = total;
        call.changed = *call.end;
        return;
    }
    const double wait = line.value(u"wait"_s).toDouble();
    const double answer = ring + wait + 0.6;
    const double connect = answer + 1.4;
    // The recording begins when the agent is connected.
    const double end = call.dialogue ? connect + call.dialogue->seconds : answer + line.value(u"talk"_s).toDouble();
    call.answer = at(answer);
    if (!call.agent.isEmpty()) {
        call.connect = at(connect);
    }
    call.end = at(end);
    call.ringSeconds = int(wait);
    call.talkSeconds = int(std::lround(end - answer));
    call.totalSeconds = int(std::lround(end - dial));
    call.changed = *call.end;
}

void DemoTruth::addLiveTimes(DemoCall& call, const QJsonObject& line, double elapsed) const {
    QHash<QString, double> reached;
    call.stage = u"queued"_s;
    for (const auto& value : line.value(u"live"_s).toArray()) {
        const double when = value.toArray().at(0).toDouble();
        if (when <= elapsed) {
            call.stage = value.toArray().at(1).toString();
            reached.insert(call.stage, when);
            call.changed = at(when);
        }
    }
    if (reached.isEmpty()) {
        return;
    }
    const auto time = [&](const QString& stage) {
        return reached.contains(stage) ? std::optional(at(reached.value(stage))) : std::nullopt;
    };
    const double dial = reached.value(u"dialing"_s, reached.value(u"ringing"_s) - 3);
    call.dial = at(dial);
    call.ring = time(u"ringing"_s);
    call.answer = time(u"answered"_s);
    call.connect = time(u"agent_connected"_s);
    if (call.answer) {
        call.ringSeconds = int(reached.value(u"answered"_s) - reached.value(u"ringing"_s));
    }
    if (!call.hasEnded()) {
        call.cause.clear();
        return;
    }
    const double end = reached.value(call.stage);
    call.end = at(end);
    call.totalSeconds = int(end - dial);
    if (call.answer) {
        call.talkSeconds = int(end - reached.value(u"answered"_s));
        call.cause = u"NORMAL_CLEARING"_s;
    }
}

void DemoTruth::addWords(DemoCall& call, const QJsonObject& line, double elapsed) const {
    const QJsonArray stages = line.value(u"live"_s).toArray();
    const double end = stages.isEmpty() ? kLongAgo : stages.last().toArray().at(0).toDouble();
    const double ready = std::max(end, line.value(u"link_after_s"_s).toDouble(kLongAgo)) + kWordsAfterEnd;
    if (elapsed < end) {
        return;
    }
    const DemoDialogue spoken = call.dialogue ? *call.dialogue : DemoDialogue();
    const auto own = [&line](const QString& name, const QString& fromDialogue) {
        const QString text = line.value(name).toString();
        return text.isEmpty() ? fromDialogue : text;
    };
    call.disposition = own(u"disposition"_s, spoken.disposition);
    if (elapsed < ready) {
        return;
    }
    call.wordsReady = true;
    call.summary = own(u"summary"_s, spoken.summary);
    call.sentiment = own(u"sentiment"_s, spoken.sentiment);
    call.nextAction = own(u"next_action"_s, spoken.nextAction);
    if (ready > 0) {
        call.changed = at(ready);
    }
}

void DemoTruth::addOddity(DemoCall& call, const QString& oddity) const {
    if (oddity == u"ended_before_answer") {
        call.end = at(-60 * 1585 + 5);
    } else if (oddity == u"talk_longer_than_call") {
        call.totalSeconds = 61;
    } else if (oddity == u"no_end" || oddity == u"no_times") {
        call.end.reset();
        call.talkSeconds.reset();
        call.totalSeconds.reset();
    }
    if (oddity == u"no_times") {
        for (auto* time : {&call.dial, &call.ring, &call.answer, &call.connect}) {
            time->reset();
        }
        call.ringSeconds.reset();
    }
}

}  // namespace earmark
