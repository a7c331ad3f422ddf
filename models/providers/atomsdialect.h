// smallest.ai Atoms, read: GET /conversation, /conversation/{callId}, .../recording/download-url, /agent, /campaign,
// /user and POST /conversation/search, which changes nothing. Pure functions, any thread.
//
// Rules and where they come from (the provider's OpenAPI document and guides, unless marked "ours"):
// - {"status": true, "data": {...}}; a false flag in an answer of 200 is a failure (ours: seen in other routes only).
// - The list is ordered by the last change, so its rows move while it is read. A row holds neither transcript nor
//   variables; a detail holds neither creation time nor agentId nor campaign. Both are parts of one call.
// - The list leaves out retries of a call unless callAttemptFilter=all asks for them.
// - Filters take several values, separated by commas. dateFrom and dateTo are no help: the provider warns that they
// read
//   the whole account and may end in a 504. So times are never asked for and cut here (ours).
// - limit is cut to 500 silently; the lists of agents and campaigns call their page size "offset".
// - A search by ids leaves out dispositionMetrics, agentDispositionConfig and versionNumber: its rows are excerpts.
// - Campaigns are a filter only: no call tells which campaign it belongs to.
// - 429 says in its body how long to wait. Errors are errors[], error or message.
#pragma once

#include "models/providers/readdialect.h"

namespace earmark {

class AtomsDialect final : public ReadDialect {
 public:
    [[nodiscard]] std::vector<CallList> lists(const Account& account, const CallScope& scope,
                                              const std::vector<NamedEntry>& campaigns, Moment now) const override;
    [[nodiscard]] QUrl callsPageUrl(const Account& account, const CallList& list, int page) const override;
    [[nodiscard]] QUrl callUrl(const Account& account, const QString& remoteId) const override;
    [[nodiscard]] QUrl campaignsUrl(const Account& account, int page) const override;
    [[nodiscard]] QUrl agentsUrl(const Account& account, int page) const override;
    [[nodiscard]] DialectRequest searchRequest(const Account& account, const QStringList& remoteIds) const override;
    [[nodiscard]] QUrl testUrl(const Account& account) const override;
    /// Answers a link that lives for a few minutes; 404 where the call has no recording.
    [[nodiscard]] QUrl recordingUrl(const Account& account, const QString& remoteId) const override;

    [[nodiscard]] Result<CallPage> parsePage(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<Call> parseCall(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseCampaigns(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<NameList> parseAgents(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<CallPage> parseSearch(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<QString> parseTest(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Result<QString> parseRecordingLink(const QByteArray& body) const override;
    [[nodiscard]] Error parseError(int status, const QByteArray& body) const override;
    [[nodiscard]] CallDetails details(const Account& account, const Call& call) const override;

    [[nodiscard]] int largestPageSize() const override { return 500; }
    [[nodiscard]] ServerFilters serverFilters() const override { return {false, true, true, true}; }
    [[nodiscard]] RecordingRoute recordingRoute() const override { return RecordingRoute::LinkOnAsk; }
    [[nodiscard]] int mostIdsPerSearch() const override { return 100; }
    [[nodiscard]] bool rowsMoveByThemselves() const override { return true; }
    [[nodiscard]] bool detailsAreApart() const override { return true; }
};

}  // namespace earmark
