// The disposition codes that the review block offers: those that calls have, and those of the settings. Main thread
// only.
#pragma once

#include <QObject>
#include <QTimer>

#include "ui/common/deskservices.h"

namespace earmark {

class ReviewBlock;

class CodesInUse final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(CodesInUse)

 public:
    CodesInUse(const DeskServices& services, ReviewBlock* block, QObject* parent = nullptr);

    void load();
    void loadSoon();  ///< pages come in bursts; the codes are counted once after each

 private:
    DeskServices m_services;
    ReviewBlock* m_block;
    QTimer m_timer;
};

}  // namespace earmark
