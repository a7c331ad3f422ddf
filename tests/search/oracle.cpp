#include "tests/search/oracle.h"

#include <QDateTime>
#include <algorithm>

#include "models/domain/textfold.h"
#include "tests/search/randomcalls.h"

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

using Call_ = const ReviewedCall&;

QString inQuotes(QString value) {
    return u'"' + value.replace(u'"', u"\"\""_s) + u'"';
}

std::optional<QString> textOf(Call_ call, Field field) {
    const FieldValue found = value(call, field);
    const auto* text = std::get_if<QString>(&found);
    return text ? std::optional(*text) : std::nullopt;
}

std::optional<double> numberOf(Call_ call, Field field) {
    const FieldValue found = value(call, field);
    const auto* number = std::get_if<double>(&found);
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<qint64> timeOf(Call_ call, const std::optional<Field>& field) {
    if (!field) {
        const auto start = startTime(call.call);
        return start ? std::optional(toMs(*start)) : std::nullopt;
    }
    const FieldValue found = value(call, *field);
    const auto* moment = std::get_if<Moment>(&found);
    return moment ? std::optional(toMs(*moment)) : std::nullopt;
}

QString digitsOf(const QString& number) {
    QString result;
    for (const QChar c : number) {
        if (!QStringView(u" +-()./").contains(c)) {
            result += c.toLower();
        }
    }
    return result;
}

/// Folding is slow and the same texts come again and again.
const QStringList& wordsOf(const QString& text) {
    static QHash<QString, QStringList> known;
    const auto found = known.constFind(text);
    return found != known.constEnd() ? *found : *known.insert(text, foldedWords(text));
}

const QString& foldedOnce(const QString& text) {
    static QHash<QString, QString> known;
    const auto found = known.constFind(text);
    return found != known.constEnd() ? *found : *known.insert(text, foldedText(text));
}

/// Whole words in order; the last one may be a beginning when `isPrefix`.
bool hasWords(const std::optional<QString>& text, const QString& wanted, bool isPrefix) {
    if (!text) {
        return false;
    }
    const QStringList words = wordsOf(*text);
    const QStringList parts = wordsOf(wanted);
    for (qsizetype begin = 0; begin + parts.size() <= words.size(); ++begin) {
        bool same = true;
        for (qsizetype i = 0; i < parts.size(); ++i) {
            const bool isLast = i + 1 == parts.size();
            same = same && (isLast && isPrefix ? words[begin + i].startsWith(parts[i]) : words[begin + i] == parts[i]);
        }
        if (same && !parts.isEmpty()) {
            return true;
        }
    }
    return false;
}

bool hasNumber(const std::optional<QString>& number, const QString& wanted, bool isPrefix) {
    if (!number) {
        return false;
    }
    const QString digits = digitsOf(foldedOnce(*number));
    const QString key = digitsOf(foldedOnce(wanted));
    return hasWords(number, wanted, isPrefix) || (isPrefix ? digits.startsWith(key) : digits == key);
}

}  // namespace

Oracle::Oracle(quint32 seed, Moment now, const QTimeZone& zone) : m_random(seed), m_now(now), m_zone(zone) {}

Meaning Oracle::randomFilter() {
    if (below(60) == 0) {
        return {u"  "_s, [](Call_) { return true; }};
    }
    return tree(below(4));
}

