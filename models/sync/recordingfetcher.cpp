#include "models/sync/recordingfetcher.h"

#include <QPointer>
#include <algorithm>

#include "models/domain/textfold.h"
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

    explicit Private(RecordingFetcher* owner) : q(owner), files(1) {}

    void begin(const CallKey& key) {
        const auto account = std::find_if(accounts.begin(), accounts.end(),
                                          [&key](const Account& one) { return one.name == key.account; });
        if (account == accounts.end()) {
            Error error =
                makeError(ErrorKind::NotFoundHere, tr("There is no account named %1.").arg(isolated(key.account)));
            error.next = tr("Add it again to fetch its recordings.");
            QMetaObject::invokeMethod(
                q, [this, key, error] { answer(key, failure(error)); }, Qt::QueuedConnection);
            return;
        }
        auto* download = new RecordingDownload(key, *account, {folder, store, http, refresher, &files}, q);
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
    }

    RecordingFetcher* const q;
    QString folder;
    Store* store = nullptr;
    HttpClient* http = nullptr;
    CallRefresher* refresher = nullptr;
    std::vector<Account> accounts;
    QHash<CallKey, Job> jobs;
    Workers files;
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

void RecordingFetcher::sweep() {
    d->files.run([folder = d->folder] { sweepPartFiles(folder); });
}

}  // namespace earmark
