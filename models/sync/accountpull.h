// The pull of one account: key, names of campaigns and agents, calls that may have changed, then the pages of every
// list, at last the details that lists do not carry. Main thread only.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <memory>
#include <vector>

#include "models/net/keysource.h"
#include "models/sync/accountlink.h"
#include "models/sync/callreader.h"
#include "models/sync/campaignwalk.h"
#include "models/sync/namelookup.h"
#include "models/sync/puller.h"
#include "models/sync/rereads.h"
#include "models/sync/workers.h"

namespace earmark {

class AccountPull final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountPull)

 public:
    struct Means {
        Store* store = nullptr;
        HttpClient* http = nullptr;
        KeySource* keys = nullptr;
        Workers* workers = nullptr;
        std::shared_ptr<const Clock> clock;
        Patience patience;
    };

    AccountPull(const Account& account, PullOptions options, Means means, QObject* parent = nullptr);
    ~AccountPull() override;
    void start();
    void stop();  ///< at once; ended() does not come, report() tells how far it got

    [[nodiscard]] AccountReport report() const;
    [[nodiscard]] PullProgress progress() const;
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] bool hasEnded() const { return m_ended; }  ///< by itself, not by stop()

 Q_SIGNALS:
    void progressed();
    void ended();

 private:
    void haveKey(const Result<QByteArray>& key);
    void lookUpCampaigns();
    void haveCampaigns(const NameLookup& lookup);
    void lookUpAgents();
    void haveAgents(const NameLookup& lookup);
    void noticeNames(const NameLookup& lookup, NameLookup::What what);
    void saved(const Done& done, void (AccountPull::*next)());
    void chooseWalks(const std::vector<NamedEntry>& campaigns);
    void loadCursors();
    void haveCursors(const Result<std::vector<PullCursor>>& cursors);
    void rereadNamed();
    void rereadChanging();
    void reread(const std::vector<CallKey>& keys, Rereads::How how, void (AccountPull::*next)());
    void rereadFailed(const CallKey& key, const Error& error);
    void namedDone();
    void readDetails();
    void allRead();
    void walkNext();
    void walkEnded(CampaignWalk* walk, bool isOfACampaign);
    void add(const CampaignWalk::Counts& counts);
    void noticeCampaignError(const CampaignWalk& walk, const Error& error);
    void notice(const QString& sentence);
    void finish(std::optional<Error> error);
    [[nodiscard]] CallScope scope() const;
    [[nodiscard]] std::vector<CallList> lists(const std::vector<NamedEntry>& campaigns) const;
    [[nodiscard]] QString provider() const { return providerName(m_account.provider); }

    Account m_account;
    PullOptions m_options;
    Means m_means;
    AccountLink* m_link = nullptr;
    AccountReport m_report;  ///< of what has ended; running walks are added in report()
    PullProgress m_progress;
    std::chrono::steady_clock::time_point m_started{};
    std::vector<CampaignWalk::Task> m_tasks;
    size_t m_nextTask = 0;
    std::vector<CampaignWalk*> m_walks;
    QPointer<Rereads> m_rereads;
    Moment m_began{};
    QStringList m_notFound;  ///< calls asked for singly that no page has shown since
    int m_namedFound = 0;
    qint64 m_within = 0;  ///< calls of the walks that have ended, without what was cut here
    bool m_over = false;
    bool m_ended = false;
};

}  // namespace earmark
