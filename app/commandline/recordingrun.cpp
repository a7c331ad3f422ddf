#include "app/commandline/recordingrun.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <unistd.h>

#include "app/cachelimits.h"
#include "app/commandline/callreader.h"
#include "app/commandline/keyinput.h"
#include "app/fetchfolder.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingfile.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

class RecordingRun final : public QObject {
 public:
    RecordingRun(CommandContext& context, const QString& storeFolder, const RecordedCall& recorded,
                 DeliverRecording deliver, std::function<void(int)> done)
        : m_context(context),
          m_recorded(recorded),
          m_deliver(std::move(deliver)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({storeFolder, context.clock, {}}),
          m_http(context.clock),
          m_refresher(&m_store, &m_http, &m_secrets, context.clock),
          m_fetcher(context.profile.recordingsFolder(), &m_store, &m_http, &m_refresher) {
        m_refresher.setAccounts({recorded.account});
        m_fetcher.setAccounts({recorded.account});
        connect(&m_fetcher, &RecordingFetcher::progressed, this,
                [this](const CallKey&, qint64 received, qint64 total) { showProgress(received, total); });
        m_shown.start();
        m_fetcher.setCacheLimits([limits = cacheLimitsIn(context.profile.settingsFile())] { return limits; });
    }

    void start(const std::optional<QByteArray>& key) {
        if (key) {
            m_secrets.setForThisRun(m_recorded.account.name, *key);
        }
        m_fetcher.sweep();  // what a killed command or window has left
        m_store.open(this, [this](const Done& opened) {
            if (!opened) {
                m_done(m_context.fail(opened.error()));
                return;
            }
            const auto& wishes = m_recorded.serverWishes;
            for (auto wish = wishes.begin(); wish != wishes.end(); ++wish) {
                m_store.saveServerWish(wish.key(), wish.value(), this, [](const Done&) {});
            }
            m_store.storeCall(m_recorded.call, this, [this](const Result<PageOutcome>& stored) {
                stored ? fetch() : m_done(m_context.fail(stored.error()));
            });
        });
    }

 private:
    /// What is here within moments needs no words.
    void showProgress(qint64 received, qint64 total) {
        if (m_shown.elapsed() < (isatty(STDERR_FILENO) != 0 ? 1000 : 5000)) {
            return;
        }
        m_shown.start();
        const auto kilobytes = [](qint64 bytes) { return QString::number((bytes + 999) / 1000); };
        m_context.console.say(total > 0 ? Text::tr("%1 of %2 kB so far").arg(kilobytes(received), kilobytes(total))
                                        : Text::tr("%1 kB so far").arg(kilobytes(received)));
    }

    void fetch() {
        m_fetcher.fetch(m_recorded.call.key, this, [this](const Result<FetchedRecording>& recording) {
            if (recording) {
                m_fetcher.setInUse(this, {recording->file});
                m_deliver(*recording, m_done);
            } else {
                m_done(m_context.fail(recording.error()));
            }
        });
    }

    CommandContext& m_context;
    RecordedCall m_recorded;
    QElapsedTimer m_shown;
    DeliverRecording m_deliver;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    CallRefresher m_refresher;
    RecordingFetcher m_fetcher;
};

/// What the download has taught, into the profile's own list where nobody holds it. A window that does drops links by
/// itself after a while, and asks the server itself whether it still wants to be left alone.
void bringBack(const CommandContext& context, const RecordedCall& recorded, const QString& folder) {
    const auto lock = ProfileLock::take(context.profile);
    const auto apart = lock ? CallsDatabase::open(Profile(folder).callsFile(), CallsDatabase::Access::ReadOnly)
                            : failure(lock.error());
    const auto calls = apart ? CallsDatabase::open(context.profile.callsFile(), CallsDatabase::Access::ReadWrite)
                             : failure(apart.error());
    if (!calls) {
        return;
    }
    const auto wishes = (*apart)->serverWishes().value_or(QHash<QString, Moment>());
    for (auto wish = wishes.begin(); wish != wishes.end(); ++wish) {
        if (recorded.serverWishes.value(wish.key()) != wish.value()) {
            (void)(*calls)->saveServerWish(wish.key(), wish.value(), context.clock->now());
        }
    }
    const CallKey& key = recorded.call.key;
    const auto now = (*apart)->call(key).value_or(std::optional<ReviewedCall>());
    if (now && recorded.call.recordingUrl && !now->call.recordingUrl) {
        (void)(*calls)->dropLink(key);
    }
    if (now && now->call.hasRecording && now->call.hasRecording != recorded.call.hasRecording) {
        (void)(*calls)->noteRecordingFound(key, *now->call.hasRecording);
    }
}

}  // namespace

Result<RecordedCall> findRecordedCall(const CommandContext& context, const CallKey& key) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return failure(reader.error());
    }
    const auto found = (*reader)->call(key);
    const auto accounts = (*reader)->accounts();
    if (!found || !accounts) {
        return failure(found ? accounts.error() : found.error());
    }
    if (!*found) {
        Error error = makeError(ErrorKind::NotFoundHere,
                                Text::tr("There is no call %1 on this computer.").arg(shownText(toText(key), 200)));
        error.next = Text::tr("Look for its key with “earmark list”, or fetch it with “earmark pull %1 --call %2”.")
                         .arg(shownText(key.account, 40), shownText(key.remoteId, 150));
        return failure(error);
    }
    for (const Account& each : *accounts) {
        if (each.name == key.account) {
            return RecordedCall{(*found)->call, each, (*reader)->serverWishes()};
        }
    }
    return failure(ErrorKind::NotFoundHere,
                   Text::tr("There is no account %1. “earmark account list” names them.").arg(key.account));
}

int runWithRecording(CommandContext& context, const RecordedCall& recorded, const DeliverRecording& deliver) {
    sweepFetchFolders(context.profile);
    const auto kept = usedRecording(context.profile.recordingsFolder(),
                                    recordingStem(recorded.account.provider, recorded.call.key), context.clock->now());
    if (kept && !kept->changed) {
        return runUntilDone([&](const std::function<void(int)>& done) { deliver(*kept, done); });
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key && kept) {
        return runUntilDone([&](const std::function<void(int)>& done) { deliver(*kept, done); });
    }
    if (!key) {
        return context.fail(key.error().message);
    }
    // The download may take long, and the databases are for others meanwhile: the call is worked on in a small store
    // of its own, and only the cache of recordings, whose files appear whole or not at all, is shared.
    const auto apart = FetchFolder::make(context.profile);
    if (!apart) {
        return context.fail(apart.error());
    }
    std::unique_ptr<RecordingRun> run;
    const int code = runUntilDone([&](const std::function<void(int)>& done) {
        run = std::make_unique<RecordingRun>(context, (*apart)->path(), recorded, deliver, done);
        run->start(*key);
    });
    run.reset();  // closes its store
    bringBack(context, recorded, (*apart)->path());
    return code;
}

}  // namespace earmark
