// The profile folder: where all data lies, who holds it, and how a second start reaches the first. Any thread unless
// said.
#pragma once

#include <QByteArray>
#include <QString>
#include <chrono>
#include <memory>

#include "models/domain/result.h"

namespace earmark {

/// Paths inside one profile folder.
class Profile final {
 public:
    explicit Profile(const QString& folder);

    /// --profile, else EARMARK_PROFILE, else the platform's data folder (the demo has one of its own beside it).
    [[nodiscard]] static Profile choose(const QString& option, bool demo);

    [[nodiscard]] const QString& folder() const { return m_folder; }
    [[nodiscard]] QString callsFile() const;
    [[nodiscard]] QString reviewsFile() const;
    [[nodiscard]] QString recordingsFolder() const;
    [[nodiscard]] QString settingsFile() const;
    [[nodiscard]] QString lockFile() const;
    [[nodiscard]] QString socketFile() const;
    [[nodiscard]] bool isDefault() const;  ///< the platform's data folder itself

    /// Whether what lies in the folder can be seen. A folder that is not there yet is lawful (and empty).
    [[nodiscard]] Done canBeRead() const;
    /// Makes the folder (0700) and takes rights of others away from it. ReadOnly or Storage with the path where that
    /// fails.
    [[nodiscard]] Done prepare() const;

 private:
    QString m_folder;
};

struct ProfileHolder {
    qint64 pid = 0;  ///< 0 = not known
    QString host;
    QString program;
    [[nodiscard]] QString text() const;  ///< "earmark (process 4711 on desk-3)"
};

/// One writing process per profile: an flock() on a file in the folder. The kernel drops it with the process, so
/// nothing is ever stale, and what the file says is only for people: a damaged file cannot block a start.
class ProfileLock final {
 public:
    ~ProfileLock();
    Q_DISABLE_COPY_MOVE(ProfileLock)

    /// HeldElsewhere names the holder.
    [[nodiscard]] static Result<std::unique_ptr<ProfileLock>> take(const Profile& profile);
    /// As take(), but waits for a short command of another process; a running window is not waited for.
    [[nodiscard]] static Result<std::unique_ptr<ProfileLock>> takePatiently(const Profile& profile,
                                                                            std::chrono::milliseconds patience);
    [[nodiscard]] static ProfileHolder holder(const Profile& profile);

 private:
    explicit ProfileLock(int fd) : m_fd(fd) {}
    int m_fd = -1;
};

}  // namespace earmark
