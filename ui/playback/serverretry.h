// Holds back Qt 6.4's attempts to find a sound server that is not there, which it would make every three seconds for as
// long as the process lives, each with a thread of its own: they are made when they are asked for. Where Qt does it in
// another way nothing is held back, and it stays as it is. Made in the thread that asks Qt for sound first, before it
// asks.
#pragma once

#include <QObject>

namespace earmark {

class ServerRetry final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ServerRetry)

 public:
    ServerRetry();
    /// Any thread. Does nothing where the server is there.
    void tryNow();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void holdBack();
};

}  // namespace earmark
