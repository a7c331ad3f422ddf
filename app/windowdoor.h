// The door of a running window: a local socket in the profile folder that understands "raise" and "open <earmark: URL>"
// and nothing else. The server side lives in the main thread; the knocking side needs no application object.
#pragma once

#include <QObject>
#include <QUrl>
#include <chrono>
#include <memory>

#include "app/profile.h"

namespace earmark {

inline constexpr qsizetype kLongestDoorUrl = 2048;

class WindowDoor final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(WindowDoor)

 public:
    explicit WindowDoor(QObject* parent = nullptr);
    ~WindowDoor() override;
    /// Only for the process that holds the profile's lock.
    [[nodiscard]] Done open(const Profile& profile);

 Q_SIGNALS:
    void raiseRequested();
    void openRequested(const QUrl& url);

 private:
    class Private;
    std::unique_ptr<Private> d;
};

/// Asks the window that holds the profile to come to the front; false when nobody answered in time.
[[nodiscard]] bool knock(const Profile& profile, const QByteArray& message, std::chrono::milliseconds patience);
/// Does a window listen at the door of this profile?
[[nodiscard]] bool isWindowOpen(const Profile& profile);

}  // namespace earmark
