// Autocalls' read interface on the loopback test server, from calls in memory: the paginator with all its keys, single
// calls, recordings behind plain addresses, assistants, campaigns, and leads, whose variables can be written. Methods
// may be called from any thread.
#pragma once

#include "tests/support/calllistserver.h"

namespace earmark::test {

/// Written as text for the server's methods; an integer in the call itself.
[[nodiscard]] QString autocallsId(int number);
/// A completed outbound call in the platform's own shape: transcript as text, evaluation as an object, costs as
/// numbers, times without a zone.
[[nodiscard]] QJsonObject autocallsCall(const QString& id, const QJsonObject& changes = {});
/// The same call as white-labels tell it: transcript and evaluation as arrays, costs as text, times with Z.
[[nodiscard]] QJsonObject autocallsStructuredCall(const QString& id, const QJsonObject& changes = {});
/// {"message": text}
[[nodiscard]] Reply autocallsError(int status, const QByteArray& text);

class AutocallsServer final : public CallListServer {
 public:
    /// In which shape the route of the campaigns answers.
    enum class CampaignShape { BareArray, InCampaigns, InData };

    explicit AutocallsServer(const QByteArray& key = QByteArrayLiteral("17|0123456789abcdef"));
    ~AutocallsServer() override;

    void addAssistant(int id, const QString& name);  ///< the assistant of autocallsCall() is there from the start
    void addCampaign(int id, const QString& name);   ///< so is its campaign
    void setCampaignShape(CampaignShape shape);

    void addLead(int id, int campaignId, const QString& number, const QJsonObject& variables = {});
    /// The lead as it is now; empty where there is none.
    [[nodiscard]] QJsonObject lead(int id) const;
    /// Of the same lead, from outside: as if the platform or another person wrote them.
    void setLeadVariables(int id, const QJsonObject& variables);
    /// How the platform keeps an empty text that it is sent: as it is, or as null.
    void setEmptyTextsBecomeNull(bool becomes);
    [[nodiscard]] QByteArray leadsPath() const { return path(QByteArrayLiteral("/user/leads")); }
    [[nodiscard]] QByteArray leadPath(int id) const { return leadsPath() + '/' + QByteArray::number(id); }
    /// Where recording_url leads.
    [[nodiscard]] static QByteArray recordingPath(const QString& id);

 private:
    struct Named {
        int id = 0;
        QString name;
    };
    [[nodiscard]] std::optional<Reply> answerToAll(const Request& request) override;
    [[nodiscard]] Reply answerWithKey(const Request& request) override;
    [[nodiscard]] Reply unauthorized(const Request& request) const override;
    [[nodiscard]] Reply noSuchPage(int status) const override;
    [[nodiscard]] QString idOfNumber(int number) const override { return autocallsId(number); }
    [[nodiscard]] QJsonObject lawfulCall(const QString& id) const override { return autocallsCall(id); }
    [[nodiscard]] std::vector<QueryFilter> filters() const override;
    [[nodiscard]] QJsonObject recordingFields(const QString& id, bool has) const override;

    [[nodiscard]] Reply calls(const Request& request);
    [[nodiscard]] Reply assistants() const;
    [[nodiscard]] Reply assistantPages(const Request& request) const;
    [[nodiscard]] Reply campaigns() const;
    [[nodiscard]] Reply leads(const Request& request) const;
    [[nodiscard]] Reply writeLead(const Request& request);

    std::vector<Named> m_assistants;
    std::vector<Named> m_campaigns;
    std::vector<QJsonObject> m_leads;
    bool m_emptyTextsBecomeNull = false;
    CampaignShape m_campaignShape = CampaignShape::BareArray;
};

}  // namespace earmark::test
