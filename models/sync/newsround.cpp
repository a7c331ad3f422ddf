#include "models/sync/newsround.h"

#include <algorithm>

#include "models/sync/accountpaces.h"
#include "models/sync/pullreport.h"
#include "models/sync/scopecut.h"

namespace earmark {

using namespace std::chrono_literals;

namespace {

constexpr int kQuietPages = 2;
/// What fails is tried by the next look, when the server may be asked again.
constexpr auto kTries = AccountLink::Tries::OnceInTurn;
constexpr auto kNamesEvery = 30min;

/// The lists from `next` on, then those before it.
template <typename T>
void rotate(std::vector<T>& lists, size_t next) {
    if (!lists.empty()) {
        std::rotate(lists.begin(), lists.begin() + qsizetype(next % lists.size()), lists.end());
    }
}

}  // namespace

NewsRound::NewsRound(const Account& account, NewsMemory* memory, Means means, QObject* parent)
    : QObject(parent), m_account(account), m_memory(memory), m_means(std::move(means)) {}

NewsRound::~NewsRound() = default;

void NewsRound::start() {
    m_means.keys->key(m_account.name, this, [this](const Result<QByteArray>& key) { haveKey(key); });
}

void NewsRound::stop() {
    m_over = true;
    if (m_link != nullptr) {
        m_link->stop();
    }
    if (m_rereads) {
        m_rereads->stop();
    }
}

void NewsRound::finish(const std::optional<Error>& error) {
    if (m_over) {
        return;
    }
    if (error) {
        rememberBrokenOff();
    }
    m_error = error;
    stop();
    Q_EMIT ended();
}

/// What is stored by then is no news to the next look, which must not take that for quiet.
void NewsRound::rememberBrokenOff() {
    if (m_at < m_lists.size() && m_lists[m_at].found > 0 && !m_lists[m_at].backwards) {
        const List& broken = m_lists[m_at];
        int& page = m_memory->unfinished[broken.list.id];
        page = std::max(page, broken.page + kQuietPages);
    }
}

void NewsRound::haveKey(const Result<QByteArray>& key) {
    if (m_over) {
        return;
    }
    if (!key) {
        finish(key.error());
        return;
    }
    m_link = new AccountLink(m_account, *key, readDialectFor(m_account.provider), m_means.http, m_means.clock,
                             paceOf(m_account, m_means.http, m_means.store), AccountLink::AskedBy::Program,
                             m_means.patience, this);
    rereadChanging();
}

// --- open and late calls

void NewsRound::rereadChanging() {
    m_began = m_means.clock->now();
    m_means.store->loadCallsToReread(
        m_account.name, m_account.provider, CallsToReread::ByAge, this,
        [this](const Result<std::vector<CallKey>>& keys) {
            if (m_over) {
                return;
            }
            if (!keys) {
                finish(keys.error());
                return;
            }
            if (keys->empty()) {
                lookUpCampaigns();
                return;
            }
            m_rereads =
                new Rereads({m_link, m_means.workers, m_means.store}, Rereads::How::AsCheapAsPossible, kTries, this);
            m_rereads->setMostRequests(kMostRereads);
            connect(m_rereads, &Rereads::found, this,
                    [this](const Rereads::Found& found) { m_changed += found.changed; });
            connect(m_rereads, &Rereads::failed, this, [this](const CallKey&, const Error& error) {
                if (!m_over && stopsTheAccount(error.kind)) {
                    finish(error);
                }
            });
            connect(m_rereads, &Rereads::ended, this, [this] {
                if (!m_over) {
                    lookUpCampaigns();
                }
            });
            m_rereads->start(*keys);
        });
}

// --- which lists

/// Where there is a list per campaign, campaigns are asked for in each round: that is how new ones are found, and
/// which of them run. Elsewhere they are only names, and asked for now and then.
void NewsRound::lookUpCampaigns() {
    const Moment now = m_means.clock->now();
    const bool needed = m_link->dialect().lists(m_account, m_account.scope, {}, now).empty();
    const bool namesAreOld = !m_memory->namesReadAt || now - *m_memory->namesReadAt >= kNamesEvery;
    if (!needed && !namesAreOld) {
        haveCampaigns({});
        return;
    }
    m_memory->namesReadAt = now;
    auto* lookup = new NameLookup(NameLookup::What::Campaigns, m_link, kTries, m_means.workers, this);
    connect(lookup, &NameLookup::ended, this, [this, lookup, needed] {
        if (m_over) {
            return;
        }
        if (lookup->error() && needed) {
            finish(lookup->error());
            return;
        }
        const std::vector<NamedEntry>& entries = lookup->names().entries;
        if (!entries.empty() && !lookup->error()) {
            std::vector<Campaign> campaigns;
            for (const NamedEntry& one : entries) {
                campaigns.push_back({m_account.name, one.id, one.name, one.status, one.raw});
            }
            m_means.store->saveCampaigns(m_account.name, std::move(campaigns), this, [](const Done&) {});
        }
        lookUpAgents(entries);
    });
    lookup->start();
}

void NewsRound::lookUpAgents(const std::vector<NamedEntry>& campaigns) {
    auto* lookup = new NameLookup(NameLookup::What::Agents, m_link, kTries, m_means.workers, this);
    connect(lookup, &NameLookup::ended, this, [this, lookup, campaigns] {
        if (m_over) {
            return;
        }
        const std::vector<NamedEntry>& entries = lookup->names().entries;
        if (!entries.empty() && !lookup->error()) {
            std::vector<Agent> agents;
            for (const NamedEntry& one : entries) {
                agents.push_back({one.id, one.name, one.raw});
            }
            m_means.store->saveAgents(m_account.name, std::move(agents), this, [](const Done&) {});
        }
        haveCampaigns(campaigns);
    });
    lookup->start();
}

void NewsRound::haveCampaigns(const std::vector<NamedEntry>& campaigns) {
    std::vector<List> running;
    std::vector<List> others;
    for (CallList& list : m_link->dialect().lists(m_account, m_account.scope, campaigns, m_means.clock->now())) {
        const auto of = std::find_if(campaigns.begin(), campaigns.end(),
                                     [&list](const NamedEntry& one) { return one.id == list.campaignId; });
        List one;
        one.list = std::move(list);
        one.running = of != campaigns.end() && of->status == u"running";
        (one.running ? running : others).push_back(std::move(one));
    }
    rotate(running, m_memory->nextRunning);
    rotate(others, m_memory->nextOther);
    // Running ones first, but never so many that the others have no turn.
    const size_t most = others.empty() ? running.size() : std::min(running.size(), size_t(kMostListPages) * 3 / 8);
    std::move(running.begin(), running.begin() + qsizetype(most), std::back_inserter(m_lists));
    std::move(others.begin(), others.end(), std::back_inserter(m_lists));
    nextList();
}

// --- pages

void NewsRound::nextList() {
    if (m_at >= m_lists.size() || m_listPages >= kMostListPages) {
        finish(m_error);
        return;
    }
    ++(m_lists[m_at].running ? m_memory->nextRunning : m_memory->nextOther);
    askPage();
}

void NewsRound::askPage() {
    const List& list = m_lists[m_at];
    ++m_listPages;
    m_link->get(m_link->dialect().callsPageUrl(m_account, list.list, list.page), kTries,
                [this, guard = QPointer<NewsRound>(this)](const Result<HttpAnswer>& answer) {
                    if (!guard || m_over) {
                        return;
                    }
                    if (!answer) {
                        havePage(failure(answer.error()));
                        return;
                    }
                    const auto parse = [dialect = m_link->sharedDialect(), account = m_account, body = answer->body,
                                        cut = m_lists[m_at].list]() -> Result<ParsedPage> {
                        auto page = dialect->parsePage(account, body);
                        if (!page) {
                            return failure(page.error());
                        }
                        ParsedPage parsed{std::move(*page), 0};
                        parsed.rows = int(parsed.page.calls.size()) + parsed.page.rejectedRows;
                        std::erase_if(parsed.page.calls, [&cut](const Call& call) { return !isWithin(cut, call); });
                        return parsed;
                    };
                    m_means.workers->run<Result<ParsedPage>>(
                        parse, this, [this](Result<ParsedPage> page) { havePage(std::move(page)); });
                });
}

void NewsRound::havePage(Result<ParsedPage> page) {
    if (m_over) {
        return;
    }
    if (!page) {
        if (stopsTheAccount(page.error().kind)) {
            finish(page.error());
        } else {
            if (page.error().kind != ErrorKind::NotFound) {
                m_error = page.error();  // told with the round; the other lists go on
            }
            rememberBrokenOff();
            ++m_at;
            nextList();
        }
        return;
    }
    PageToStore toStore;
    toStore.pullBegan = m_began;
    toStore.account = m_account.name;
    toStore.calls = std::move(page->page.calls);
    toStore.isOfAList = true;
    page->page.calls.clear();
    m_means.store->storePage(
        std::move(toStore), this,
        [this, kept = std::move(*page)](const Result<PageOutcome>& outcome) { stored(outcome, kept); });
}

void NewsRound::stored(const Result<PageOutcome>& outcome, const ParsedPage& page) {
    if (m_over) {
        return;
    }
    if (!outcome) {
        finish(outcome.error());
        return;
    }
    List& list = m_lists[m_at];
    for (const QString& id : outcome->addedIds) {
        m_new.push_back({m_account.name, id});
    }
    m_changed += outcome->changed;
    list.found += outcome->added;
    list.total = page.page.total;
    list.rowsPerPage = std::max(list.rowsPerPage, page.rows);
    ++list.pagesRead;
    list.quietPages = outcome->added + outcome->changed == 0 ? list.quietPages + 1 : 0;
    if (list.pagesRead >= kMostPagesOfAList) {
        m_moreThanALook = true;
        listDone();
    } else if ((list.quietPages >= kQuietPages && list.page >= m_memory->unfinished.value(list.list.id)) ||
               isAtEnd(page)) {
        turnsBack() ? askPage() : listDone();
    } else {
        list.page += list.backwards ? -1 : 1;
        askPage();
    }
}

bool NewsRound::isAtEnd(const ParsedPage& page) const {
    const List& list = m_lists[m_at];
    if (list.backwards) {
        return list.page <= 1;
    }
    if (page.rows == 0) {
        return true;
    }
    if (page.page.hasMore) {
        return !*page.page.hasMore;
    }
    if (list.total) {
        return qint64(list.page) * list.rowsPerPage >= *list.total;
    }
    return page.rows < page.page.pageSize.value_or(pageSizeFor(m_account, m_link->dialect()));
}

/// No provider promises in which order its list stands. Where the total has grown by more than the first pages brought,
/// the new ones stand at the end, which is read backwards.
bool NewsRound::turnsBack() {
    List& list = m_lists[m_at];
    const auto before = m_memory->totals.constFind(list.list.id);
    if (list.backwards || before == m_memory->totals.cend() || !list.total || list.rowsPerPage == 0 ||
        *list.total - *before <= list.found) {
        return false;
    }
    const auto last = int((*list.total + list.rowsPerPage - 1) / list.rowsPerPage);
    if (last <= list.page) {
        return false;  // read already
    }
    list.backwards = true;
    list.quietPages = 0;
    list.page = last;
    return true;
}

void NewsRound::listDone() {
    const List& list = m_lists[m_at];
    if (list.total) {
        m_memory->totals.insert(list.list.id, *list.total);
    }
    m_memory->unfinished.remove(list.list.id);
    ++m_at;
    nextList();
}

}  // namespace earmark
