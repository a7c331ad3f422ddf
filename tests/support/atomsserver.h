// smallest.ai Atoms' read interface on the loopback test server, from calls in memory: rows, details, batch search,
// presigned recordings, agents and campaigns. Methods may be called from any thread.
#pragma once

#include "tests/support/calllistserver.h"

namespace earmark::test {

/// "CALL-<13 digits of ms>-<6 hex digits>", another one for each number; 20 seconds apart.
[[nodiscard]] QString atomsId(int number);
/// A completed outbound call as a row of the list has it, some members changed by `changes`.
[[nodiscard]] QJsonObject atomsCall(const QString& id, const QJsonObject& changes = {});
/// The same call as the detail route has it: with agent, transcript, variables and events, and without createdAt,
/// agentId, campaign and disconnectionReason.
[[nodiscard]] QJsonObject atomsDetail(const QString& id, const QJsonObject& changes = {});
/// {"status": false, "errors": [text]}
[[nodiscard]] Reply atomsError(int status, const QByteArray& text);
/// 429 with retry_after in its body; the header only where asked for.
[[nodiscard]] Reply atomsTooMany(int seconds, bool withHeader = false);

class AtomsServer final : public CallListServer {
 public:
    explicit AtomsServer(const QByteArray& key = QByteArrayLiteral("sk_0123456789"));
    ~AtomsServer() override;

    /// The row goes to the top of the list, as when its updatedAt changes.
    void touch(const QString& id);
    /// What the detail says otherwise than atomsDetail() with the row's own values.
    void changeDetail(const QString& id, const QJsonObject& changes);
    void addAgent(const QString& id, const QString& name);  ///< the agent of atomsCall() is there from the start
    void addCampaign(const QString& id, const QString& name);
    void putIntoCampaign(const QString& callId, const QString& campaignId);  ///< rows do not tell
    /// Presigned addresses given until now answer 403 with an XML body.
    void expireLinks();

    [[nodiscard]] QByteArray searchPath() const { return listPath() + "/search"; }
    [[nodiscard]] QByteArray downloadPath(const QString& id) const;
    /// Where a presigned address of this call leads, without its query.
    [[nodiscard]] static QByteArray presignedPath(const QString& id);

 private:
    struct Named {
        QString id;
        QString name;
    };
    [[nodiscard]] std::optional<Reply> answerToAll(const Request& request) override;
    [[nodiscard]] Reply answerWithKey(const Request& request) override;
    [[nodiscard]] Reply unauthorized(const Request& request) const override;
    [[nodiscard]] Reply noSuchPage(int status) const override;
    [[nodiscard]] QString idOfNumber(int number) const override { return atomsId(number); }
    [[nodiscard]] QJsonObject lawfulCall(const QString& id) const override { return atomsCall(id); }
    [[nodiscard]] std::vector<QueryFilter> filters() const override;
    [[nodiscard]] QJsonObject recordingFields(const QString& id, bool has) const override;

    [[nodiscard]] Reply conversations(const Request& request);
    [[nodiscard]] Reply search(const QByteArray& body);
    [[nodiscard]] Reply conversation(const Request& request);
    [[nodiscard]] Reply downloadUrl(const QString& id) const;
    [[nodiscard]] Reply agents(const Request& request) const;
    [[nodiscard]] Reply campaigns(const Request& request) const;
    [[nodiscard]] QJsonObject detailOf(const QString& id, const QJsonObject& row) const;

    std::vector<Named> m_agents;
    std::vector<Named> m_campaigns;
    std::map<QString, QString> m_campaignOf;
    std::map<QString, QJsonObject> m_detailChanges;
    int m_linkGeneration = 1;
};

}  // namespace earmark::test
