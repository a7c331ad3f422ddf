// A small folder inside the profile for one command that fetches a recording: its own databases lie there, so that the
// profile's are free for everybody else meanwhile. Any thread; blocks.
#pragma once

#include <QString>
#include <memory>

#include "app/profile.h"

namespace earmark {

/// "fetch-XXXXXX", locked (flock) by its owner for as long as it lives, and removed with it.
class FetchFolder final {
 public:
    ~FetchFolder();
    Q_DISABLE_COPY_MOVE(FetchFolder)
    /// ReadOnly, DiskFull or Storage.
    [[nodiscard]] static Result<std::unique_ptr<FetchFolder>> make(const Profile& profile);
    [[nodiscard]] const QString& path() const { return m_path; }

 private:
    FetchFolder(QString path, int fd) : m_path(std::move(path)), m_fd(fd) {}
    QString m_path;
    int m_fd;
};

/// Removes those that a killed command has left: nobody holds their lock any more.
void sweepFetchFolders(const Profile& profile);

}  // namespace earmark
