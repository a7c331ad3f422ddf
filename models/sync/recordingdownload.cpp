#include "models/sync/recordingdownload.h"

#include "models/domain/latefields.h"
#include "models/net/urlguard.h"
#include "models/sync/accountlink.h"
#include "models/sync/accountpaces.h"
#include "models/sync/recordingfile.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 kLargestRecording = qint64(512) * 1024 * 1024;
constexpr int kMostRedirects = 3;
constexpr qint64 kPauseAtBytes = 8 * 1024 * 1024;  // waiting for the disk
constexpr qint64 kResumeAtBytes = 1024 * 1024;
constexpr qsizetype kMostLinkAnswer = 64 * 1024;  // is parsed in the main thread

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
    m_means.files->run<std::optional<FetchedRecording>>(
        [folder = m_means.folder, stem = recordingStem(m_account.provider, m_key)] {
            return cachedRecording(folder, stem);
        },
        this,
        [this](const std::optional<FetchedRecording>& cached) {
            if (cached) {
                finish(*cached);
            } else {
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
    m_writing = std::make_shared<Writing>();
    m_writing->folder = m_means.folder;
    m_writing->stem = recordingStem(m_account.provider, m_key);
}

void RecordingDownload::download(const QUrl& url) {
    newFile();
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
    request.headers = {{"Accept-Encoding"_ba, "identity"_ba}};  // the announced length is the file's
    request.totalDeadline = 30min;
    request.inactivityDeadline = 20s;
    request.bodyCap = kLargestRecording;
    request.sink = [this](const QByteArray& piece) { return takePiece(piece); };
    request.progress = [this](qint64 received, qint64 total) { Q_EMIT progressed(received, total); };
    m_ticket = m_means.http->send(std::move(request), done);
}

// --- what needs the key: only addresses that the dialect makes of the account's own

void RecordingDownload::askForLink(const Error& reason) {
    m_means.refresher->openLine(m_account.name, this, [this, reason](const Result<CallRefresher::Line>& line) {
        if (m_over) {
            return;
        }
        if (!line) {
            finish(failure(line.error()));
            return;
        }
        m_line = *line;
        m_line->get(m_line->dialect().recordingUrl(m_account, m_key.remoteId), AccountLink::Tries::Once,
                    [this, guard = QPointer<RecordingDownload>(this), reason](const Result<HttpAnswer>& answer) {
                        if (guard && !m_over) {
                            haveLink(reason, answer);
                        }
                    });
    });
}

void RecordingDownload::haveLink(const Error& reason, const Result<HttpAnswer>& answer) {
    if (!answer) {
        // Where the call itself had a link, that one's end is the news; a 404 says that there is nothing to be had.
        finish(failure(answer.error().kind == ErrorKind::NotFound ? reason : answer.error()));
        return;
    }
    const Result<QString> link = m_line->dialect().parseRecordingLink(answer->body.left(kMostLinkAnswer));
    if (link) {
        useLink(*link);
    } else {
        finish(failure(link.error().kind == ErrorKind::NoRecording ? reason : link.error()));
    }
}

void RecordingDownload::openSoundBehindTheKey() {
    m_means.refresher->openLine(m_account.name, this, [this](const Result<CallRefresher::Line>& line) {
        if (m_over) {
            return;
        }
        if (!line) {
            finish(failure(line.error()));
            return;
        }
        m_line = *line;
        const QUrl url = m_line->dialect().recordingUrl(m_account, m_key.remoteId);
        Result<HttpRequest> request = m_line->beginStream(url);
        if (!request) {
            finish(failure(request.error()));
            return;
        }
        newFile();
        send(std::move(*request), [this, url](const Result<HttpAnswer>& answer) { haveKeyedAnswer(url, answer); });
    });
}

void RecordingDownload::haveKeyedAnswer(const QUrl& url, const Result<HttpAnswer>& answer) {
    const bool redirected = answer && answer->status >= 300 && answer->status < 400;
    const Done judged = m_line->noteStreamAnswer(answer);
    if (redirected) {
        follow(url, kMostRedirects, *answer);  // as a foreign address, and so without the key
    } else if (judged) {
        finishFile(*answer);
    } else if (judged.error().kind == ErrorKind::NotFound) {
        noSoundThere(judged.error());
    } else {
        finish(failure(worded(judged.error())));
    }
}

/// The sound of a call that ended just now may still come: that it is not there is written down only later.
void RecordingDownload::noSoundThere(const Error& error) {
    const std::optional<Moment> end = m_call->endTime ? m_call->endTime : startTime(*m_call);
    const bool mayCome =
        !hasEnded(m_call->status) || (end && m_means.http->clock()->now() - *end < kLateFieldsComeWithin);
    if (mayCome) {
        finish(failure(Error{ErrorKind::NoRecording,
                             u"recording_pending"_s,
                             tr("%1 has no recording of this call yet.").arg(provider()),
                             {},
                             std::nullopt,
                             tr("Ask again in a moment.")}));
        return;
    }
    Error none{ErrorKind::NoRecording, u"recording_none"_s, tr("This call has no recording."), {}, std::nullopt};
    none.detail = error.message;
    m_means.store->noteRecordingFound(m_key, false, this, [this, none](const Done&) { finish(failure(none)); });
}

bool RecordingDownload::takePiece(const QByteArray& piece) {
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
    if (!answer) {
        finish(failure(worded(answer.error())));
        return;
    }
    switch (answer->status) {
        case 200:
            finishFile(*answer);
            return;
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
    finish(failure(error));
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
        finish(failure(checked.error()));
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
    const qint64 expected = known && answer.header("content-encoding"_ba).isEmpty() ? announced : -1;
    m_means.files->run<Result<FetchedRecording>>(
        [writing = m_writing, expected]() -> Result<FetchedRecording> {
            if (writing->error) {
                return failure(*writing->error);
            }
            if (!writing->part) {
                return failure(notAudioError({}));
            }
            auto recording = writing->part->finish(expected);
            writing->part.reset();
            return recording;
        },
        this,
        [this](const Result<FetchedRecording>& recording) {
            if (!recording && recording.error().code == u"not_audio_xml") {
                linkRefused(refusedError(200));
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
    m_result = result;
    dropFile();
    Q_EMIT ended();
}

}  // namespace earmark
