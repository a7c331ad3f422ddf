// How fast one account, or one storage of recordings, may be asked. HttpClient keeps them, so that everything in the
// process that asks there shares one. Main thread only.
#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <functional>
#include <memory>
#include <optional>

#include "models/net/outagebrake.h"
#include "models/net/ratelimiter.h"

namespace earmark {

/// Enough to know a key again, and nothing that could be used as one.
[[nodiscard]] inline QByteArray keyFingerprint(const QByteArray& key) {
    return QCryptographicHash::hash(key, QCryptographicHash::Sha256);
}

struct Pace {
    Pace(std::shared_ptr<const Clock> clock, int perMinute, std::shared_ptr<OutageBrake> sharedBrake)
        : limiter(std::move(clock), perMinute), brake(std::move(sharedBrake)) {}

    RateLimiter limiter;
    std::shared_ptr<OutageBrake> brake;  ///< of the server: accounts on the same one share it
    /// The key was refused, and which one it was (a hash of it): what happens by itself does not show it again.
    std::optional<Error> refusal;
    QByteArray refusedKey;
    void refuse(const QByteArray& key, const Error& error) {
        refusal = error;
        refusedKey = keyFingerprint(key);
    }
    [[nodiscard]] bool refuses(const QByteArray& key) const { return refusal && refusedKey == keyFingerprint(key); }
    /// Where the server's wish is written down for the next process; may be empty.
    std::function<void(std::chrono::milliseconds wish)> keepWish;

    /// The server asked for this pause.
    void wish(std::chrono::milliseconds pause) {
        limiter.pauseFor(pause, RateLimiter::AskedBy::Server);
        if (keepWish && pause.count() > 0) {
            keepWish(pause);
        }
    }
};

}  // namespace earmark
