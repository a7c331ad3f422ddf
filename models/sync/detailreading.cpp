#include "models/sync/detailreading.h"

#include "models/sync/accountpaces.h"
#include "models/sync/pullreport.h"

namespace earmark {

DetailReading::DetailReading(const Account& account, Moment since, Means means, QObject* parent)
    : QObject(parent), m_account(account), m_since(since), m_means(std::move(means)) {}

void DetailReading::start() {
    m_means.store->loadCallsWithoutDetail(m_account.name, m_since, kMostAtOnce, this,
                                          [this](const Result<std::vector<CallKey>>& keys) { haveKeys(keys); });
}

void DetailReading::stop() {
    m_over = true;
    if (m_link != nullptr) {
        m_link->stop();
    }
    if (m_rereads) {
        m_rereads->stop();
    }
}

void DetailReading::haveKeys(const Result<std::vector<CallKey>>& keys) {
    if (m_over) {
        return;
    }
    if (!keys || keys->empty()) {
        finish();
        return;
    }
    m_means.keys->key(m_account.name, this, [this, calls = *keys](const Result<QByteArray>& apiKey) {
        if (!m_over) {
            apiKey ? read(calls, *apiKey) : finish();
        }
    });
}

void DetailReading::read(const std::vector<CallKey>& calls, const QByteArray& apiKey) {
    m_link = new AccountLink(m_account, apiKey, readDialectFor(m_account.provider), m_means.http, m_means.clock,
                             paceOf(m_account, m_means.http, m_means.store), AccountLink::AskedBy::Spare,
                             m_means.patience, this);
    m_rereads = new Rereads({m_link, m_means.workers, m_means.store}, Rereads::How::Whole,
                            AccountLink::Tries::AsOftenAsSensible, this);
    m_rereads->setAtOnce(1);
    connect(m_rereads, &Rereads::failed, this, [this](const CallKey&, const Error& error) {
        if (!m_over && stopsTheAccount(error.kind)) {
            finish();
        }
    });
    connect(m_rereads, &Rereads::ended, this, &DetailReading::finish);
    m_rereads->start(calls);
}

void DetailReading::finish() {
    if (!m_over) {
        stop();
        Q_EMIT ended();
    }
}

}  // namespace earmark
