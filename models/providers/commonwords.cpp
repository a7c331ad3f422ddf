#include "models/providers/commonwords.h"

#include <QLatin1StringView>
#include <QRegularExpression>
#include <array>

#include "models/domain/wordtable.h"
#include "models/providers/dialectparts.h"
#include "models/providers/jsonreader.h"

namespace earmark {

namespace {

using wordtable::Entry;

// Sources: "agent" and "user" are Atoms', "assistant", "user" and "system" Vatel's, "bot", "human", "AI" and "Customer"
// Autocalls'; "Assistant" and the others stand in for labels that customers' own voice agents and languages may have.
constexpr std::array kSpeakers{
    Entry<Speaker>{Speaker::Agent, "agent"},       Entry<Speaker>{Speaker::Agent, "assistant"},
    Entry<Speaker>{Speaker::Agent, "bot"},         Entry<Speaker>{Speaker::Agent, "ai"},
    Entry<Speaker>{Speaker::Customer, "user"},     Entry<Speaker>{Speaker::Customer, "human"},
    Entry<Speaker>{Speaker::Customer, "customer"}, Entry<Speaker>{Speaker::Customer, "client"},
    Entry<Speaker>{Speaker::Customer, "kunde"},    Entry<Speaker>{Speaker::System, "system"},
    Entry<Speaker>{Speaker::Tool, "tool"},
};

// Sources: *_hangup, transfer_complete, connection_error, system_error and dial_no_answer are Atoms', ended_by_user,
// ended_by_agent and transferred Vatel's filter words (its own end reasons are free text), ended_by_customer and
// ended_by_assistant Autocalls'.
constexpr std::array kEndReasons{
    Entry<EndReason>{EndReason::Customer, "user_hangup"},
    Entry<EndReason>{EndReason::Customer, "ended_by_user"},
    Entry<EndReason>{EndReason::Customer, "ended_by_customer"},
    Entry<EndReason>{EndReason::Agent, "agent_hangup"},
    Entry<EndReason>{EndReason::Agent, "ended_by_agent"},
    Entry<EndReason>{EndReason::Agent, "ended_by_assistant"},
    Entry<EndReason>{EndReason::Transferred, "transfer_complete"},
    Entry<EndReason>{EndReason::Transferred, "transferred"},
    Entry<EndReason>{EndReason::Timeout, "timeout"},
    Entry<EndReason>{EndReason::Error, "connection_error"},
    Entry<EndReason>{EndReason::Error, "system_error"},
    Entry<EndReason>{EndReason::NotAnswered, "dial_no_answer"},
};

struct Label {
    QString speaker;  ///< as written; "" = the line has none
    QString rest;
};

Label labelOf(const QString& line) {
    static const QRegularExpression label(
        QStringLiteral("^[ \\t]*(AI|Assistant|Agent|Bot|Customer|Human|User|Client|Kunde)[ \\t]*:[ \\t]*"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = label.match(line);
    return match.hasMatch() ? Label{match.captured(1), line.mid(match.capturedEnd())} : Label{{}, line};
}

Turn turnOf(const QString& speaker, const QString& text) {
    Turn turn;
    turn.speaker = speakerOf(speaker);
    turn.speakerRaw = speaker;
    turn.text = text;
    return turn;
}

}  // namespace

Speaker speakerOf(const QString& word) {
    return wordtable::valueOf(kSpeakers, dialect::normalisedWord(word)).value_or(Speaker::Unknown);
}

EndReason endReasonOf(const QString& word) {
    return wordtable::valueOf(kEndReasons, dialect::normalisedWord(word)).value_or(EndReason::Unknown);
}

std::vector<Turn> turnsOfText(const QString& text) {
    std::vector<Turn> turns;
    if (text.trimmed().isEmpty()) {
        return turns;
    }
    bool isLabelled = false;
    for (QString line : text.split(u'\n')) {
        if (line.endsWith(u'\r')) {
            line.chop(1);
        }
        const Label label = labelOf(line);
        isLabelled = isLabelled || !label.speaker.isEmpty();
        if (!label.speaker.isEmpty() || turns.empty()) {
            turns.push_back(turnOf(label.speaker, label.rest));
        } else {
            turns.back().text += u'\n' + line;
        }
    }
    if (!isLabelled) {
        return {turnOf({}, text)};
    }
    for (Turn& turn : turns) {
        turn.text = turn.text.trimmed();
    }
    if (turns.front().speakerRaw.isEmpty() && turns.front().text.isEmpty()) {
        turns.erase(turns.begin());  // blank lines before the first label
    }
    return turns;
}

std::optional<QString> transcriptTextOf(const std::vector<Turn>& turns) {
    QString text;
    for (const Turn& turn : turns) {
        if (turn.text.isEmpty()) {
            continue;
        }
        text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + turn.text;
        if (text.size() > JsonReader::kMostTextCharacters) {
            const bool splits = text[JsonReader::kMostTextCharacters - 1].isHighSurrogate();
            text.truncate(JsonReader::kMostTextCharacters - (splits ? 1 : 0));
            break;
        }
    }
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

}  // namespace earmark
