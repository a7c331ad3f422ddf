// Makes, from what is stored of a call, what is told beyond its row: transcript, metrics, the provider's own object as
// text. Main thread only; the work runs on a pool thread, for one looker: a newer question drops the older.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "models/domain/account.h"
#include "models/domain/calldetails.h"
#include "models/sync/workers.h"

namespace earmark {

class AccountBook;

struct ReadDetails {
    CallDetails details;  ///< JSON in it one member a line
    /// The provider tells these only when the call is asked for by itself, which has not happened yet.
    bool areMissing = false;
};

class CallDetailsReader final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallDetailsReader)

 public:
    explicit CallDetailsReader(const AccountBook* accounts, QObject* parent = nullptr);

    /// `done` comes once in a later turn, unless another call was asked for or forget() was called meanwhile.
    void read(const Call& call, std::function<void(std::shared_ptr<const ReadDetails>)> done);
    /// Row and detail as one object, a member a line, without what signs its links; "null" where nothing is kept.
    void readRaw(const Call& call, std::function<void(QString)> done);
    void forget();  ///< what is under way is no longer wanted

 private:
    [[nodiscard]] Account accountOf(const Call& call) const;

    const AccountBook* m_accounts;
    quint64 m_detailsAsked = 0;
    quint64 m_rawAsked = 0;
    Workers m_workers{1};
};

}  // namespace earmark
