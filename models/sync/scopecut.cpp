#include "models/sync/scopecut.h"

#include <algorithm>

#include "models/domain/fields.h"
#include "models/providers/dialectparts.h"

namespace earmark {

namespace {

/// A call may be silent about what its provider never tells; where others tell it, silence means that it has none.
bool isAmong(const QStringList& wanted, const std::optional<QString>& said, const Call& call, Field field) {
    return wanted.isEmpty() || (!said || said->isEmpty() ? !offers(call.provider, field) : wanted.contains(*said));
}

/// Providers spell their words in several ways; ids are compared as they are.
bool isSourceAmong(const QStringList& wanted, const Call& call) {
    const std::optional<QString>& said = call.source ? call.source : call.typeRaw;
    if (wanted.isEmpty()) {
        return true;
    }
    if (!said || said->isEmpty()) {
        return !offers(call.provider, Field::Source) && !offers(call.provider, Field::TypeRaw);
    }
    return std::any_of(wanted.begin(), wanted.end(), [&said](const QString& one) {
        return dialect::normalisedWord(one) == dialect::normalisedWord(*said);
    });
}

bool isInTime(const CallList& list, const Call& call) {
    const std::optional<Moment> at = startTime(call);
    return !at || ((!list.since || *at >= *list.since) && (!list.until || *at <= *list.until));
}

}  // namespace

bool isWithin(const CallList& list, const Call& call) {
    return isInTime(list, call) && isAmong(list.campaigns, call.campaignId, call, Field::CampaignId) &&
           isAmong(list.agents, call.agentId, call, Field::AgentId) && isSourceAmong(list.sources, call);
}

bool isCut(const CallList& list) {
    return list.since || list.until || !list.campaigns.isEmpty() || !list.agents.isEmpty() || !list.sources.isEmpty();
}

}  // namespace earmark
