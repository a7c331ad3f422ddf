// Calls to the system about files, made by our code, by Qt and by SQLite: the n-th of them fails with an errno, or is
// the last of the process. The functions stand in the test program and come before those of the C library, so a program
// that links this has it. Any thread.
#pragma once

#include <QByteArray>
#include <QList>

namespace earmark::test::filecalls {

enum class Lasting { Once, FromThenOn };

/// The n-th call from now on, counted from 0, fails with `error`; FromThenOn: and all that come after it. `only`: names
/// such as "rename" to be counted; empty = all but reading
/// ("pread64").
void failAt(int n, int error, Lasting lasting, const QList<QByteArray>& only = {});
/// The n-th call that is counted does not happen: the process is killed there. Torn: of a write() half happens before.
enum class Death { Before, Torn };
void killAt(int n, Death how);
void heal();
[[nodiscard]] bool hasFailed();
[[nodiscard]] QByteArray failedCall();  ///< "fsync"; the first that failed

}  // namespace earmark::test::filecalls
