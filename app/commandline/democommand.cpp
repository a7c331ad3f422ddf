// demo-server: only the demo providers, until it is told to stop.
#include <QCoreApplication>

#include "app/commandline/commandline.h"
#include "app/commandline/jsonwriter.h"
#include "app/demo/demoserver.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

}  // namespace

int runDemoServer(CommandContext& context) {
    bool isPort = true;
    const uint port = context.arguments.has("port") ? context.arguments.value("port").toUInt(&isPort) : 0;
    if (!isPort || port > 65535) {
        return context.fail(Text::tr("--port needs a number from 0 to 65535, not “%1”.")
                                .arg(shownText(context.arguments.value("port"), 40)),
                            kExitUsage);
    }
    DemoServer server(context.clock);
    if (const Done started = server.start(quint16(port)); !started) {
        return context.fail(started.error().message);
    }
    JsonWriter json(0);
    json.beginObject();
    for (const Provider provider : {Provider::Yotel, Provider::Atoms, Provider::Vatel, Provider::Autocalls}) {
        json.key(word(provider));
        json.text(server.baseUrl(provider).toString());
    }
    json.endObject();
    context.console.print(json.take());
    context.console.flush();
    context.console.say(
        Text::tr("Any key is accepted that begins with yt_test_ for Yotel, sk_demo for Atoms, vt_demo for "
                 "Vatel, or a number with |demo for Autocalls. Ctrl+C stops."));
    // Being told to stop is how this command is meant to end.
    return runUntilDone([](const std::function<void(int)>&) {}, [] { QCoreApplication::exit(kExitDone); });
}

}  // namespace earmark
