// Text that was being typed when the program was killed: said once after the start, with a way to each of its calls.
// Main thread only.
#pragma once

#include <QObject>
#include <QSet>
#include <optional>
#include <vector>

#include "models/store/store.h"

namespace earmark {

class CallTable;
class CallTableModel;
class FilterLine;
class MessageStrip;
class ReviewBlock;

class KeptDrafts final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeptDrafts)

 public:
    struct Places {
        Store* store;
        CallTableModel* calls;
        CallTable* table;
        FilterLine* filter;
        MessageStrip* messages;
        ReviewBlock* review;  ///< where drafts are decided about
    };
    KeptDrafts(const Places& places, QObject* parent);

    /// Once, when the calls are there. Nothing is said when nothing was left.
    void announce();

 Q_SIGNALS:
    void goingTo(const earmark::CallKey& key, earmark::ReviewField field);

 private:
    void say(const std::vector<Draft>& drafts);
    void show(const Draft& first, const QString& sentence, const QString& action);
    void read();
    void lookAgain();

    const Places m_at;
    QSet<CallKey> m_seen;
    std::optional<QSet<CallKey>> m_found;  ///< with a draft at the start; what is typed since is no matter of this
    bool m_isSaid = false;
    quint64 m_question = 0;
    bool m_announced = false;
};

}  // namespace earmark
