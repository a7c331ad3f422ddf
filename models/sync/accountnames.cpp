#include "models/sync/accountnames.h"

#include "models/sync/accountpaces.h"

namespace earmark {

AccountNames::AccountNames(HttpClient* http, std::shared_ptr<const Clock> clock, Store* store, QObject* parent)
    : QObject(parent), m_http(http), m_clock(std::move(clock)), m_store(store) {}

AccountNames::~AccountNames() {
    cancel();
}

void AccountNames::start(NameLookup::What what, const Account& account, const QByteArray& key) {
    cancel();
    auto dialect = readDialectFor(account.provider);
    if (!dialect) {
        const Error error = makeError(ErrorKind::NotSupported);
        QMetaObject::invokeMethod(
            this, [this, error] { Q_EMIT finished({}, error); }, Qt::QueuedConnection);
        return;
    }
    m_link = new AccountLink(account, key, std::move(dialect), m_http, m_clock, paceOf(account, m_http, m_store),
                             AccountLink::AskedBy::Person, {}, this);
    connect(m_link, &AccountLink::waiting, this, &AccountNames::waiting);
    auto* lookup = new NameLookup(what, m_link, AccountLink::Tries::AsOftenAsSensible, &m_workers, m_link);
    connect(lookup, &NameLookup::ended, this, [this, lookup] {
        const std::vector<NamedEntry> entries = lookup->names().entries;
        const std::optional<Error> error = lookup->error();
        cancel();
        Q_EMIT finished(entries, error);
    });
    lookup->start();
}

void AccountNames::cancel() {
    if (m_link != nullptr) {
        m_link->stop();
        m_link->deleteLater();
        m_link = nullptr;
    }
}

}  // namespace earmark
