#include "models/net/httpexchange.h"

#include <QHostInfo>
#include <QNetworkAccessManager>
#include <algorithm>

#include "models/domain/account.h"
#include "models/net/httptrouble.h"
#include "models/net/onceupload.h"
#include "models/net/systemproxy.h"
#include "models/net/urlguard.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kPieceBytes = 64 * 1024;
constexpr int kPiecesPerTurn = 16;               // 1 MiB, so that a fast server never holds the event loop
constexpr qint64 kReadBufferBytes = 512 * 1024;  // more is left in the socket until it is read
constexpr qint64 kErrorBodyCap = 64 * 1024;      // an error text, where the body proper goes to a sink
constexpr qsizetype kMostAddresses = 3;

QByteArray verb(HttpRequest::Method method) {
    switch (method) {
        case HttpRequest::Method::Get:
            return "GET"_ba;
        case HttpRequest::Method::Post:
            return "POST"_ba;
        case HttpRequest::Method::Put:
            return "PUT"_ba;
        case HttpRequest::Method::Patch:
            return "PATCH"_ba;
    }
    return {};
}

bool isSuccess(int status) {
    return status >= 200 && status < 300;
}

bool hasHeader(const HttpRequest& request, const char* name) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [name](const auto& pair) { return pair.first.compare(name, Qt::CaseInsensitive) == 0; });
}

QNetworkRequest networkRequest(const HttpRequest& request) {
    QNetworkRequest out(request.url);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    // HTTP/1.1 only: what is said about connections, re-sending and back pressure was measured there.
    out.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // Our byte cap counts decompressed bytes as they are read; Qt's ratio test would refuse very regular JSON.
    out.setDecompressedSafetyCheckThreshold(-1);
    out.setRawHeader("User-Agent"_ba, "Earmark/" EARMARK_VERSION ""_ba);
    for (const auto& [name, value] : request.headers) {
        out.setRawHeader(name, value);
    }
    if (!request.bearer.isEmpty()) {
        out.setRawHeader("Authorization"_ba, "Bearer "_ba + request.bearer);
    }
    return out;
}

}  // namespace

HttpExchange::HttpExchange(HttpRequest request, Answered done, const Means& means, QObject* parent)
    : QObject(parent), m_request(std::move(request)), m_done(std::move(done)), m_means(means) {
    for (QTimer* timer : {&m_totalTimer, &m_inactivityTimer}) {
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
    }
    connect(&m_totalTimer, &QTimer::timeout, this, [this] { fail(totalDeadlineError(host(), where())); });
    connect(&m_inactivityTimer, &QTimer::timeout, this, [this] {
        const bool connected = m_requestSent || m_headSeen;
        fail(connected ? inactivityError(host(), where()) : connectDeadlineError(host(), where()));
    });
}

HttpExchange::~HttpExchange() {
    dropReply();
}

QString HttpExchange::host() const {
    return shownHost(m_request.url);
}

QString HttpExchange::where() const {
    // Paths out of data can hold what must not be written down; ours hold ids only.
    const QString path = m_request.fromData ? QString() : m_request.url.path(QUrl::FullyEncoded).left(200);
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(m_means.clock->steady() - m_started);
    return u"%1 %2%3 after %4 ms"_s.arg(QString::fromLatin1(verb(m_request.method)), host(), path,
                                        QString::number(spent.count()));
}

void HttpExchange::start() {
    m_started = m_means.clock->steady();
    m_totalTimer.start(m_request.totalDeadline);
    stayAlive();
    if (const Done checked = checkRequest(m_request); !checked) {
        fail(checked.error());
    } else if (!m_request.fromData || isLoopback(m_request.url)) {
        connectTo(QHostAddress());
    } else {
        resolve();
    }
}

void HttpExchange::resolve() {
    if (!literalAddress(m_request.url).isNull()) {
        connectTo(QHostAddress());  // the guard has seen it
        return;
    }
    (*m_means.resolver)(m_request.url.host(QUrl::FullyEncoded), this, [this](const QList<QHostAddress>& addresses) {
        if (m_over) {
            return;
        }
        if (addresses.isEmpty()) {
            fail(nameNotFoundError(host()));
            return;
        }
        // One private address among public ones is enough to refuse: which one is used is not ours to choose for long.
        if (!std::all_of(addresses.begin(), addresses.end(), *m_means.acceptable)) {
            fail(notPublicError(host()));
            return;
        }
        stayAlive();
        if (goesThroughProxy(m_request.url)) {
            connectTo(QHostAddress());  // the proxy resolves again: there the check can only be a hint
            return;
        }
        m_addresses = addresses;
        std::stable_partition(m_addresses.begin(), m_addresses.end(), [](const QHostAddress& address) {
            return address.protocol() == QAbstractSocket::IPv4Protocol;
        });
        m_addresses = m_addresses.mid(0, kMostAddresses);
        connectTo(m_addresses.takeFirst());
    });
}

