// A file that people chose to export into: whole or not at all, for nobody else's eyes (0600), never over one that is
// there unless they said so. Blocking; any thread but the main one.
#pragma once

#include <QByteArray>
#include <QString>

#include "models/domain/result.h"

namespace earmark {

enum class WhenThere { Refuse, Replace };

/// Written aside, flushed and put in its place in one step. Refuse: a file, folder or link of that name is left as it
/// is, also one that appears meanwhile (Conflict). Replace: what a link points to is not touched, the link goes.
[[nodiscard]] Done writeExport(const QString& file, const QByteArray& bytes, WhenThere when);

}  // namespace earmark
