// The values in use for the completion of the filter line (campaigns, agents, codes), counted away from the main
// thread. Main thread only.
#pragma once

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QThreadPool>

#include "models/search/callindex.h"

namespace earmark {

class FilterValues final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterValues)

 public:
    explicit FilterValues(QObject* parent = nullptr);
    ~FilterValues() override;
    void refresh(const CallIndexPtr& index);  ///< a count under way is finished first; the newest wish wins

 Q_SIGNALS:
    void found(const QString& prefix, const QStringList& values);  ///< most frequent first
    void accountsCounted(const QHash<QString, qint64>& callsOfAccount);

 private:
    void start();

    CallIndexPtr m_next;
    bool m_running = false;
    QThreadPool m_pool;  ///< the last member: it goes first and waits for a running count, which posts to this object
};

}  // namespace earmark