Meaning Oracle::tree(int depth) {
    if (depth == 0) {
        return leaf();
    }
    switch (below(5)) {
        case 0: {
            const Meaning part = tree(depth - 1);
            // A group, because a minus binds to one term only.
            return {u"-("_s + part.text + u')', [part](Call_ call) { return !part.matches(call); }};
        }
        case 1: {
            const Meaning part = leaf();
            return {u'-' + part.text, [part](Call_ call) { return !part.matches(call); }};
        }
        case 2: {
            const Meaning left = tree(depth - 1);
            const Meaning right = tree(depth - 1);
            const QString between = word({u" OR "_s, u" | "_s, u"|"_s});
            return {u'(' + left.text + between + right.text + u')',
                    [left, right](Call_ call) { return left.matches(call) || right.matches(call); }};
        }
        case 3: {
            // Without parentheses: AND binds more tightly than OR.
            const Meaning a = leaf();
            const Meaning b = leaf();
            const Meaning c = leaf();
            return {u'(' + a.text + u" OR "_s + b.text + u' ' + c.text + u')',
                    [a, b, c](Call_ call) { return a.matches(call) || (b.matches(call) && c.matches(call)); }};
        }
        default: {
            const Meaning left = tree(depth - 1);
            const Meaning right = tree(depth - 1);
            return {u'(' + left.text + u")  ("_s + right.text + u')',
                    [left, right](Call_ call) { return left.matches(call) && right.matches(call); }};
        }
    }
}

Meaning Oracle::leaf() {
    switch (below(16)) {
        case 0:
            return closedWords();
        case 1:
            return openWords();
        case 2:
        case 3:
            return codes();
        case 4:
            return contains();
        case 5:
            return numbers();
        case 6:
        case 7:
            return texts();
        case 8:
        case 9:
            return bareWords();
        case 10:
        case 11:
            return measure();
        case 12:
            return day();
        case 13:
            return timeOfDay();
        case 14:
            return hasOrIs();
        default:
            return below(4) == 0 ? transcripts() : truth();
    }
}

Meaning Oracle::closedWords() {
    struct Choice {
        QString name;
        Field field;
        QStringList words;
    };
    static const std::vector<Choice> kChoices{
        {u"status"_s,
         Field::Status,
         {u"queued"_s, u"completed"_s, u"no_answer"_s, u"failed"_s, u"unknown"_s, u"busy"_s}},
        {u"direction"_s, Field::Direction, {u"inbound"_s, u"outbound"_s, u"web"_s, u"unknown"_s}},
        {u"end-reason"_s, Field::EndReason, {u"customer"_s, u"agent"_s, u"not_answered"_s, u"unknown"_s}},
        {u"provider"_s, Field::Provider, {u"yotel"_s, u"atoms"_s, u"vatel"_s, u"autocalls"_s}},
    };
    const Choice& choice = oneOf(kChoices);
    QStringList wanted;
    for (int i = below(3); i >= 0; --i) {
        wanted += word(choice.words);
    }
    return {choice.name + u':' + wanted.join(u','),
            [wanted, field = choice.field](Call_ call) { return wanted.contains(*textOf(call, field)); }};
}

Meaning Oracle::openWords() {
    static const std::vector<std::pair<QString, Field>> kFields{{u"type"_s, Field::TypeRaw},
                                                                {u"sentiment"_s, Field::Sentiment},
                                                                {u"answered-by"_s, Field::AnsweredBy},
                                                                {u"source"_s, Field::Source}};
    const auto [name, field] = oneOf(kFields);
    const QString first = word({u"positive"_s, u"NEGATIVE"_s, u"mixed"_s, u"webcall"_s, u"lost"_s});
    const bool orNone = below(3) == 0;
    const bool orNoneWord = below(3) == 0;
    return {name + u':' + first + (orNone ? u",none"_s : QString()) + (orNoneWord ? u",\"none\""_s : QString()),
            [=, wanted = first.toLower(), field = field](Call_ call) {
                const auto text = textOf(call, field);
                return text ? text->trimmed().toLower() == wanted || (orNoneWord && *text == u"none") : orNone;
            }};
}

