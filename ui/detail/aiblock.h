// What the provider's AI says about the call: summary, sentiment, next action, and its tags. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/call.h"
#include "ui/detail/parts.h"

namespace earmark {

class LongTextView;

class AiBlock final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AiBlock)

 public:
    explicit AiBlock(QWidget* parent = nullptr);
    void setCall(const Call& call);         ///< all but the next action: either text may take long to lay out
    void showNextAction(const Call& call);  ///< comes after it, in a later turn of the event loop
    [[nodiscard]] LongTextView* summary() const { return m_summary; }
    [[nodiscard]] QString absenceText() const;
    [[nodiscard]] QString tagsText() const;

 private:
    IconLine* m_sentiment;
    LongTextView* m_summary;
    ToneLabel* m_absent;
    PlainLabel* m_nextTitle;
    LongTextView* m_next;
    ToneLabel* m_tags;
};

}  // namespace earmark
