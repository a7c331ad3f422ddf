// Tells the watch when somebody is at the desk: keys, mouse, and sound that plays. Main thread only.
#pragma once

#include <QObject>

namespace earmark {

class Player;
class Watch;

class IdleSense final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(IdleSense)

 public:
    IdleSense(Watch* watch, Player* player, QObject* parent);
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    Watch* m_watch;
};

}  // namespace earmark
