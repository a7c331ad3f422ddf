#include "models/sync/recordingdownload.h"

#include <QFileInfo>

#include "models/net/urlguard.h"
#include "models/sync/accountpaces.h"
#include "models/sync/recordingfile.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 kLargestRecording = qint64(512) * 1024 * 1024;
constexpr qint64 kPauseAtBytes = 8 * 1024 * 1024;  // waiting for the disk
constexpr qint64 kResumeAtBytes = 1024 * 1024;

}  // namespace

/// What main thread and worker share about the file: the worker alone touches `part`.
struct RecordingDownload::Writing {
    QString folder;
    QString stem;
    std::unique_ptr<PartFile> part;
    std::optional<Error> error;  ///< worker's; the first one counts
    qint64 waiting = 0;          ///< main thread: bytes handed over and not written yet

    void write(const QByteArray& piece) {
        if (error) {
            return;
        }
        if (!part) {
            auto made = PartFile::create(folder, stem);
            if (!made) {
                error = made.error();
                return;
            }
            part = std::move(*made);
        }
        if (const Done written = part->write(piece); !written) {
            error = written.error();
            part.reset();
        }
    }
};

RecordingDownload::RecordingDownload(const CallKey& key, const Account& account, const Means& means, QObject* parent)
    : QObject(parent), m_key(key), m_account(account), m_means(means) {}

RecordingDownload::~RecordingDownload() {
    dropFile();
}

void RecordingDownload::start() {
    m_means.cache->run<std::optional<FetchedRecording>>(
        [folder = m_means.folder, stem = recordingStem(m_account.provider, m_key), now = m_means.http->clock()->now()] {
            return usedRecording(folder, stem, now);
        },
        this,
        [this](const std::optional<FetchedRecording>& cached) {
            if (cached && !cached->changed) {
                finish(*cached);
            } else {
                m_kept = cached;
                lookAtCall();
            }
        });
}

void RecordingDownload::stop() {
    m_over = true;
    dropFile();
}

void RecordingDownload::lookAtCall() {
    if (m_over) {
        return;
    }
    m_means.store->loadCall(m_key, this, [this](const Result<std::optional<ReviewedCall>>& call) {
        if (!call) {
            finish(failure(call.error()));
        } else if (!*call) {
            finish(failure(ErrorKind::NotFoundHere, tr("There is no such call on this computer.")));
        } else {
            haveCall((*call)->call);
        }
    });
}

RecordingRoute RecordingDownload::route() const {
    const auto dialect = readDialectFor(m_account.provider);
    return dialect ? dialect->recordingRoute() : RecordingRoute::Link;
}

void RecordingDownload::haveCall(const Call& call) {
    if (m_over) {
        return;
    }
    m_call = call;
    if (route() == RecordingRoute::BehindTheKey) {
        openSoundBehindTheKey();
    } else if (call.recordingUrl && !call.recordingUrl->isEmpty()) {
        useLink(*call.recordingUrl);
    } else if ((call.hasRecording == false && route() == RecordingRoute::Link) || m_renewed) {
        finish(failure(noRecording(call)));
    } else {
        renew(noRecording(call));
    }
}

void RecordingDownload::useLink(const QString& link) {
    const LoopbackRule rule = isLoopback(m_account.baseUrl) ? LoopbackRule::Allow : LoopbackRule::Refuse;
    const Result<QUrl> url = urlFromData(link, rule);
    if (url) {
        download(*url);
    } else {
        finish(failure(url.error()));
    }
}

Error RecordingDownload::noRecording(const Call& call) {
    if (call.hasRecording == true) {
        m_means.refresher->watchForRecording(m_key);
        return Error{
            ErrorKind::NoRecording,
            u"recording_pending"_s,
            tr("The call is recorded, but %1 has not issued the link yet; it is asked for again.").arg(provider()),
            {},
            std::nullopt};
    }
    return Error{ErrorKind::NoRecording, u"recording_none"_s, tr("This call has no recording."), {}, std::nullopt};
}

/// Reads the call again, once: it may carry a link now, or a fresh one.
void RecordingDownload::renew(const Error& reason) {
    m_renewed = true;
    if (route() == RecordingRoute::LinkOnAsk) {
        askForLink(reason);
        return;
    }
    m_means.refresher->refresh(m_key, this, [this, reason](const Result<Call>& call) {
        if (call) {
            haveCall(*call);
        } else if (call.error().kind == ErrorKind::NotFound || reason.kind == ErrorKind::NoRecording) {
            finish(failure(call.error()));
        } else {
            finish(failure(reason));
        }
    });
}

void RecordingDownload::newFile() {
    dropFile();
    startFile();
}

/// What is written from here on is the recording from its first byte; a file begun before goes.
void RecordingDownload::startFile() {
    if (m_writing) {
        m_means.files->run([writing = m_writing] { writing->part.reset(); });
    }
    m_writing = std::make_shared<Writing>();
    m_writing->folder = m_means.folder;
    m_writing->stem = recordingStem(m_account.provider, m_key);
}

