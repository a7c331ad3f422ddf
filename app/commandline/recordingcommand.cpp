// recording: brings a call's recording into the cache, verified, and copies it where asked.
#include <QCoreApplication>

#include "app/commandline/commandline.h"
#include "app/commandline/outputfile.h"
#include "app/commandline/recordingrun.h"
#include "app/durablefile.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

int deliver(const CommandContext& context, const FetchedRecording& recording) {
    QString shown = recording.file;
    if (context.arguments.has("output")) {
        shown = context.arguments.value("output");
        if (const Done copied = copyDurably(recording.file, shown); !copied) {
            return context.fail(copied.error().message);
        }
    }
    context.console.line(shown);
    context.console.say(Text::tr("%1 bytes, %2%3")
                            .arg(QString::number(recording.bytes), recording.container,
                                 recording.changed
                                     ? Text::tr(", changed here since it was fetched, and not to be fetched again now")
                                 : recording.fromCache     ? Text::tr(", from the cache")
                                 : recording.endMissing    ? Text::tr(", its end is missing at the provider")
                                 : recording.lengthUnknown ? Text::tr(", length not verified")
                                                           : QString()));
    return kExitDone;
}

}  // namespace

int runRecording(CommandContext& context) {
    const auto key = callKeyFromText(context.arguments.positional().first());
    if (!key) {
        return context.fail(key.error().message, kExitUsage);
    }
    if (context.arguments.has("output") && context.arguments.value("output").isEmpty()) {
        return context.fail(Text::tr("The option --%1 needs a value.").arg(u"output"_s), kExitUsage);
    }
    if (context.arguments.has("output")) {
        if (const Done lawful = checkOutputFile(context.arguments.value("output"), context.profile); !lawful) {
            return context.fail(lawful.error());
        }
    }
    const auto recorded = findRecordedCall(context, *key);
    if (!recorded) {
        return context.fail(recorded.error());
    }
    return runWithRecording(context, *recorded,
                            [&context](const FetchedRecording& recording, const std::function<void(int)>& done) {
                                done(deliver(context, recording));
                            });
}

}  // namespace earmark
