// Reads all pages of what an account names: its campaigns or its agents. Main thread only; parsing runs on a pool
// thread.
#pragma once

#include <QObject>
#include <QSet>
#include <optional>

#include "models/sync/accountlink.h"
#include "models/sync/workers.h"

namespace earmark {

class NameLookup final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NameLookup)

 public:
    enum class What { Campaigns, Agents };
    NameLookup(What what, AccountLink* link, AccountLink::Tries tries, Workers* workers, QObject* parent = nullptr);

    /// Does the API name these at all?
    [[nodiscard]] static bool isOffered(What what, const AccountLink& link);
    /// ended() follows in a later turn, not after stop() or the link's.
    void start();
    void stop() { m_over = true; }

    /// Each id once, of all pages that came; `hasMore` where it did not come to the end.
    [[nodiscard]] const NameList& names() const { return m_names; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

 Q_SIGNALS:
    void ended();

 private:
    [[nodiscard]] QUrl url(int page) const;
    void ask();
    void have(const Result<NameList>& page);
    void finish(std::optional<Error> error);

    What m_what;
    AccountLink* m_link;
    AccountLink::Tries m_tries;
    Workers* m_workers;
    NameList m_names;
    QSet<QString> m_seen;
    std::optional<Error> m_error;
    int m_page = 1;
    bool m_askedAgain = false;
    bool m_over = false;
};

}  // namespace earmark
