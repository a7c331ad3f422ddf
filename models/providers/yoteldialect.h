// Yotel, read: GET /campaigns, /campaigns/{id}/calls, /calls/{id}. Pure functions, any thread.
//
// Rules and where they come from (Yotel's public reference pages, unless marked "ours"):
// - Calls are listed per campaign only, 25 to 200 a page; no date filter, no order. {items, total, page, page_size}.
// - GET /campaigns shows no wrapper on its page: a bare array and {items}, {campaigns}, {data} are accepted (ours).
// - Error bodies are {"detail": text} or, for 422, {"detail": [{loc, msg, type}]}.
// - Another tenant's object is answered 404.
// - A page is whole or nothing (ours): one unlawful byte, and no row is taken. Rows that are no calls are counted.
// - An id is one path segment, percent-encoded. "." and ".." cannot be one (every URL library resolves them, which
// would
//   ask for another thing), so their address is empty, and so is that of an empty id (ours).
#pragma once

#include "models/providers/readdialect.h"

namespace earmark {

class YotelDialect final : public ReadDialect {
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
    [[nodiscard]] Result<QString> parseTest(const Account& account, const QByteArray& body) const override;
    [[nodiscard]] Error parseError(int status, const QByteArray& body) const override;
    [[nodiscard]] CallDetails details(const Account& account, const Call& call) const override;

    [[nodiscard]] int largestPageSize() const override { return 200; }
    [[nodiscard]] ServerFilters serverFilters() const override { return {false, true, false, false}; }
};

}  // namespace earmark
