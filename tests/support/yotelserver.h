// Yotel's read interface on the loopback test server, from calls in memory: campaigns, pages of calls, single calls,
// and the bearer check. Methods may be called from any thread; on() of the base overrides single paths with faults.
#pragma once

#include "tests/support/providerserver.h"

namespace earmark::test {

/// A completed outbound call with all 23 fields, some of them changed by `changes`.
[[nodiscard]] QJsonObject yotelCall(const QString& id, const QString& campaignId, const QJsonObject& changes = {});

class YotelServer final : public ProviderServer {
 public:
    explicit YotelServer(const QByteArray& key = QByteArrayLiteral("yt_test_0123456789"));
    ~YotelServer() override;

    void addCampaign(const QString& id, const QString& name);
    void removeCampaign(const QString& id);
    void addCall(const QJsonObject& call);  ///< to the end of its campaign's list
    void addCallAtTop(const QJsonObject& call);
    void addCalls(const QString& campaignId, int count);  ///< ids "<campaign>-00001" and so on
    void changeCall(const QString& id, const QJsonObject& changes);
    void removeCall(const QString& id);
    void removeCalls(const QString& campaignId);

    [[nodiscard]] QByteArray pagePath(const QString& campaignId) const;
    [[nodiscard]] QByteArray callPath(const QString& id) const;
    /// The page numbers asked for of a campaign, sorted (those fetched ahead come in any order).
    [[nodiscard]] QList<int> pagesAsked(const QString& campaignId) const;

 private:
    [[nodiscard]] Reply answerWithKey(const Request& request) override;
    [[nodiscard]] Reply unauthorized(const Request& request) const override;
    [[nodiscard]] Reply noSuchPage(int status) const override;

    struct CampaignData {
        QString id;
        QString name;
        std::vector<QJsonObject> calls;
    };
    [[nodiscard]] Reply campaigns() const;
    class List;
    [[nodiscard]] Reply pageOf(CampaignData& campaign, const Request& request);
    [[nodiscard]] QJsonObject* find(const QString& id);

    std::vector<CampaignData> m_campaigns;
    std::vector<QJsonObject> m_loose;  ///< calls without a campaign
};

}  // namespace earmark::test
