// Brings a call's recording into the cache for the commands that need it, also beside a running window. Main thread
// only.
#pragma once

#include <QByteArray>
#include <functional>
#include <optional>

#include "app/commandline/commandline.h"
#include "models/domain/account.h"
#include "models/domain/call.h"
#include "models/sync/recordingfetcher.h"

namespace earmark {

struct RecordedCall {
    Call call;
    Account account;
};

/// Is told the verified file, and calls `done` with the exit code, at once or later.
using DeliverRecording = std::function<void(const FetchedRecording& recording, std::function<void(int)> done)>;

/// NotFoundHere: no such call, or no such account.
[[nodiscard]] Result<RecordedCall> findRecordedCall(const CommandContext& context, const CallKey& key);
/// Fetches the recording (`key`: the API key given on the command line), or says why not. The exit code.
[[nodiscard]] int runWithRecording(CommandContext& context, const RecordedCall& recorded,
                                   const std::optional<QByteArray>& key, const DeliverRecording& deliver);

}  // namespace earmark
