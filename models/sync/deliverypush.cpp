#include "models/sync/deliverypush.h"

#include <QCoreApplication>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kSettleAgain{2};

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DeliveryPush)
};

QString keySentence(bool isTheAccountsKey) {
    return isTheAccountsKey ? Text::tr("It is sent again with a new key of the account, or when you ask for it.")
                            : Text::tr("It is sent again with a new secret, or when you ask for it.");
}

/// The other side's words, which come last, may bring a full stop; they are kept apart by an invisible sign.
QString ended(const QString& reason) {
    const bool hasStop = reason.endsWith(u'.') || reason.endsWith(u".\u2069"_s);
    return hasStop ? reason : reason + u'.';
}

bool isKeyTrouble(const std::optional<Error>& error) {
    return error && (error->kind == ErrorKind::Unauthorized || error->kind == ErrorKind::Forbidden);
}

/// What happened, without the advice, which the outbox gives by its own buttons.
QString reasonOf(const PushVerdict& verdict) {
    if (!verdict.reason.isEmpty() || !verdict.error) {
        return verdict.reason;
    }
    return verdict.error->message.isEmpty() ? errorText(*verdict.error) : verdict.error->message;
}

/// The step of a dialect that was given something it cannot be asked: told, never sent.
PushVerdict refusedHere(const Error& error) {
    PushVerdict verdict;
    verdict.end = PushEnd::Refused;
    verdict.error = error;
    verdict.reason = errorText(error);
    return verdict;
}

}  // namespace

bool isAboutTheKey(const QString& reason) {
    return reason.endsWith(keySentence(true)) || reason.endsWith(keySentence(false));
}

DeliveryPush::DeliveryPush(Means means, const Account& account, Delivery delivery, QObject* parent)
    : QObject(parent),
      m_means(std::move(means)),
      m_account(account),
      m_capabilities(m_means.dialect->capabilities(account)),
      m_delivery(std::move(delivery)),
      m_line(m_means.line, m_means.accountKey, this),
      m_mayHaveArrived(m_delivery.mayHaveArrived) {
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this,
            [this] { m_line.giveUp(makeError(ErrorKind::Timeout, Text::tr("The target took too long to take it."))); });
}

DeliveryPush::~DeliveryPush() = default;

void DeliveryPush::start(std::function<void(const PushEnding&)> done) {
    m_done = std::move(done);
    m_means.store->loadCall(m_delivery.key, this, [this](const Result<std::optional<ReviewedCall>>& call) {
        // A call that calls.db does not know (any more) can be sent all the same: it is named by its key.
        takeCall(call ? *call : std::nullopt);
    });
}

// --- before anything leaves

void DeliveryPush::takeCall(const std::optional<ReviewedCall>& call) {
    m_review.delivery = m_delivery;
    m_review.provider = m_account.provider;
    if (call) {
        m_review.campaignId = call->call.campaignId;
        m_review.campaignName = call->call.campaignName;
        m_review.customerNumber = call->call.customerNumber;
    }
    const bool isFrozen = !m_delivery.body.isEmpty();
    for (FieldChange& change : m_review.delivery.changes) {
        if (change.field != ReviewField::Disposition) {
            continue;
        }
        const auto mapped = mappedDisposition(m_account.target, m_capabilities, change.to);
        if (mapped) {
            change.to = *mapped;
        } else if (!isFrozen) {  // what is frozen has the words that were right then
            refuseHere(mapped.error());
            return;
        }
    }
    isFrozen ? lease(m_delivery.body) : compose();
}

void DeliveryPush::compose() {
    m_means.line.workers->run<Result<QByteArray>>(
        [dialect = m_means.dialect, account = m_account, review = m_review] {
            return dialect->compose(account, review);
        },
        this, [this](const Result<QByteArray>& body) { body ? lease(*body) : refuseHere(body.error()); });
}

void DeliveryPush::refuseHere(const Error& error) {
    if (m_dropped) {
        finish({PushEnding::End::Dropped, {}, {}, {}, {}, false, 0});
        return;
    }
    const QString reason = errorText(error);
    m_means.store->refuseUnsent(m_delivery.id, reason, this, [this, reason](const Done& refused) {
        PushEnding ending;
        ending.end = refused ? PushEnding::End::Refused : PushEnding::End::Waiting;
        ending.reason = refused ? reason : errorText(refused.error());
        ending.error = refused ? std::nullopt : std::optional(refused.error());
        finish(std::move(ending));
    });
}

void DeliveryPush::lease(const QByteArray& body) {
    if (m_dropped) {
        finish({PushEnding::End::Dropped, {}, {}, {}, {}, false, 0});
        return;
    }
    m_body = body;
    m_means.store->takeForSending(m_delivery, m_means.owner, m_means.line.clock->now() + m_means.lease, body,
                                  destinationText(m_account.target), this, [this](const Result<bool>& taken) {
                                      if (!taken) {
                                          PushEnding ending;
                                          ending.error = taken.error();
                                          ending.reason = errorText(taken.error());
                                          finish(std::move(ending));
                                      } else if (!*taken) {
                                          finish({PushEnding::End::Dropped, {}, {}, {}, {}, false, 0});
                                      } else if (m_dropped) {
                                          Settlement back;  // as if it had not been taken
                                          back.mayHaveArrived = m_delivery.mayHaveArrived;
                                          back.reason = m_delivery.reason;
                                          settle(back, {PushEnding::End::Dropped, {}, {}, {}, {}, false, 0});
                                      } else {
                                          begin();
                                      }
                                  });
}

