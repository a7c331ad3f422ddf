#include "app/commandline/commandline.h"

#include <QCoreApplication>
#include <algorithm>

#include "app/commandline/accountoptions.h"
#include "app/fetchfolder.h"
#include "app/processguard.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

using Kind = OptionSpec::Kind;

template <size_t First, size_t Second>
constexpr std::array<OptionSpec, First + Second> joined(const std::array<OptionSpec, First>& first,
                                                        const std::array<OptionSpec, Second>& second) {
    std::array<OptionSpec, First + Second> all{};
    std::copy(first.begin(), first.end(), all.begin());
    std::copy(second.begin(), second.end(), all.begin() + First);
    return all;
}

constexpr std::array kProviderAndKey{OptionSpec{"provider", Kind::Value, "P"}, OptionSpec{"key-stdin"},
                                     OptionSpec{"key-file", Kind::Value, "F"}};
constexpr auto kAccountAdd = joined(kProviderAndKey, kAccountOptions);
constexpr OptionSpec kAccountKey[] = {{"key-stdin"}, {"key-file", Kind::Value, "F"}};
constexpr OptionSpec kJson[] = {{"json"}};
constexpr OptionSpec kJsonAndKey[] = {{"json"}, {"key-stdin"}};
constexpr OptionSpec kPull[] = {{"campaign", Kind::Repeated, "ID"},
                                {"since", Kind::Value, "DATE"},
                                {"until", Kind::Value, "DATE"},
                                {"call", Kind::Repeated, "ID"},
                                {"full"},
                                {"details"},
                                {"json"},
                                {"key-stdin"}};
constexpr OptionSpec kList[] = {{"filter", Kind::Value, "EXPR"}, {"sort", Kind::Value, "FIELD"},
                                {"limit", Kind::Value, "N"},     {"offset", Kind::Value, "N"},
                                {"columns", Kind::Value, "A,B"}, {"format", Kind::Value, "F"}};
constexpr OptionSpec kCount[] = {{"filter", Kind::Value, "EXPR"}, {"by", Kind::Value, "FIELD"}, {"json"}};
constexpr OptionSpec kFormat[] = {{"format", Kind::Value, "F"}};
constexpr OptionSpec kEdit[] = {{"disposition", Kind::Value, "CODE"},
                                {"notes", Kind::Value, "TEXT"},
                                {"notes-file", Kind::Value, "F"},
                                {"restore", Kind::Repeated, "FIELD"},
                                {"reviewed"},
                                {"no-reviewed"},
                                {"flag", Kind::Value, "TEXT"},
                                {"no-flag"}};
constexpr OptionSpec kTargetSet[] = {{"folder", Kind::Value, "DIR"},
                                     {"format", Kind::Value, "csv|jsonl"},
                                     {"url", Kind::Value, "URL"},
                                     {"secret-stdin"},
                                     {"with-notes"},
                                     {"sends-by-itself"},
                                     {"manual"},
                                     {"only-mapped"},
                                     {"any-code"},
                                     {"earlier", Kind::Value, "send|keep"}};
constexpr OptionSpec kRecording[] = {{"output", Kind::Value, "F"}, {"key-stdin"}};
constexpr OptionSpec kWaveform[] = {{"buckets", Kind::Value, "N"}, {"key-stdin"}, {"json"}};
constexpr OptionSpec kDemoServer[] = {{"port", Kind::Value, "N"}};