Meaning Oracle::codes() {
    static const std::vector<std::pair<QString, Field>> kFields{{u"disposition"_s, Field::Disposition},
                                                                {u"disposition"_s, Field::Disposition},
                                                                {u"hangup"_s, Field::HangupCause},
                                                                {u"raw-status"_s, Field::StatusRaw},
                                                                {u"status_raw"_s, Field::StatusRaw},
                                                                {u"provider_disposition"_s, Field::ProviderDisposition},
                                                                {u"end_reason_raw"_s, Field::EndReasonRaw},
                                                                {u"cost-unit"_s, Field::CostUnit},
                                                                {u"tag"_s, Field::Tags}};
    const auto [name, field] = oneOf(kFields);
    QStringList wanted;
    QStringList written;
    bool orNone = false;
    for (int i = below(3); i >= 0; --i) {
        if (below(4) == 0) {
            orNone = true;
            written += u"none"_s;
            continue;
        }
        const QString code = word(codeWords());
        if (!code.isEmpty()) {
            wanted += code;
            written += inQuotes(code);
        }
    }
    if (written.isEmpty()) {
        wanted += u"VOICEMAIL"_s;
        written += u"VOICEMAIL"_s;
    }
    return {name + u':' + written.join(u','), [wanted, orNone, field = field](Call_ call) {
                if (field == Field::Tags) {
                    return call.call.tags.isEmpty()
                               ? orNone
                               : std::any_of(call.call.tags.begin(), call.call.tags.end(),
                                             [&](const QString& tag) { return wanted.contains(tag); });
                }
                const auto code = textOf(call, field);
                return code ? wanted.contains(*code) : orNone;
            }};
}

Meaning Oracle::contains() {
    struct Choice {
        QString name;
        std::vector<Field> fields;
        QStringList needles;
    };
    static const std::vector<Choice> kChoices{
        {u"agent"_s, {Field::Agent, Field::AgentId}, {u"priya"_s, u"VA_3"_s, u"a"_s, u"lukasz"_s, u"smith\""_s}},
        {u"campaign"_s, {Field::Campaign, Field::CampaignId}, {u"q4 out"_s, u"ete"_s, u"_5"_s, u"é 1m"_s, u"-2"_s}},
        {u"lead"_s, {Field::Lead, Field::LeadId}, {u"gross"_s, u"alvarez"_s, u"ЛЬГ"_s, u"lead-1"_s, u"小"_s, u"zz"_s}},
        {u"lead_id"_s, {Field::LeadId}, {u"d-4"_s, u"LEAD"_s, u"9"_s}},
        {u"campaign_id"_s, {Field::CampaignId}, {u"camp_2"_s, u"x"_s}},
        {u"agent_id"_s, {Field::AgentId}, {u"1"_s}},
        {u"id"_s, {Field::Id}, {u"3C90"_s, u"uni0"_s, u"/b"_s, u"01"_s, u"cc-"_s}},
        {u"account"_s, {Field::Account}, {u"main"_s, u"2"_s, u"Z"_s}},
        {u"switch_id"_s, {Field::SwitchId}, {u"fe0"_s, u"a-0D"_s}},
        {u"key"_s, {Field::Key}, {u"main/3c"_s, u"%2f"_s, u"-2/"_s, u"z/ca"_s}},
        {u"flagged"_s, {Field::Flagged}, {u"check a"_s, u"ecoute"_s}},
    };
    const Choice& choice = oneOf(kChoices);
    const QString needle = word(choice.needles);
    return {choice.name + u':' + inQuotes(needle), [fields = choice.fields, needle](Call_ call) {
                return std::any_of(fields.begin(), fields.end(), [&](Field field) {
                    return foldedOnce(textOf(call, field).value_or(QString())).contains(foldedOnce(needle));
                });
            }};
}

Meaning Oracle::numbers() {
    const bool own = below(2) == 0;
    const QString needle = word({u"+9198"_s, u"98123-45"_s, u"022"_s, u"1"_s, u"(022)1"_s, u"777"_s});
    return {(own ? u"own-number:"_s : u"number:"_s) + inQuotes(needle), [own, needle](Call_ call) {
                const auto number = own ? call.call.ownNumber : call.call.customerNumber;
                return digitsOf(foldedOnce(number.value_or(QString()))).contains(digitsOf(needle));
            }};
}