void RecordingDownload::download(const QUrl& url) {
    const bool isSameObject = !m_link.isEmpty() && placeOf(m_link) == placeOf(url);
    m_link = url;
    // A fresh link to what was cut before: its rest is enough.
    m_wantsRest = isSameObject && m_writing && m_partial && m_partial->canGoOn();
    if (!m_wantsRest) {
        newFile();
    }
    request(url, kMostRedirects);
}

void RecordingDownload::request(const QUrl& url, int redirectsLeft) {
    const auto pause = paceOfStorage(url, m_means.http, m_means.store)->limiter.pauseLeft();
    if (pause.count() > 0) {
        finish(failure(Error{ErrorKind::RateLimited,
                             u"recording_wait"_s,
                             tr("The storage of recordings asked to wait before the next request."),
                             {},
                             pause}));
        return;
    }
    HttpRequest request;
    request.url = url;
    request.fromData = true;  // and so without the key
    request.allowLoopback = isLoopback(m_account.baseUrl);
    send(std::move(request),
         [this, url, redirectsLeft](const Result<HttpAnswer>& answer) { haveAnswer(url, redirectsLeft, answer); });
}

void RecordingDownload::send(HttpRequest request, const std::function<void(Result<HttpAnswer>)>& done) {
    const qint64 begin = m_wantsRest ? m_partial->received : 0;
    request.headers = {{"Accept-Encoding"_ba, "identity"_ba}};  // the announced length is the file's
    if (m_wantsRest) {
        request.headers += restHeaders(*m_partial);
    }
    request.totalDeadline = 30min;
    request.inactivityDeadline = 20s;
    request.bodyCap = kLargestRecording - begin;
    request.head = [this, url = request.url](const HttpAnswer& head) { haveHead(url, head); };
    request.sink = [this](const QByteArray& piece) { return takePiece(piece); };
    request.progress = [this, begin](qint64 received, qint64 total) {
        m_isRest ? Q_EMIT progressed(begin + received, m_partial->total) : Q_EMIT progressed(received, total);
    };
    m_isRest = false;
    m_restIsWrong = false;
    m_ticket = m_means.http->send(std::move(request), done);
}

bool RecordingDownload::takePiece(const QByteArray& piece) {
    if (m_restIsWrong) {
        return false;
    }
    if (m_partial) {
        m_partial->received += piece.size();
    }
    m_writing->waiting += piece.size();
    if (m_writing->waiting > kPauseAtBytes) {
        m_ticket->pause();
    }
    m_means.files->run<std::optional<Error>>(
        [writing = m_writing, piece] {
            writing->write(piece);
            return writing->error;
        },
        this,
        [this, writing = m_writing, size = piece.size()](const std::optional<Error>& error) {
            writing->waiting -= size;
            if (writing != m_writing) {
                return;
            }
            if (error) {
                finish(failure(*error));
            } else if (writing->waiting < kResumeAtBytes && m_ticket) {
                m_ticket->resume();
            }
        });
    return true;
}

void RecordingDownload::haveAnswer(const QUrl& url, int redirectsLeft, const Result<HttpAnswer>& answer) {
    if (m_restIsWrong || (answer && answer->status == 416 && m_wantsRest)) {
        beginAgain();
        return;
    }
    if (!answer) {
        cut(answer.error());
        return;
    }
    if (answer->status == 200 || (answer->status == 206 && m_isRest)) {
        finishFile(*answer);
        return;
    }
    switch (answer->status) {
        case 301:
        case 302:
        case 303:
        case 307:
        case 308:
            follow(url, redirectsLeft, *answer);
            return;
        case 401:
        case 403:
        case 404:
        case 410:
            linkRefused(refusedError(answer->status));
            return;
        default:
            break;
    }
    // Storage answers 400 with an XML text to a signature that has run out.
    if (answer->status < 500 && answer->body.trimmed().startsWith('<')) {
        linkRefused(refusedError(answer->status));
        return;
    }
    haveTrouble(url, *answer);
}

void RecordingDownload::haveTrouble(const QUrl& url, const HttpAnswer& answer) {
    const ErrorKind kind = answer.status == 429   ? ErrorKind::RateLimited
                           : answer.status >= 500 ? ErrorKind::ServerTrouble
                                                  : ErrorKind::Refused;
    Error error{kind,
                u"http_%1"_s.arg(answer.status),
                tr("The storage of recordings answered with the error %1.").arg(answer.status),
                {},
                std::nullopt};
    if (answer.status == 429 || answer.status == 503) {
        error.retryAfter = answer.retryAfter(m_means.http->clock()->now());
    }
    if (error.retryAfter) {
        paceOfStorage(url, m_means.http, m_means.store)->wish(*error.retryAfter);
    }
    if (mayPassSoon(error) && m_tries < kMostTriesInTrouble) {
        tryAgain(error.retryAfter.value_or(0ms));
    } else {
        cut(error);
    }
}

