// When an account's edits cannot leave now, what somebody asked for, and how it stands.
#include <algorithm>

#include "models/sync/accountpush.h"
#include "models/targets/targetanswers.h"

namespace earmark {

using std::chrono::milliseconds;

namespace {
constexpr milliseconds kCancelPatience{1500};
}

// --- when nothing can be sent now

bool AccountPush::waitsTooLong(milliseconds wait) const {
    return m_means.clock->steady() + wait > m_round->began + m_means.push->longestWaitWhenAsked;
}

void AccountPush::holdUp(const Error& why) {
    const milliseconds wait = why.retryAfter.value_or(m_means.push->afterOwnTrouble);
    const bool isAboutKey = m_keyTrouble.has_value();
    if (!isAboutKey) {
        m_trouble = why;
    }
    if (m_round && (isAboutKey || waitsTooLong(wait))) {
        endRound(why);
        return;
    }
    if (!isAboutKey) {  // a key that is refused waits for somebody, not for a time
        m_until = m_means.clock->now() + wait;
        lookIn(wait);
    }
    tellChange();
}

void AccountPush::rest(std::optional<milliseconds> soonest) {
    if (m_round) {
        if (!soonest || waitsTooLong(*soonest)) {
            endRound(soonest ? m_trouble : m_keyTrouble);
            return;
        }
        restUntil(std::nullopt, soonest);
        return;
    }
    m_looking = true;
    m_means.store->loadNextTry(m_account, this,
                               [this, soonest, generation = m_generation](const Result<std::optional<Moment>>& at) {
                                   if (generation != m_generation) {
                                       return;
                                   }
                                   m_looking = false;
                                   if (std::exchange(m_lookAgain, false)) {
                                       look();
                                   } else if (mayLook()) {
                                       restUntil(at ? *at : std::nullopt, soonest);
                                   }
                               });
}

void AccountPush::restUntil(std::optional<Moment> nextTry, std::optional<milliseconds> soonest) {
    const Moment now = m_means.clock->now();
    std::optional<milliseconds> wait = soonest;
    if (nextTry) {
        const milliseconds left = std::max<milliseconds>(*nextTry - now, milliseconds(0));
        // Due by its time and yet not given to us: its call has an earlier one under way.
        const milliseconds sensible = left.count() > 0 ? left : m_means.push->afterOwnTrouble;
        wait = std::min(wait.value_or(sensible), sensible);
    }
    m_until = wait ? std::optional(now + *wait) : std::nullopt;
    if (wait) {
        lookIn(*wait + milliseconds(1));
    } else {
        m_trouble.reset();
    }
    tellChange();
}

// --- what somebody asked for

void AccountPush::sendNow() {
    if (m_round) {
        return;
    }
    m_round.emplace();
    m_round->began = m_means.clock->steady();
    m_round->report.account = m_account.name;
    m_round->report.target = m_account.target.kind;
    m_round->putBack = false;
    beginAnew();
    m_notBefore.clear();
    m_timer.stop();
    if (!m_dialect) {
        endRound(std::nullopt);
        return;
    }
    look();
    tellChange();
}

void AccountPush::cancel() {
    if (!m_round || m_round->isEnding) {
        return;
    }
    m_round->report.error = makeError(ErrorKind::Cancelled);
    m_round->isEnding = true;
    m_timer.stop();
    for (DeliveryPush* push : m_underWay.values()) {
        push->giveUp();
    }
    m_underWay.isEmpty() ? countWhatWaits() : m_cancelPatience.start(kCancelPatience);
}

void AccountPush::endRound(std::optional<Error> error) {
    m_round->report.error = error ? std::optional(target::advised(std::move(*error), m_capabilities)) : std::nullopt;
    m_round->report.target = m_account.target.kind;
    m_round->isEnding = true;
    countWhatWaits();
}

void AccountPush::countWhatWaits() {
    m_cancelPatience.stop();
    if (std::exchange(m_round->isCounting, true)) {
        return;
    }
    m_means.store->countWaitingEdits(m_account.name, this, [this](const Result<WaitingEdits>& edits) {
        if (!edits || edits->waiting == 0) {
            tellRound();
            return;
        }
        m_means.store->loadPending(this, [this](const Result<std::vector<PendingEdit>>& pending) {
            int waiting = 0;
            for (const PendingEdit& edit : pending.value_or(std::vector<PendingEdit>())) {
                const bool waits = edit.state == EditState::Waiting || edit.state == EditState::Sending;
                waiting += waits && edit.key.account == m_account.name ? 1 : 0;
            }
            m_round->report.waiting = waiting;
            tellRound();
        });
    });
}

void AccountPush::tellRound() {
    PushReport report = m_round->report;
    report.seconds = std::chrono::duration<double>(m_means.clock->steady() - m_round->began).count();
    m_round.reset();
    m_queue.clear();
    m_lookAgain = false;
    look();  // what is left leaves by itself, in its time
    tellChange();
    Q_EMIT finished(report);
}

// --- how it stands

PushState AccountPush::state() const {
    PushState state;
    state.account = m_account.name;
    state.target = m_account.target.kind;
    state.lastAccepted = m_lastAccepted;
    state.lastPlace = m_lastPlace;
    state.underWay = int(m_underWay.size());
    if (state.underWay > 0) {
        state.what = PushState::What::Sending;
    } else if (m_keyTrouble) {
        state.what = PushState::What::Paused;
        state.reason = m_keyTrouble->message.isEmpty() ? errorText(*m_keyTrouble) : m_keyTrouble->message;
    } else if (m_trouble) {
        state.what = m_trouble->kind == ErrorKind::Offline ? PushState::What::Offline : PushState::What::Waiting;
        state.until = m_until;
        state.reason = m_trouble->message.isEmpty() ? errorText(*m_trouble) : m_trouble->message;
    } else if (m_until) {
        state.what = m_isResting ? PushState::What::Resting : PushState::What::Waiting;
        state.until = m_until;
    }
    return state;
}

void AccountPush::tellChange() {
    const PushState now = state();
    if (!(now == m_told)) {
        m_told = now;
        Q_EMIT changed();
    }
}

}  // namespace earmark
