// Top of the pane: which call this is, how it went, and what is odd about its record. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/review.h"
#include "ui/detail/parts.h"

namespace earmark {

class CallHeader final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CallHeader)

 public:
    explicit CallHeader(QWidget* parent = nullptr);
    void setCall(const ReviewedCall& call);
    /// Quiet word about a re-read that failed; "" takes it away.
    void setRefreshProblem(const QString& problem);

 private:
    PlainLabel* m_campaign;
    ToneLabel* m_when;
    IconLine* m_direction;
    IconLine* m_status;
    ToneLabel* m_hangup;
    IconLine* m_notFound;
    IconLine* m_unlisted;
    IconLine* m_refresh;
};

}  // namespace earmark
