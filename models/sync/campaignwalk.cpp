#include "models/sync/campaignwalk.h"

#include <QPointer>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/sync/scopecut.h"

namespace earmark {

namespace {

/// The walk before asked for the same rows: where it stood and how many it was told of mean something for this one.
bool asksTheSame(const CampaignWalk::Task& task) {
    return task.leavesCursor && task.cursor && task.cursor->asked == task.asked;
}

/// Where an interrupted walk goes on: with the last page that it stored.
int firstPage(const CampaignWalk::Task& task) {
    const bool resumes = asksTheSame(task) && !task.cursor->complete;
    return resumes ? std::max(task.cursor->nextPage - 1, 1) : 1;
}

WalkStart startOf(const CampaignWalk::Task& task, const AccountLink& link) {
    WalkStart start;
    start.askedPageSize = pageSizeFor(link.account(), link.dialect());
    start.firstPage = firstPage(task);
    start.knownTotal = asksTheSame(task) ? task.cursor->lastTotal : std::nullopt;
    start.rowsMoveByThemselves = link.dialect().rowsMoveByThemselves();
    return start;
}

PageFacts factsOf(const CallPage& read, int page) {
    PageFacts facts;
    facts.page = page;
    facts.rows = int(read.calls.size()) + read.rejectedRows;
    facts.total = read.total;
    facts.pageSize = read.pageSize;
    facts.hasMore = read.hasMore;
    facts.ids.reserve(qsizetype(read.calls.size()));
    for (const Call& call : read.calls) {
        facts.ids.append(call.key.remoteId);
    }
    return facts;
}

}  // namespace

CampaignWalk::CampaignWalk(Task task, AccountLink* link, Workers* workers, Store* store,
                           std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent),
      m_task(std::move(task)),
      m_link(link),
      m_workers(workers),
      m_store(store),
      m_clock(std::move(clock)),
      m_plan(startOf(m_task, *link)) {}

CampaignWalk::~CampaignWalk() = default;

void CampaignWalk::start() {
    m_began = m_clock->now();
    askAhead();
}

void CampaignWalk::stop() {
    m_over = true;
    m_arrived.clear();
}

QString CampaignWalk::label() const {
    return m_task.list.label.isEmpty() ? m_task.list.id : m_task.list.label;
}

QString CampaignWalk::provider() const {
    return providerName(m_link->account().provider);
}

void CampaignWalk::askAhead() {
    for (const int page : m_plan.pagesToAsk()) {
        askPage(page);
    }
}

void CampaignWalk::askPage(int page) {
    const QUrl url = m_link->dialect().callsPageUrl(m_link->account(), m_task.list, page);
    m_link->get(
        url, AccountLink::Tries::AsOftenAsSensible,
        [this, page, pass = m_plan.pass(), guard = QPointer<CampaignWalk>(this)](const Result<HttpAnswer>& answer) {
            if (!guard || m_over) {
                return;
            }
            if (answer) {
                parse(page, pass, answer->body);
            } else {
                parsed(page, pass, failure(answer.error()));
            }
        });
}

void CampaignWalk::parse(int page, int pass, const QByteArray& body) {
    const auto work = [dialect = m_link->sharedDialect(), account = m_link->account(), list = m_task.list, page,
                       body]() -> Result<Parsed> {
        auto read = dialect->parsePage(account, body);
        if (!read) {
            return failure(read.error());
        }
        Parsed out{{}, factsOf(*read, page), read->rejectedRows, std::move(read->rejections)};
        if (isCut(list)) {
            std::erase_if(read->calls, [&list](const Call& call) { return !isWithin(list, call); });
        }
        out.toStore.account = account.name;
        out.toStore.calls = std::move(read->calls);
        out.toStore.isOfAList = true;
        prepare(out.toStore);
        return out;
    };
    m_workers->run<Result<Parsed>>(
        work, this, [this, page, pass](Result<Parsed> result) { parsed(page, pass, std::move(result)); });
}

void CampaignWalk::parsed(int page, int pass, Result<Parsed> result) {
    if (m_over || !m_plan.awaits(page, pass)) {
        return;
    }
    if (!result) {
        const ErrorKind kind = result.error().kind;
        if (asksAgain(page, result.error())) {
            return;
        }
        if (kind == ErrorKind::Unauthorized || kind == ErrorKind::Forbidden) {
            fail(result.error());  // at once, though other pages may come first: the key must not be used again
            return;
        }
    }
    if (result) {
        m_plan.arrived(result->facts);
    }
    m_arrived.insert_or_assign(page, std::move(result));
    takeNext();
}

/// A connection-delimited body that was cut looks whole on the wire: the parser is the first to see it.
bool CampaignWalk::asksAgain(int page, const Error& error) {
    const bool maybeCut = error.kind == ErrorKind::BadAnswer && !error.code.startsWith(u"net_");
    if (!maybeCut || ++m_badAnswers[page] >= attemptsFor(error.kind)) {
        return false;
    }
    askPage(page);
    return true;
}

void CampaignWalk::takeNext() {
    if (m_over || m_storing) {
        return;
    }
    const int page = m_plan.nextPage();
    const auto found = m_arrived.find(page);
    if (found == m_arrived.end()) {
        askAhead();
        return;
    }
    Result<Parsed> result = std::move(found->second);
    m_arrived.erase(found);
    if (result) {
        take(page, std::move(*result));
    } else {
        takeFailed(result.error());
    }
}

void CampaignWalk::takeFailed(const Error& error) {
    const int page = m_plan.nextPage();
    const bool isRefused = error.kind == ErrorKind::Refused || error.kind == ErrorKind::Conflict;
    const bool mayBeNone = error.kind == ErrorKind::NotFound || (isRefused && m_plan.mayLieBeyondTheEnd());
    if (!mayBeNone || page == 1) {
        fail(error);
        return;
    }
    Parsed beyondTheEnd;
    beyondTheEnd.toStore.account = m_link->account().name;
    beyondTheEnd.toStore.isOfAList = true;
    beyondTheEnd.facts.page = page;
    beyondTheEnd.facts.total = m_plan.rules().total();
    m_plan.arrived(beyondTheEnd.facts);
    take(page, std::move(beyondTheEnd));
}

void CampaignWalk::take(int page, Parsed parsed) {
    const WalkRules::Verdict verdict = m_plan.take(parsed.facts);
    Q_EMIT listed(parsed.facts.ids);
    if (m_over) {
        return;
    }
    ++m_counts.pages;
    m_counts.received += parsed.facts.rows;
    m_counts.rejected += parsed.rejectedRows;
    noticeRejected(parsed, page);
    if (m_over) {
        return;
    }
    m_counts.within += qint64(parsed.toStore.calls.size());
    storePage(std::move(parsed.toStore), verdict);
    if (verdict == WalkRules::Verdict::GoOn) {
        askAhead();  // the next pages travel while this one is stored
    } else {
        m_arrived.clear();
    }
}

PullCursor CampaignWalk::cursorAfter(WalkRules::Verdict verdict) const {
    PullCursor cursor;
    cursor.account = m_link->account().name;
    cursor.campaignId = m_task.list.id;
    const WalkPlan::Place place = m_plan.placeAfter(verdict);
    cursor.nextPage = place.nextPage;
    cursor.complete = place.complete;
    cursor.lastTotal = m_plan.rules().total();
    cursor.asked = m_task.asked;
    cursor.completedAt = m_task.cursor ? m_task.cursor->completedAt : std::nullopt;
    if (place.complete) {
        cursor.completedAt = m_clock->now();
    }
    return cursor;
}

void CampaignWalk::storePage(PageToStore toStore, WalkRules::Verdict verdict) {
    m_storing = true;
    toStore.pullBegan = m_task.pullBegan;
    if (m_task.leavesCursor) {
        toStore.cursor = cursorAfter(verdict);
    }
    m_store->storePage(std::move(toStore), this,
                       [this, verdict](const Result<PageOutcome>& outcome) { stored(outcome, verdict); });
}

void CampaignWalk::stored(const Result<PageOutcome>& outcome, WalkRules::Verdict verdict) {
    m_storing = false;
    if (m_over) {
        return;
    }
    if (!outcome) {
        finish(outcome.error());
        return;
    }
    m_counts.added += outcome->added;
    m_counts.changed += outcome->changed;
    const int placeStored = m_plan.placeAfter(verdict).nextPage;
    const bool beginsAnew = m_plan.beginsAnewAfter(outcome->added);
    if (m_plan.placeAfter(verdict).nextPage != placeStored) {
        m_store->saveCursor(cursorAfter(verdict), this, [](const Done&) {});  // the list stands as it stood
    }
    Q_EMIT pageTaken();
    if (m_over) {
        return;
    }
    if (verdict == WalkRules::Verdict::AtEnd) {
        atEnd();
    } else if (m_failure) {
        fail(*m_failure);
    } else if (beginsAnew) {
        beginPass();
    } else {
        takeNext();
    }
}

void CampaignWalk::atEnd() {
    const WalkPlan::AfterPass after = m_plan.afterPass();
    if (after == WalkPlan::AfterPass::AnotherPass) {
        beginPass();
        return;
    }
    if (after == WalkPlan::AfterPass::Finished || !mayUnlist()) {
        unlist(0);
        return;
    }
    m_store->countUnlisted(coverage(), m_began, this,
                           [this](const Result<qint64>& unseen) { unlist(unseen.value_or(0)); });
}

void CampaignWalk::beginPass() {
    m_arrived.clear();
    m_badAnswers.clear();
    askAhead();
}

/// Only a list that is whole by what it was asked for can say that a row is gone.
bool CampaignWalk::mayUnlist() const {
    const CallList& list = m_task.list;
    const bool isFiltered = !list.campaigns.isEmpty() || !list.agents.isEmpty() || !list.sources.isEmpty();
    return m_task.leavesCursor && !isFiltered;
}

ListCoverage CampaignWalk::coverage() const {
    const CallList& list = m_task.list;
    ListCoverage coverage{m_link->account().name, std::nullopt, list.since, list.until};
    if (!list.campaignId.isEmpty()) {
        coverage.campaignId = list.campaignId;
    }
    return coverage;
}

void CampaignWalk::unlist(qint64 unseen) {
    if (m_over) {
        return;
    }
    const WalkPlan::Unlisting unlisting = m_plan.toUnlist(unseen);
    if (unlisting == WalkPlan::Unlisting::AnotherPass) {
        beginPass();
        return;
    }
    noticeTotals();
    if (m_over) {
        return;
    }
    if (unlisting == WalkPlan::Unlisting::Nothing) {
        finish(std::nullopt);
        return;
    }
    m_store->markUnlisted(coverage(), m_began, this, [this](const Result<qint64>& marked) {
        m_counts.unlisted = marked.value_or(0);
        finish(std::nullopt);
    });
}

void CampaignWalk::noticeRejected(const Parsed& page, int number) {
    if (page.rejectedRows > 0) {
        Q_EMIT noticed((page.rejectedRows == 1 ? tr("One row on page %1 of %2 was no call and was left out (%3).")
                                               : tr("%n rows on page %1 of %2 were no calls and were left out (%3).",
                                                    nullptr, page.rejectedRows))
                           .arg(QString::number(number), listName(), page.rejections.join(u", ")));
    }
}

QString CampaignWalk::listName() const {
    return label().isEmpty() ? tr("the list of calls") : tr("campaign %1").arg(isolated(label()));
}

/// The list was not read to a proved end: says so.
bool CampaignWalk::noticeUnfinished() {
    if (m_plan.rules().neverEnded()) {
        Q_EMIT noticed(tr("%1 gave more and more pages of %2; the reading was ended, and what came is kept.")
                           .arg(provider(), listName()));
        return true;
    }
    if (m_plan.rules().stillMoving()) {
        Q_EMIT noticed(
            tr("At %1, %2 did not keep still while it was read; what may be missing comes with the next pull.")
                .arg(provider(), listName()));
        return true;
    }
    return false;
}

void CampaignWalk::noticeTotals() {
    if (noticeUnfinished()) {
        return;
    }
    const qint64 listed = m_plan.rules().distinctSeen();
    const qint64 before = asksTheSame(m_task) ? m_task.cursor->lastTotal.value_or(0) : 0;
    const qint64 now = m_plan.rules().total().value_or(listed);
    if (listed == 0 && m_counts.rejected == 0 && (now > 0 || before > 0)) {
        Q_EMIT noticed(tr("%1 lists no calls in %2 now, although it says or said that there are %3; all that are known "
                          "here are kept, and none is marked as no longer listed.")
                           .arg(provider(), listName(), QString::number(std::max(now, before))));
    } else if (now < before && listed <= now) {
        Q_EMIT noticed(tr("%1 lists %2 calls now in %3, %4 before; all of them are kept here.")
                           .arg(provider(), QString::number(now), listName(), QString::number(before)));
    } else if (now > listed && m_counts.rejected == 0 && firstPage(m_task) == 1) {
        Q_EMIT noticed(tr("%1 says that there are %2 calls in %3, but lists %4; nothing was removed here.")
                           .arg(provider(), QString::number(now), listName(), QString::number(listed)));
    }
}

void CampaignWalk::fail(const Error& error) {
    if (m_storing) {
        m_failure = error;  // the cursor must not be written past a page that may yet fail to be stored
        return;
    }
    if (!m_task.leavesCursor) {
        finish(error);
        return;
    }
    // Only for doctor and the next look at the account: where the walk stands is told by the pages themselves.
    PullCursor cursor = m_task.cursor.value_or(PullCursor{});
    cursor.account = m_link->account().name;
    cursor.campaignId = m_task.list.id;
    cursor.asked = m_task.asked;
    if (m_counts.pages > 0 || !m_task.cursor) {
        cursor.nextPage = m_plan.nextPage();
        cursor.complete = false;
        cursor.lastTotal = m_counts.pages > 0 ? m_plan.rules().total() : cursor.lastTotal;
    }
    cursor.problem = errorKindWord(error.kind);
    m_store->saveCursor(cursor, this, [](const Done&) {});
    finish(error);
}

void CampaignWalk::finish(const std::optional<Error>& error) {
    if (m_over) {
        return;
    }
    m_over = true;
    m_error = error;
    m_arrived.clear();
    Q_EMIT ended();
}

}  // namespace earmark
