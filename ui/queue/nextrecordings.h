// Fetches the recordings of the calls that come next in the view and makes them ready in the player, while the shown
// one is heard. One after the other, never beside a download that somebody waits for. Main thread only.
#pragma once

#include <QObject>
#include <QTimer>
#include <optional>
#include <vector>

#include "models/domain/callkey.h"
#include "ui/common/deskservices.h"

namespace earmark {

class NextRecordings final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NextRecordings)

 public:
    explicit NextRecordings(const DeskServices& services, QObject* parent = nullptr);

    /// The view is at this call now; what is on its way for calls elsewhere is given up. The way it moved by is the one
    /// that is looked ahead on.
    void setShown(const std::optional<CallKey>& key);
    /// Nobody waits for the shown call's recording: it is open, or there is none. False: somebody does.
    void setShownIsSettled(bool settled);

 private:
    [[nodiscard]] std::vector<CallKey> nextCalls() const;
    void begin();
    void fetchNext();
    void arrived(const CallKey& key, const Result<struct FetchedRecording>& fetched);
    void giveUp();

    DeskServices m_services;
    QTimer m_soon;  ///< walking through the rows fetches nothing
    std::optional<CallKey> m_shown;
    int m_direction = 1;
    bool m_isPlanned = false;
    std::vector<CallKey> m_plan;
    std::vector<CallKey> m_waiting;  ///< of the plan; the next one last
    std::optional<CallKey> m_underWay;
    QStringList m_files;  ///< given to the player in this round
    quint64 m_round = 0;
};

}  // namespace earmark
