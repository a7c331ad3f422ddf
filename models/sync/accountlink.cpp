#include "models/sync/accountlink.h"

#include <QPointer>
#include <QTimer>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kErrorTextCap = 64 * 1024;  // an error body is parsed in the main thread
}

class AccountLink::Ask final : public QObject {
 public:
    Ask(const QUrl& address, Tries howOften, Answered answered, QObject* parent)
        : QObject(parent), url(address), tries(howOften), done(std::move(answered)) {
        timer.setSingleShot(true);
        timer.setTimerType(Qt::PreciseTimer);  // a coarse one may fire early, and a server's wish is a wish
    }
    Q_DISABLE_COPY_MOVE(Ask)

    const QUrl url;
    const Tries tries;
    Answered done;
    QTimer timer;
    std::unique_ptr<HttpTicket> ticket;
    int attempts = 0;
};

AccountLink::AccountLink(const Account& account, const QByteArray& key, std::shared_ptr<const ReadDialect> dialect,
                         HttpClient* http, std::shared_ptr<const Clock> clock, std::shared_ptr<RateLimiter> limiter,
                         Patience patience, QObject* parent)
    : QObject(parent),
      m_account(account),
      m_key(key),
      m_dialect(std::move(dialect)),
      m_http(http),
      m_clock(std::move(clock)),
      m_limiter(std::move(limiter)),
      m_patience(std::move(patience)) {}

AccountLink::~AccountLink() = default;

void AccountLink::stop() {
    for (QObject* child : QObjectList(children())) {
        if (auto* ask = dynamic_cast<Ask*>(child)) {
            ask->done = nullptr;
            ask->ticket.reset();
            ask->timer.stop();
            ask->deleteLater();  // its timer may be what calls us
        }
    }
}

void AccountLink::get(const QUrl& url, Tries tries, Answered done) {
    auto* ask = new Ask(url, tries, std::move(done), this);
    connect(&ask->timer, &QTimer::timeout, this, [this, ask] { send(ask); });
    ask->timer.start(0);
}

QString AccountLink::providerWaitSentence(std::chrono::milliseconds wait) const {
    const auto seconds = int(std::chrono::ceil<std::chrono::seconds>(wait).count());
    const QString name = providerName(m_account.provider);
    return m_limiter->pauseLeft().count() > 0
               ? tr("%1 asks to wait %2 s").arg(name, QString::number(seconds))
               : tr("%1 allows only so many requests a minute: waiting %2 s").arg(name, QString::number(seconds));
}

void AccountLink::sendLater(Ask* ask, std::chrono::milliseconds wait, const QString& sentence) {
    ask->timer.start(wait);
    Q_EMIT waiting(sentence);
}

void AccountLink::send(Ask* ask) {
    const auto wait = m_limiter->waitBeforeNext();
    if (wait.count() > 0) {
        if (ask->tries == Tries::Once) {
            Error error = makeError(ErrorKind::RateLimited, providerWaitSentence(wait) + u'.');
            error.retryAfter = wait;
            finish(ask, failure(error));
        } else {
            sendLater(ask, wait, providerWaitSentence(wait));
        }
        return;
    }
    m_limiter->noteSent();
    ++m_requests;
    ++ask->attempts;
    HttpRequest request;
    request.url = ask->url;
    request.bearer = m_key;
    request.headers = {{"Accept"_ba, "application/json"_ba}};
    ask->ticket = m_http->send(std::move(request), [this, guard = QPointer<Ask>(ask)](Result<HttpAnswer> result) {
        if (guard) {
            take(guard, std::move(result));
        }
    });
    Q_EMIT waiting(QString());
}

void AccountLink::take(Ask* ask, Result<HttpAnswer> result) {
    if (!result) {
        tryAgainOrFail(ask, result.error());
        return;
    }
    if (result->status >= 200 && result->status < 300) {
        finish(ask, std::move(result));
        return;
    }
    Error error = m_dialect->parseError(result->status, result->body.left(kErrorTextCap));
    if (result->status == 429 || result->status == 503) {
        error.retryAfter = result->retryAfter(m_clock->now());
    }
    tryAgainOrFail(ask, std::move(error));
}

void AccountLink::tryAgainOrFail(Ask* ask, Error error) {
    const auto wait = m_patience.retry.waitAfter(ask->attempts, error, m_patience.random());
    if (error.kind == ErrorKind::RateLimited) {
        // The wish is the account's, not the request's: everything of this account waits.
        m_limiter->pauseFor(wait ? *wait : error.retryAfter.value_or(std::chrono::milliseconds(0)));
    }
    if (!wait || ask->tries == Tries::Once) {
        finish(ask, failure(std::move(error)));
        return;
    }
    if (error.kind == ErrorKind::RateLimited) {
        sendLater(ask, *wait, providerWaitSentence(*wait));
        return;
    }
    const auto seconds = int(std::chrono::ceil<std::chrono::seconds>(*wait).count());
    const QString what =
        error.message.isEmpty() ? errorText(makeError(error.kind)).section(u". "_s, 0, 0) + u'.' : error.message;
    sendLater(ask, *wait, tr("%1 Trying again in %2 s").arg(what, QString::number(seconds)));
}

void AccountLink::finish(Ask* ask, Result<HttpAnswer> result) {
    const Answered done = std::exchange(ask->done, nullptr);
    ask->deleteLater();
    if (done) {
        done(std::move(result));
    }
}

}  // namespace earmark
