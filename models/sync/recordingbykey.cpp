// What of a download needs the key: only addresses that the dialect makes of the account's own.
#include "models/domain/latefields.h"
#include "models/sync/recordingdownload.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostLinkAnswer = 64 * 1024;  // is parsed in the main thread

}  // namespace

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
        m_link.clear();
        m_wantsRest = false;
        newFile();
        sendToTheKey();
    });
}

void RecordingDownload::sendToTheKey() {
    const QUrl url = m_line->dialect().recordingUrl(m_account, m_key.remoteId);
    Result<HttpRequest> request = m_line->beginStream(url);
    if (request) {
        send(std::move(*request), [this, url](const Result<HttpAnswer>& answer) { haveKeyedAnswer(url, answer); });
    } else {
        cut(request.error());
    }
}

void RecordingDownload::haveKeyedAnswer(const QUrl& url, const Result<HttpAnswer>& answer) {
    const bool redirected = answer && answer->status >= 300 && answer->status < 400;
    const Done judged = m_line->noteStreamAnswer(answer);
    if (m_restIsWrong || (answer && answer->status == 416 && m_wantsRest)) {
        beginAgain();
    } else if (redirected) {
        follow(url, kMostRedirects, *answer);  // as a foreign address, and so without the key
    } else if (judged) {
        finishFile(*answer);
    } else if (judged.error().kind == ErrorKind::NotFound) {
        noSoundThere(judged.error());
    } else {
        cut(judged.error());
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

}  // namespace earmark