Meaning Oracle::texts() {
    static const std::vector<std::pair<QString, Field>> kFields{{u"notes"_s, Field::Notes},
                                                                {u"summary"_s, Field::Summary},
                                                                {u"next_action"_s, Field::NextAction},
                                                                {u"provider-notes"_s, Field::ProviderNotes}};
    const auto [name, field] = oneOf(kFields);
    const bool isPhrase = below(2) == 0;
    const QString wanted = isPhrase ? word(textWords()) + u' ' + word(textWords())
                                    : word({u"refu"_s, u"cafe"_s, u"стр"_s, u"приве"_s, u"strass"_s, u"c"_s, u"क"_s});
    if (foldedWords(wanted).isEmpty()) {
        return texts();
    }
    return {name + u':' + (isPhrase ? inQuotes(wanted) : wanted),
            [=, field = field](Call_ call) { return hasWords(textOf(call, field), wanted, !isPhrase); }};
}

Meaning Oracle::bareWords() {
    const bool isPhrase = below(3) == 0;
    static const QStringList kWords{u"refu"_s,   u"cafe"_s,  u"pri"_s,   u"3c90"_s,     u"CALL-0001"_s, u"lead-1"_s,
                                    u"va_3"_s,   u"+9198"_s, u"98123"_s, u"98123-45"_s, u"fe00"_s,      u"q4"_s,
                                    u"camp_2"_s, u"ольга"_s, u"李"_s,    u"b00"_s,      u"0d44"_s,      u"sean"_s,
                                    u"1:30"_s,   u"(022)"_s, u"100"_s,   u"main"_s,     u"uni0"_s};
    static const QStringList kPhrases{u"priya nair"_s, u"bad line"_s,        u"98123 45678"_s, u"+91 98123 45678"_s,
                                      u"no"_s,         u"Alvarez"_s,         u"alvare"_s,      u"q4 outreach"_s,
                                      u"call back"_s,  u"agent \"smith\""_s, u"lead 12"_s,     u"9812345678"_s};
    const QString wanted = word(isPhrase ? kPhrases : kWords);
    const bool needsQuotes = wanted.contains(u'(');
    const bool isPrefix = !isPhrase && !needsQuotes;
    return {isPhrase || needsQuotes ? inQuotes(wanted) : wanted, [=](Call_ call) {
                for (const Field field :
                     {Field::Id, Field::SwitchId, Field::LeadId, Field::Lead, Field::AgentId, Field::Agent,
                      Field::CampaignId, Field::Campaign, Field::Summary, Field::Notes, Field::NextAction}) {
                    if (hasWords(textOf(call, field), wanted, isPrefix)) {
                        return true;
                    }
                }
                return hasWords(call.call.transcriptText, wanted, isPrefix) ||
                       hasNumber(call.call.customerNumber, wanted, isPrefix) ||
                       hasNumber(call.call.ownNumber, wanted, isPrefix);
            }};
}

Meaning Oracle::measure() {
    static const std::vector<std::pair<QString, Field>> kFields{
        {u"talk"_s, Field::TalkSeconds},   {u"ring"_s, Field::RingSeconds},
        {u"total"_s, Field::TotalSeconds}, {u"talk_seconds"_s, Field::TalkSeconds},
        {u"cost"_s, Field::Cost},          {u"carrier-cost"_s, Field::CarrierCost},
        {u"latency"_s, Field::LatencyMs}};
    static const std::vector<std::pair<QString, double>> kValues{
        {u"0"_s, 0},   {u"0.5"_s, 0.5},       {u"5"_s, 5},      {u"60"_s, 60},
        {u"90"_s, 90}, {u"300.25"_s, 300.25}, {u"3600"_s, 3600}};
    static const std::vector<std::pair<QString, double>> kDurations{
        {u"1m"_s, 60},     {u"90s"_s, 90},       {u"1:30"_s, 90},    {u"5m"_s, 300}, {u"1h"_s, 3600},
        {u"500ms"_s, 0.5}, {u"1:00:00"_s, 3600}, {u"1h60m"_s, 7200}, {u"1.5m"_s, 90}};
    const auto [name, field] = oneOf(kFields);
    const bool isDuration = info(field).kind == FieldKind::Duration;
    const auto pick = [&] { return isDuration && below(2) == 0 ? oneOf(kDurations) : oneOf(kValues); };
    if (below(8) == 0) {
        return {name + u":none"_s, [field = field](Call_ call) { return !numberOf(call, field); }};
    }
    auto low = pick();
    auto high = pick();
    if (below(3) == 0) {
        if (high.second < low.second) {
            std::swap(low, high);
        }
        return {name + u':' + low.first + u".."_s + high.first,
                [field = field, from = low.second, to = high.second](Call_ call) {
                    const auto number = numberOf(call, field);
                    return number && *number >= from && *number <= to;
                }};
    }
    const QString sign = word({u""_s, u"="_s, u">"_s, u">="_s, u"<"_s, u"<="_s});
    return {name + u':' + sign + low.first, [field = field, sign, limit = low.second](Call_ call) {
                const auto number = numberOf(call, field);
                if (!number) {
                    return false;
                }
                return sign == u">"    ? *number > limit
                       : sign == u">=" ? *number >= limit
                       : sign == u"<"  ? *number < limit
                       : sign == u"<=" ? *number <= limit
                                       : *number == limit;
            }};
}

