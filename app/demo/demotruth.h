// What happened in the demo's calls, told by no provider: who called whom and when, what was said, how it ended, at any
// moment after the demo's start. No sockets; any one thread.
#pragma once

#include <QHash>
#include <QJsonObject>
#include <optional>
#include <vector>

#include "models/domain/call.h"
#include "models/domain/clock.h"
#include "models/domain/result.h"

namespace earmark {

struct DemoTurn {
    bool isAgent = false;
    QString text;
    double start = 0;  ///< seconds after the agent was connected, where the recording begins
    double seconds = 0;
};

/// Something that an analysis found in a dialogue.
struct DemoFinding {
    QString name;
    QString description;
    QJsonValue value;  ///< a bool, a number or text
    double confidence = 1;
    QString reason;
};

/// What the agent did beside talking, after a turn.
struct DemoAction {
    int afterTurn = 0;
    QString name;
    QJsonObject arguments;
    QJsonObject output;
};

struct DemoDialogue {
    QString summary;
    QString sentiment;
    QString nextAction;
    QString disposition;
    QString agent;  ///< "Priya Nair"
    QString customer;
    QString file;  ///< of the recording, without a folder
    double seconds = 0;
    std::vector<DemoTurn> turns;
    std::vector<DemoFinding> findings;
    std::optional<DemoAction> action;
    QStringList tags;
    int stars = 0;  ///< what the customer gave afterwards, 0 = nothing
    QString starsNote;
};

struct DemoCampaign {
    QString name;
    QString ownNumber;
    QJsonObject object;  ///< as written in the demo's file
};

/// One call as it stands at a moment. Empty text: there is none.
struct DemoCall {
    QString id;
    int number = 0;  ///< its place in the demo's file, from 0
    const DemoCampaign* campaign = nullptr;
    const DemoDialogue* dialogue = nullptr;  ///< null: nothing of it is kept but the figures
    QString direction;
    QString
        stage;  ///< queued, dialing, ringing, answered, agent_connected, completed, failed, auth_failed, or stranger
    QString cause;  ///< why it ended, in the switch's word
    QString agent;  ///< "Priya Nair"; of human agents and artificial ones
    QString customer;
    QString customerNumber;
    QString lead;
    QString notes;
    QString disposition;
    QString summary;
    QString sentiment;
    QString nextAction;
    bool isWeb = false;
    bool isSimulation = false;
    bool isOtherShape = false;  ///< a provider with two shapes of answers tells it in the less usual one
    bool isMailbox = false;     ///< a machine answered
    bool hasRecording = false;
    bool recordingReady = false;
    bool wordsReady = false;  ///< the analysis has run, whether it found words or not
    std::optional<Moment> dial;
    std::optional<Moment> ring;
    std::optional<Moment> answer;
    std::optional<Moment> connect;
    std::optional<Moment> end;
    std::optional<int> ringSeconds;
    std::optional<int> talkSeconds;
    std::optional<int> totalSeconds;
    Moment changed{};  ///< when the provider last had something new about it

    [[nodiscard]] bool hasEnded() const { return stage == u"completed" || stage == u"failed"; }
    [[nodiscard]] bool endedByCustomer() const;  ///< who spoke last hung up
};

class DemoTruth final {
 public:
    /// `start` is what "minutes ago" counts from.
    [[nodiscard]] static Result<DemoTruth> load(const QByteArray& callsJson, const QByteArray& dialoguesJson,
                                                const QByteArray& findingsJson, Moment start);

    [[nodiscard]] const std::vector<DemoCampaign>& campaigns() const { return m_campaigns; }
    [[nodiscard]] const QStringList& agents() const { return m_agents; }
    /// The calls that this provider has handled, the latest first.
    [[nodiscard]] std::vector<DemoCall> calls(Provider provider, Moment now) const;
    [[nodiscard]] Moment start() const { return m_start; }

 private:
    DemoTruth() = default;
    void addDialogue(const QJsonObject& object, const QJsonObject& found);
    void addLine(const QJsonObject& line, int number);
    [[nodiscard]] DemoCall callAt(const QJsonObject& line, Provider provider, Moment now) const;
    void addTimes(DemoCall& call, const QJsonObject& line) const;
    void addLiveTimes(DemoCall& call, const QJsonObject& line, double elapsed) const;
    void addWords(DemoCall& call, const QJsonObject& line, double elapsed) const;
    void addOddity(DemoCall& call, const QString& oddity) const;
    [[nodiscard]] Moment at(double secondsAfterStart) const;

    Moment m_start{};
    std::vector<DemoCampaign> m_campaigns;
    std::vector<QJsonObject> m_lines;
    QHash<QString, DemoDialogue> m_dialogues;
    QStringList m_agents;
};

/// "priya.nair" for "Priya Nair".
[[nodiscard]] QString demoLogin(const QString& agent);

}  // namespace earmark
