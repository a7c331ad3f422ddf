// An account on a provider: where it is and how to read it; never its key. Plain data, any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <QUrl>
#include <chrono>
#include <optional>

#include "models/domain/call.h"
#include "models/domain/target.h"

namespace earmark {

/// Which of an account's calls are loaded. What the provider can filter it is asked for; the rest is cut here. Empty
/// lists and no times mean all.
struct CallScope {
    std::optional<int> lastDays;  ///< from so many days before now; then `since` and `until` are empty
    std::optional<Moment> since;  ///< of the start time, both ends included
    std::optional<Moment> until;
    QStringList campaigns;  ///< the provider's ids: the campaigns to follow
    QStringList agents;     ///< the provider's ids
    QStringList sources;    ///< the provider's words: Vatel's source, Atoms' and Autocalls' type

    friend bool operator==(const CallScope&, const CallScope&) = default;
};

struct Account {
    QString name;  ///< [a-z0-9][a-z0-9-]{0,30}
    Provider provider = Provider::Yotel;
    QUrl baseUrl;                                 ///< https, or http to a loopback address
    QString assumedZone = QStringLiteral("UTC");  ///< IANA name for times that come without a zone
    int pageSize = 200;                           ///< asked for; a dialect asks for no more than its provider gives
    bool agentIsFirstChannel = true;              ///< channel order of stereo recordings, a setting
    QString organizationId;                    ///< Vatel only: keys that see several organisations; "" = the key's own
    std::optional<int> mostRequestsPerMinute;  ///< nullopt = what the provider documents, 0 = no limit
    bool isEnabled = true;                     ///< false: nothing is asked of it by itself; its calls stay
    std::chrono::seconds watchEvery{60};       ///< how often an open window looks for news; 0 = never
    CallScope scope;
    TargetSettings target;  ///< where its edits go

    friend bool operator==(const Account&, const Account&) = default;
};

[[nodiscard]] QUrl defaultBaseUrl(Provider provider);
/// The page size that a new account begins with: the largest that the provider documents.
[[nodiscard]] int defaultPageSize(Provider provider);
/// https with a host, or http on a loopback host; anything else is InvalidInput with the reason.
[[nodiscard]] Result<QUrl> checkedBaseUrl(const QString& text);
/// True for localhost, 127.0.0.0/8 and ::1 spelt as such.
[[nodiscard]] bool isLoopback(const QUrl& url);

}  // namespace earmark
