// What MPRIS asks of a player, in its words: https://specifications.freedesktop.org/mpris-spec/2.2. Main thread only.
// The lock screen shows it to everybody who passes: nothing of a call's data is in it unless the setting says so.
#pragma once

#include <QDBusAbstractAdaptor>
#include <QDBusObjectPath>
#include <QStringList>
#include <QVariantMap>
#include <functional>
#include <optional>

#include "models/domain/callkey.h"

namespace earmark {

class DeskSettings;
class Player;

class MprisRootAdaptor final : public QDBusAbstractAdaptor {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.mpris.MediaPlayer2")
    Q_PROPERTY(bool CanQuit READ no CONSTANT)
    Q_PROPERTY(bool CanRaise READ yes CONSTANT)
    Q_PROPERTY(bool HasTrackList READ no CONSTANT)
    Q_PROPERTY(QString Identity READ identity CONSTANT)
    Q_PROPERTY(QStringList SupportedUriSchemes READ none CONSTANT)
    Q_PROPERTY(QStringList SupportedMimeTypes READ none CONSTANT)

 public:
    MprisRootAdaptor(std::function<void()> raise, QObject* parent);
    [[nodiscard]] bool yes() const { return true; }
    [[nodiscard]] bool no() const { return false; }
    [[nodiscard]] QString identity() const { return QStringLiteral("Earmark"); }
    [[nodiscard]] QStringList none() const { return {}; }

 public Q_SLOTS:  // NOLINT: the names are the interface's
    void Raise();
    void Quit() {}

 private:
    std::function<void()> m_raise;
};

class MprisPlayerAdaptor final : public QDBusAbstractAdaptor {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.mpris.MediaPlayer2.Player")
    Q_PROPERTY(QString PlaybackStatus READ playbackStatus)
    Q_PROPERTY(double Rate READ rate WRITE setRate)
    Q_PROPERTY(double MinimumRate READ minimumRate CONSTANT)
    Q_PROPERTY(double MaximumRate READ maximumRate CONSTANT)
    Q_PROPERTY(QVariantMap Metadata READ metadata)
    Q_PROPERTY(double Volume READ volume WRITE setVolume)
    Q_PROPERTY(qlonglong Position READ position)
    Q_PROPERTY(bool CanGoNext READ canGoNext)
    Q_PROPERTY(bool CanGoPrevious READ canGoPrevious)
    Q_PROPERTY(bool CanPlay READ canPlay)
    Q_PROPERTY(bool CanPause READ canPlay)
    Q_PROPERTY(bool CanSeek READ canSeek)
    Q_PROPERTY(bool CanControl READ canControl CONSTANT)

 public:
    struct Means {
        Player* player = nullptr;
        DeskSettings* settings = nullptr;
        std::function<void()> playOrPause;
        std::function<void(int)> step;
        std::function<bool(int)> canStep;
        std::function<QString()> name;
        std::function<void()> changed;  ///< something other than the player has
    };
    MprisPlayerAdaptor(Means means, QObject* parent);

    [[nodiscard]] QString playbackStatus() const;
    [[nodiscard]] double rate() const;
    void setRate(double rate);  ///< 0 pauses, as the specification wants it
    [[nodiscard]] double minimumRate() const { return 0.5; }
    [[nodiscard]] double maximumRate() const { return 3.0; }
    [[nodiscard]] QVariantMap metadata() const;
    [[nodiscard]] double volume() const;
    void setVolume(double volume);
    [[nodiscard]] qlonglong position() const;  ///< microseconds
    [[nodiscard]] bool canGoNext() const { return m_means.canStep(1); }
    [[nodiscard]] bool canGoPrevious() const { return m_means.canStep(-1); }
    [[nodiscard]] bool canPlay() const;  ///< asks for the recording where none is open
    [[nodiscard]] bool canSeek() const;
    [[nodiscard]] bool canControl() const { return true; }
    /// Those whose changes are told: all but Position.
    [[nodiscard]] QVariantMap properties() const;

 public Q_SLOTS:  // NOLINT: the names are the interface's
    void Next() { m_means.step(1); }
    void Previous() { m_means.step(-1); }
    void Pause();
    void PlayPause() { m_means.playOrPause(); }
    void Stop();
    void Play();
    void Seek(qlonglong offset);
    void SetPosition(const QDBusObjectPath& track, qlonglong position);
    void OpenUri(const QString&) {}  ///< no schemes are supported

 Q_SIGNALS:
    void Seeked(qlonglong position);

 private:
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] QDBusObjectPath track() const;
    [[nodiscard]] QString title() const;

    Means m_means;
    bool m_isStopped = false;               ///< and not only paused, until the next Play
    mutable std::optional<CallKey> m_call;  ///< of m_track
    mutable int m_track = 0;                ///< counts what was open: a number says nothing of the call
};

}  // namespace earmark
