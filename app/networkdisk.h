// Disks that lie on another computer: SQLite's log and our flushes are only as good as what the network promises. Any
// thread.
#pragma once

#include <QString>
#include <optional>

namespace earmark {

/// "NFS" and the like for the number by which statfs() names a kind of file system; nullopt for a local one.
[[nodiscard]] std::optional<QString> networkFileSystem(quint32 magic);
/// Of the disk that holds `path`; nullopt also where it cannot be told.
[[nodiscard]] std::optional<QString> networkDiskOf(const QString& path);

}  // namespace earmark
