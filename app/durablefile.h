// Files that are there after a power cut: written beside, flushed, renamed, and the folder flushed too (QSaveFile alone
// is atomic but not durable). Blocking: not for the UI thread.
#pragma once

#include <QByteArray>
#include <QString>

#include "models/domain/result.h"

namespace earmark {

/// Mode 0600.
[[nodiscard]] Done writeDurably(const QString& file, const QByteArray& bytes);
/// Mode 0600; the target is replaced whole or not at all.
[[nodiscard]] Done copyDurably(const QString& from, const QString& to);

}  // namespace earmark
