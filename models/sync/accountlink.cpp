#include "models/sync/accountlink.h"

#include <QDateTime>
#include <QLocale>
#include <QPointer>
#include <QTimer>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kErrorTextCap = 64 * 1024;  // an error body is parsed in the main thread
/// A pull that somebody waits for gives up rather than wait so much longer than its own patience would have it.
constexpr int kMostBrake = 4;

QString shortly(std::chrono::milliseconds wait) {
    return AccountLink::tr("%1 s").arg(std::chrono::ceil<std::chrono::seconds>(wait).count());
}
}  // namespace

class AccountLink::Ask final : public QObject {
 public:
    Ask(DialectRequest what, Tries howOften, Answered answered, QObject* parent)
        : QObject(parent), request(std::move(what)), tries(howOften), done(std::move(answered)) {
        timer.setSingleShot(true);
        timer.setTimerType(Qt::PreciseTimer);  // a coarse one may fire early, and a server's wish is a wish
    }
    Q_DISABLE_COPY_MOVE(Ask)

    const DialectRequest request;
    const Tries tries;
    Answered done;
    QTimer timer;
    std::unique_ptr<HttpTicket> ticket;
    int attempts = 0;
    OutageBrake::Instant sent{};
    bool braked = false;  ///< waits for the server to come back, not for a time of its own
};

AccountLink::AccountLink(const Account& account, const QByteArray& key, std::shared_ptr<const ReadDialect> dialect,
                         HttpClient* http, std::shared_ptr<const Clock> clock, std::shared_ptr<Pace> pace,
                         AskedBy askedBy, Patience patience, QObject* parent)
    : QObject(parent),
      m_account(account),
      m_key(key),
      m_dialect(std::move(dialect)),
      m_http(http),
      m_clock(std::move(clock)),
      m_pace(std::move(pace)),
      m_askedBy(askedBy),
      m_patience(std::move(patience)) {
    m_pace->brake->setPolicy(m_patience.retry);
}

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
    ask({url, {}}, tries, std::move(done));
}

void AccountLink::ask(const DialectRequest& request, Tries tries, Answered done) {
    auto* ask = new Ask(request, tries, std::move(done), this);
    connect(&ask->timer, &QTimer::timeout, this, [this, ask] { send(ask); });
    ask->timer.start(0);
}

QString AccountLink::providerWaitSentence(std::chrono::milliseconds wait) const {
    const QString name = providerName(m_account.provider);
    if (m_pace->limiter.pauseLeft().count() == 0) {
        return tr("%1 allows only so many requests a minute: waiting %2").arg(name, shortly(wait));
    }
    if (m_pace->limiter.pauseAskedBy() == RateLimiter::AskedBy::Us) {
        return tr("%1 asks for fewer requests without saying for how long: waiting %2").arg(name, shortly(wait));
    }
    if (wait < std::chrono::minutes(2)) {
        return tr("%1 asks to wait %2").arg(name, shortly(wait));
    }
    const auto minutes = int(std::chrono::ceil<std::chrono::minutes>(wait).count());
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(toMs(m_clock->now() + wait));
    return tr("%1 asks to wait %2 min, until %3")
        .arg(name, QString::number(minutes), QLocale().toString(end.time(), QLocale::ShortFormat));
}

void AccountLink::sendLater(Ask* ask, std::chrono::milliseconds wait, const QString& sentence) {
    ask->timer.start(wait);
    Q_EMIT waiting(sentence);
}

std::chrono::milliseconds AccountLink::brakeWait() const {
    const bool atOnce = m_askedBy == AskedBy::Person && m_requests == 0;
    return atOnce ? std::chrono::milliseconds(0) : m_pace->brake->waitBeforeNext();
}

std::chrono::milliseconds AccountLink::limitWait() const {
    return m_pace->limiter.waitBeforeNext(m_askedBy == AskedBy::Spare ? RateLimiter::Share::Half
                                                                      : RateLimiter::Share::Whole);
}

// --- a refused key

bool AccountLink::keyIsRefused() const {
    return m_askedBy != AskedBy::Person && m_pace->refuses(m_key);
}

/// `error` is null where the key was taken.
void AccountLink::noteKey(const Error* error) {
    if (error == nullptr) {
        m_pace->refusal.reset();
    } else if (error->kind == ErrorKind::Unauthorized || error->kind == ErrorKind::Forbidden) {
        m_pace->refuse(m_key, *error);
    }
}

std::optional<Error> AccountLink::hindrance() {
    if (keyIsRefused()) {
        return m_pace->refusal;
    }
    if (const auto wait = limitWait(); wait.count() > 0) {
        Error error = makeError(ErrorKind::RateLimited, providerWaitSentence(wait) + u'.');
        error.retryAfter = wait;
        return error;
    }
    if (const auto wait = brakeWait(); wait.count() > 0) {
        Error error = m_pace->brake->failure().value_or(makeError(ErrorKind::ServerTrouble));
        error.retryAfter = wait;
        return error;
    }
    return std::nullopt;
}

