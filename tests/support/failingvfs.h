// A file layer for SQLite that fails the n-th call, so that a test can break every one of them in turn. The product
// knows nothing of it: install() makes it the default of this process. Any thread.
#pragma once

#include <QByteArray>

namespace earmark::test::failingvfs {

enum class Failure {
    IoError,   ///< any of open, read, write, truncate, sync, delete and the shared memory
    DiskFull,  ///< what needs space: open of a new file, write, sync, the shared memory
};
enum class Lasting { Once, FromThenOn };

void install();
/// The n-th call from now on, counted from 0, fails; FromThenOn: and all that come after it.
void failAt(int n, Failure failure, Lasting lasting);
void heal();
[[nodiscard]] bool hasFailed();
[[nodiscard]] QByteArray failedCall();  ///< "write reviews.db-wal"; of the first that failed

}  // namespace earmark::test::failingvfs
