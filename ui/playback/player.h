// Plays the recording of one call: what the player bar, keys and (later) transcript talk to. Main thread only; decoding
// and the sound device live in threads of their own and are reached by messages.
#pragma once

#include <QObject>
#include <chrono>
#include <memory>
#include <optional>

#include "models/domain/callkey.h"
#include "models/domain/result.h"

namespace earmark {

enum class PlayerState {
    Empty,    ///< no recording loaded
    Loading,  ///< file is being opened
    Paused,
    Playing,
    Ended,   ///< at the end; play starts again
    Failed,  ///< problem() says why
};

class Player final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Player)

 public:
    explicit Player(QObject* parent = nullptr);
    ~Player() override;

    /// Opens a local, verified file. A former recording stops at once; never two voices. Does not start to play by
    /// itself.
    void open(const CallKey& key, const QString& file, std::chrono::milliseconds startAt = {});
    void close();
    void play();
    void pause();
    void togglePlaying();
    void seek(std::chrono::milliseconds position);  ///< clamped to 0..duration
    void skip(std::chrono::milliseconds by);
    void setVolume(double volume);  ///< 0..1, perceived loudness
    void setMuted(bool muted);

    [[nodiscard]] PlayerState state() const;
    [[nodiscard]] bool isWaiting() const;  ///< play was pressed, the samples for the position are not decoded yet
    [[nodiscard]] std::optional<CallKey> call() const;
    [[nodiscard]] std::chrono::milliseconds position() const;  ///< interpolated; what is heard now
    [[nodiscard]] std::chrono::milliseconds duration() const;
    [[nodiscard]] double volume() const;
    [[nodiscard]] bool isMuted() const;
    [[nodiscard]] bool hasDevice() const;  ///< false: the position runs, nothing is heard, the bar says so
    /// How much of this call's recording was played aloud since the program started (see heardtime.h: a part heard twice
    /// counts twice; muted, or without a device, nothing counts). nullopt: it was never open here.
    [[nodiscard]] std::optional<std::chrono::milliseconds> heard(const CallKey& key) const;
    [[nodiscard]] QString notice() const;  ///< "Damaged after 0:42; what exists is played." or ""
    [[nodiscard]] std::optional<Error> problem() const;

 Q_SIGNALS:
    void stateChanged();     ///< also when isWaiting() or problem() changes
    void positionChanged();  ///< about 20 times a second while playing, and after a seek
    void durationChanged();
    void volumeChanged();
    void deviceChanged();
    void noticeChanged();

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
