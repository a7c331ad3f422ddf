#include "app/commandline/recordingrun.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include "app/cachelimits.h"
#include "app/commandline/callreader.h"
#include "app/commandline/keyinput.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/callrefresher.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

class RecordingRun final : public QObject {
 public:
    RecordingRun(CommandContext& context, const QString& storeFolder, const CallKey& key, const Account& account,
                 std::optional<Call> toCopy, DeliverRecording deliver, std::function<void(int)> done)
        : m_context(context),
          m_key(key),
          m_toCopy(std::move(toCopy)),
          m_deliver(std::move(deliver)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({storeFolder, context.clock, {}}),
          m_http(context.clock),
          m_refresher(&m_store, &m_http, &m_secrets, context.clock),
          m_fetcher(context.profile.recordingsFolder(), &m_store, &m_http, &m_refresher) {
        m_refresher.setAccounts({account});
        m_fetcher.setAccounts({account});
        m_fetcher.setCacheLimits([limits = cacheLimitsIn(context.profile.settingsFile())] { return limits; });
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
            if (recording) {
                m_fetcher.setInUse(this, {recording->file});
                m_deliver(*recording, m_done);
            } else {
                m_done(m_context.fail(recording.error()));
            }
        });
    }

    CommandContext& m_context;
    CallKey m_key;
    std::optional<Call> m_toCopy;
    DeliverRecording m_deliver;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    CallRefresher m_refresher;
    RecordingFetcher m_fetcher;
};

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
        return failure(ErrorKind::NotFoundHere, unknownCallText(key));
    }
    for (const Account& each : *accounts) {
        if (each.name == key.account) {
            return RecordedCall{(*found)->call, each};
        }
    }
    return failure(ErrorKind::NotFoundHere,
                   Text::tr("There is no account %1. “earmark account list” names them.").arg(key.account));
}

int runWithRecording(CommandContext& context, const RecordedCall& recorded, const std::optional<QByteArray>& key,
                     const DeliverRecording& deliver) {
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
        run = std::make_unique<RecordingRun>(context, apart ? apart->path() : context.profile.folder(),
                                             recorded.call.key, recorded.account,
                                             apart ? std::optional(recorded.call) : std::nullopt, deliver, done);
        run->start(key);
    });
}

}  // namespace earmark
