#include "models/sync/calldetailsreader.h"

#include "models/domain/jsontext.h"
#include "models/providers/rawobject.h"
#include "models/sync/accountbook.h"

namespace earmark {

CallDetailsReader::CallDetailsReader(const AccountBook* accounts, QObject* parent)
    : QObject(parent), m_accounts(accounts) {}

/// Calls outlive their account; then they are read as a new account of that provider would read them.
Account CallDetailsReader::accountOf(const Call& call) const {
    if (m_accounts != nullptr) {
        if (const Account* known = m_accounts->find(call.key.account);
            known != nullptr && known->provider == call.provider) {
            return *known;
        }
    }
    return accountStandingIn(call);
}

void CallDetailsReader::read(const Call& call, std::function<void(std::shared_ptr<const ReadDetails>)> done) {
    const quint64 mine = ++m_detailsAsked;
    using Made = std::shared_ptr<const ReadDetails>;
    m_workers.run<Made>(
        [call, account = accountOf(call)]() -> Made {
            auto made = std::make_shared<ReadDetails>();
            made->details = shownDetails(account, call);
            if (made->details.webhookAnswer) {
                made->details.webhookAnswer = formattedJson(*made->details.webhookAnswer);
            }
            made->areMissing = detailsAreMissing(call);
            return made;
        },
        this,
        [this, mine, done = std::move(done)](const Made& made) {
            if (mine == m_detailsAsked) {
                done(made);
            }
        });
}

void CallDetailsReader::readRaw(const Call& call, std::function<void(QString)> done) {
    const quint64 mine = ++m_rawAsked;
    m_workers.run<QString>(
        [row = call.raw, detail = call.rawDetail] {
            return QString::fromUtf8(formattedJson(shownRaw(mergedRaw(row, detail))));
        },
        this,
        [this, mine, done = std::move(done)](const QString& text) {
            if (mine == m_rawAsked) {
                done(text);
            }
        });
}

void CallDetailsReader::forget() {
    ++m_detailsAsked;
    ++m_rawAsked;
}

}  // namespace earmark
