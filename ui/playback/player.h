// Plays the recording of one call: what the player bar, keys and (later) transcript talk to. Main thread only; decoding
// and the sound device live in threads of their own and are reached by messages.
#pragma once

#include <QList>
#include <QObject>
#include <chrono>
#include <memory>
#include <optional>

#include "models/audio/skipplan.h"
#include "models/audio/soundmap.h"
#include "models/domain/callkey.h"
#include "models/domain/listeningprogress.h"
#include "models/domain/result.h"
#include "models/domain/timespan.h"
#include "ui/playback/outputdevice.h"
#include "ui/playback/soundsystem.h"
#include "ui/playback/voicemix.h"

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
    /// Tests play on a sound system of their own.
    explicit Player(SoundSystemMaker makeSystem, QObject* parent = nullptr);
    ~Player() override;

    /// Opens a local, verified file. A former recording stops at once; never two voices. Does not start to play by
    /// itself.
    void open(const CallKey& key, const QString& file, std::chrono::milliseconds startAt = {});
    void close();
    void play();
    void pause();
    void togglePlaying();
    void seek(std::chrono::milliseconds position);  ///< clamped to 0..duration
    /// Of what is heard: stretches that are left out do not count.
    void skip(std::chrono::milliseconds by);
    void setVolume(double volume);  ///< 0..1, perceived loudness
    void setMuted(bool muted);
    void setTempo(double tempo);  ///< 0.5..3.0, rounded to a tenth; the pitch stays. Also while it plays
    /// Three seconds back and at 0.8 of normal speed up to the place where it was asked for, then as before. Pressed
    /// again meanwhile: three more back, the end stays.
    void againSlower();
    /// Played over and over; nullopt: no loop. At least 200 ms long, else nothing changes. Seeking out of it ends it.
    void setLoop(std::optional<TimeSpan> loop);
    /// The key for it: first the begin, then the end (plays from the begin at once), then none.
    void markLoop();
    [[nodiscard]] std::optional<std::chrono::milliseconds> loopBegin() const;  ///< marked, the end is still missing
    /// Left out while playing; a seek into a left out stretch plays there all the same. Empty: nothing is. Of the
    /// open recording: open() forgets it, and the loop too.
    void setSkips(const SkipPlan& plan);
    void setVoices(const VoiceMix& mix);
    /// So much is heard again after a pause, 0..5 s.
    void setAutoBack(std::chrono::milliseconds back);
    /// While the hand drags: short pieces of sound at each place, at normal speed; after the end it goes on as before.
    void scrub(std::chrono::milliseconds position);
    void endScrub();
    /// "": follows the system's choice. A device that is gone: the system's, until it comes back.
    void setOutputDevice(const QByteArray& id);
    /// Makes a recording ready beforehand (decoded, mapped), so that open() of it sounds at once. A few are kept, the
    /// oldest goes first, never the open one; bounded in memory.
    void prepare(const CallKey& key, const QString& file);
    [[nodiscard]] bool isPrepared(const QString& file) const;
    /// What earlier starts of the program know of a call: heard() and played() go on from there.
    void rememberListening(const CallKey& key, const ListeningProgress& before);

    [[nodiscard]] PlayerState state() const;
    [[nodiscard]] bool isWaiting() const;  ///< play was pressed, the samples for the position are not decoded yet
    [[nodiscard]] std::optional<CallKey> call() const;
    [[nodiscard]] std::chrono::milliseconds position() const;  ///< interpolated; what is heard now
    [[nodiscard]] std::chrono::milliseconds duration() const;
    [[nodiscard]] double volume() const;
    [[nodiscard]] bool isMuted() const;
    [[nodiscard]] double tempo() const;       ///< what the user chose, also while againSlower() is at work
    [[nodiscard]] double tempoHeard() const;  ///< what it plays at now
    [[nodiscard]] std::optional<TimeSpan> loop() const;
    [[nodiscard]] VoiceMix voices() const;
    /// Of the open recording; null until it is decoded.
    [[nodiscard]] std::shared_ptr<const SoundMap> map() const;
    [[nodiscard]] QList<OutputDevice> outputDevices() const;  ///< known once a recording was open
    [[nodiscard]] QByteArray outputDevice() const;            ///< what was chosen; "" = the system's
    [[nodiscard]] bool hasDevice() const;  ///< false: the position runs, nothing is heard, the bar says so
    /// false: there is none because the sound system hangs. It is tried anew, and that hasDevice() again is told.
    [[nodiscard]] bool soundAnswers() const;
    /// How much of this call's recording was played aloud (see heardparts.h: a part heard twice counts twice; muted, or
    /// without a device, nothing counts). nullopt: nobody knows, it was never open here.
    [[nodiscard]] std::optional<std::chrono::milliseconds> heard(const CallKey& key) const;
    [[nodiscard]] TimeSpans played(const CallKey& key) const;  ///< these parts of it, aloud or not
    [[nodiscard]] QString notice() const;                      ///< "Damaged after 0:42; what exists is played." or ""
    [[nodiscard]] std::optional<Error> problem() const;

 Q_SIGNALS:
    void stateChanged();     ///< also when isWaiting() or problem() changes
    void positionChanged();  ///< about 20 times a second while playing, and after a seek
    void playedChanged();
    void durationChanged();
    void volumeChanged();
    void deviceChanged();  ///< hasDevice() or soundAnswers()
    void noticeChanged();
    void tempoChanged();  ///< of tempo() or tempoHeard()
    void loopChanged();
    void voicesChanged();
    void mapChanged();
    void outputDevicesChanged();
    void ended();  ///< the recording was heard to its end (not told after a jump to the end, nor in a loop)

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
