#include "models/sync/recordingfetcher.h"

#include <QFileInfo>
#include <QPointer>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/sync/accountpaces.h"
#include "models/sync/recordingdownload.h"
#include "models/sync/recordingfile.h"
#include "models/sync/workers.h"

namespace earmark {

namespace {

using Answer = std::function<void(Result<FetchedRecording>)>;

struct Waiting {
    QPointer<QObject> context;
    Answer done;
};

}  // namespace

bool recordingComesAsLink(Provider provider) {
    const auto dialect = readDialectFor(provider);
    return !dialect || dialect->recordingRoute() == RecordingRoute::Link;
}

class RecordingFetcher::Private {
 public:
    struct Job {
        RecordingDownload* download = nullptr;  ///< null: the answer is on its way
        std::vector<Waiting> waiting;
    };

    explicit Private(RecordingFetcher* owner) : q(owner), files(1), cache(1) {}

    [[nodiscard]] const Account* accountOf(const CallKey& key) const {
        const auto account = std::find_if(accounts.begin(), accounts.end(),
                                          [&key](const Account& one) { return one.name == key.account; });
        return account == accounts.end() ? nullptr : &*account;
    }

    void begin(const CallKey& key) {
        const Account* account = accountOf(key);
        if (account == nullptr) {
            Error error =
                makeError(ErrorKind::NotFoundHere, tr("There is no account named %1.").arg(isolated(key.account)));
            error.next = tr("Add it again to fetch its recordings.");
            QMetaObject::invokeMethod(
                q, [this, key, error] { answer(key, failure(error)); }, Qt::QueuedConnection);
            return;
        }
        auto* download =
            new RecordingDownload(key, *account, {folder, store, http, refresher, &files, &cache, patience}, q);
        jobs[key].download = download;
        QObject::connect(download, &RecordingDownload::progressed, q,
                         [this, key](qint64 received, qint64 total) { Q_EMIT q->progressed(key, received, total); });
        QObject::connect(download, &RecordingDownload::ended, q,
                         [this, key, download] { answer(key, download->result()); });
        download->start();
    }

    void answer(const CallKey& key, const Result<FetchedRecording>& result) {
        const Job job = jobs.take(key);
        if (job.download != nullptr) {
            job.download->deleteLater();
        }
        const QPointer<RecordingFetcher> alive = q;
        for (const Waiting& asker : job.waiting) {
            if (asker.context && alive) {
                asker.done(result);
            }
        }
        if (alive && result && !result->fromCache) {
            makeRoom();  // those who were answered have said by now what they use
        }
    }

    void makeRoom() {
        if (!limits) {
            return;
        }
        QSet<QString> kept = lookedUp;
        for (auto it = inUse.begin(); it != inUse.end(); ++it) {
            kept += *it;
        }
        for (auto it = jobs.begin(); it != jobs.end(); ++it) {
            if (const Account* account = accountOf(it.key())) {
                kept.insert(recordingStem(account->provider, it.key()));
            }
        }
        cache.run([folder = folder, now = limits(), kept, at = http->clock()->now()] {
            trimRecordingCache(folder, now, kept, at);
        });
    }

    RecordingFetcher* const q;
    QString folder;
    Store* store = nullptr;
    HttpClient* http = nullptr;
    CallRefresher* refresher = nullptr;
    std::vector<Account> accounts;
    QHash<CallKey, Job> jobs;
    QSet<CallKey> ahead;  ///< asked for ahead, and still looked up
    std::function<RecordingCacheLimits()> limits;
    QHash<QObject*, QSet<QString>> inUse;  ///< stems
    QSet<QString> lookedUp;                ///< answers on their way
    Patience patience{{std::chrono::milliseconds(300), std::chrono::seconds(5)}};
    Workers files;
    Workers cache;
};

RecordingFetcher::RecordingFetcher(const QString& cacheFolder, Store* store, HttpClient* http, CallRefresher* refresher,
                                   QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this)) {
    d->folder = cacheFolder;
    d->store = store;
    d->http = http;
    d->refresher = refresher;
}

