// What the process does before any Qt object exists: private files, no core dumps, signals that commit and quit. Main
// thread only.
#pragma once

#include <QObject>
#include <memory>

namespace earmark {

/// umask 077, SIGXFSZ and SIGPIPE ignored, UTF-8 locale, and in release builds neither core dumps nor tracing by
/// others.
void guardProcess();

/// SIGTERM, SIGINT and SIGHUP as a Qt signal (self-pipe: the handler only writes one byte). At most one object may
/// live.
class QuitSignals final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(QuitSignals)

 public:
    explicit QuitSignals(QObject* parent = nullptr);
    ~QuitSignals() override;

 Q_SIGNALS:
    void quitRequested();

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
