// recording: brings a call's recording into the cache, verified, and copies it where asked.
#include <QCoreApplication>
#include <QTemporaryDir>

#include "app/commandline/callreader.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/commandline/outputfile.h"
#include "app/durablefile.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingfetcher.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

class RecordingRun final : public QObject {
 public:
    RecordingRun(CommandContext& context, const QString& storeFolder, const CallKey& key, const Account& account,
                 std::optional<Call> toCopy, std::function<void(int)> done)
        : m_context(context),
          m_key(key),
          m_toCopy(std::move(toCopy)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({storeFolder, context.clock, {}}),
          m_http(context.clock),
          m_refresher(&m_store, &m_http, &m_secrets, context.clock),
          m_fetcher(context.profile.recordingsFolder(), &m_store, &m_http, &m_refresher) {
        m_refresher.setAccounts({account});
        m_fetcher.setAccounts({account});
    }

    void start(const std::optional<QByteArray>& key) {
        if (key) {
            m_secrets.setForThisRun(m_key.account, *key);
        }
        m_fetcher.sweep();  // what a killed command or window has left
        m_store.open(this, [this](const Done& opened) {
            if (!opened) {
                m_done(m_context.fail(opened.error()));
            } else if (m_toCopy) {
                m_store.storeCall(*m_toCopy, this, [this](const Result<PageOutcome>& stored) {
                    stored ? fetch() : m_done(m_context.fail(stored.error()));
                });
            } else {
                fetch();
            }
        });
    }

 private:
    void fetch() {
        m_fetcher.fetch(m_key, this, [this](const Result<FetchedRecording>& recording) {
            recording ? deliver(*recording) : m_done(m_context.fail(recording.error()));
        });
    }

    void deliver(const FetchedRecording& recording) {
        QString shown = recording.file;
        if (m_context.arguments.has("output")) {
            shown = m_context.arguments.value("output");
            if (const Done copied = copyDurably(recording.file, shown); !copied) {
                m_done(m_context.fail(copied.error().message));
                return;
            }
        }
        m_context.console.line(shown);
        m_context.console.say(Text::tr("%1 bytes, %2%3")
                                  .arg(QString::number(recording.bytes), recording.container,
                                       recording.fromCache       ? Text::tr(", from the cache")
                                       : recording.endMissing    ? Text::tr(", its end is missing at the provider")
                                       : recording.lengthUnknown ? Text::tr(", length not verified")
                                                                 : QString()));
        m_done(kExitDone);
    }

    CommandContext& m_context;
    CallKey m_key;
    std::optional<Call> m_toCopy;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    CallRefresher m_refresher;
    RecordingFetcher m_fetcher;
};

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
    const auto given = keyFromArguments(context.arguments);
    if (!given) {
        return context.fail(given.error().message);
    }
    std::optional<ReviewedCall> call;
    std::optional<Account> account;
    {
        const auto reader = CallReader::open(context.profile);
        if (!reader) {
            return context.fail(reader.error());
        }
        const auto found = (*reader)->call(*key);
        const auto accounts = (*reader)->accounts();
        if (!found || !accounts) {
            return context.fail(found ? accounts.error() : found.error());
        }
        call = *found;
        for (const Account& each : *accounts) {
            if (each.name == key->account) {
                account = each;
            }
        }
    }
    if (!call) {
        return context.fail(unknownCallText(*key));
    }
    if (!account) {
        return context.fail(Text::tr("There is no account %1. “earmark account list” names them.").arg(key->account));
    }
    // Beside a running window the databases are its own: the call is then worked on in a small store of its own, and
    // only the cache of recordings, whose files appear whole or not at all, is shared.
    const auto lock = ProfileLock::take(context.profile);
    if (!lock && lock.error().kind != ErrorKind::HeldElsewhere) {
        return context.fail(lock.error());
    }
    std::optional<QTemporaryDir> apart;
    if (!lock) {
        apart.emplace(context.profile.folder() + u"/fetch-XXXXXX"_s);
        if (!apart->isValid()) {
            return context.fail(Text::tr("The folder %1 cannot be written.").arg(shownText(context.profile.folder())));
        }
    }
    std::unique_ptr<RecordingRun> run;
    return runUntilDone([&](const std::function<void(int)>& done) {
        run = std::make_unique<RecordingRun>(context, apart ? apart->path() : context.profile.folder(), *key, *account,
                                             apart ? std::optional(call->call) : std::nullopt, done);
        run->start(*given);
    });
}

}  // namespace earmark
