// A download that was cut: how often and from where it is tried again.
#include <QTimer>
#include <algorithm>

#include "models/sync/recordingdownload.h"

namespace earmark {

namespace {

constexpr std::chrono::seconds kShortWish{10};
constexpr std::chrono::milliseconds kAfterTheWish{20};  // so that it is over by then

/// May be different the next time. That somebody asked us to wait is obeyed by whoever asks later.
bool mayPass(const Error& error) {
    return !error.retryAfter && (error.kind == ErrorKind::Offline || error.kind == ErrorKind::Timeout ||
                                 error.kind == ErrorKind::BadAnswer || error.kind == ErrorKind::ServerTrouble);
}

}  // namespace

/// Runs before the first byte of a 2xx: what comes is the whole, the rest, or neither.
void RecordingDownload::haveHead(const QUrl& url, const HttpAnswer& head) {
    if (!m_wantsRest) {
        m_partial = beginningOf(url, head);
        return;
    }
    switch (judgeRest(*m_partial, url, head)) {
        case RestVerdict::GoesOn:
            m_isRest = true;
            m_partial->total = wholeLength(*m_partial, head);
            return;
        case RestVerdict::BeginsAnew:
            startFile();
            m_partial = beginningOf(url, head);
            return;
        case RestVerdict::Unusable:
            m_restIsWrong = true;
            return;
    }
}

/// A server that stumbles, or wishes to be left alone for no longer than somebody waits for a recording.
bool RecordingDownload::mayPassSoon(const Error& error) {
    return error.retryAfter ? *error.retryAfter <= kShortWish : error.kind == ErrorKind::ServerTrouble;
}

/// Only what has begun to come is worth more tries: where nothing ever came, that is said at once.
void RecordingDownload::cut(const Error& error) {
    if (m_over) {
        return;
    }
    if (!m_partial || !mayPass(error) || m_tries >= kMostTries) {
        finish(failure(worded(error)));
        return;
    }
    tryAgain({});
}

void RecordingDownload::tryAgain(std::chrono::milliseconds atLeast) {
    m_ticket.reset();
    const auto pause =
        std::max(atLeast + kAfterTheWish, m_means.patience.retry.pauseAfter(m_tries, m_means.patience.random()));
    ++m_tries;
    QTimer::singleShot(pause, this, [this] {
        if (!m_over) {
            goOn();
        }
    });
}

void RecordingDownload::goOn() {
    m_wantsRest = m_writing && m_partial && m_partial->canGoOn();
    if (!m_wantsRest) {
        newFile();
    }
    m_link.isEmpty() ? sendToTheKey() : request(m_link, kMostRedirects);
}

/// What came was not the rest: the server is not asked for one again.
void RecordingDownload::beginAgain() {
    m_partial->takesRanges = false;
    cut(makeError(ErrorKind::BadAnswer, tr("The recording broke off."),
                  QStringLiteral("the rest that was asked for is not what came")));
}

}  // namespace earmark
