// Reads what lists do not carry (transcripts) of calls that have ended, one call after the other, newest first: so that
// it can be searched. Main thread only.
#pragma once

#include <QObject>
#include <QPointer>
#include <optional>

#include "models/net/keysource.h"
#include "models/sync/rereads.h"

namespace earmark {

class DetailReading final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(DetailReading)

 public:
    static constexpr int kMostAtOnce = 500;

    struct Means {
        Store* store = nullptr;
        HttpClient* http = nullptr;
        KeySource* keys = nullptr;
        Workers* workers = nullptr;
        std::shared_ptr<const Clock> clock;
        Patience patience;
    };
    /// Of calls that began at `since` or later. It takes only what half of the request limit leaves over.
    DetailReading(const Account& account, Moment since, Means means, QObject* parent = nullptr);
    void start();
    void stop();  ///< at once; ended() does not come

 Q_SIGNALS:
    void ended();  ///< nothing is left to be read, or it failed: then the next reading tries again

 private:
    void haveKeys(const Result<std::vector<CallKey>>& keys);
    void read(const std::vector<CallKey>& calls, const QByteArray& apiKey);
    void finish();

    Account m_account;
    Moment m_since;
    Means m_means;
    AccountLink* m_link = nullptr;
    QPointer<Rereads> m_rereads;
    bool m_over = false;
};

}  // namespace earmark
