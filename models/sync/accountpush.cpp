#include "models/sync/accountpush.h"

#include <QDateTime>
#include <QLocale>
#include <QSet>
#include <algorithm>

#include "models/domain/textfold.h"
#include "models/net/urlguard.h"
#include "models/sync/accountpaces.h"
#include "models/targets/targetanswers.h"

namespace earmark {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {
constexpr int kMostLoaded = 50;
constexpr size_t kMostUnderWay = 4;
constexpr milliseconds kAfterOutbox{150};       // one look for many changes
constexpr std::chrono::hours kLongestTimer{1};  // a clock that is set is noticed then
}  // namespace

AccountPush::AccountPush(Means means, const Account& account, QObject* parent)
    : QObject(parent), m_means(std::move(means)), m_account(account) {
    for (QTimer* timer : {&m_timer, &m_cancelPatience}) {
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
    }
    connect(&m_timer, &QTimer::timeout, this, &AccountPush::look);
    connect(&m_cancelPatience, &QTimer::timeout, this, &AccountPush::countWhatWaits);
    takeUpTarget();
    m_told = state();
}

AccountPush::~AccountPush() = default;

// --- the account

void AccountPush::takeUpTarget() {
    m_dialect = m_means.push->dialectFor(m_account.target.kind);
    m_capabilities = m_dialect ? m_dialect->capabilities(m_account) : TargetCapabilities();
    m_pace = m_dialect ? paceOfTarget(m_account, m_capabilities.needsAccountKey, m_means.http, m_means.store) : nullptr;
}

/// Whatever was being asked, loaded or looked up: it is asked for again.
void AccountPush::beginAnew() {
    ++m_generation;
    m_looking = false;
    m_lookAgain = false;
    m_queue.clear();
    m_secretsKnown = false;
    m_keyTrouble.reset();
}

void AccountPush::forgetTarget() {
    for (DeliveryPush* push : std::as_const(m_underWay)) {
        push->dropUnlessSent();
    }
    beginAnew();
    m_notBefore.clear();
    m_proven = false;
    m_trouble.reset();
    m_until.reset();
}

void AccountPush::setAccount(const Account& account) {
    const bool isOther = account.target != m_account.target || account.baseUrl != m_account.baseUrl ||
                         account.provider != m_account.provider;
    m_account = account;
    if (isOther) {
        forgetTarget();
        takeUpTarget();
    }
    m_timer.stop();
    m_until.reset();
    if (m_round && !m_dialect && !m_round->isEnding) {
        endRound(std::nullopt);
    }
    look();
    tellChange();
}

bool AccountPush::sendsByItself() const {
    return m_byItself && m_account.isEnabled && m_account.target.sendsByItself;
}

bool AccountPush::mayLook() const {
    return m_dialect && (m_round ? !m_round->isEnding : sendsByItself());
}

void AccountPush::startByItself() {
    m_byItself = true;
    look();
}

void AccountPush::wake() {
    if (mayLook() && !m_round && !(m_timer.isActive() && m_timer.remainingTime() <= kAfterOutbox.count())) {
        m_timer.start(kAfterOutbox);
    }
}

QString AccountPush::destinationName() const {
    if (m_capabilities.needsAccountKey) {
        return providerName(m_account.provider);
    }
    return m_account.target.url.isEmpty() ? destinationText(m_account.target) : shownHost(m_account.target.url);
}

/// One to begin with, so that a refused key is shown once and a server that is down is tried by one request.
size_t AccountPush::mostAtOnce() const {
    return m_proven && !m_pace->brake->failure() ? kMostUnderWay : 1;
}

// --- what is to be sent

void AccountPush::lookIn(milliseconds wait) {
    m_timer.start(std::clamp<milliseconds>(wait, milliseconds(0), kLongestTimer));
}

void AccountPush::look() {
    if (!mayLook()) {
        return;
    }
    if (m_looking) {
        m_lookAgain = true;
        return;
    }
    if (size_t(m_underWay.size()) >= mostAtOnce()) {
        return;  // the end of one of them looks again
    }
    m_timer.stop();
    if (!m_queue.empty()) {
        sendFromQueue();
        return;
    }
    m_looking = true;
    m_round && !m_round->putBack ? putBackRefused() : loadDue();
}

void AccountPush::loadDue() {
    const std::optional<Moment> now = m_round ? std::nullopt : std::optional(m_means.clock->now());
    m_means.store->loadDueDeliveries(m_account, now, kMostLoaded, this,
                                     [this, generation = m_generation](Result<std::vector<Delivery>> due) {
                                         if (generation != m_generation) {
                                             return;
                                         }
                                         m_looking = false;
                                         if (!mayLook()) {
                                             return;
                                         }
                                         if (std::exchange(m_lookAgain, false)) {
                                             look();
                                         } else if (due) {
                                             takeDue(std::move(*due));
                                         } else {
                                             holdUp(due.error());
                                         }
                                     });
}

/// How long it is not yet to be sent; nullopt = it may go.
std::optional<milliseconds> AccountPush::waitOf(const Delivery& delivery, Moment now) const {
    milliseconds wait{0};
    if (const auto at = m_notBefore.constFind(delivery.id); at != m_notBefore.cend()) {
        wait = std::chrono::ceil<milliseconds>(*at - m_means.clock->steady());
    }
    const milliseconds rest = m_means.push->restAfterEdit;
    const milliseconds since = now - delivery.editedAt;
    const bool isFresh = since < rest && since > -rest;  // a clock that was set far back delays nothing
    if (!m_round && delivery.attempts == 0 && isFresh) {
        wait = std::max(wait, std::min(rest, rest - since));
    }
    return wait.count() > 0 ? std::optional(wait) : std::nullopt;
}

void AccountPush::takeDue(std::vector<Delivery> due) {
    const Moment now = m_means.clock->now();
    QSet<CallKey> busy;
    for (const DeliveryPush* push : std::as_const(m_underWay)) {
        busy.insert(push->delivery().key);
    }
    std::optional<milliseconds> soonest;
    m_queue.clear();
    m_isResting = false;
    for (Delivery& delivery : due) {
        if (busy.contains(delivery.key)) {
            continue;
        }
        if (const auto wait = waitOf(delivery, now)) {
            m_isResting = m_isResting || !m_notBefore.contains(delivery.id);
            soonest = std::min(soonest.value_or(*wait), *wait);
        } else {
            m_queue.push_back(std::move(delivery));
        }
    }
    if (m_queue.empty()) {
        if (m_underWay.isEmpty()) {
            rest(soonest);
        }
        return;
    }
    // One that the target cannot digest does not stand in the way of the others.
    std::stable_sort(m_queue.begin(), m_queue.end(),
                     [](const Delivery& a, const Delivery& b) { return a.attempts < b.attempts; });
    sendFromQueue();
}

/// Why nothing may be sent now; its retryAfter says how long.
std::optional<Error> AccountPush::hindrance() const {
    if (const milliseconds pause = m_pace->limiter.pauseLeft(); pause.count() > 0) {
        const QDateTime end = QDateTime::fromMSecsSinceEpoch(toMs(m_means.clock->now() + pause));
        Error error = makeError(ErrorKind::RateLimited,
                                tr("%1 asks to wait until %2.")
                                    .arg(isolated(destinationName()), QLocale().toString(end.time(), u"HH:mm:ss"_s)));
        error.retryAfter = pause;
        return error;
    }
    const milliseconds brake = m_pace->brake->waitBeforeNext();
    if (brake.count() == 0 || (m_round && !m_round->hasTried)) {
        return std::nullopt;
    }
    Error error = m_pace->brake->failure().value_or(makeError(ErrorKind::ServerTrouble));
    error.retryAfter = brake;
    return error;
}

void AccountPush::sendFromQueue() {
    if (!m_secretsKnown) {
        m_looking = true;
        fetchSecrets();
        return;
    }
    if (const std::optional<Error> hindered = m_keyTrouble ? m_keyTrouble : hindrance()) {
        if (m_underWay.isEmpty()) {
            holdUp(*hindered);
        }
        return;
    }
    while (!m_queue.empty() && size_t(m_underWay.size()) < mostAtOnce()) {
        const Delivery next = std::move(m_queue.front());
        m_queue.pop_front();
        begin(next);
    }
    tellChange();
}

// --- one delivery

void AccountPush::begin(const Delivery& delivery) {
    const PushMeans& push = *m_means.push;
    if (m_round) {
        m_round->hasTried = true;
    }
    m_until.reset();
    DeliveryPush::Means means;
    means.store = m_means.store;
    means.line = {m_means.http,         m_means.workers,     m_means.clock,        m_pace,
                  push.patience.random, push.patience.retry, push.carryOutFileStep};
    means.dialect = m_dialect;
    means.owner = m_means.owner;
    means.attemptDeadline = push.attemptDeadline;
    means.lease = push.lease;
    means.secret = m_secret;
    means.accountKey = m_accountKey;
    auto* one = new DeliveryPush(std::move(means), m_account, delivery, this);
    m_underWay.insert(delivery.id, one);
    one->start([this, one](const PushEnding& ending) { takeEnding(one, ending); });
}

void AccountPush::takeEnding(DeliveryPush* push, const PushEnding& ending) {
    const QString delivery = push->delivery().id;
    const int fields = int(push->delivery().changes.size());
    m_underWay.remove(delivery);
    push->deleteLater();
    m_notBefore.remove(delivery);
    PushReport none;
    PushReport& report = m_round ? m_round->report : none;
    report.requests += ending.requests;
    m_proven = m_proven || ending.wasAnswered;
    switch (ending.end) {
        case PushEnding::End::Accepted:
            report.sent += fields;
            m_lastAccepted = m_means.clock->now();
            m_lastPlace = ending.place;
            m_trouble.reset();
            noteKeyTaken();
            break;
        case PushEnding::End::Refused:
            report.refused += fields;
            if (ending.error && isAboutTheKey(ending.reason)) {
                noteKeyRefused(*ending.error);
            }
            break;
        case PushEnding::End::Conflict:
            report.conflicts += fields;
            break;
        case PushEnding::End::Waiting:
            noteFailure(delivery, ending);
            break;
        case PushEnding::End::Dropped:
            m_notBefore.insert(delivery, m_means.clock->steady() + m_means.push->afterOwnTrouble);
            break;
    }
    if (m_round && m_round->isEnding && m_underWay.isEmpty()) {
        countWhatWaits();
    }
    look();
    tellChange();
}

void AccountPush::noteFailure(const QString& delivery, const PushEnding& ending) {
    const Error error =
        target::advised(ending.error.value_or(makeError(ErrorKind::Internal, ending.reason)), m_capabilities);
    m_proven = false;
    if (error.kind == ErrorKind::NoKey) {
        pauseForKey(error);
        return;
    }
    m_trouble = error;
    const milliseconds wait = ending.nextTry ? *ending.nextTry - m_means.clock->now() : m_means.push->afterOwnTrouble;
    m_notBefore.insert(delivery, m_means.clock->steady() + std::max(wait, milliseconds(0)));
    m_until = m_means.clock->now() + wait;
}

}  // namespace earmark
