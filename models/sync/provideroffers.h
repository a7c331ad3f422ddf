// What can be set for an account of a provider, as the dialogs and the command line offer it. Pure functions, any
// thread.
#pragma once

#include <QStringList>
#include <vector>

#include "models/domain/account.h"

namespace earmark {

struct ProviderOffers {
    bool isReadable = false;  ///< this version can read the provider at all
    int largestPageSize = 100;
    int requestsPerMinute = 0;      ///< where an account says nothing else
    bool isPaceDocumented = false;  ///< else it is our careful guess
    bool namesCampaigns = false;    ///< a list of them can be fetched
    bool namesAgents = false;
    // What the server filters by itself; everything else is cut here after reading.
    bool filtersDates = false;
    bool filtersCampaigns = false;
    bool filtersAgents = false;
    bool filtersSources = false;
    QStringList sources;            ///< the provider's words for where a call comes from; empty: it has none
    bool hasOrganizations = false;  ///< a key may see several
    bool isWhiteLabel = false;      ///< sold under other names at other addresses
};

[[nodiscard]] ProviderOffers offersOf(Provider provider);

/// What is filtered by the server and what is cut here, in one sentence.
[[nodiscard]] QString filterSentence(Provider provider);

/// "" when the settings can be used, else one sentence for each that cannot.
[[nodiscard]] QString pageSizeProblem(Provider provider, int pageSize);
[[nodiscard]] QString scopeProblem(const CallScope& scope);
/// Of the account's target: "" when it can be used, else what is wrong and what to do.
[[nodiscard]] QString targetProblem(const Account& account);

/// Where edits of a provider's calls can go; None first.
[[nodiscard]] std::vector<TargetKind> targetsOffered(Provider provider);

}  // namespace earmark