Meaning Oracle::day() {
    static const std::vector<std::pair<QString, std::optional<Field>>> kFields{
        {u"date"_s, std::nullopt},
        {u"date"_s, std::nullopt},
        {u"dial_time"_s, Field::DialTime},
        {u"created_time"_s, Field::CreatedTime},
        {u"end-time"_s, Field::EndTime},
        {u"answer_time"_s, Field::AnswerTime},
        {u"reviewed_at"_s, Field::ReviewedAt},
        {u"unlisted_since"_s, Field::UnlistedSince}};
    const auto [name, field] = oneOf(kFields);
    const auto dayOf = [zone = m_zone](qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, zone).date(); };
    const QDate today = dayOf(toMs(m_now));
    const QDate first = today.addDays(below(12) - 8);
    const QDate second = first.addDays(below(4));
    const auto on = [=, field = field](const std::function<bool(QDate)>& isIt) {
        return [=](Call_ call) {
            const auto ms = timeOf(call, field);
            return ms && isIt(dayOf(*ms));
        };
    };
    const auto iso = [](QDate date) { return date.toString(Qt::ISODate); };
    switch (below(9)) {
        case 0:
            return {name + u":today"_s, on([=](QDate date) { return date == today; })};
        case 1:
            return {name + u":yesterday"_s, on([=](QDate date) { return date == today.addDays(-1); })};
        case 2: {
            const int days = 1 + below(9);
            return {name + u":%1d"_s.arg(days),
                    on([=](QDate date) { return date <= today && date.daysTo(today) < days; })};
        }
        case 3:
            return {name + u':' + iso(first) + u".."_s + iso(second),
                    on([=](QDate date) { return date >= first && date <= second; })};
        case 4:
            return {name + u":>"_s + iso(first), on([=](QDate date) { return date > first; })};
        case 5:
            return {name + u":<="_s + iso(first), on([=](QDate date) { return date <= first; })};
        case 6:
            return {name + u":<"_s + iso(first), on([=](QDate date) { return date < first; })};
        case 7:
            return {name + u":none"_s, [field = field](Call_ call) { return !timeOf(call, field); }};
        default:
            return {name + u':' + iso(first), on([=](QDate date) { return date == first; })};
    }
}

