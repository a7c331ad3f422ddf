// Takes keys, bearer tokens and the queries of signed links out of texts before anyone can read them. Any thread.
#pragma once

#include <QByteArray>
#include <QString>

namespace earmark {

/// For logs: keys ("yt_live_...", "sk_..."), "Bearer ...", queries and user names in links, and every secret told to
/// hideSecret(); control characters become visible marks.
[[nodiscard]] QString redacted(const QString& text);
/// A secret of this process that has no form of its own to be known by.
void hideSecret(const QByteArray& secret);

/// Sends Qt's messages through redacted() to standard error: warnings and worse, nothing else.
void installRedactingMessageHandler();

}  // namespace earmark
