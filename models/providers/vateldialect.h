// Vatel, read: GET /calls, /calls/{id}, /calls/{id}/recording, /agents, /organization. Pure functions, any thread.
//
// Rules and where they come from (Vatel's OpenAPI document, unless marked "ours"):
// - One list for the organisation, 20 to 100 a page, order not stated; each call stands in it whole, transcript
//   included. {calls, pagination: {page, page_size, total, total_pages, has_next, has_prev}}.
// - The server filters by agents (several), by its creation time (both ends included) and by one source. Several
// sources
//   are cut here from one list: asking for each would page as often. A source that is not in the document is answered
//   400, so it is cut here too (ours).
// - There is no list of campaigns; outbound_list_run_id stands for the campaign and is cut here (ours).
// - The recording is a route of its own and needs the key; nothing in a call says whether there is one.
// - Error bodies are {"error": text}.
#pragma once

#include "models/providers/readdialect.h"

namespace earmark {

class VatelDialect final : public ReadDialect {
 public:
    [[nodiscard]] std::vector<CallList> lists(const Account& account, const CallScope& scope,
                                              const std::vector<NamedEntry>& campaigns, Moment now) const override;
    [[nodiscard]] QUrl callsPageUrl(const Account& account, const CallList& list, int page) const override;
    [[nodiscard]] QUrl callUrl(const Account& account, const QString& remoteId) const override;
    [[nodiscard]] QUrl campaignsUrl(const Account& account, int page) const override;
    [[nodiscard]] QUrl agentsUrl(const Account& account, int page) const override;
    [[nodiscard]] QUrl testUrl(const Account& account) const override;
    [[nodiscard]] QUrl recordingUrl(const Account& account, const QString& remoteId) const override;

    [[nodiscard]] Result<CallPage> parsePage(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<Call> parseCall(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseCampaigns(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseAgents(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<QString> parseTest(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Error parseError(int status, const QByteArray& body) const override;
    [[nodiscard]] CallDetails details(const Account& account, const Call& call) const override;

    [[nodiscard]] int largestPageSize() const override { return 100; }
    [[nodiscard]] ServerFilters serverFilters() const override {
        return {.dates = true, .campaigns = false, .agents = true, .sources = false};
    }
    [[nodiscard]] RecordingRoute recordingRoute() const override { return RecordingRoute::BehindTheKey; }
};

}  // namespace earmark