/// `pinned`: the checked address to connect to, so that a second lookup (by Qt) cannot lead elsewhere; the certificate
/// is still checked against the name. Null = let Qt resolve.
void HttpExchange::connectTo(const QHostAddress& pinned) {
    QNetworkRequest request = networkRequest(m_request);
    m_pinned = pinned;
    if (!pinned.isNull()) {
        QUrl direct = m_request.url;
        direct.setHost(pinned.toString());
        request.setUrl(direct);
        request.setPeerVerifyName(m_request.url.host(QUrl::FullyEncoded));
        request.setRawHeader("Host"_ba, shownHost(m_request.url).toLatin1());
    }
    if (m_request.method == HttpRequest::Method::Get) {
        m_reply = m_means.network->get(request);
    } else {
        if (!hasHeader(m_request, "content-type")) {
            request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        }
        // Both are needed to keep Qt from buffering the body, which would make it rewindable again.
        request.setHeader(QNetworkRequest::ContentLengthHeader, m_request.body.size());
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        m_upload = new OnceUpload(m_request.body);
        m_reply = m_means.network->sendCustomRequest(request, verb(m_request.method), m_upload);
        m_upload->setParent(m_reply);
    }
    watchReply();
}

void HttpExchange::watchReply() {
    QNetworkReply* reply = m_reply;
    reply->setReadBufferSize(kReadBufferBytes);
    m_requestSent = false;
    connect(reply, &QNetworkReply::requestSent, this, [this] {
        m_requestSent = true;
        stayAlive();
    });
    connect(reply, &QNetworkReply::metaDataChanged, this, &HttpExchange::onHead);
    connect(reply, &QNetworkReply::readyRead, this, &HttpExchange::drain);
    connect(reply, &QNetworkReply::finished, this, &HttpExchange::onReplyFinished);
    connect(reply, &QNetworkReply::uploadProgress, this, &HttpExchange::stayAlive);
    connect(reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError>& errors) { m_tlsErrors = errors; });
}

void HttpExchange::stayAlive() {
    if (!m_over && !m_paused) {
        m_inactivityTimer.start(m_requestSent ? m_request.inactivityDeadline
                                              : std::min(m_request.connectDeadline, m_request.inactivityDeadline));
    }
}

void HttpExchange::onHead() {
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_over || m_status == 0) {
        return;
    }
    m_headSeen = true;
    ++*m_means.pulse;
    stayAlive();
    bool known = false;
    const qint64 length = m_reply->header(QNetworkRequest::ContentLengthHeader).toLongLong(&known);
    m_announced = known && !m_reply->hasRawHeader("Content-Encoding") ? length : -1;
    if (m_announced > m_request.bodyCap) {
        fail(tooLargeError(host(), m_request.bodyCap, where()));
    } else if (bodyGoesToSink() && m_request.head && !std::exchange(m_headTold, true)) {
        m_request.head(headAnswer());
    }
}

bool HttpExchange::bodyGoesToSink() const {
    return m_request.sink && isSuccess(m_status);
}

void HttpExchange::drainSoon() {
    if (!m_drainPosted) {
        m_drainPosted = true;
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_drainPosted = false;
                drain();
            },
            Qt::QueuedConnection);
    }
}

void HttpExchange::drain() {
    if (m_over || m_paused || m_reply.isNull()) {
        return;
    }
    for (int pieces = 0; pieces < kPiecesPerTurn; ++pieces) {
        const QByteArray piece = m_reply->read(kPieceBytes);
        if (piece.isEmpty()) {
            if (m_replyFinished) {
                conclude();
            }
            return;
        }
        stayAlive();
        ++*m_means.pulse;
        take(piece);
        if (m_over || m_paused || m_reply.isNull()) {
            return;
        }
    }
    drainSoon();
}