Meaning Oracle::timeOfDay() {
    const bool isStart = below(2) == 0;
    const std::optional<Field> field = isStart ? std::nullopt : std::optional(Field::EndTime);
    const QString name = isStart ? u"date"_s : u"end_time"_s;
    // Written in UTC, so that the oracle needs no zone; to the minute or to the millisecond.
    const auto moment = [&] {
        qint64 ms = toMs(randomMoment(m_random));
        const bool isMinute = below(2) == 0;
        ms = isMinute ? ms - ms % 60'000 : ms;
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC);
        return std::tuple{time.toString(isMinute ? u"yyyy-MM-ddTHH:mm'Z'"_s : u"yyyy-MM-ddTHH:mm:ss.zzz'Z'"_s), ms,
                          isMinute ? 60'000 : 1};
    };
    const auto [text, ms, length] = moment();
    const auto at = [field](const std::function<bool(qint64)>& isIt) {
        return [=](Call_ call) {
            const auto found = timeOf(call, field);
            return found && isIt(*found);
        };
    };
    switch (below(5)) {
        case 0:
            return {name + u":>"_s + text, at([ms = ms](qint64 found) { return found > ms; })};
        case 1:
            return {name + u":>="_s + text, at([ms = ms](qint64 found) { return found >= ms; })};
        case 2:
            return {name + u":<"_s + text, at([ms = ms](qint64 found) { return found < ms; })};
        case 3: {
            const auto [other, end, unused] = moment();
            const qint64 from = std::min(ms, end);
            const qint64 to = std::max(ms, end);
            return {name + u':' + (ms <= end ? text : other) + u".."_s + (ms <= end ? other : text),
                    at([=](qint64 found) { return found >= from && found <= to; })};
        }
        default:
            return {name + u':' + text,
                    at([ms = ms, length = length](qint64 found) { return found >= ms && found < ms + length; })};
    }
}

Meaning Oracle::hasOrIs() {
    const auto anyState = [](Call_ call, const std::vector<EditState>& states) {
        for (const auto* edit : {&call.review.disposition, &call.review.notes}) {
            if (*edit && std::count(states.begin(), states.end(), (*edit)->state) > 0) {
                return true;
            }
        }
        return false;
    };
    const std::vector<Meaning> kAll{
        {u"has:recording"_s, [](Call_ call) { return call.call.hasRecording == true; }},
        {u"has:transcript"_s, [](Call_ call) { return call.call.hasTranscript == true; }},
        {u"has:summary"_s, [](Call_ call) { return call.call.summary.has_value(); }},
        {u"has:notes"_s,
         [](Call_ call) {
             return call.review.notes ? !call.review.notes->value.value_or(QString()).isEmpty()
                                      : call.call.notes.has_value();
         }},
        {u"is:edited"_s, [](Call_ call) { return call.review.disposition || call.review.notes; }},
        {u"is:pending"_s,
         [=](Call_ call) {
             return anyState(call, {EditState::Waiting, EditState::Sending});
         }},
        {u"is:conflict"_s, [=](Call_ call) { return anyState(call, {EditState::Conflict}); }},
        {u"is:refused"_s, [=](Call_ call) { return anyState(call, {EditState::Refused}); }},
        {u"is:answered"_s,
         [](Call_ call) {
             return call.call.answerTime || call.call.agentConnectTime || call.call.talkSeconds.value_or(0) > 0;
         }},
        {u"is:reviewed"_s, [](Call_ call) { return call.review.reviewedAt.has_value(); }},
        {u"is:flagged"_s, [](Call_ call) { return call.review.flag.has_value(); }},
        {u"is:unlisted"_s, [](Call_ call) { return call.notFoundSince || call.unlistedSince; }},
    };
    return oneOf(kAll);
}

Meaning Oracle::truth() {
    const std::vector<Meaning> kAll{
        {u"edited:true"_s, [](Call_ call) { return isEdited(call.review); }},
        {u"edited:false"_s, [](Call_ call) { return !isEdited(call.review); }},
        {u"has_recording:false"_s, [](Call_ call) { return call.call.hasRecording == false; }},
        {u"has_recording:none,true"_s, [](Call_ call) { return call.call.hasRecording != false; }},
        {u"has_transcript:none"_s, [](Call_ call) { return !call.call.hasTranscript; }},
        {u"edit_state:waiting,refused"_s,
         [](Call_ call) {
             const auto state = editState(call.review);
             return state == EditState::Waiting || state == EditState::Refused;
         }},
        {u"edit_state:none,kept"_s,
         [](Call_ call) {
             const auto state = editState(call.review);
             return !state || state == EditState::Kept;
         }},
    };
    return oneOf(kAll);
}

