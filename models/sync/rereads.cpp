#include "models/sync/rereads.h"

#include <QPointer>
#include <QSet>
#include <algorithm>
#include <limits>

namespace earmark {

namespace {

/// The search itself is what is wrong (an id that it does not take, a route that is gone): single reads may still work.
bool isTheSearchs(ErrorKind kind) {
    return kind == ErrorKind::Refused || kind == ErrorKind::NotFound || kind == ErrorKind::BadAnswer ||
           kind == ErrorKind::NotTheApi || kind == ErrorKind::TooLarge || kind == ErrorKind::NotSupported;
}

}  // namespace

Rereads::Rereads(const CallReader& reader, How how, AccountLink::Tries tries, QObject* parent)
    : QObject(parent), m_reader(reader), m_how(how), m_tries(tries), m_mostRequests(std::numeric_limits<int>::max()) {}

void Rereads::start(const std::vector<CallKey>& keys) {
    const int most = m_reader.link->dialect().mostIdsPerSearch();
    // Also one call alone is searched for: what a single read tells of an open call would pass for all of it later.
    const bool bySearch = m_how == How::AsCheapAsPossible && most > 0;
    const size_t size = bySearch ? size_t(most) : 1;
    for (size_t from = 0; from < keys.size(); from += size) {
        const size_t to = std::min(from + size, keys.size());
        m_waiting.push_back({Batch(keys.begin() + qsizetype(from), keys.begin() + qsizetype(to)), bySearch});
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            ++m_underWay;
            oneDone();
        },
        Qt::QueuedConnection);
}

void Rereads::askNext() {
    while (!m_over && m_underWay < m_atOnce && !m_waiting.empty() && m_asked < m_mostRequests) {
        const Work work = std::move(m_waiting.front());
        m_waiting.pop_front();
        ++m_underWay;
        ++m_asked;
        work.bySearch ? search(work.calls) : askOne(work.calls.front());
    }
}

void Rereads::askOne(const CallKey& key) {
    m_reader.read(key, m_tries, this, [this, key](const Result<ReadCall>& call) {
        if (m_over) {
            return;
        }
        if (call) {
            Q_EMIT found({1, call->outcome.added, call->outcome.changed});
        } else {
            Q_EMIT failed(key, call.error());
        }
        oneDone();
    });
}

void Rereads::search(const Batch& batch) {
    QStringList ids;
    for (const CallKey& key : batch) {
        ids.append(key.remoteId);
    }
    const DialectRequest request = m_reader.link->dialect().searchRequest(m_reader.link->account(), ids);
    if (request.url.isEmpty()) {
        singly(batch);
        oneDone();
        return;
    }
    m_reader.link->ask(request, m_tries,
                       [this, batch, guard = QPointer<Rereads>(this)](const Result<HttpAnswer>& answer) {
                           if (!guard || m_over) {
                               return;
                           }
                           if (!answer) {
                               haveSearch(batch, failure(answer.error()));
                               return;
                           }
                           m_reader.workers->run<Result<CallPage>>(
                               [dialect = m_reader.link->sharedDialect(), account = m_reader.link->account(),
                                body = answer->body] { return dialect->parseSearch(account, body); },
                               this, [this, batch](Result<CallPage> page) { haveSearch(batch, std::move(page)); });
                       });
}

void Rereads::haveSearch(const Batch& batch, Result<CallPage> page) {
    if (m_over) {
        return;
    }
    if (!page) {
        if (isTheSearchs(page.error().kind)) {
            singly(batch);
        } else {
            Q_EMIT failed(batch.front(), page.error());
        }
        oneDone();
        return;
    }
    QSet<QString> missing;
    for (const CallKey& key : batch) {
        missing.insert(key.remoteId);
    }
    // What was not asked for, and what comes twice, is not taken.
    std::erase_if(page->calls, [&missing](const Call& call) { return !missing.remove(call.key.remoteId); });
    Batch left;
    for (const CallKey& key : batch) {
        if (missing.contains(key.remoteId)) {
            left.push_back(key);
        }
    }
    singly(left);  // a single read tells whether they are gone
    const int calls = int(page->calls.size());
    m_reader.store->storePage({m_reader.link->account().name, std::move(page->calls), std::nullopt}, this,
                              [this, calls, key = batch.front()](const Result<PageOutcome>& outcome) {
                                  if (m_over) {
                                      return;
                                  }
                                  if (outcome) {
                                      Q_EMIT found({calls, outcome->added, outcome->changed});
                                  } else {
                                      Q_EMIT failed(key, outcome.error());
                                  }
                                  oneDone();
                              });
}

void Rereads::singly(const Batch& batch) {
    for (const CallKey& key : batch) {
        m_waiting.push_back({{key}, false});
    }
}

void Rereads::oneDone() {
    if (m_over) {
        return;
    }
    --m_underWay;
    askNext();
    if (m_underWay == 0 && !m_over) {
        m_over = true;
        Q_EMIT ended();
    }
}

}  // namespace earmark
