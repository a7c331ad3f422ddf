#include "models/sync/namelookup.h"

#include <QPointer>

namespace earmark {

namespace {
constexpr int kMostPages = 200;
constexpr qsizetype kMostRejections = 20;
}  // namespace

NameLookup::NameLookup(What what, AccountLink* link, AccountLink::Tries tries, Workers* workers, QObject* parent)
    : QObject(parent), m_what(what), m_link(link), m_tries(tries), m_workers(workers) {}

bool NameLookup::isOffered(What what, const AccountLink& link) {
    const ReadDialect& dialect = link.dialect();
    return !(what == What::Campaigns ? dialect.campaignsUrl(link.account(), 1) : dialect.agentsUrl(link.account(), 1))
                .isEmpty();
}

QUrl NameLookup::url(int page) const {
    const ReadDialect& dialect = m_link->dialect();
    return m_what == What::Campaigns ? dialect.campaignsUrl(m_link->account(), page)
                                     : dialect.agentsUrl(m_link->account(), page);
}

void NameLookup::start() {
    if (isOffered(m_what, *m_link)) {
        ask();
    } else {
        QMetaObject::invokeMethod(
            this, [this] { finish(std::nullopt); }, Qt::QueuedConnection);
    }
}

void NameLookup::ask() {
    m_link->get(url(m_page), m_tries, [this, guard = QPointer<NameLookup>(this)](const Result<HttpAnswer>& answer) {
        if (!guard || m_over) {
            return;
        }
        if (!answer) {
            have(failure(answer.error()));
            return;
        }
        m_workers->run<Result<NameList>>(
            [dialect = m_link->sharedDialect(), account = m_link->account(), what = m_what, body = answer->body] {
                return what == What::Campaigns ? dialect->parseCampaigns(account, body)
                                               : dialect->parseAgents(account, body);
            },
            this, [this](const Result<NameList>& page) { have(page); });
    });
}

void NameLookup::have(const Result<NameList>& page) {
    if (m_over) {
        return;
    }
    if (!page) {
        // A body that was cut looks whole on the wire: the parser is the first to see it.
        const bool maybeCut = page.error().kind == ErrorKind::BadAnswer && !page.error().code.startsWith(u"net_");
        if (maybeCut && !std::exchange(m_askedAgain, true)) {
            ask();
        } else {
            finish(page.error());
        }
        return;
    }
    bool anyNew = false;
    for (const NamedEntry& entry : page->entries) {
        if (!m_seen.contains(entry.id)) {
            m_seen.insert(entry.id);
            m_names.entries.push_back(entry);
            anyNew = true;
        }
    }
    m_names.rejectedRows += page->rejectedRows;
    m_names.rejections = (m_names.rejections + page->rejections).mid(0, kMostRejections);
    const bool another = page->hasMore && anyNew && m_page < kMostPages && !url(m_page + 1).isEmpty();
    if (another) {
        ++m_page;
        ask();
    } else {
        finish(std::nullopt);
    }
}

void NameLookup::finish(std::optional<Error> error) {
    if (m_over) {
        return;
    }
    m_over = true;
    m_error = std::move(error);
    m_names.hasMore = m_error.has_value();
    Q_EMIT ended();
}

}  // namespace earmark
