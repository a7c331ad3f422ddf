#include "models/sync/accountpull.h"

#include <algorithm>
#include <random>

#include "models/domain/textfold.h"
#include "models/sync/accountpaces.h"
#include "models/sync/pullnotices.h"

namespace earmark {

namespace {

constexpr int kWalksAtOnce = 3;
/// Calls read one by one before the pages. More of them than this are read with their pages anyway; which ones are
/// read singly is left to chance then, so that calls outside every campaign get their turn too.
constexpr size_t kMostRereads = 200;
constexpr int kMostDetails = 1'000'000;

/// What an account's walks ask for beyond the list itself: with another page size or other times, pages hold other
/// rows.
QString askedText(const Account& account, const ReadDialect& dialect) {
    const CallScope& scope = account.scope;
    QStringList parts{QStringLiteral("size=%1").arg(pageSizeFor(account, dialect))};
    if (scope.lastDays) {
        parts += QStringLiteral("days=%1").arg(*scope.lastDays);
    }
    if (scope.since) {
        parts += QStringLiteral("since=") + toIsoText(*scope.since);
    }
    if (scope.until) {
        parts += QStringLiteral("until=") + toIsoText(*scope.until);
    }
    if (!account.organizationId.isEmpty()) {
        parts += QStringLiteral("organization=") + account.organizationId;
    }
    return parts.join(u' ');
}

void addTo(AccountReport& report, const CampaignWalk::Counts& counts) {
    report.pages += counts.pages;
    report.received += counts.received;
    report.added += counts.added;
    report.changed += counts.changed;
    report.unlisted += counts.unlisted;
    report.rejected += counts.rejected;
}

}  // namespace

AccountPull::AccountPull(const Account& account, PullOptions options, Means means, QObject* parent)
    : QObject(parent), m_account(account), m_options(std::move(options)), m_means(std::move(means)) {
    m_report.account = account.name;
    m_progress.account = account.name;
}

AccountPull::~AccountPull() = default;

void AccountPull::start() {
    m_started = m_means.clock->steady();
    m_began = m_means.clock->now();
    if (!readDialectFor(m_account.provider)) {
        QMetaObject::invokeMethod(
            this,
            [this] {
                finish(makeError(ErrorKind::NotSupported,
                                 tr("Calls of %1 cannot be read by this version yet.").arg(provider())));
            },
            Qt::QueuedConnection);
        return;
    }
    m_means.keys->key(m_account.name, this, [this](const Result<QByteArray>& key) { haveKey(key); });
}

void AccountPull::stop() {
    if (m_over) {
        return;
    }
    m_report = report();
    m_over = true;
    if (m_link != nullptr) {
        m_link->stop();
    }
    if (m_rereads != nullptr) {
        m_rereads->stop();
    }
    for (CampaignWalk* walk : m_walks) {
        walk->stop();
    }
    m_walks.clear();
}

void AccountPull::finish(std::optional<Error> error) {
    if (m_over) {
        return;
    }
    m_report.error = std::move(error);
    for (const QString& callId : std::as_const(m_notFound)) {
        notice(callNotFound(callId, m_account.provider));  // asked for singly, and no list had it either
    }
    stop();
    m_report.ok = !m_report.error.has_value();
    m_ended = true;
    Q_EMIT ended();
}

AccountReport AccountPull::report() const {
    AccountReport report = m_report;
    if (!m_over) {
        for (const CampaignWalk* walk : m_walks) {
            addTo(report, walk->counts());
        }
        report.seconds = std::chrono::duration<double>(m_means.clock->steady() - m_started).count();
        report.requests = m_link != nullptr ? m_link->requests() : 0;
    }
    return report;
}

PullProgress AccountPull::progress() const {
    PullProgress progress = m_progress;
    const AccountReport now = report();
    progress.pages = now.pages;
    progress.received = now.received;
    return progress;
}

void AccountPull::notice(const QString& sentence) {
    m_report.notices.append(sentence);
}

void AccountPull::haveKey(const Result<QByteArray>& key) {
    if (m_over) {
        return;
    }
    if (!key) {
        finish(key.error());
        return;
    }
    m_link = new AccountLink(m_account, *key, readDialectFor(m_account.provider), m_means.http, m_means.clock,
                             paceOf(m_account, m_means.http, m_means.store),
                             m_options.askedByItself ? AccountLink::AskedBy::Program : AccountLink::AskedBy::Person,
                             m_means.patience, this);
    connect(m_link, &AccountLink::waiting, this, [this](const QString& sentence) {
        if (!m_over && m_progress.waitingFor != sentence) {
            m_progress.waitingFor = sentence;
            Q_EMIT progressed();
        }
    });
    if (!m_options.callIds.isEmpty()) {
        rereadNamed();
    } else {
        lookUpCampaigns();
    }
}

// --- names

CallScope AccountPull::scope() const {
    CallScope scope = m_account.scope;
    if (!m_options.campaignIds.isEmpty()) {
        scope.campaigns = m_options.campaignIds;
    }
    if (m_options.since || m_options.until) {
        scope.lastDays.reset();
        scope.since = m_options.since;
        scope.until = m_options.until;
    }
    return scope;
}

std::vector<CallList> AccountPull::lists(const std::vector<NamedEntry>& campaigns) const {
    return m_link->dialect().lists(m_account, scope(), campaigns, m_means.clock->now());
}

void AccountPull::lookUpCampaigns() {
    auto* lookup = new NameLookup(NameLookup::What::Campaigns, m_link, AccountLink::Tries::AsOftenAsSensible,
                                  m_means.workers, this);
    connect(lookup, &NameLookup::ended, this, [this, lookup] {
        lookup->deleteLater();
        if (!m_over) {
            haveCampaigns(*lookup);
        }
    });
    lookup->start();
}

void AccountPull::haveCampaigns(const NameLookup& lookup) {
    if (const auto& error = lookup.error()) {
        if (concernsEveryRequest(error->kind) || lists({}).empty()) {
            finish(error);  // without campaigns there is nothing to walk
            return;
        }
    }
    noticeNames(lookup, NameLookup::What::Campaigns);
    std::vector<Campaign> campaigns;
    campaigns.reserve(lookup.names().entries.size());
    for (const NamedEntry& head : lookup.names().entries) {
        campaigns.push_back({m_account.name, head.id, head.name, head.status, head.raw});
    }
    chooseWalks(lookup.names().entries);
    if (campaigns.empty() || lookup.error()) {
        lookUpAgents();  // an empty list is no news about the campaigns that are known
    } else {
        m_means.store->saveCampaigns(m_account.name, std::move(campaigns), this,
                                     [this](const Done& done) { saved(done, &AccountPull::lookUpAgents); });
    }
}

void AccountPull::lookUpAgents() {
    auto* lookup =
        new NameLookup(NameLookup::What::Agents, m_link, AccountLink::Tries::AsOftenAsSensible, m_means.workers, this);
    connect(lookup, &NameLookup::ended, this, [this, lookup] {
        lookup->deleteLater();
        if (!m_over) {
            haveAgents(*lookup);
        }
    });
    lookup->start();
}

void AccountPull::haveAgents(const NameLookup& lookup) {
    if (lookup.error() && concernsEveryRequest(lookup.error()->kind)) {
        finish(lookup.error());
        return;
    }
    noticeNames(lookup, NameLookup::What::Agents);
    std::vector<Agent> agents;
    agents.reserve(lookup.names().entries.size());
    for (const NamedEntry& one : lookup.names().entries) {
        agents.push_back({one.id, one.name, one.raw});
    }
    if (agents.empty() || lookup.error()) {
        loadCursors();
    } else {
        m_means.store->saveAgents(m_account.name, std::move(agents), this,
                                  [this](const Done& done) { saved(done, &AccountPull::loadCursors); });
    }
}

void AccountPull::noticeNames(const NameLookup& lookup, NameLookup::What what) {
    const bool campaigns = what == NameLookup::What::Campaigns;
    if (lookup.error()) {
        notice((campaigns ? tr("The names of the campaigns could not be read; those known here stay. %1")
                          : tr("The names of the agents could not be read; those known here stay. %1"))
                   .arg(errorText(*lookup.error())));
        return;
    }
    const NameList& names = lookup.names();
    if (names.rejectedRows > 0 && campaigns) {
        m_report.rejected += names.rejectedRows;
        notice((names.rejectedRows == 1
                    ? tr("One row of the list of campaigns names no campaign and was left out (%1).")
                    : tr("%n rows of the list of campaigns name no campaign and were left out (%1).", nullptr,
                         names.rejectedRows))
                   .arg(names.rejections.join(u", ")));
    }
}

void AccountPull::saved(const Done& done, void (AccountPull::*next)()) {
    if (m_over) {
        return;
    }
    if (done) {
        (this->*next)();
    } else {
        finish(done.error());
    }
}

void AccountPull::chooseWalks(const std::vector<NamedEntry>& campaigns) {
    const QString asked = askedText(m_account, m_link->dialect());
    // Times that were asked for once say nothing about where the account's own walk stands.
    const bool leavesCursor = !m_options.since && !m_options.until;
    for (CallList& list : lists(campaigns)) {
        m_tasks.push_back({std::move(list), asked, leavesCursor, m_began, std::nullopt});
    }
    m_progress.campaigns = int(m_tasks.size());
}

void AccountPull::loadCursors() {
    m_means.store->loadCursors(m_account.name, this,
                               [this](const Result<std::vector<PullCursor>>& cursors) { haveCursors(cursors); });
}

void AccountPull::haveCursors(const Result<std::vector<PullCursor>>& cursors) {
    if (m_over) {
        return;
    }
    if (!cursors) {
        finish(cursors.error());
        return;
    }
    if (m_tasks.empty() && !cursors->empty()) {
        notice((cursors->size() == 1
                    ? tr("%1 lists no campaigns now; the one known here is kept with its calls.")
                    : tr("%1 lists no campaigns now; the %n campaigns known here are kept with their calls.", nullptr,
                         int(cursors->size())))
                   .arg(provider()));
    }
    for (CampaignWalk::Task& task : m_tasks) {
        const auto known = std::find_if(cursors->begin(), cursors->end(),
                                        [&task](const PullCursor& one) { return one.campaignId == task.list.id; });
        if (known != cursors->end()) {
            task.cursor = *known;
            if (m_options.full) {
                task.cursor->nextPage = 1;
                task.cursor->complete = true;  // begins a new pass
            }
        }
    }
    Q_EMIT progressed();
    if (m_over) {
        return;
    }
    // A pull of named campaigns reads their calls with the pages.
    if (m_options.campaignIds.isEmpty()) {
        rereadChanging();
    } else {
        walkNext();
    }
}

// --- single calls

void AccountPull::rereadNamed() {
    std::vector<CallKey> keys;
    for (const QString& id : m_options.callIds) {
        keys.push_back({m_account.name, id});
    }
    reread(keys, Rereads::How::Whole, &AccountPull::namedDone);
}

void AccountPull::rereadChanging() {
    m_means.store->loadCallsToReread(
        m_account.name, m_account.provider, CallsToReread::All, this, [this](Result<std::vector<CallKey>> keys) {
            if (m_over) {
                return;
            }
            if (!keys) {
                finish(keys.error());
                return;
            }
            const size_t most = kMostRereads * size_t(std::max(m_link->dialect().mostIdsPerSearch(), 1));
            if (keys->size() > most) {
                std::shuffle(keys->begin(), keys->end(), std::minstd_rand(std::random_device{}()));
                keys->resize(most);
            }
            reread(*keys, Rereads::How::AsCheapAsPossible, &AccountPull::walkNext);
        });
}

void AccountPull::reread(const std::vector<CallKey>& keys, Rereads::How how, void (AccountPull::*next)()) {
    if (keys.empty()) {
        (this->*next)();
        return;
    }
    auto* rereads =
        new Rereads({m_link, m_means.workers, m_means.store}, how, AccountLink::Tries::AsOftenAsSensible, this);
    m_rereads = rereads;
    connect(rereads, &Rereads::found, this, [this](const Rereads::Found& found) {
        m_namedFound += found.calls;
        m_report.received += found.calls;
        m_report.added += found.added;
        m_report.changed += found.changed;
        Q_EMIT progressed();
    });
    connect(rereads, &Rereads::failed, this, &AccountPull::rereadFailed);
    connect(rereads, &Rereads::ended, this, [this, rereads, next] {
        rereads->deleteLater();
        if (!m_over) {
            (this->*next)();
        }
    });
    rereads->start(keys);
}

void AccountPull::rereadFailed(const CallKey& key, const Error& error) {
    if (m_over) {
        return;
    }
    if (stopsTheAccount(error.kind)) {
        finish(error);
        return;
    }
    if (error.kind == ErrorKind::NotFound && m_options.callIds.isEmpty()) {
        m_notFound.append(key.remoteId);
    } else if (error.kind == ErrorKind::NotFound) {
        notice(callNotFound(key.remoteId, m_account.provider));
    } else {
        notice(tr("Call %1 could not be read again: %2").arg(isolated(key.remoteId), errorText(error)));
        if (!m_options.callIds.isEmpty() && !m_report.error) {
            m_report.error = error;
        }
    }
    Q_EMIT progressed();
}

void AccountPull::namedDone() {
    if (m_namedFound == 0 && !m_report.error) {
        m_report.error = makeError(ErrorKind::NotFound, m_report.notices.value(0));
    }
    finish(m_report.error);
}

// --- pages

void AccountPull::walkNext() {
    while (!m_over && m_walks.size() < kWalksAtOnce && m_nextTask < m_tasks.size()) {
        const bool isOfACampaign = !m_tasks[m_nextTask].list.campaignId.isEmpty();
        auto* walk =
            new CampaignWalk(m_tasks[m_nextTask++], m_link, m_means.workers, m_means.store, m_means.clock, this);
        m_walks.push_back(walk);
        connect(walk, &CampaignWalk::pageTaken, this, [this, walk] {
            m_progress.campaign = walk->label();
            m_progress.total = walk->total();
            Q_EMIT progressed();
        });
        connect(walk, &CampaignWalk::listed, this, [this](const QStringList& ids) {
            m_notFound.removeIf([&ids](const QString& id) { return ids.contains(id); });
        });
        connect(walk, &CampaignWalk::noticed, this, &AccountPull::notice);
        connect(walk, &CampaignWalk::ended, this, [this, walk, isOfACampaign] { walkEnded(walk, isOfACampaign); });
        walk->start();
    }
    if (m_walks.empty() && !m_over) {
        m_options.details && m_link->dialect().detailsAreApart() ? readDetails() : allRead();
    }
}

void AccountPull::readDetails() {
    m_means.store->loadCallsWithoutDetail(m_account.name, m_options.since, kMostDetails, this,
                                          [this](const Result<std::vector<CallKey>>& keys) {
                                              if (m_over) {
                                                  return;
                                              }
                                              if (!keys) {
                                                  finish(keys.error());
                                                  return;
                                              }
                                              reread(*keys, Rereads::How::Whole, &AccountPull::allRead);
                                          });
}

void AccountPull::allRead() {
    if (!m_options.campaignIds.isEmpty() && m_within == 0 && !m_report.error && m_report.rejected == 0) {
        notice(noCallsFound(m_options.campaignIds, m_account.provider));
    }
    finish(m_report.error);
}

void AccountPull::walkEnded(CampaignWalk* walk, bool isOfACampaign) {
    if (m_over) {
        return;
    }
    const std::optional<Error> error = walk->error();
    if (error && stopsTheAccount(error->kind)) {
        finish(error);  // counts the walk too: it is still in the list
        return;
    }
    std::erase(m_walks, walk);
    add(walk->counts());
    walk->deleteLater();
    ++m_progress.campaignsDone;
    if (error && isOfACampaign) {
        noticeCampaignError(*walk, *error);
    } else if (error && !m_report.error) {
        m_report.error = error;  // the account's one list: there are no others that could go on
    }
    Q_EMIT progressed();
    walkNext();
}

void AccountPull::add(const CampaignWalk::Counts& counts) {
    addTo(m_report, counts);
    m_within += counts.within;
}

void AccountPull::noticeCampaignError(const CampaignWalk& walk, const Error& error) {
    if (error.kind == ErrorKind::NotFound) {
        notice(campaignNotFound(walk.label(), m_account.provider, m_tasks.size() > 1));
        if (!m_options.campaignIds.isEmpty() && !m_report.error) {
            m_report.error = error;  // it was asked for by name, so its absence is the answer
        }
        return;
    }
    notice(campaignUnfinished(walk.label(), error, m_tasks.size() > 1));
    if (!m_report.error) {
        m_report.error = error;
        if (!error.message.isEmpty()) {
            m_report.error->message = tr("Campaign %1: %2").arg(walk.label(), error.message);
        }
    }
}

}  // namespace earmark
