#include "models/sync/targetline.h"

#include "models/net/urlguard.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kAnswerCap = 4 * 1024 * 1024;

HttpRequest::Method methodOf(HttpStep::Method method) {
    switch (method) {
        case HttpStep::Method::Get:
            return HttpRequest::Method::Get;
        case HttpStep::Method::Post:
            return HttpRequest::Method::Post;
        case HttpStep::Method::Put:
            return HttpRequest::Method::Put;
    }
    return HttpRequest::Method::Get;
}

}  // namespace

TargetLine::TargetLine(Means means, QByteArray accountKey, QObject* parent)
    : QObject(parent), m_means(std::move(means)), m_accountKey(std::move(accountKey)) {
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &TargetLine::sendWhenLawful);
    m_means.pace->brake->setPolicy(m_means.retry);
}

TargetLine::~TargetLine() = default;

void TargetLine::carryOut(const HttpStep& step, Answered done) {
    m_step = step;
    m_isFile = false;
    m_done = std::move(done);
    m_timer.start(0);
}

void TargetLine::sendWhenLawful() {
    const auto wait = m_means.pace->limiter.waitBeforeNext();
    if (wait.count() == 0) {
        send();
    } else if (m_means.pace->limiter.pauseLeft().count() == 0) {
        m_timer.start(wait);  // our own limit a minute
    } else {
        StepAnswer answer;
        answer.error = makeError(ErrorKind::RateLimited);
        answer.error->retryAfter = wait;
        end(std::move(answer));
    }
}

void TargetLine::send() {
    HttpRequest request;
    request.method = methodOf(m_step.method);
    request.url = m_step.url;
    request.body = m_step.body;
    request.headers = m_step.headers;
    request.bodyCap = kAnswerCap;
    if (m_step.withAccountKey) {
        request.bearer = m_accountKey;
    }
    m_means.pace->limiter.noteSent();
    m_sent = m_means.pace->brake->noteSent();
    ++m_requests;
    m_ticket = m_means.http->send(std::move(request), [this](const Result<HttpAnswer>& answer) { take(answer); });
}

bool TargetLine::mayHaveArrived() const {
    if (!m_done) {
        return false;
    }
    return m_isFile || (m_step.writes && m_ticket && m_ticket->bodyMayHaveLeft());
}

void TargetLine::take(const Result<HttpAnswer>& result) {
    StepAnswer answer;
    if (result) {
        answer.status = result->status;
        answer.body = result->body;
        if (result->status == 429 || result->status == 503) {
            answer.retryAfter = result->retryAfter(m_means.clock->now());
        }
    } else {
        answer.error = result.error();
        answer.mayHaveArrived = mayHaveArrived();
    }
    noteAnswer(answer);
    end(std::move(answer));
}

/// What an answer says about the server; what it says about the edit is the dialect's.
void TargetLine::noteAnswer(const StepAnswer& answer) {
    const std::shared_ptr<Pace>& pace = m_means.pace;
    std::optional<Error> trouble = answer.error;
    if (answer.status >= 500) {
        trouble = makeError(
            ErrorKind::ServerTrouble,
            tr("%1 answers that it is in trouble (%2).").arg(shownHost(m_step.url), QString::number(answer.status)));
    } else if (answer.status == 429 && !answer.retryAfter) {
        pace->limiter.pauseFor(m_means.retry.pauseAfter(2, m_means.random()), RateLimiter::AskedBy::Us);
    }
    if (trouble && OutageBrake::concerns(*trouble)) {
        pace->brake->noteFailed(m_sent, *trouble, m_means.random());
    } else if (!trouble) {
        pace->brake->noteAnswered();
    }
    if (answer.retryAfter) {
        pace->wish(*answer.retryAfter);
    }
}

void TargetLine::carryOut(const FileStep& step, Answered done) {
    m_isFile = true;
    m_done = std::move(done);
    m_sent = m_means.pace->brake->noteSent();
    m_means.workers->run<StepAnswer>([step, work = m_means.carryOutFileStep] { return work(step); }, this,
                                     [this](StepAnswer answer) {
                                         if (!m_done) {
                                             return;  // given up meanwhile
                                         }
                                         if (answer.error) {
                                             m_means.pace->brake->noteFailed(m_sent, *answer.error, m_means.random());
                                         } else {
                                             m_means.pace->brake->noteAnswered();
                                         }
                                         end(std::move(answer));
                                     });
}

void TargetLine::giveUp(const Error& error) {
    if (!m_done) {
        return;
    }
    StepAnswer answer;
    answer.error = error;
    answer.mayHaveArrived = mayHaveArrived();
    m_timer.stop();
    m_ticket.reset();
    end(std::move(answer));
}

void TargetLine::end(StepAnswer answer) {
    if (const Answered done = std::exchange(m_done, nullptr)) {
        done(std::move(answer));
    }
}

}  // namespace earmark
