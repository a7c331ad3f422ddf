// Brings a call's recording into the cache for the commands that need it, also beside a running window, and without
// keeping anybody from the profile while it comes. Main thread only.
#pragma once

#include <QByteArray>
#include <QHash>
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
    QHash<QString, Moment> serverWishes;  ///< by their names in the store
};

/// Is told the verified file, and calls `done` with the exit code, at once or later.
using DeliverRecording = std::function<void(const FetchedRecording& recording, std::function<void(int)> done)>;

/// NotFoundHere: no such call, or no such account.
[[nodiscard]] Result<RecordedCall> findRecordedCall(const CommandContext& context, const CallKey& key);
/// Fetches the recording, or says why not. The exit code. One that is here already needs no key, no network and
/// nothing to be written: the options for the key are looked at only after that.
[[nodiscard]] int runWithRecording(CommandContext& context, const RecordedCall& recorded,
                                   const DeliverRecording& deliver);

}  // namespace earmark
