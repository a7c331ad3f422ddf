// What Autocalls answers about leads and campaigns, as far as a review needs it. Pure functions, any thread.
#pragma once

#include <QJsonObject>
#include <QUrl>
#include <optional>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/result.h"

namespace earmark::autocallsleads {

struct Lead {
    QString id;
    std::optional<QString> campaignId;  ///< nullopt: the row does not say
    QString number;
    QJsonObject variables;

    /// As text whatever its type; "" where it is missing, null or empty: the platform makes no difference either.
    [[nodiscard]] QString variable(const QString& name) const;
};

template <typename Row>
struct Page {
    std::vector<Row> rows;
    bool hasMore = false;
};

struct Campaign {
    QString id;
    QString name;
};

/// One page of GET /user/leads. BadAnswer or NotTheApi for what is none.
[[nodiscard]] Result<Page<Lead>> leadsIn(const QByteArray& body);
/// One page of GET /user/campaigns: a bare array, or one under "campaigns" or "data".
[[nodiscard]] Result<Page<Campaign>> campaignsIn(const QByteArray& body);

/// The number with its leading + and its digits alone; "" for a text that is no telephone number ("anonymous", a SIP
/// address): such a text is never compared.
[[nodiscard]] QString comparableNumber(const QString& number);

/// GET /user/leads of this campaign and number (the server compares parts of numbers only).
[[nodiscard]] QUrl leadsUrl(const Account& account, const QString& campaignId, const QString& number, int page);
[[nodiscard]] QUrl anyLeadUrl(const Account& account);  ///< one lead, whichever
[[nodiscard]] QUrl campaignsUrl(const Account& account, int page);
[[nodiscard]] QUrl leadUrl(const Account& account, const QString& id);

}  // namespace earmark::autocallsleads
