// What the process does before any Qt object exists: private files, no core dumps, signals that commit and quit. Main
// thread only.
#pragma once

#include <QObject>
#include <memory>

namespace earmark {

/// umask 077, SIGXFSZ and SIGPIPE ignored, UTF-8 locale, and in release builds closeMemory().
void guardProcess();
/// No core dumps, and no other process may trace this one or read its memory and environment: they hold API keys.
void closeMemory();

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
