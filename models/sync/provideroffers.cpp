#include "models/sync/provideroffers.h"

#include <QCoreApplication>

#include "models/net/ratelimiter.h"
#include "models/providers/readdialect.h"
#include "models/targets/writedialect.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ProviderOffers)
};

QStringList sourcesOf(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return {};
        case Provider::Atoms:
            return {u"telephony_inbound"_s, u"telephony_outbound"_s, u"webcall"_s, u"chat"_s};
        case Provider::Vatel:
            return {u"twilio"_s, u"sip"_s, u"api"_s, u"simulation"_s};
        case Provider::Autocalls:
            return {u"inbound"_s, u"outbound"_s, u"web"_s};
    }
    return {};
}

/// "dates, agents and sources"
QString listed(const QStringList& words) {
    return words.size() < 2 ? words.join(QString())
                            : Text::tr("%1 and %2").arg(words.mid(0, words.size() - 1).join(u", "_s), words.last());
}

}  // namespace

ProviderOffers offersOf(Provider provider) {
    ProviderOffers offers;
    offers.sources = sourcesOf(provider);
    offers.hasOrganizations = provider == Provider::Vatel;
    offers.isWhiteLabel = provider == Provider::Autocalls;
    offers.largestPageSize = defaultPageSize(provider);
    offers.requestsPerMinute = documentedRequestsPerMinute(provider);
    offers.isPaceDocumented = provider == Provider::Yotel || provider == Provider::Atoms;
    const auto dialect = readDialectFor(provider);
    if (!dialect) {
        return offers;
    }
    Account any;
    any.provider = provider;
    any.baseUrl = defaultBaseUrl(provider);
    const ServerFilters filters = dialect->serverFilters();
    offers.isReadable = true;
    offers.largestPageSize = dialect->largestPageSize();
    offers.namesCampaigns = !dialect->campaignsUrl(any, 1).isEmpty();
    offers.namesAgents = !dialect->agentsUrl(any, 1).isEmpty();
    offers.filtersDates = filters.dates;
    offers.filtersCampaigns = filters.campaigns;
    offers.filtersAgents = filters.agents;
    offers.filtersSources = filters.sources;
    return offers;
}

QString filterSentence(Provider provider) {
    const ProviderOffers offers = offersOf(provider);
    QStringList asked;
    QStringList cut;
    (offers.filtersDates ? asked : cut) << Text::tr("dates");
    // Where every campaign has a list of its own, only the wanted lists are read.
    (offers.filtersCampaigns || provider == Provider::Yotel ? asked : cut) << Text::tr("campaigns");
    if (offers.namesAgents) {
        (offers.filtersAgents ? asked : cut) << Text::tr("agents");
    }
    if (!offers.sources.isEmpty()) {
        (offers.filtersSources ? asked : cut) << Text::tr("sources");
    }
    const QString name = providerName(provider);
    if (asked.isEmpty()) {
        return Text::tr("%1 sends all calls; %2 are cut here, so a pull takes as long as one of everything.")
            .arg(name, listed(cut));
    }
    return cut.isEmpty() ? Text::tr("%1 sends only what is chosen here.").arg(name)
                         : Text::tr("%1 is asked for the chosen %2; %3 are cut here after reading.")
                               .arg(name, listed(asked), listed(cut));
}

QString pageSizeProblem(Provider provider, int pageSize) {
    const int most = offersOf(provider).largestPageSize;
    return pageSize >= 1 && pageSize <= most
               ? QString()
               : Text::tr("%1 gives 1 to %2 calls a page.").arg(providerName(provider), QString::number(most));
}

QString scopeProblem(const CallScope& scope) {
    return scope.since && scope.until && *scope.since > *scope.until
               ? Text::tr("The first day lies after the last day, so that no call would be loaded.")
               : QString();
}

QString targetProblem(const Account& account) {
    const Done usable = checkTarget(account, account.target);
    return usable ? QString() : errorText(usable.error());
}

std::vector<TargetKind> targetsOffered(Provider provider) {
    std::vector<TargetKind> kinds{TargetKind::None, TargetKind::File, TargetKind::Webhook};
    if (provider == Provider::Autocalls) {
        kinds.push_back(TargetKind::AutocallsLead);
    }
    return kinds;
}

}  // namespace earmark