// --- the steps

void DeliveryPush::begin() {
    m_deadline.start(m_means.attemptDeadline);
    m_steps = m_means.dialect->push(m_account, m_review, m_body, m_means.secret, m_delivery.mayHaveArrived,
                                    m_means.line.clock->now());
    carryOut(m_steps->first());
}

void DeliveryPush::carryOut(PushStep step) {
    const auto answered = [this](const StepAnswer& answer) { understand(answer); };
    if (const auto* verdict = std::get_if<PushVerdict>(&step)) {
        judge(*verdict);
    } else if (const auto* http = std::get_if<HttpStep>(&step)) {
        m_line.carryOut(*http, answered);
    } else if (m_means.line.carryOutFileStep) {
        m_line.carryOut(std::get<FileStep>(step), answered);
    } else {
        judge(refusedHere(makeError(ErrorKind::NotSupported)));
    }
}

/// A reading of answers can be a reading of much text: not here. Two steps of one attempt are never read at once.
void DeliveryPush::understand(const StepAnswer& answer) {
    m_wasAnswered = m_wasAnswered || !answer.error;
    if (answer.error && answer.error->kind == ErrorKind::Cancelled) {
        m_givenUp = true;
    }
    m_means.line.workers->run<PushStep>([steps = m_steps, answer] { return steps->next(answer); }, this,
                                        [this](PushStep step) {
                                            const bool goesOn = !std::holds_alternative<PushVerdict>(step);
                                            if (goesOn && (m_givenUp || !m_deadline.isActive())) {
                                                PushVerdict stopped;
                                                stopped.end = PushEnd::Unclear;
                                                stopped.error = makeError(ErrorKind::Cancelled);
                                                judge(stopped);
                                                return;
                                            }
                                            carryOut(std::move(step));
                                        });
}

// --- how it ended

Moment DeliveryPush::nextTryAfter(const PushVerdict& verdict) const {
    using std::chrono::milliseconds;
    const Moment now = m_means.line.clock->now();
    if (verdict.error && verdict.error->kind == ErrorKind::Cancelled) {
        return now;
    }
    const milliseconds own = m_means.line.retry.pauseAfter(m_delivery.attempts + 1, m_means.line.random());
    const milliseconds asked =
        verdict.error && verdict.error->retryAfter ? *verdict.error->retryAfter : milliseconds(0);
    const Pace& pace = *m_means.line.pace;
    return now + std::max({asked, asked.count() > 0 ? milliseconds(0) : own, pace.limiter.pauseLeft(),
                           pace.brake->waitBeforeNext()});
}

void DeliveryPush::judge(const PushVerdict& verdict) {
    m_deadline.stop();
    PushEnding ending;
    ending.error = verdict.error;
    ending.reason = reasonOf(verdict);
    ending.place = verdict.place;
    ending.wasAnswered = m_wasAnswered;
    Settlement settlement;
    switch (verdict.end) {
        case PushEnd::Accepted:
            settlement.state = EditState::Sent;
            ending.end = PushEnding::End::Accepted;
            break;
        case PushEnd::Refused:
            settlement.state = EditState::Refused;
            ending.end = PushEnding::End::Refused;
            if (isKeyTrouble(verdict.error)) {
                ending.reason = ended(ending.reason) + u' ' + keySentence(m_capabilities.needsAccountKey);
            }
            break;
        case PushEnd::Conflict:
            settlement.state = EditState::Conflict;
            ending.end = PushEnding::End::Conflict;
            for (const TheirValue& value : verdict.theirs) {
                settlement.theirs.push_back({value.field, value.value});
            }
            break;
        case PushEnd::Unclear:
            m_mayHaveArrived = true;
            [[fallthrough]];
        case PushEnd::Waiting:
            settlement.mayHaveArrived = m_mayHaveArrived;
            settlement.nextTry = nextTryAfter(verdict);
            ending.nextTry = settlement.nextTry;
            break;
    }
    settlement.reason = ending.reason;
    settle(settlement, std::move(ending));
}

/// Until it is written down: what has left must not be forgotten because a disk is full for a while. A kill meanwhile
/// leaves it "being sent", which is repeated as something that may have arrived.
void DeliveryPush::settle(const Settlement& settlement, PushEnding ending) {
    m_means.store->settle(m_delivery.id, m_means.owner, settlement, this,
                          [this, settlement, ending = std::move(ending)](const Done& settled) mutable {
                              if (settled) {
                                  finish(std::move(ending));
                                  return;
                              }
                              QTimer::singleShot(kSettleAgain, this, [this, settlement, ending = std::move(ending)] {
                                  settle(settlement, ending);
                              });
                          });
}

void DeliveryPush::giveUp() {
    m_dropped = true;
    m_givenUp = true;
    m_line.giveUp(makeError(ErrorKind::Cancelled, Text::tr("Sending was stopped before the target answered.")));
}

void DeliveryPush::dropUnlessSent() {
    m_dropped = true;
}

void DeliveryPush::finish(PushEnding ending) {
    ending.requests = m_line.requests();
    if (const auto done = std::exchange(m_done, nullptr)) {
        done(ending);
    }
}

}  // namespace earmark