RecordingFetcher::~RecordingFetcher() {
    qDeleteAll(findChildren<RecordingDownload*>(Qt::FindDirectChildrenOnly));  // they use the file worker
}

void RecordingFetcher::setAccounts(std::vector<Account> accounts) {
    d->accounts = std::move(accounts);
}

void RecordingFetcher::fetch(const CallKey& key, QObject* context, Answer done) {
    std::vector<Waiting>& waiting = d->jobs[key].waiting;
    waiting.push_back({context, std::move(done)});
    if (waiting.size() == 1) {
        d->begin(key);
    }
}

void RecordingFetcher::cancel(const CallKey& key) {
    d->ahead.remove(key);
    const auto found = d->jobs.find(key);
    if (found == d->jobs.end()) {
        return;
    }
    const Private::Job job = *found;
    d->jobs.erase(found);
    if (job.download != nullptr) {
        disconnect(job.download, nullptr, this, nullptr);
        job.download->stop();
        job.download->deleteLater();
    }
    for (const Waiting& asker : job.waiting) {
        if (asker.context) {
            QMetaObject::invokeMethod(
                asker.context, [done = asker.done] { done(failure(ErrorKind::Cancelled, {})); }, Qt::QueuedConnection);
        }
    }
}

void RecordingFetcher::fetchAhead(const CallKey& key, QObject* context, Answer done) {
    const Account* account = d->accountOf(key);
    if (account == nullptr) {
        fetch(key, context, std::move(done));
        return;
    }
    d->ahead.insert(key);
    lookUp(account->provider, key, context,
           [this, key, context = QPointer<QObject>(context), done](const std::optional<FetchedRecording>& found) {
               const bool isStillWanted = d->ahead.remove(key);
               const Account* now = d->accountOf(key);
               const auto pause =
                   now != nullptr ? paceOf(*now, d->http, d->store)->limiter.pauseLeft() : std::chrono::milliseconds(0);
               if (found && !found->changed) {
                   done(*found);
               } else if (!isStillWanted || (now != nullptr && !now->isEnabled)) {
                   done(failure(ErrorKind::Cancelled, {}));
               } else if (pause.count() > 0) {
                   done(failure(ErrorKind::RateLimited, {}));
               } else {
                   fetch(key, context, done);
               }
           });
}

void RecordingFetcher::lookUp(Provider provider, const CallKey& key, QObject* context,
                              std::function<void(std::optional<FetchedRecording>)> done) {
    const QString stem = recordingStem(provider, key);
    d->lookedUp.insert(stem);
    d->cache.run<std::optional<FetchedRecording>>(
        [folder = d->folder, stem, now = d->http->clock()->now()] { return usedRecording(folder, stem, now); }, this,
        [this, stem, context = QPointer<QObject>(context),
         done = std::move(done)](const std::optional<FetchedRecording>& found) {
            const QPointer<RecordingFetcher> alive = this;
            if (context) {
                done(found);
            }
            if (alive) {
                d->lookedUp.remove(stem);
            }
        });
}

void RecordingFetcher::setCacheLimits(std::function<RecordingCacheLimits()> limits) {
    d->limits = std::move(limits);
}

void RecordingFetcher::setInUse(QObject* user, const QStringList& files) {
    if (!d->inUse.contains(user)) {
        connect(user, &QObject::destroyed, this, [this](QObject* gone) { d->inUse.remove(gone); });
    }
    QSet<QString> stems;
    for (const QString& file : files) {
        stems.insert(QFileInfo(file).baseName());
    }
    d->inUse[user] = stems;
}

void RecordingFetcher::setPatience(const Patience& patience) {
    d->patience = patience;
}

void RecordingFetcher::sweep() {
    d->cache.run([folder = d->folder] { sweepPartFiles(folder); });
    d->makeRoom();
}

}  // namespace earmark
