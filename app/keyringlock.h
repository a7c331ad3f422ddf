// Whether the system's keyring is locked, asked of the Secret Service itself: reading from a locked keyring looks just
// like there being no key. Main thread only.
#pragma once

#include <QObject>
#include <chrono>
#include <functional>

namespace earmark {

enum class KeyringLock {
    Unknown,  ///< no Secret Service answered
    Unlocked,
    Locked,
    NotMade  ///< it answers, but holds no keyring yet; the first key makes one
};

/// `done` runs once in a later turn, not after `context` died. Starts no service.
void askKeyringLock(std::chrono::milliseconds patience, QObject* context, std::function<void(KeyringLock)> done);

}  // namespace earmark
