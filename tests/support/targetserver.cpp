#include "tests/support/targetserver.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

QJsonObject objectOf(const QByteArray& body) {
    return QJsonDocument::fromJson(body).object();
}

bool appliesFirst(Mishap mishap) {
    switch (mishap) {
        case Mishap::None:
        case Mishap::AnswerLost:
        case Mishap::AnswerCut:
        case Mishap::AppliedThenHangs:
        case Mishap::AppliedThen500:
        case Mishap::Slow:
            return true;
        case Mishap::ResetBeforeAnswer:
        case Mishap::CloseBeforeAnswer:
        case Mishap::Hang:
        case Mishap::BadRequest:
        case Mishap::Unauthorized:
        case Mishap::Forbidden:
        case Mishap::NotFound:
        case Mishap::Conflict:
        case Mishap::Unprocessable:
        case Mishap::TooMany:
        case Mishap::InternalError:
        case Mishap::Unavailable:
            return false;
    }
    return false;
}

Reply withFault(Reply reply, Fault fault) {
    reply.fault = fault;
    return reply;
}

Reply message(const char* text, int status) {
    return Reply::json("{\"message\": \"" + QByteArray(text) + "\"}", status);
}

}  // namespace

QByteArray webhookSignature(const QByteArray& secret, const QByteArray& timestamp, const QByteArray& body) {
    constexpr qsizetype kBlock = 64;
    const auto sha256 = [](const QByteArray& bytes) {
        return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
    };
    QByteArray inner = (secret.size() > kBlock ? sha256(secret) : secret).leftJustified(kBlock, '\0');
    QByteArray outer = inner;
    for (qsizetype i = 0; i < kBlock; ++i) {
        inner[i] = char(inner[i] ^ 0x36);
        outer[i] = char(outer[i] ^ 0x5c);
    }
    return "v1=" + sha256(outer + sha256(inner + timestamp + '.' + body)).toHex();
}

TargetServer::TargetServer(const QByteArray& secret) : m_secret(secret) {
    on("/reviews"_ba, [this](const Request& request) { return receive(request); });
}

TargetServer::~TargetServer() {
    stop();
}

void TargetServer::misbehave(std::deque<Mishap> next) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_next = std::move(next);
}

void TargetServer::misbehaveBy(std::function<Mishap(const Request&, int)> rule) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_rule = std::move(rule);
}

void TargetServer::setRetryAfter(const QByteArray& value) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_retryAfter = value;
}

void TargetServer::setSlowness(std::chrono::milliseconds pause) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_slowness = pause;
}

void TargetServer::setCurrent(const QJsonObject& current) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_current = current;
}

void TargetServer::setLatest(std::chrono::seconds window) {
    const std::scoped_lock lock(m_ledgerMutex);
    m_window = window;
}

std::vector<TargetServer::Applied> TargetServer::applied() const {
    const std::scoped_lock lock(m_ledgerMutex);
    std::vector<Applied> list = m_applied;
    for (Applied& one : list) {
        one.requests = m_requestsByKey.at(one.key);
    }
    return list;
}

int TargetServer::appliedCount() const {
    const std::scoped_lock lock(m_ledgerMutex);
    return int(m_applied.size());
}

int TargetServer::requestsFor(const QByteArray& key) const {
    const std::scoped_lock lock(m_ledgerMutex);
    const auto found = m_requestsByKey.find(key);
    return found == m_requestsByKey.end() ? 0 : found->second;
}

int TargetServer::forged() const {
    const std::scoped_lock lock(m_ledgerMutex);
    return m_forged;
}

int TargetServer::otherBodies() const {
    const std::scoped_lock lock(m_ledgerMutex);
    return m_otherBodies;
}

int TargetServer::tests() const {
    const std::scoped_lock lock(m_ledgerMutex);
    return m_tests;
}

QJsonValue TargetServer::valueOf(const QString& callId, const QString& field) const {
    const std::scoped_lock lock(m_ledgerMutex);
    QJsonValue value(QJsonValue::Undefined);
    for (const Applied& one : m_applied) {
        const QJsonObject body = objectOf(one.body);
        const QJsonObject changes = body[u"changes"_s].toObject();
        if (body[u"call_id"_s].toString() == callId && changes.contains(field)) {
            value = changes[field].toObject()[u"to"_s];
        }
    }
    return value;
}

bool TargetServer::isGenuine(const Request& request) const {
    const QByteArray timestamp = request.header("x-earmark-timestamp"_ba);
    if (m_window.count() > 0 && qAbs(timestamp.toLongLong() - QDateTime::currentSecsSinceEpoch()) > m_window.count()) {
        return false;
    }
    return !timestamp.isEmpty() &&
           request.header("x-earmark-signature"_ba) == webhookSignature(m_secret, timestamp, request.body);
}

