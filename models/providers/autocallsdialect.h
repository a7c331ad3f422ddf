// Autocalls and the white-labels of its platform, read: GET /user/calls, /user/calls/{id}, /user/campaigns,
// /user/assistants, /user/me. Pure functions, any thread.
//
// Rules and where they come from (the pages of Autocalls and its white-labels, unless marked "ours"):
// - One list for the account, 15 to 100 a page, order not stated, in the form of Laravel's paginator: {data,
//   current_page, per_page, total, last_page, next_page_url ...}. That address is never followed; it only tells that
//   there is more where the numbers do not (ours).
// - The server filters by one campaign, one assistant, one type and by days. Rows carry names and no ids, so nobody
//   but the server can cut by campaign and assistant: each pair of them is a list of its own (ours). Several types are
//   cut here from one list, as are types that the document does not have (ours).
// - In which zone its days begin is not stated: a day more is asked for on both sides and the rest is cut here (ours).
// - GET /user/campaigns is a bare array, {campaigns} or {data}; GET /user/assistants a bare array.
// - Error bodies are {"message", "errors": {field: [text]}}, on some routes {"error"} or {"error_code"}.
#pragma once

#include "models/providers/readdialect.h"

namespace earmark {

class AutocallsDialect final : public ReadDialect {
 public:
    [[nodiscard]] std::vector<CallList> lists(const Account& account, const CallScope& scope,
                                              const std::vector<NamedEntry>& campaigns, Moment now) const override;
    [[nodiscard]] QUrl callsPageUrl(const Account& account, const CallList& list, int page) const override;
    [[nodiscard]] QUrl callUrl(const Account& account, const QString& remoteId) const override;
    [[nodiscard]] QUrl campaignsUrl(const Account& account, int page) const override;
    [[nodiscard]] QUrl agentsUrl(const Account& account, int page) const override;
    [[nodiscard]] QUrl testUrl(const Account& account) const override;

    [[nodiscard]] Result<CallPage> parsePage(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<Call> parseCall(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseCampaigns(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseAgents(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<QString> parseTest(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Error parseError(int status, const QByteArray& body) const override;
    [[nodiscard]] CallDetails details(const Account& account, const Call& call) const override;

    [[nodiscard]] int largestPageSize() const override { return 100; }
    [[nodiscard]] ServerFilters serverFilters() const override {
        return {.dates = false, .campaigns = true, .agents = true, .sources = false};
    }
};

}  // namespace earmark
