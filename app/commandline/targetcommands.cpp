// target set and target map. (show and test have a file of their own.)
#include <QCoreApplication>
#include <QFileInfo>

#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/commandline/knownaccount.h"
#include "app/commandline/targetsettings.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/targets/writedialect.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

void sayWhatWasSet(CommandContext& context, const Account& account) {
    const TargetSettings& target = account.target;
    if (target.kind == TargetKind::None) {
        context.console.line(Text::tr("The edits of %1 stay on this computer.").arg(account.name));
        return;
    }
    context.console.line(Text::tr("The edits of %1 go to %2 (%3).")
                             .arg(account.name, targetName(target.kind), shownText(destinationText(target), 300)));
    if (target.withNotes) {
        context.console.say(Text::tr(
            "Your notes become variables of the lead. Prompts can read variables: a private note may be spoken "
            "on the next call."));
    }
    if (!target.sendsByItself) {
        context.console.say(Text::tr("They are sent only by “earmark sync” or the window's button."));
    }
}

/// Only the last part of the path is made by itself, so that what lies above it must be there.
Done checkFolder(const TargetSettings& target) {
    const QFileInfo folder(target.folder);
    if (target.kind != TargetKind::File || folder.isDir()) {
        return {};
    }
    Error error = makeError(ErrorKind::NotFoundHere);
    error.next = Text::tr("Choose a folder that is there, or a new one in such a folder.");
    if (folder.exists()) {
        error.message = Text::tr("%1 is not a folder.").arg(isolated(shownText(target.folder, 300)));
        return failure(error);
    }
    if (!QFileInfo(folder.path()).isDir()) {
        error.message = Text::tr("The folder %1 is not there.").arg(isolated(shownText(folder.path(), 300)));
        return failure(error);
    }
    return {};
}

/// What was edited before, and what becomes of it now.
void sayWhatWaits(CommandContext& context, const Account& account, const WaitingEdits& edits) {
    if (edits.waiting > 0) {
        context.console.say(
            edits.waiting == 1
                ? Text::tr("One earlier edit waits for it; “earmark sync %1” sends it.").arg(account.name)
                : Text::tr("%1 earlier edits wait for it; “earmark sync %2” sends them.")
                      .arg(QString::number(edits.waiting), account.name));
    }
    if (edits.kept > 0) {
        context.console.say(edits.kept == 1
                                ? Text::tr("One earlier edit stays on this computer.")
                                : Text::tr("%1 earlier edits stay on this computer.").arg(QString::number(edits.kept)));
    }
}

/// Set either way; what could not be kept is said with the variable that takes its place.
int keepSecret(CommandContext& context, const Account& account, const std::optional<QByteArray>& secret) {
    Secrets secrets(context.profile, keyringPatience());
    const QString name = targetSecretName(account.name);
    return runUntilDone([&](const std::function<void(int)>& done) {
        if (secret) {
            secrets.keep(name, *secret, qApp, [&context, done](const Done& kept) {
                if (!kept) {
                    context.console.say(kept.error().message);
                }
                done(kExitDone);
            });
            return;
        }
        secrets.origin(name, qApp, [&context, done, name](Secrets::Origin origin) {
            if (origin == Secrets::Origin::None) {
                context.console.say(Text::tr("It has no secret yet: give it with --secret-stdin, or set %1. Without it "
                                             "nothing is sent.")
                                        .arg(keyVariable(name)));
            }
            done(kExitDone);
        });
    });
}

}  // namespace

int runTargetSet(CommandContext& context) {
    auto known = openKnownAccount(context, context.arguments.positional().first());
    if (!known) {
        return context.fail(known.error());
    }
    const auto target = targetFromArguments(known->account, context.arguments);
    if (!target) {
        return context.fail(target.error(), kExitUsage);
    }
    if (const Done possible = checkFolder(*target); !possible) {
        return context.fail(possible.error());
    }
    const auto secret = secretFromArguments(context.arguments);
    if (!secret) {
        return context.fail(secret.error());
    }
    Account account = known->account;
    account.target = *target;
    const WhatWaits what = context.arguments.value("earlier") == u"keep"_s ? WhatWaits::Keep : WhatWaits::Send;
    if (const auto changed = known->reviews->changeTarget(account, what); !changed) {
        return context.fail(changed.error());
    }
    sayWhatWasSet(context, account);
    const auto waiting = known->reviews->waitingEdits(account.name);
    if (waiting) {
        sayWhatWaits(context, account, *waiting);
    }
    const auto dialect = writeDialectFor(account.target.kind);
    if (!dialect || !dialect->capabilities(account).needsSecret) {
        return kExitDone;
    }
    return keepSecret(context, account, *secret);
}

int runTargetMap(CommandContext& context) {
    const QStringList words = context.arguments.positional();
    auto known = openKnownAccount(context, words.at(0));
    if (!known) {
        return context.fail(known.error());
    }
    if (known->account.target.kind == TargetKind::None) {
        return context.fail(Text::tr("%1 has no target. Choose one with “earmark target set %1”.").arg(words.at(0)));
    }
    if (words.at(1).isEmpty()) {
        return context.fail(Text::tr("The code is empty."), kExitUsage);
    }
    if (words.at(2).isEmpty()) {
        known->account.target.mapping.remove(words.at(1));
    } else {
        known->account.target.mapping.insert(words.at(1), words.at(2));
    }
    if (const auto saved = known->reviews->changeTarget(known->account, WhatWaits::Keep); !saved) {
        return context.fail(saved.error());
    }
    context.console.line(words.at(2).isEmpty()
                             ? Text::tr("%1 is sent as it is.").arg(isolated(words.at(1)))
                             : Text::tr("%1 is sent as %2.").arg(isolated(words.at(1)), isolated(words.at(2))));
    return kExitDone;
}

}  // namespace earmark
