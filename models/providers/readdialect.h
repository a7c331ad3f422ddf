// How one provider's API is read: requests out, bytes in, domain values back. Pure functions without sockets, any
// thread.
#pragma once

#include <QByteArray>
#include <QUrl>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/result.h"

namespace earmark {

struct CampaignHead {
    QString id;
    QString name;
    std::optional<QString> status;
    QByteArray raw;  ///< compact JSON
};

/// Rows that name no campaign (no object, no id) are counted as rejected; a list of nothing but such rows is BadAnswer.
struct CampaignList {
    std::vector<CampaignHead> campaigns;
    int rejectedRows = 0;
    QStringList rejections;  ///< "row 3: no id", at most 20
};

/// A page is accepted whole or not at all. Rows that are no calls (no object, no id) are counted as rejected.
struct CallPage {
    std::vector<Call> calls;
    int rejectedRows = 0;
    QStringList rejections;       ///< "row 3: no id", at most 20
    std::optional<qint64> total;  ///< nullopt when missing or unlawful
    std::optional<int> page;
    std::optional<int> pageSize;  ///< what the server used
};

class ReadDialect {
 public:
    virtual ~ReadDialect() = default;
    /// Addresses are empty for an id that cannot be one path segment ("", ".", ".."): there is nothing that could be
    /// asked.
    [[nodiscard]] virtual QUrl campaignsUrl(const Account& account) const = 0;
    [[nodiscard]] virtual QUrl callsPageUrl(const Account& account, const QString& campaignId, int page) const = 0;
    [[nodiscard]] virtual QUrl callUrl(const Account& account, const QString& remoteId) const = 0;

    [[nodiscard]] virtual Result<CampaignList> parseCampaigns(const Account& account, const QByteArray& body) const = 0;
    [[nodiscard]] virtual Result<CallPage> parsePage(const Account& account, const QByteArray& body) const = 0;
    [[nodiscard]] virtual Result<Call> parseCall(const Account& account, const QByteArray& body) const = 0;
    /// An Error for a non-2xx status, with the provider's own text (plain, cut to 200 characters) in message.
    [[nodiscard]] virtual Error parseError(int status, const QByteArray& body) const = 0;
};

/// nullptr for providers that this version cannot read yet.
[[nodiscard]] std::shared_ptr<const ReadDialect> readDialectFor(Provider provider);

}  // namespace earmark
