// Reads calls again by their ids: many with one search where the API has one, the others one by one. Main thread only.
#pragma once

#include <QObject>
#include <deque>
#include <vector>

#include "models/sync/callreader.h"

namespace earmark {

class Rereads final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Rereads)

 public:
    struct Found {
        int calls = 0;
        int added = 0;
        int changed = 0;
    };
    /// Whole: each call is read singly, also where there is a search, because a single read knows more.
    enum class How { AsCheapAsPossible, Whole };

    Rereads(const CallReader& reader, How how, AccountLink::Tries tries, QObject* parent = nullptr);
    /// At most so many requests; what does not fit is left out. Before start().
    void setMostRequests(int most) { m_mostRequests = most; }
    void setAtOnce(int requests) { m_atOnce = requests; }
    /// ended() follows in a later turn, not after stop() or the link's.
    void start(const std::vector<CallKey>& keys);
    void stop() { m_over = true; }

 Q_SIGNALS:
    void found(const earmark::Rereads::Found& found);  ///< read and stored
    /// One call, or a whole search, failed. NotFound: the call is marked so.
    void failed(const earmark::CallKey& key, const earmark::Error& error);
    void ended();

 private:
    using Batch = std::vector<CallKey>;
    struct Work {
        Batch calls;
        bool bySearch = false;  ///< else it is one call
    };
    void askNext();
    void askOne(const CallKey& key);
    void search(const Batch& batch);
    void haveSearch(const Batch& batch, Result<CallPage> page);
    void singly(const Batch& batch);
    void oneDone();

    CallReader m_reader;
    How m_how;
    AccountLink::Tries m_tries;
    std::deque<Work> m_waiting;
    int m_mostRequests;
    int m_atOnce = 4;
    int m_asked = 0;
    int m_underWay = 0;
    bool m_over = false;
};

}  // namespace earmark
