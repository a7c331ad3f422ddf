// The timings strip with what cannot be drawn: missing points, impossible orders, the provider's own counts. Main
// thread only.
#pragma once

#include <QWidget>

#include "models/domain/call.h"
#include "ui/detail/parts.h"

class QVBoxLayout;

namespace earmark {

class TimingsStrip;

class TimingsPanel final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TimingsPanel)

 public:
    explicit TimingsPanel(QWidget* parent = nullptr);
    void setCall(const Call& call);
    [[nodiscard]] TimingsStrip* strip() const { return m_strip; }
    [[nodiscard]] QString problemsText() const;

 private:
    TimingsStrip* m_strip;
    ToneLabel* m_counts;
    ToneLabel* m_absences;
    IconLine* m_problems;
};

}  // namespace earmark