void HttpExchange::take(const QByteArray& piece) {
    m_received += piece.size();
    if (m_received > m_request.bodyCap) {
        fail(tooLargeError(host(), m_request.bodyCap, where()));
        return;
    }
    if (!bodyGoesToSink()) {
        const bool cut = m_request.sink && m_body.size() + piece.size() > kErrorBodyCap;
        m_body += cut ? piece.left(kErrorBodyCap - m_body.size()) : piece;
    } else if (!m_request.sink(piece)) {
        fail(makeError(ErrorKind::Storage));
        return;
    }
    if (!m_over && m_request.progress) {
        m_request.progress(m_received, m_announced);
    }
}

void HttpExchange::onReplyFinished() {
    if (m_over) {
        return;
    }
    m_replyFinished = true;
    const QNetworkReply::NetworkError error = m_reply->error();
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (error == QNetworkReply::NoError || onlyRepeatsStatus(error, m_status)) {
        drain();
        return;
    }
    if (error == QNetworkReply::ContentReSendError && (m_status == 307 || m_status == 308)) {
        deliverHead();  // Qt only says that it could not repeat the write there, which is not wanted anyway
        return;
    }
    const Error trouble =
        transportError({error, m_status, host(), where(), m_tlsErrors, goesThroughProxy(m_request.url)});
    const bool nothingHappened = trouble.kind == ErrorKind::Offline && !m_headSeen;
    if (nothingHappened && !m_addresses.isEmpty() && m_request.method == HttpRequest::Method::Get) {
        dropReply();
        m_replyFinished = false;
        stayAlive();
        connectTo(m_addresses.takeFirst());
        return;
    }
    fail(trouble);
}

void HttpExchange::conclude() {
    const QNetworkReply::NetworkError error = m_reply->error();  // decompressing may have failed since
    if (error != QNetworkReply::NoError && !onlyRepeatsStatus(error, m_status)) {
        fail(transportError({error, m_status, host(), where(), m_tlsErrors, false}));
        return;
    }
    if (m_status == 0) {
        fail(transportError({QNetworkReply::ProtocolFailure, 0, host(), where(), {}, false}));
        return;
    }
    if (m_announced > m_received && m_status != 304) {
        fail(cutError(host(), where()));
        return;
    }
    deliverHead();
}

HttpAnswer HttpExchange::headAnswer() const {
    HttpAnswer answer;
    answer.status = m_status;
    for (const auto& [name, value] : m_reply->rawHeaderPairs()) {
        answer.headers.append({name.toLower(), value});
    }
    return answer;
}

void HttpExchange::deliverHead() {
    HttpAnswer answer = headAnswer();
    answer.body = std::move(m_body);
    finish(std::move(answer));
}

void HttpExchange::fail(const Error& error) {
    finish(failure(error));
}

void HttpExchange::finish(Result<HttpAnswer> result) {
    if (m_over) {
        return;
    }
    m_over = true;
    m_totalTimer.stop();
    m_inactivityTimer.stop();
    const bool gaveUp = m_reply && !m_headSeen && !m_replyFinished;
    dropReply();
    m_result = std::move(result);
    // Later, because the asker may delete the client, whose replies are perhaps on the stack now.
    QMetaObject::invokeMethod(this, &HttpExchange::deliver, Qt::QueuedConnection);
    if (gaveUp) {
        Q_EMIT headless(m_pinned);
    }
    Q_EMIT ended();
}

void HttpExchange::deliver() {
    deleteLater();
    const Answered done = std::exchange(m_done, nullptr);
    if (done) {
        done(std::move(*m_result));  // `this` may be gone afterwards
    }
}

void HttpExchange::abandon() {
    m_done = nullptr;
    finish(failure(cancelledError()));
}

bool HttpExchange::bodyMayHaveLeft() const {
    return m_bodyTaken || (m_upload && m_upload->wasTaken());
}

void HttpExchange::dropReply() {
    if (!m_reply) {
        return;
    }
    m_bodyTaken = bodyMayHaveLeft();
    QNetworkReply* reply = m_reply;
    m_reply = nullptr;
    disconnect(reply, nullptr, this, nullptr);
    reply->abort();
    reply->deleteLater();
}

void HttpExchange::pause() {
    m_paused = true;
    m_inactivityTimer.stop();
}

void HttpExchange::resume() {
    if (!m_paused) {
        return;
    }
    m_paused = false;
    stayAlive();
    drainSoon();
}

}  // namespace earmark
