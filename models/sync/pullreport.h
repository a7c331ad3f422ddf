// What came of a pull, per account and as a whole. Plain values, any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

#include "models/domain/error.h"

namespace earmark {

/// The row of `pull --json`.
struct AccountReport {
    QString account;
    bool ok = false;
    int pages = 0;
    qint64 received = 0;
    qint64 added = 0;
    qint64 changed = 0;
    qint64 unlisted = 0;
    qint64 rejected = 0;
    int requests = 0;  ///< sent by us; Qt may repeat a GET by itself when a kept connection dies under it
    double seconds = 0;
    std::optional<Error> error;
    QStringList notices;  ///< "Campaign June renewals was not found; the others went on."
};

enum class PullOutcome {
    Complete,
    Partly,  ///< something came and something did not, be it an account, a campaign's walk or rows of a page
    Failed,  ///< nothing came at all
};

struct PullReport {
    std::vector<AccountReport> accounts;
    [[nodiscard]] bool allOk() const;
    [[nodiscard]] PullOutcome outcome() const;
};

/// Is everything of the account in trouble, or only the one campaign or call that was asked for?
[[nodiscard]] bool stopsTheAccount(ErrorKind kind);

}  // namespace earmark
