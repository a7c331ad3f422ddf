// API keys given on the command line: from standard input or a file, never as an argument (arguments are public). Main
// thread only.
#pragma once

#include <QByteArray>
#include <optional>

#include "app/commandline/arguments.h"
#include "models/domain/result.h"

namespace earmark {

/// What --key-stdin or --key-file give; nullopt when neither was said. InvalidInput never repeats the key.
[[nodiscard]] Result<std::optional<QByteArray>> keyFromArguments(const Arguments& arguments);

/// What --secret-stdin gives: the secret of a target; nullopt when it was not said.
[[nodiscard]] Result<std::optional<QByteArray>> secretFromArguments(const Arguments& arguments);

/// Standard input up to `cap` bytes; TooLarge beyond.
[[nodiscard]] Result<QByteArray> readStandardInput(qint64 cap);
[[nodiscard]] Result<QByteArray> readWholeFile(const QString& path, qint64 cap);

}  // namespace earmark
