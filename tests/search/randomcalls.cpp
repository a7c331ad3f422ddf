#include "tests/search/randomcalls.h"

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

const QStringList kLeadNames{u"José Álvarez"_s, u"Priya Nair"_s,    u"ANNA-Lena Groß"_s, u"李小龙"_s,
                             u"Ольга"_s,        u"O'Brien, Sean"_s, u"priya sharma"_s,   u""_s,
                             u"אבי כהן"_s,      u"राम कुमार"_s};
const QStringList kAgents{u"Priya Nair"_s, u"PRIYA"_s, u"Sam"_s, u"agent \"Smith\""_s, u"Łukasz"_s};
const QStringList kNumbers{u"+91 98123 45678"_s, u"+919812345678"_s, u"(022) 1234-567"_s, u"9812-345"_s, u"100"_s};

}  // namespace

const QStringList& textWords() {
    static const QStringList kWords{u"refund"_s, u"Refunded"_s, u"café"_s, u"CAFÉ"_s, u"line"_s,   u"bad"_s,
                                    u"Straße"_s, u"card"_s,     u"क"_s,    u"कि"_s,   u"привет"_s, u"98123"_s,
                                    u"call"_s,   u"callback"_s, u"no"_s,   u"none"_s, u"—"_s,      u"😀"_s};
    return kWords;
}

const QStringList& codeWords() {
    static const QStringList kWords{u"CALLBACK"_s, u"callback"_s,  u"none"_s,   u"A B"_s, u"x,y"_s,  u"say \"no\""_s,
                                    u""_s,         u"VOICEMAIL"_s, u"(odd)|"_s, u"né"_s,  u" pad "_s};
    return kWords;
}

Moment randomMoment(QRandomGenerator& random) {
    // Two weeks around a change of clocks in Europe, often on the edge of a day or minute.
    const qint64 begin = 1'774'137'600'000;  // 2026-03-22T00:00Z
    qint64 ms = begin + random.bounded(qint64(14) * 86'400'000);
    if (random.bounded(3) == 0) {
        ms -= ms % 3'600'000;
    } else if (random.bounded(3) == 0) {
        ms -= ms % 60'000;
    }
    return momentFromMs(random.bounded(8) == 0 ? ms - 1 : ms);
}

RandomCalls::RandomCalls(quint32 seed) : m_random(seed) {}

bool RandomCalls::chance(int percent) {
    return m_random.bounded(100) < percent;
}

const QString& RandomCalls::oneOf(const QStringList& list) {
    return list[m_random.bounded(list.size())];
}

std::optional<QString> RandomCalls::maybe(const QStringList& list, int percent) {
    return chance(percent) ? std::optional(oneOf(list)) : std::nullopt;
}

std::optional<QString> RandomCalls::maybeText(int percent) {
    if (!chance(percent)) {
        return std::nullopt;
    }
    static const QStringList kBetween{u" "_s, u", "_s, u"-"_s, u"\n"_s, u"_"_s, u""_s};
    QString text;
    for (int words = m_random.bounded(7); words > 0; --words) {
        text += oneOf(textWords()) + oneOf(kBetween);
    }
    return text;
}

std::optional<Moment> RandomCalls::maybeMoment(int percent) {
    return chance(percent) ? std::optional(randomMoment(m_random)) : std::nullopt;
}

std::optional<double> RandomCalls::maybeSeconds(int percent) {
    if (!chance(percent)) {
        return std::nullopt;
    }
    static const std::vector<double> kSeconds{0, 0.5, 1, 5, 59, 60, 61, 90, 300, 300.25, 3600, 7200, 86400, -3};
    return kSeconds[static_cast<std::size_t>(m_random.bounded(static_cast<int>(kSeconds.size())))];
}

std::optional<LocalEdit> RandomCalls::maybeEdit(const std::optional<QString>& base, bool isText, int percent) {
    if (!chance(percent)) {
        return std::nullopt;
    }
    LocalEdit edit;
    edit.sequence = ++m_sequence;
    edit.base = base;
    edit.value = isText ? maybeText(80) : maybe(codeWords(), 80);
    edit.state = static_cast<EditState>(m_random.bounded(6));
    edit.editedAt = randomMoment(m_random);
    return edit;
}