/// Does this question wait for what stands in its way now?
bool AccountLink::waitsFor(const Ask* ask) const {
    if (ask->tries == Tries::Once || keyIsRefused()) {
        return false;
    }
    return ask->tries == Tries::AsOftenAsSensible ||
           (m_pace->limiter.pauseLeft().count() == 0 && limitWait().count() > 0);
}

void AccountLink::send(Ask* ask) {
    ask->braked = false;
    if (std::optional<Error> error = hindrance()) {
        if (!waitsFor(ask)) {
            finish(ask, failure(std::move(*error)));
        } else if (const auto wait = limitWait(); wait.count() > 0) {
            sendLater(ask, wait, providerWaitSentence(wait));
        } else {
            ask->braked = true;
            ask->timer.start(error->retryAfter.value_or(brakeWait()));
        }
        return;
    }
    m_pace->limiter.noteSent();
    ask->sent = m_pace->brake->noteSent();
    ++m_requests;
    ++ask->attempts;
    HttpRequest request;
    request.url = ask->request.url;
    request.bearer = m_key;
    request.headers = {{"Accept"_ba, "application/json"_ba}};
    if (!ask->request.body.isEmpty()) {
        request.method = HttpRequest::Method::Post;
        request.body = ask->request.body;
        request.headers.append({"Content-Type"_ba, "application/json"_ba});
    }
    ask->ticket = m_http->send(std::move(request), [this, guard = QPointer<Ask>(ask)](Result<HttpAnswer> result) {
        if (guard) {
            take(guard, std::move(result));
        }
    });
    Q_EMIT waiting(QString());
}

/// What an answer says about key, server and account; the Error where it is none to work with.
Done AccountLink::judge(const Result<HttpAnswer>& result, OutageBrake::Instant sent) {
    if (result && result->status >= 200 && result->status < 300) {
        noteKey(nullptr);
        m_pace->brake->noteAnswered();
        return {};
    }
    Error error = result ? m_dialect->parseError(result->status, result->body.left(kErrorTextCap)) : result.error();
    if (result && (result->status == 429 || result->status == 503)) {
        if (const auto wish = result->retryAfter(m_clock->now())) {
            error.retryAfter = wish;  // else what the body said, if anything
        }
    }
    noteKey(&error);
    if (OutageBrake::concerns(error)) {
        m_pace->brake->noteFailed(sent, error, m_patience.random());
    } else {
        m_pace->brake->noteAnswered();
    }
    return failure(std::move(error));
}

void AccountLink::take(Ask* ask, Result<HttpAnswer> result) {
    Done judged = judge(result, ask->sent);
    if (judged) {
        goOnAfterBrake();
        finish(ask, std::move(result));
        return;
    }
    const QPointer<Ask> still = ask;
    tryAgainOrFail(ask, std::move(judged.error()));
    if (still) {
        goOnAfterBrake();
    }
}

// --- streams

Result<HttpRequest> AccountLink::beginStream(const QUrl& url) {
    if (std::optional<Error> error = hindrance()) {
        return failure(std::move(*error));
    }
    m_pace->limiter.noteSent();
    m_streamSent = m_pace->brake->noteSent();
    ++m_requests;
    HttpRequest request;
    request.url = url;
    request.bearer = m_key;
    return request;
}

Done AccountLink::noteStreamAnswer(const Result<HttpAnswer>& answer) {
    const Done judged = judge(answer, m_streamSent);
    if (!judged && judged.error().retryAfter) {
        m_pace->wish(*judged.error().retryAfter);
    }
    return judged;
}

/// What became of one request changes how long the others wait.
void AccountLink::goOnAfterBrake() {
    for (QObject* child : children()) {
        auto* ask = dynamic_cast<Ask*>(child);
        if (ask != nullptr && ask->braked && ask->done) {
            ask->timer.start(m_pace->brake->waitBeforeNext());
        }
    }
}

void AccountLink::tryAgainOrFail(Ask* ask, Error error) {
    auto wait = m_patience.retry.waitAfter(ask->attempts, error, m_patience.random());
    if (error.retryAfter) {
        m_pace->wish(*error.retryAfter);  // the account's, not the request's: everything of this account waits
    } else if (error.kind == ErrorKind::RateLimited && wait) {
        m_pace->limiter.pauseFor(*wait, RateLimiter::AskedBy::Us);
    }
    if (wait && !error.retryAfter) {
        const auto brake = m_pace->brake->waitBeforeNext();
        wait = brake > *wait * kMostBrake ? std::nullopt : std::optional(std::max(*wait, brake));
    }
    if (!wait || ask->tries != Tries::AsOftenAsSensible) {
        finish(ask, failure(std::move(error)));
        return;
    }
    if (error.kind == ErrorKind::RateLimited) {
        sendLater(ask, *wait, providerWaitSentence(*wait));
        return;
    }
    const QString what =
        error.message.isEmpty() ? errorText(makeError(error.kind)).section(u". "_s, 0, 0) + u'.' : error.message;
    sendLater(ask, *wait, tr("%1 Trying again in %2").arg(what, shortly(*wait)));
}

void AccountLink::finish(Ask* ask, Result<HttpAnswer> result) {
    const Answered done = std::exchange(ask->done, nullptr);
    ask->deleteLater();
    if (done) {
        done(std::move(result));
    }
}

}  // namespace earmark
