// Asks what is to become of edits that have not been sent when an account gets another target: they go there, or they
// stay here. A part of the dialog, no box over it. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/target.h"
#include "models/store/store.h"

class QPushButton;
class QRadioButton;

namespace earmark {

class ToneLabel;

class WaitingQuestion final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WaitingQuestion)

 public:
    explicit WaitingQuestion(QWidget* parent = nullptr);

    /// `before`: the target they wait for; `next`: the one that was chosen.
    void ask(const QString& account, const WaitingEdits& edits, const TargetSettings& before,
             const TargetSettings& next);
    /// Whether anything has to be asked at all.
    [[nodiscard]] static bool isNeeded(const WaitingEdits& edits, const TargetSettings& before,
                                       const TargetSettings& next);

 Q_SIGNALS:
    void answered(earmark::WhatWaits what);
    void declined();

 private:
    ToneLabel* m_what;
    QRadioButton* m_send;
    QRadioButton* m_keep;
    QPushButton* m_change;
    QPushButton* m_leave;
};

}  // namespace earmark