void RandomCalls::drawNames(Call& call) {
    // The name of a campaign belongs to account and id.
    if (const int campaign = m_random.bounded(6); campaign > 0) {
        call.campaignId = u"camp_%1"_s.arg(campaign);
        if (campaign != 5) {
            call.campaignName =
                (campaign % 2 == 0 ? u"Q4 Outreach %1"_s : u"Été %1"_s).arg(campaign) + call.key.account;
        }
    }
    call.leadId = chance(70) ? std::optional(u"Lead-%1"_s.arg(m_random.bounded(50))) : std::nullopt;
    call.leadName = maybe(kLeadNames, 60);
    call.agentId = chance(70) ? std::optional(u"va_%1"_s.arg(m_random.bounded(9))) : std::nullopt;
    call.agentName = maybe(kAgents, 50);
    call.customerNumber = maybe(kNumbers, 60);
    call.ownNumber = maybe(kNumbers, 40);
    call.switchId =
        chance(60) ? std::optional(u"FE%1-0d44"_s.arg(m_random.bounded(1000), 4, 16, QChar(u'0'))) : std::nullopt;
}

void RandomCalls::drawTimes(Call& call) {
    call.createdTime = maybeMoment(50);
    call.dialTime = maybeMoment(70);
    call.ringTime = maybeMoment(50);
    call.answerTime = maybeMoment(40);
    call.agentConnectTime = maybeMoment(20);
    call.endTime = maybeMoment(60);
    call.updatedTime = maybeMoment(20);
    call.ringSeconds = maybeSeconds(70);
    call.talkSeconds = maybeSeconds(60);
    call.totalSeconds = maybeSeconds(70);
}

ReviewedCall RandomCalls::call(int number, qint64 callRow) {
    ReviewedCall reviewed;
    reviewed.callRow = callRow;
    Call& call = reviewed.call;
    static const QStringList kAccounts{u"main"_s, u"main-2"_s, u"z"_s};
    static const QStringList kIds{u"3c90c3cc-%1"_s, u"CALL-%1"_s, u"a/b%1"_s, u"Ünï%1"_s};
    call.key = {kAccounts[number % 3], kIds[number % 4].arg(number, 5, 10, QChar(u'0'))};
    call.provider = static_cast<Provider>(m_random.bounded(4));
    static const QStringList kWords{u"Positive"_s, u" negative "_s, u"mixed"_s, u"none"_s, u"machine"_s, u"webcall"_s};
    call.statusRaw = maybe(codeWords(), 80);
    call.status = static_cast<CallStatus>(m_random.bounded(10));
    call.typeRaw = maybe(kWords, 70);
    call.direction = static_cast<Direction>(m_random.bounded(4));
    call.source = maybe(kWords, 30);
    drawNames(call);
    drawTimes(call);
    call.hangupCause = maybe(codeWords(), 60);
    call.endReasonRaw = maybe(codeWords(), 30);
    call.endReason = static_cast<EndReason>(m_random.bounded(7));
    call.answeredBy = maybe(kWords, 30);
    call.disposition = maybe(codeWords(), 60);
    call.notes = maybeText(50);
    call.summary = maybeText(60);
    call.transcriptText = maybeText(40);
    call.sentiment = maybe(kWords, 60);
    call.nextAction = maybeText(30);
    if (chance(70)) {
        call.hasRecording = chance(50);
    }
    if (chance(50)) {
        call.hasTranscript = chance(50);
    }
    call.cost = maybeSeconds(40);
    call.costUnit = maybe(codeWords(), 30);
    call.carrierCost = maybeSeconds(20);
    call.latencyMs = maybeSeconds(30);
    while (chance(40)) {
        call.tags += oneOf(codeWords());
    }
    reviewed.review = review(call);
    reviewed.notFoundSince = maybeMoment(5);
    reviewed.unlistedSince = maybeMoment(10);
    return reviewed;
}

Review RandomCalls::review(const Call& call) {
    Review review;
    if (!chance(35)) {
        return review;
    }
    review.disposition = maybeEdit(call.disposition, false, 60);
    review.notes = maybeEdit(call.notes, true, 60);
    review.reviewedAt = maybeMoment(40);
    review.flag = maybe({u""_s, u"Check again"_s, u"ÉCOUTE"_s}, 30);
    return review;
}

IndexRow indexRow(const ReviewedCall& call) {
    IndexRow row;
    row.call = call;
    row.hasSummary = call.call.summary.has_value();
    row.hasProviderNotes = call.call.notes.has_value();
    row.hasNextAction = call.call.nextAction.has_value();
    row.hasFieldErrors = !call.call.fieldErrors.empty();
    row.call.call.summary.reset();
    row.call.call.transcriptText.reset();
    row.call.call.notes.reset();
    row.call.call.nextAction.reset();
    return row;
}

CallTexts callTexts(const ReviewedCall& call) {
    return {call.callRow, call.call.summary, call.call.notes, call.call.nextAction, call.call.transcriptText};
}

}  // namespace earmark::test
