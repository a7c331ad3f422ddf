// Reads one call by its id and stores it. Main thread only; parsing runs on a pool thread.
#pragma once

#include <functional>

#include "models/store/store.h"
#include "models/sync/accountlink.h"
#include "models/sync/workers.h"

namespace earmark {

struct ReadCall {
    Call call;
    PageOutcome outcome;
};

struct CallReader {
    AccountLink* link = nullptr;
    Workers* workers = nullptr;
    Store* store = nullptr;

    /// A 404 marks the call "not found at provider" (row and edits stay) and answers NotFound. `done` comes once, in a
    /// later turn, not after `context` died or the link was stopped.
    void read(const CallKey& key, AccountLink::Tries tries, QObject* context,
              std::function<void(Result<ReadCall>)> done) const;
};

}  // namespace earmark