/// The kinds' own advice speaks of pages of calls.
Error RecordingDownload::worded(Error error) const {
    if (error.kind == ErrorKind::TooLarge) {
        error.code = u"recording_too_large"_s;
        error.message = tr("The recording is larger than %1 MiB, which is the most that is fetched.")
                            .arg(kLargestRecording / (1024 * 1024));
        error.next = tr("Listen to it at %1.").arg(provider());
    } else if (error.kind == ErrorKind::Timeout) {
        error.next = tr("Try again; if it happens often, tell %1.").arg(provider());
    }
    return error;
}

/// Storage may send us on to where the bytes are. The next address is as foreign as the first: same checks, no key.
void RecordingDownload::follow(const QUrl& from, int redirectsLeft, const HttpAnswer& answer) {
    const QUrl target(QString::fromUtf8(answer.header("location"_ba)), QUrl::StrictMode);
    const LoopbackRule rule = isLoopback(m_account.baseUrl) ? LoopbackRule::Allow : LoopbackRule::Refuse;
    const QUrl next = target.isValid() && !target.isEmpty() ? from.resolved(target) : QUrl();
    if (const Done checked = checkUrlFromData(next, rule); !checked) {
        Error error = checked.error();
        error.message = tr("The recording's link at %1 leads to what is no web address.").arg(provider());
        error.next = tr("Nothing was fetched from there; tell %1.").arg(provider());
        finish(failure(error));
    } else if (redirectsLeft <= 0) {
        finish(
            failure(ErrorKind::BadAnswer, tr("The recording's link leads from one address to the next without end.")));
    } else {
        request(next, redirectsLeft - 1);
    }
}

Error RecordingDownload::refusedError(int status) const {
    return Error{ErrorKind::NotFound,
                 u"http_%1"_s.arg(status),
                 tr("The recording's link has expired, or the recording is no longer available at %1.").arg(provider()),
                 {},
                 std::nullopt};
}

void RecordingDownload::linkRefused(const Error& error) {
    if (m_over) {
        return;
    }
    if (m_renewed) {
        finish(failure(error));
    } else {
        renew(error);
    }
}

void RecordingDownload::finishFile(const HttpAnswer& answer) {
    bool known = false;
    const qint64 announced = answer.header("content-length"_ba).toLongLong(&known);
    const bool isWhole = known && answer.header("content-encoding"_ba).isEmpty();
    const qint64 expected = m_isRest ? m_partial->total : isWhole ? announced : -1;
    m_means.files->run<Result<FetchedRecording>>(
        [writing = m_writing, expected, now = m_means.http->clock()->now()]() -> Result<FetchedRecording> {
            if (writing->error) {
                return failure(*writing->error);
            }
            if (!writing->part) {
                return failure(notAudioError({}));
            }
            auto recording = writing->part->finish(expected);
            writing->part.reset();
            if (recording) {
                noteRecordingVerified(writing->folder, writing->stem, QFileInfo(recording->file).fileName(), now);
            }
            return recording;
        },
        this,
        [this, expected](const Result<FetchedRecording>& recording) {
            if (!recording && recording.error().code == u"not_audio_xml") {
                m_partial.reset();
                linkRefused(refusedError(200));
            } else if (!recording && recording.error().kind == ErrorKind::BadAnswer) {
                m_writing.reset();
                // Without a length it may be all there is: that costs one more download, not many.
                m_tries = expected < 0 ? std::max(m_tries, kMostTries - 1) : m_tries;
                cut(recording.error());
            } else {
                haveFile(recording);
            }
        });
}

/// The link has done its work and is dropped; whether that could be written is no matter of the recording.
void RecordingDownload::haveFile(const Result<FetchedRecording>& recording) {
    if (!recording || m_over) {
        finish(recording);
        return;
    }
    const auto done = [this, recording](const Done&) { finish(recording); };
    if (route() == RecordingRoute::BehindTheKey) {
        m_means.store->noteRecordingFound(m_key, true, this, done);
    } else {
        m_means.store->dropLink(m_key, this, done);
    }
}

/// The .part file is closed and removed where it was written.
void RecordingDownload::dropFile() {
    m_ticket.reset();
    if (m_writing) {
        m_means.files->run([writing = m_writing] { writing->part.reset(); });
        m_writing.reset();
    }
}

void RecordingDownload::finish(const Result<FetchedRecording>& result) {
    if (m_over) {
        return;
    }
    m_over = true;
    // What was damaged here is better than nothing, as long as that is said.
    m_result = !result && m_kept ? Result<FetchedRecording>(*m_kept) : result;
    dropFile();
    Q_EMIT ended();
}

}  // namespace earmark