/// Words in the transcript, the one text that is no field.
Meaning Oracle::transcripts() {
    const bool isPhrase = below(2) == 0;
    const QString wanted = isPhrase ? word(textWords()) + u' ' + word(textWords())
                                    : word({u"refu"_s, u"cafe"_s, u"стр"_s, u"strass"_s, u"c"_s});
    if (foldedWords(wanted).isEmpty()) {
        return transcripts();
    }
    return {u"transcript:"_s + (isPhrase ? inQuotes(wanted) : wanted),
            [=](Call_ call) { return hasWords(call.call.transcriptText, wanted, !isPhrase); }};
}

Field Oracle::randomSortField() {
    for (;;) {
        const auto field = static_cast<Field>(below(static_cast<int>(Field::Count)));
        if (field != Field::Notes && field != Field::ProviderNotes && field != Field::Summary &&
            field != Field::NextAction) {
            return field;
        }
    }
}

std::vector<qint64> Oracle::sorted(const std::vector<const ReviewedCall*>& calls, Field field, bool descending) {
    struct Line {
        bool isMissing = false;
        double number = 0;
        qint64 time = 0;
        QByteArray text;
        QByteArray secondText;
        std::optional<QByteArray> id;  ///< stands in for a name that is missing
        qint64 callRow = 0;
    };
    const std::optional<Field> idField = field == Field::Campaign ? std::optional(Field::CampaignId)
                                         : field == Field::Lead   ? std::optional(Field::LeadId)
                                         : field == Field::Agent  ? std::optional(Field::AgentId)
                                                                  : std::nullopt;
    const auto folded = [](const QString& text) { return foldedOnce(text).toUtf8(); };
    const auto lineOf = [&](Call_ call) {
        const FieldValue found = value(call, field);
        Line line;
        line.callRow = call.callRow;
        if (field == Field::DialTime) {
            const auto start = timeOf(call, std::nullopt);
            line.isMissing = !start;
            line.time = start.value_or(0);
        } else if (field == Field::Key) {
            line.text = call.call.key.account.toUtf8();
            line.secondText = folded(call.call.key.remoteId);
        } else if (const auto* text = std::get_if<QString>(&found)) {
            const bool isNumber = field == Field::CustomerNumber || field == Field::OwnNumber;
            line.text = folded(isNumber ? digitsOf(*text) : *text);
        } else if (const auto* list = std::get_if<QStringList>(&found)) {
            line.isMissing = list->isEmpty();
            line.text = folded(list->join(u'\n'));
        } else if (const auto* number = std::get_if<double>(&found)) {
            line.number = *number;
        } else if (const auto* truth = std::get_if<bool>(&found)) {
            line.number = *truth ? 1 : 0;
        } else if (const auto* moment = std::get_if<Moment>(&found)) {
            line.time = toMs(*moment);
        } else {
            line.isMissing = true;
            const auto id = idField ? textOf(call, *idField) : std::nullopt;
            line.id = id ? std::optional(folded(*id)) : std::nullopt;
        }
        return line;
    };
    std::vector<Line> lines;
    for (const ReviewedCall* call : calls) {
        lines.push_back(lineOf(*call));
    }
    std::sort(lines.begin(), lines.end(), [&](const Line& left, const Line& right) {
        if (left.isMissing != right.isMissing) {
            return right.isMissing;
        }
        const auto key = [](const Line& line) { return std::tie(line.number, line.time, line.text, line.secondText); };
        if (!left.isMissing && key(left) != key(right)) {
            return (key(left) < key(right)) != descending;
        }
        if (left.isMissing && left.id != right.id) {
            return !left.id || !right.id ? left.id.has_value() : (*left.id < *right.id) != descending;
        }
        return left.callRow < right.callRow;
    });
    std::vector<qint64> rows;
    for (const Line& line : lines) {
        rows.push_back(line.callRow);
    }
    return rows;
}

}  // namespace earmark::test