Mishap TargetServer::mishapOf(const Request& request, int earlier) {
    if (!m_next.empty()) {
        const Mishap next = m_next.front();
        m_next.pop_front();
        return next;
    }
    return m_rule ? m_rule(request, earlier) : Mishap::None;
}

Reply TargetServer::receive(const Request& request) {
    const std::scoped_lock lock(m_ledgerMutex);
    if (request.method != "POST"_ba) {
        return message("Only POST is taken here.", 405);
    }
    const QByteArray key = request.header("idempotency-key"_ba);
    const Mishap mishap = mishapOf(request, m_requestsByKey[key]++);
    if (!appliesFirst(mishap)) {
        return unapplied(mishap);
    }
    if (!isGenuine(request)) {
        ++m_forged;
        return message("The signature is not ours.", 401);
    }
    const Reply answer = apply(request, key);
    switch (mishap) {
        case Mishap::AnswerLost:
            return withFault(answer, Fault::CloseBeforeAnswer);
        case Mishap::AnswerCut:
            return withFault(answer, Fault::ResetWithinBody);
        case Mishap::AppliedThenHangs:
            return withFault(answer, Fault::Hang);
        case Mishap::AppliedThen500:
            return message("The answer could not be written.", 500);
        case Mishap::Slow: {
            Reply late = answer;
            late.pause = m_slowness;
            return late;
        }
        case Mishap::None:
        case Mishap::ResetBeforeAnswer:
        case Mishap::CloseBeforeAnswer:
        case Mishap::Hang:
        case Mishap::BadRequest:
        case Mishap::Unauthorized:
        case Mishap::Forbidden:
        case Mishap::NotFound:
        case Mishap::Conflict:
        case Mishap::Unprocessable:
        case Mishap::TooMany:
        case Mishap::InternalError:
        case Mishap::Unavailable:
            break;
    }
    return answer;
}

Reply TargetServer::apply(const Request& request, const QByteArray& key) {
    const QJsonObject body = objectOf(request.body);
    if (body[u"schema"_s] == u"earmark.test/1"_s) {
        ++m_tests;
        return message("The signature is right.", 200);
    }
    if (key.isEmpty() || body[u"schema"_s] != u"earmark.review/1"_s ||
        body[u"delivery"_s].toString().toLatin1() != key) {
        return message("This is no review.", 400);
    }
    const auto known = m_places.find(key);
    if (known == m_places.end()) {
        m_places[key] = m_applied.size();
        m_applied.push_back({key, request.body, 1});
        return message("Applied.", 200);
    }
    if (m_applied[known->second].body != request.body) {
        ++m_otherBodies;
        return message("This key came with another body before.", 422);
    }
    return message("Known already.", 200);
}

Reply TargetServer::unapplied(Mishap mishap) const {
    switch (mishap) {
        case Mishap::ResetBeforeAnswer:
            return Reply::broken(Fault::ResetBeforeAnswer);
        case Mishap::CloseBeforeAnswer:
            return Reply::broken(Fault::CloseBeforeAnswer);
        case Mishap::Hang:
            return Reply::broken(Fault::Hang);
        case Mishap::BadRequest:
            return message("The body is not understood.", 400);
        case Mishap::Unauthorized:
            return message("The signature is not ours.", 401);
        case Mishap::Forbidden:
            return message("This account may not write.", 403);
        case Mishap::NotFound:
            return message("No such call.", 404);
        case Mishap::Conflict: {
            const QJsonObject said{{u"message"_s, u"Somebody else changed it."_s}, {u"current"_s, m_current}};
            return m_current.isEmpty() ? message("Somebody else changed it.", 409)
                                       : Reply::json(QJsonDocument(said).toJson(QJsonDocument::Compact), 409);
        }
        case Mishap::Unprocessable:
            return message("The code is unknown.", 422);
        case Mishap::TooMany:
            return Reply::tooMany(m_retryAfter);
        case Mishap::InternalError:
            return message("Something broke.", 500);
        case Mishap::Unavailable: {
            const Reply reply = message("Back soon.", 503);
            return m_retryAfter.isEmpty() ? reply : reply.with("Retry-After"_ba, m_retryAfter);
        }
        case Mishap::None:
        case Mishap::AnswerLost:
        case Mishap::AnswerCut:
        case Mishap::AppliedThenHangs:
        case Mishap::AppliedThen500:
        case Mishap::Slow:
            break;
    }
    return {};
}

}  // namespace earmark::test
