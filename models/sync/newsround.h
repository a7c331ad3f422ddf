// One look for news at one account: open and late calls first, then every list from its first page until two whole
// pages bring nothing new. Touches no cursor and calls nothing unlisted. Main thread only.
//
// The rule for accounts with many lists (Yotel has one per campaign): a round begins no list any more once it has asked
// kMostListPages pages; the next round goes on with the list whose turn it is. Lists of running campaigns come first
// and get up to three quarters of that, the others take turns for the rest. A list that brings news is read on in any
// case.
#pragma once

#include <QHash>
#include <QObject>
#include <QPointer>
#include <QSet>
#include <vector>

#include "models/net/keysource.h"
#include "models/sync/namelookup.h"
#include "models/sync/rereads.h"

namespace earmark {

/// What rounds of one account remember from each other. Not kept over a restart.
struct NewsMemory {
    QHash<QString, qint64> totals;   ///< list id -> what the server said it holds
    QHash<QString, int> unfinished;  ///< list id -> a look broke off while it brought news: read at least to this page
    size_t nextRunning = 0;          ///< whose turn it is among the lists of running campaigns
    size_t nextOther = 0;
    std::optional<Moment> namesReadAt;
};

class NewsRound final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewsRound)

 public:
    static constexpr int kMostListPages = 20;
    static constexpr int kMostRereads = 20;        ///< requests for open and late calls
    static constexpr int kMostPagesOfAList = 200;  ///< then there is more news than a look can carry

    struct Means {
        Store* store = nullptr;
        HttpClient* http = nullptr;
        KeySource* keys = nullptr;
        Workers* workers = nullptr;
        std::shared_ptr<const Clock> clock;
        Patience patience;
    };
    NewsRound(const Account& account, NewsMemory* memory, Means means, QObject* parent = nullptr);
    ~NewsRound() override;
    void start();
    void stop();  ///< at once; ended() does not come

    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }
    [[nodiscard]] const std::vector<CallKey>& newCalls() const { return m_new; }
    [[nodiscard]] int changed() const { return m_changed; }
    [[nodiscard]] bool hasMoreThanALook() const { return m_moreThanALook; }

 Q_SIGNALS:
    void ended();  ///< once

 private:
    struct List {
        CallList list;
        bool running = false;
        int page = 1;
        int quietPages = 0;
        int pagesRead = 0;
        int rowsPerPage = 0;
        qint64 found = 0;        ///< new ones
        bool backwards = false;  ///< from the last page on: the front brought less than the total has grown by
        std::optional<qint64> total;
    };
    struct ParsedPage {
        CallPage page;
        int rows = 0;
    };
    void haveKey(const Result<QByteArray>& key);
    void rereadChanging();
    void lookUpCampaigns();
    void haveCampaigns(const std::vector<NamedEntry>& campaigns);
    void lookUpAgents(const std::vector<NamedEntry>& campaigns);
    void nextList();
    void askPage();
    void havePage(Result<ParsedPage> page);
    void stored(const Result<PageOutcome>& outcome, const ParsedPage& page);
    [[nodiscard]] bool isAtEnd(const ParsedPage& page) const;
    [[nodiscard]] bool turnsBack();
    void listDone();
    void rememberBrokenOff();
    void finish(const std::optional<Error>& error);

    Account m_account;
    NewsMemory* m_memory;
    Means m_means;
    AccountLink* m_link = nullptr;
    QPointer<Rereads> m_rereads;
    std::vector<List> m_lists;  ///< in the order of this round
    size_t m_at = 0;
    int m_listPages = 0;
    std::vector<CallKey> m_new;
    int m_changed = 0;
    Moment m_began{};
    bool m_moreThanALook = false;
    std::optional<Error> m_error;
    bool m_over = false;
};

}  // namespace earmark
