// Finds and ends connections on which a server pours a head without end. Qt 6.4.2 reads all connections of a network
// manager in one thread and reads a head letter by letter as long as there is more of it, so that thread no longer
// hears that the request was given up, and would read, and fill memory, for ever. Main thread only; Linux.
#pragma once

#include <QHash>
#include <QHostAddress>
#include <QList>

namespace earmark {

/// Descriptor -> bytes received so far, of this process's TCP connections to one of `peers` at `port`.
[[nodiscard]] QHash<int, quint64> receivedFrom(const QList<QHostAddress>& peers, quint16 port);

/// Shuts down those of `before` that still stand and have received much more since; answers how many. The thread that
/// reads one sees its end at once.
int cutFloods(const QHash<int, quint64>& before, const QList<QHostAddress>& peers, quint16 port);

}  // namespace earmark