constexpr Command kCommands[] = {
    {{"account add",
      "NAME --provider yotel|atoms|vatel|autocalls [--base-url URL] [--key-stdin|--key-file F] [--assume-zone ZONE] "
      "[settings as for account edit]",
      QT_TRANSLATE_NOOP("CommandLine", "adds an account"), kAccountAdd, 1, 1},
     runAccountAdd},
    {{"account edit",
      "NAME [--base-url URL] [--assume-zone ZONE] [--organization ID] [--page-size N] [--requests-per-minute N] "
      "[--watch-every SECONDS] [--agent-channel left|right] [--scope-all] [--scope-days N] [--scope-since DATE] "
      "[--scope-until DATE] [--campaign ID ...] [--agent ID ...] [--source WORD ...]",
      QT_TRANSLATE_NOOP("CommandLine", "changes what of an account is loaded, and how"), kAccountOptions, 1, 1},
     runAccountEdit},
    {{"account enable", "NAME", QT_TRANSLATE_NOOP("CommandLine", "lets an account be pulled again"), {}, 1, 1},
     runAccountEnable},
    {{"account disable",
      "NAME",
      QT_TRANSLATE_NOOP("CommandLine", "keeps an account from being asked by itself; its calls stay"),
      {},
      1,
      1},
     runAccountDisable},
    {{"account key", "NAME --key-stdin|--key-file F", QT_TRANSLATE_NOOP("CommandLine", "gives an account a new key"),
      kAccountKey, 1, 1},
     runAccountKey},
    {{"account list", "[NAME] [--json]", QT_TRANSLATE_NOOP("CommandLine", "lists the accounts"), kJson, 0, 1},
     runAccountList},
    {{"account test", "[NAME] [--key-stdin] [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "asks each provider for its campaigns and says what is wrong"), kJsonAndKey, 0,
      1},
     runAccountTest},
    {{"account remove", "NAME [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "removes an account and its calls; your edits stay"), kJson, 1, 1},
     runAccountRemove},
    {{"pull",
      "[ACCOUNT ...] [--campaign ID] [--since DATE] [--until DATE] [--call ID ...] [--full] [--details] [--key-stdin] "
      "[--json]",
      QT_TRANSLATE_NOOP("CommandLine", "fetches calls"), kPull, 0, -1},
     runPull},
    {{"list",
      "[--filter EXPR] [--sort FIELD|-FIELD] [--limit N] [--offset N] [--columns A,B] [--format table|json|csv]",
      QT_TRANSLATE_NOOP("CommandLine", "lists calls"), kList, 0, 0},
     runList},
    {{"count", "[--filter EXPR] [--by FIELD] [--json]", QT_TRANSLATE_NOOP("CommandLine", "counts calls"), kCount, 0, 0},
     runCount},
    {{"show", "KEY [--format text|json]", QT_TRANSLATE_NOOP("CommandLine", "shows everything about one call"), kFormat,
      1, 1},
     runShow},
    {{"edit",
      "KEY [--disposition CODE] [--notes TEXT|--notes-file F] [--restore disposition|notes] [--reviewed|--no-reviewed] "
      "[--flag TEXT|--no-flag]",
      QT_TRANSLATE_NOOP("CommandLine", "changes what you say about a call"), kEdit, 1, 1},
     runEdit},
    {{"pending", "[--json]", QT_TRANSLATE_NOOP("CommandLine", "lists every edit and its fate"), kJson, 0, 0},
     runPending},
    {{"sync", "[ACCOUNT ...] [--key-stdin] [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "sends what waits, then fetches calls"), kJsonAndKey, 0, -1},
     runSync},
    {{"target set",
      "ACCOUNT none | file --folder DIR [--format csv|jsonl] | webhook --url URL [--secret-stdin] | autocalls-lead "
      "[--with-notes] [--sends-by-itself|--manual] [--only-mapped|--any-code] [--earlier send|keep]",
      QT_TRANSLATE_NOOP("CommandLine", "says where an account's edits go"), kTargetSet, 2, 2},
     runTargetSet},
    {{"target show", "ACCOUNT [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "says where an account's edits go and how many wait"), kJson, 1, 1},
     runTargetShow},
    {{"target test", "ACCOUNT [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "asks an account's target whether it would take edits"), kJson, 1, 1},
     runTargetTest},
    {{"target map",
      "ACCOUNT CODE REMOTE",
      QT_TRANSLATE_NOOP("CommandLine", "says how the target calls a disposition code; an empty REMOTE forgets it"),
      {},
      3,
      3},
     runTargetMap},
    {{"recording", "KEY [--output F] [--key-stdin]", QT_TRANSLATE_NOOP("CommandLine", "fetches a recording"),
      kRecording, 1, 1},
     runRecording},
    {{"waveform", "KEY [--buckets N] [--key-stdin] [--json]",
      QT_TRANSLATE_NOOP("CommandLine", "says what a recording looks like: peaks, speech, silence, talk shares"),
      kWaveform, 1, 1},
     runWaveform},
    {{"doctor", "[--json]", QT_TRANSLATE_NOOP("CommandLine", "checks the data and this computer"), kJson, 0, 0},
     runDoctor},
    {{"demo-server", "[--port N]", QT_TRANSLATE_NOOP("CommandLine", "runs only the demo provider"), kDemoServer, 0, 0},
     runDemoServer},
    {{"export", "", "", {}, 0, -1}, nullptr},
};

/// The command whose name the words begin with, and how many words that took.
const Command* findCommand(const QStringList& words, qsizetype* taken) {
    for (const Command& command : kCommands) {
        const QStringList name = QString::fromLatin1(command.spec.name).split(u' ');
        if (words.mid(0, name.size()) == name) {
            *taken = name.size();
            return &command;
        }
    }
    return nullptr;
}

QString usageLine(const CommandSpec& spec) {
    return u"earmark [--profile DIR] "_s + QLatin1StringView(spec.name) + u' ' + QLatin1StringView(spec.synopsis);
}

/// The commands that begin with this word alone, such as “target”.
QString usageOfGroup(const QString& word) {
    QString text;
    for (const Command& command : kCommands) {
        if (QString::fromLatin1(command.spec.name).startsWith(word + u' ')) {
            text += usageLine(command.spec) + u"\n    "_s +
                    QCoreApplication::translate("CommandLine", command.spec.about) + u'\n';
        }
    }
    return text;
}

int wrongUsage(Console& console, const QString& sentence, const QString& usage) {
    console.say(sentence);
    console.say(Text::tr("Usage: %1").arg(usage));
    return kExitUsage;
}

}  // namespace

std::span<const Command> commands() {
    return kCommands;
}

tl::expected<GlobalOptions, QString> GlobalOptions::parse(const QStringList& arguments) {
    GlobalOptions options;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& word = arguments.at(i);
        const bool beforeCommand = options.words.isEmpty();
        if (word == u"--profile"_s || word.startsWith(u"--profile="_s)) {
            if (!options.profile.isEmpty()) {
                return tl::unexpected(Text::tr("The option --%1 is given twice.").arg(u"profile"_s));
            }
            if (word == u"--profile"_s && i + 1 >= arguments.size()) {
                return tl::unexpected(Text::tr("The option --%1 needs a value.").arg(u"profile"_s));
            }
            options.profile = word == u"--profile"_s ? arguments.at(++i) : word.mid(10);
            if (options.profile.isEmpty()) {
                return tl::unexpected(Text::tr("The option --%1 needs a value.").arg(u"profile"_s));
            }
        } else if (beforeCommand && word == u"--demo"_s) {
            options.demo = true;
        } else if (word == u"--help"_s || word == u"-h"_s) {
            options.help = true;
        } else if (beforeCommand && word == u"--version"_s) {
            options.version = true;
        } else if (beforeCommand && word.startsWith(u"earmark:"_s)) {
            options.openUrl = word;
        } else if (beforeCommand && word.startsWith(u'-')) {
            return tl::unexpected(Text::tr("There is no option %1 here.").arg(shownText(word, 80)));
        } else {
            // From here on the values of a subcommand's options must be left alone: --notes --help is a note.
            options.words.append(word);
            if (word == u"--"_s) {
                options.words += arguments.mid(i + 1);
                break;
            }
            const bool takesValue = word.startsWith(u"--"_s) && !word.contains(u'=') && [&] {
                qsizetype taken = 0;
                const Command* command = findCommand(options.words, &taken);
                for (const OptionSpec& option :
                     command != nullptr ? command->spec.options : std::span<const OptionSpec>()) {
                    if (word.mid(2) == QLatin1StringView(option.name)) {
                        return option.kind != Kind::Flag;
                    }
                }
                return false;
            }();
            if (takesValue && i + 1 < arguments.size()) {
                options.words.append(arguments.at(++i));
            }
        }
    }
    return options;
}

QString usageText() {
    QString text = Text::tr("Earmark %1, a desk for reviewing calls.").arg(QStringLiteral(EARMARK_VERSION)) + u"\n\n"_s;
    text += u"earmark [--profile DIR]\n    "_s +
            Text::tr("opens the window; DIR holds all data (EARMARK_PROFILE means the same)") + u'\n';
    text += u"earmark [--profile DIR] --demo\n    "_s + Text::tr("opens the window on built-in demo calls") + u'\n';
    for (const Command& command : kCommands) {
        if (command.run != nullptr) {
            text += u"earmark "_s + QLatin1StringView(command.spec.name) + u' ' +
                    QLatin1StringView(command.spec.synopsis) + u"\n    "_s +
                    QCoreApplication::translate("CommandLine", command.spec.about) + u'\n';
        }
    }
    text += u'\n' + Text::tr("Exit codes: 0 done, 1 the work failed, 2 wrong usage, 3 partly done.") + u'\n';
    return text;
}

int CommandContext::fail(const QString& sentence, int exitCode) const {
    console.say(sentence);
    return exitCode;
}

int CommandContext::fail(const Error& error, int exitCode) const {
    return fail(errorText(error), exitCode);
}

Result<std::unique_ptr<ProfileLock>> CommandContext::lock() const {
    sweepFetchFolders(profile);
    return ProfileLock::takePatiently(profile, std::chrono::seconds(5));
}

int runCommandLine(const GlobalOptions& options) {
    Console console;
    qsizetype taken = 0;
    const Command* command = findCommand(options.words, &taken);
    const QString group = command == nullptr ? usageOfGroup(options.words.first()) : QString();
    if (!group.isEmpty() && options.help) {
        console.print(group);
        return console.finish(kExitDone);
    }
    if (!group.isEmpty()) {
        console.say(options.words.size() == 1
                        ? Text::tr("Something is missing after “%1”.").arg(options.words.first())
                        : Text::tr("There is no command “%1”.").arg(shownText(options.words.mid(0, 2).join(u' '), 80)));
        console.say(Text::tr("Usage: %1").arg(group.trimmed()));
        return kExitUsage;
    }
    if (command == nullptr) {
        return wrongUsage(console,
                          Text::tr("There is no command “%1”.").arg(shownText(options.words.mid(0, 2).join(u' '), 80)),
                          u"earmark --help"_s);
    }
    if (command->run == nullptr) {
        console.say(Text::tr("“%1” is not available yet in this version.").arg(QLatin1StringView(command->spec.name)));
        return kExitUsage;
    }
    if (options.help) {
        console.line(usageLine(command->spec));
        console.line(u"    "_s + QCoreApplication::translate("CommandLine", command->spec.about));
        return console.finish(kExitDone);
    }
    const auto arguments = Arguments::parse(command->spec, options.words.mid(taken));
    if (!arguments) {
        return wrongUsage(console, arguments.error(), usageLine(command->spec));
    }
    CommandContext context{Profile::choose(options.profile, options.demo), options.demo, console,
                           std::make_shared<SystemClock>(), *arguments};
    const int exitCode = command->run(context);
    if (exitCode == kExitUsage) {
        console.say(Text::tr("Usage: %1").arg(usageLine(command->spec)));
    }
    return console.finish(exitCode);
}

int runUntilDone(const std::function<void(std::function<void(int)>)>& start, const std::function<void()>& cancel) {
    QuitSignals quitSignals;
    const auto asked = std::make_shared<bool>(false);
    QObject::connect(&quitSignals, &QuitSignals::quitRequested, qApp, [asked, cancel] {
        if (*asked || !cancel) {
            QCoreApplication::exit(kExitFailed);
        } else {
            *asked = true;
            cancel();
        }
    });
    // Queued, so that an answer that comes at once still finds the loop running.
    QMetaObject::invokeMethod(
        qApp, [start] { start([](int exitCode) { QCoreApplication::exit(exitCode); }); }, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

}  // namespace earmark
