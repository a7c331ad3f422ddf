#include "models/sync/campaignwalk.h"

#include <QPointer>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/sync/scopecut.h"

namespace earmark {

namespace {

constexpr int kPagesAhead = 2;

std::optional<qint64> resumedTotal(const std::optional<PullCursor>& cursor) {
    return cursor ? cursor->lastTotal : std::nullopt;
}

int firstPage(const CampaignWalk::Task& task) {
    const bool resumes = task.leavesCursor && task.cursor && !task.cursor->complete && task.cursor->asked == task.asked;
    return resumes ? std::max(task.cursor->nextPage, 1) : 1;
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
      m_rules(pageSizeFor(link->account(), link->dialect()), firstPage(m_task), resumedTotal(m_task.cursor)),
      m_next(firstPage(m_task)) {}

CampaignWalk::~CampaignWalk() = default;

void CampaignWalk::start() {
    m_began = m_clock->now();
    askPage(m_next);
}

void CampaignWalk::stop() {
    m_over = true;
    m_pages.clear();
}

QString CampaignWalk::label() const {
    return m_task.list.label.isEmpty() ? m_task.list.id : m_task.list.label;
}

QString CampaignWalk::provider() const {
    return providerName(m_link->account().provider);
}

void CampaignWalk::askAhead() {
    const int last = std::min(m_next + kPagesAhead, m_rules.surePages());
    for (int page = m_next; page <= std::max(last, m_next); ++page) {
        if (!m_pages.contains(page)) {
            askPage(page);
        }
    }
}

void CampaignWalk::askPage(int page) {
    m_pages.emplace(page, std::nullopt);
    const QUrl url = m_link->dialect().callsPageUrl(m_link->account(), m_task.list, page);
    m_link->get(url, AccountLink::Tries::AsOftenAsSensible,
                [this, page, pass = m_pass, guard = QPointer<CampaignWalk>(this)](const Result<HttpAnswer>& answer) {
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
    const auto work = [dialect = m_link->sharedDialect(), account = m_link->account(), page, body]() -> Result<Parsed> {
        auto read = dialect->parsePage(account, body);
        if (!read) {
            return failure(read.error());
        }
        Parsed out{std::move(*read), {}};
        out.facts.page = page;
        out.facts.rows = int(out.page.calls.size()) + out.page.rejectedRows;
        out.facts.total = out.page.total;
        out.facts.pageSize = out.page.pageSize;
        out.facts.ids.reserve(qsizetype(out.page.calls.size()));
        for (const Call& call : out.page.calls) {
            out.facts.ids.append(call.key.remoteId);
        }
        return out;
    };
    m_workers->run<Result<Parsed>>(
        work, this, [this, page, pass](Result<Parsed> result) { parsed(page, pass, std::move(result)); });
}

void CampaignWalk::parsed(int page, int pass, Result<Parsed> result) {
    if (m_over || pass != m_pass || !m_pages.contains(page)) {
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
    m_pages[page] = std::move(result);
    takeNext();
}

/// A connection-delimited body that was cut looks whole on the wire: the parser is the first to see it.
bool CampaignWalk::asksAgain(int page, const Error& error) {
    const bool maybeCut = error.kind == ErrorKind::BadAnswer && !error.code.startsWith(u"net_");
    if (!maybeCut || ++m_badAnswers[page] >= attemptsFor(error.kind)) {
        return false;
    }
    m_pages.erase(page);
    askPage(page);
    return true;
}

void CampaignWalk::takeNext() {
    const auto found = m_pages.find(m_next);
    if (m_over || m_storing) {
        return;
    }
    if (found == m_pages.end()) {
        askAhead();
        return;
    }
    if (!found->second) {
        return;
    }
    Result<Parsed> result = std::move(*found->second);
    m_pages.erase(found);
    if (result) {
        take(m_next, std::move(*result));
    } else {
        takeFailed(result.error());
    }
}

void CampaignWalk::takeFailed(const Error& error) {
    if (error.kind != ErrorKind::NotFound || m_next == 1) {
        fail(error);
        return;
    }
    Parsed beyondTheEnd;
    beyondTheEnd.facts.page = m_next;
    beyondTheEnd.facts.total = m_rules.total();
    take(m_next, std::move(beyondTheEnd));
}

bool CampaignWalk::isWanted(const Call& call) const {
    return isWithin(m_task.list, call);
}

void CampaignWalk::take(int page, Parsed parsed) {
    const WalkRules::Verdict verdict = m_rules.take(parsed.facts);
    ++m_counts.pages;
    m_counts.received += parsed.facts.rows;
    m_counts.rejected += parsed.page.rejectedRows;
    noticeRejected(parsed.page, page);
    if (m_over) {
        return;
    }
    if (isRanged()) {
        std::erase_if(parsed.page.calls, [this](const Call& call) { return !isWanted(call); });
    }
    ++m_next;
    storePage(page, std::move(parsed.page.calls), verdict);
    if (verdict == WalkRules::Verdict::GoOn) {
        askAhead();  // the next pages travel while this one is stored
    } else {
        m_pages.clear();
    }
}

PullCursor CampaignWalk::cursorAfter(int page, WalkRules::Verdict verdict) const {
    PullCursor cursor;
    cursor.account = m_link->account().name;
    cursor.campaignId = m_task.list.id;
    cursor.nextPage = page + 1;
    cursor.lastTotal = m_rules.total();
    cursor.asked = m_task.asked;
    cursor.completedAt = m_task.cursor ? m_task.cursor->completedAt : std::nullopt;
    if (verdict == WalkRules::Verdict::AtEnd && !m_rules.needsAnotherPass()) {
        cursor.nextPage = 1;
        cursor.complete = true;
        cursor.completedAt = m_clock->now();
    } else if (verdict == WalkRules::Verdict::AtEnd) {
        cursor.nextPage = 1;  // a kill now makes the next walk begin with the pass that is due
    }
    return cursor;
}

void CampaignWalk::storePage(int page, std::vector<Call> calls, WalkRules::Verdict verdict) {
    m_storing = true;
    PageToStore toStore;
    toStore.account = m_link->account().name;
    toStore.calls = std::move(calls);
    toStore.isOfAList = true;
    if (m_task.leavesCursor) {
        toStore.cursor = cursorAfter(page, verdict);
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
    Q_EMIT pageTaken();
    if (m_over) {
        return;
    }
    if (verdict == WalkRules::Verdict::AtEnd) {
        atEnd();
    } else if (m_failure) {
        fail(*m_failure);
    } else {
        takeNext();
    }
}

void CampaignWalk::atEnd() {
    if (m_rules.needsAnotherPass()) {
        m_rules.beginAnotherPass();
        m_next = 1;
        ++m_pass;
        askPage(m_next);
        return;
    }
    noticeTotals();
    if (m_over) {
        return;
    }
    const CallList& list = m_task.list;
    const bool isCut = !list.campaigns.isEmpty() || !list.agents.isEmpty() || !list.sources.isEmpty();
    if (isCut || !m_task.leavesCursor || !m_rules.sawEverything()) {
        finish(std::nullopt);
        return;
    }
    ListCoverage coverage{m_link->account().name, std::nullopt, list.since, list.until};
    if (!list.campaignId.isEmpty()) {
        coverage.campaignId = list.campaignId;
    }
    m_store->markUnlisted(coverage, m_began, this, [this](const Result<qint64>& marked) {
        m_counts.unlisted = marked.value_or(0);
        finish(std::nullopt);
    });
}

void CampaignWalk::noticeRejected(const CallPage& page, int number) {
    if (page.rejectedRows > 0) {
        Q_EMIT noticed((page.rejectedRows == 1
                            ? tr("One row on page %1 of campaign %2 was no call and was left out (%3).")
                            : tr("%n rows on page %1 of campaign %2 were no calls and were left out (%3).", nullptr,
                                 page.rejectedRows))
                           .arg(QString::number(number), isolated(label()), page.rejections.join(u", ")));
    }
}

void CampaignWalk::noticeTotals() {
    if (m_rules.neverEnded()) {
        Q_EMIT noticed(tr("%1 gave more pages of campaign %2 than it said it has; the reading was ended there.")
                           .arg(provider(), isolated(label())));
        return;
    }
    const qint64 listed = m_rules.distinctSeen();
    const qint64 before = m_task.cursor ? m_task.cursor->lastTotal.value_or(0) : 0;
    const qint64 now = m_rules.total().value_or(listed);
    if (now < before && listed <= now) {
        Q_EMIT noticed(tr("%1 lists %2 calls now in campaign %3, %4 before; all of them are kept here.")
                           .arg(provider(), QString::number(now), isolated(label()), QString::number(before)));
    } else if (now > listed && m_counts.rejected == 0 && firstPage(m_task) == 1) {
        Q_EMIT noticed(tr("%1 says that campaign %2 has %3 calls, but lists %4; nothing was removed here.")
                           .arg(provider(), isolated(label()), QString::number(now), QString::number(listed)));
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
        cursor.nextPage = m_next;
        cursor.complete = false;
        cursor.lastTotal = m_counts.pages > 0 ? m_rules.total() : cursor.lastTotal;
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
    m_pages.clear();
    Q_EMIT ended();
}

}  // namespace earmark
