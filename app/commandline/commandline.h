// The subcommands of the program: the table of them, and what each is given to work with. Main thread only.
#pragma once

#include <QString>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "app/commandline/arguments.h"
#include "app/commandline/console.h"
#include "app/profile.h"
#include "models/domain/clock.h"

namespace earmark {

/// What stands before (or anywhere among) the words of a subcommand.
struct GlobalOptions {
    QString profile;
    bool demo = false;
    bool help = false;
    bool version = false;
    QString openUrl;    ///< "earmark:..." handed over by the desktop
    QStringList words;  ///< the rest: the subcommand and its arguments

    /// The error is a sentence for people.
    [[nodiscard]] static tl::expected<GlobalOptions, QString> parse(const QStringList& arguments);
};

struct CommandContext {
    Profile profile;
    bool demo = false;
    Console& console;
    std::shared_ptr<const Clock> clock;
    Arguments arguments;

    /// Says the error in words on standard error.
    [[nodiscard]] int fail(const Error& error, int exitCode = kExitFailed) const;
    [[nodiscard]] int fail(const QString& sentence, int exitCode = kExitFailed) const;
    /// The profile for writing; while a short command of another process runs it is waited for.
    [[nodiscard]] Result<std::unique_ptr<ProfileLock>> lock() const;
};

using CommandFunction = int (*)(CommandContext& context);

struct Command {
    CommandSpec spec;
    CommandFunction run;  ///< nullptr: not available yet
};

[[nodiscard]] std::span<const Command> commands();

/// Runs the subcommand in `options.words`; needs a QCoreApplication and nothing else. Returns the exit code.
[[nodiscard]] int runCommandLine(const GlobalOptions& options);
[[nodiscard]] QString usageText();

/// Runs the application's event loop until `done(code)` is called once; SIGINT and SIGTERM call `cancel`, a second one
/// ends at once.
[[nodiscard]] int runUntilDone(const std::function<void(std::function<void(int)> done)>& start,
                               const std::function<void()>& cancel = {});

// One function per subcommand; the files are named after their group.
[[nodiscard]] int runAccountAdd(CommandContext& context);
[[nodiscard]] int runAccountEdit(CommandContext& context);
[[nodiscard]] int runAccountEnable(CommandContext& context);
[[nodiscard]] int runAccountDisable(CommandContext& context);
[[nodiscard]] int runAccountKey(CommandContext& context);
[[nodiscard]] int runAccountList(CommandContext& context);
[[nodiscard]] int runAccountTest(CommandContext& context);
[[nodiscard]] int runAccountRemove(CommandContext& context);
[[nodiscard]] int runPull(CommandContext& context);
[[nodiscard]] int runSync(CommandContext& context);
[[nodiscard]] int runTargetSet(CommandContext& context);
[[nodiscard]] int runTargetShow(CommandContext& context);
[[nodiscard]] int runTargetTest(CommandContext& context);
[[nodiscard]] int runTargetMap(CommandContext& context);
[[nodiscard]] int runList(CommandContext& context);
[[nodiscard]] int runCount(CommandContext& context);
[[nodiscard]] int runShow(CommandContext& context);
[[nodiscard]] int runEdit(CommandContext& context);
[[nodiscard]] int runPending(CommandContext& context);
[[nodiscard]] int runRecording(CommandContext& context);
[[nodiscard]] int runWaveform(CommandContext& context);
[[nodiscard]] int runDoctor(CommandContext& context);
[[nodiscard]] int runDemoServer(CommandContext& context);

}  // namespace earmark
