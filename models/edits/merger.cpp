#include "models/edits/merger.h"

#include <QSet>
#include <QThreadPool>
#include <QTimer>
#include <array>
#include <chrono>
#include <deque>

#include "models/edits/threewaymerge.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr size_t kCallsAtOnce = 400;
constexpr qsizetype kShortTexts = 20'000;  ///< characters of all three together that are compared at once
constexpr auto kRetryAfter = std::chrono::seconds(30);
constexpr std::array kMergedFields{ReviewField::Disposition, ReviewField::Notes};

const std::optional<LocalEdit>& editOf(const Review& review, ReviewField field) {
    return field == ReviewField::Disposition ? review.disposition : review.notes;
}

const std::optional<QString>& providerValueOf(const Call& call, ReviewField field) {
    return field == ReviewField::Disposition ? call.disposition : call.notes;
}

qint64 sequenceOf(const std::optional<LocalEdit>& edit) {
    return edit ? edit->sequence : 0;
}

/// An edit and what the provider says now.
struct Question {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    qint64 sequence = 0;
    ThreeWayTexts texts;

    [[nodiscard]] qsizetype size() const {
        return texts.base.value_or(QString()).size() + texts.mine.value_or(QString()).size() +
               texts.theirs.value_or(QString()).size();
    }
};

ProviderMerge answerTo(const Question& question, const ThreeWayResult& result) {
    ProviderMerge merge{question.key,          question.field, question.sequence, ProviderMerge::Outcome::Agreed,
                        question.texts.theirs, std::nullopt};
    if (result.isOverlap) {
        merge.outcome = ProviderMerge::Outcome::Conflict;
    } else if (question.field == ReviewField::Notes ? !haveSameLines(result.value, question.texts.mine)
                                                    : result.value != question.texts.mine) {
        merge.outcome = ProviderMerge::Outcome::Merged;
        merge.merged = result.value;
    }
    return merge;
}

/// Which edits of a call have been compared with what the provider said last.
struct Compared {
    qint64 disposition = 0;
    qint64 notes = 0;

    friend bool operator==(const Compared&, const Compared&) = default;
};

}  // namespace

class Merger::Private {
 public:
    Private(Merger* owner, Store* backing) : q(owner), store(backing) {}

    Merger* const q;
    Store* const store;
    bool isStarted = false;
    bool isLooking = false;  ///< one batch, or the question for what was found earlier, is under way
    bool wasIdle = true;

    std::deque<CallKey> waiting;  ///< calls to look at, each once
    QSet<CallKey> isWaiting;
    std::deque<Question> questions;     ///< of the calls that were just loaded
    std::optional<ProviderMerge> news;  ///< what came of one of them and the store does not know yet
    QHash<CallKey, Compared> compared;
    /// Conflicts with the provider that stand, by call, for each field: the edit and what the provider said.
    struct Conflict {
        qint64 sequence = 0;
        std::optional<QString> theirs;
    };
    QHash<CallKey, QHash<ReviewField, Conflict>> conflicts;
    std::vector<CallKey> failed;
    QTimer retryTimer;
    QThreadPool pool;  ///< last, so that it ends first: a running comparison posts to the owner

    void sweep(const Result<std::vector<ReviewConflict>>& open);
    void lookAt(const CallKey& key);
    void lookAtChanged(const CallKey& key, const Review& review);
    void lookAtStored(const std::vector<IndexRow>& rows);
    void goOn();
    void loaded(const std::vector<CallKey>& asked, const Result<std::vector<ReviewedCall>>& calls);
    void ask(const Call& call);
    void compare();
    void addIfNews(const ProviderMerge& merge);
    void noted(const ProviderMerge& merge, const Result<std::optional<Review>>& review);
    void tryLater(const CallKey& key);
};

Merger::Merger(Store* store, QObject* parent) : QObject(parent), d(std::make_unique<Private>(this, store)) {
    d->pool.setMaxThreadCount(1);
    d->retryTimer.setSingleShot(true);
    d->retryTimer.setInterval(kRetryAfter);
    connect(&d->retryTimer, &QTimer::timeout, this, [this] {
        for (const CallKey& key : std::exchange(d->failed, {})) {
            d->lookAt(key);
        }
        d->goOn();
    });
    connect(store, &Store::callsStored, this,
            [this](const std::shared_ptr<const std::vector<IndexRow>>& rows) { d->lookAtStored(*rows); });
    connect(store, &Store::reviewChanged, this, [this](const CallKey& key, const Review& review) {
        d->lookAtChanged(key, review);
        d->goOn();
    });
    connect(store, &Store::reviewsChanged, this, [this](const std::shared_ptr<const std::vector<CallReview>>& reviews) {
        for (const CallReview& changed : *reviews) {
            d->lookAtChanged(changed.key, changed.review);
        }
        d->goOn();
    });
    connect(store, &Store::callsRemoved, this, [this](const QString& account) {
        d->compared.removeIf([&](auto it) { return it.key().account == account; });
    });
}

Merger::~Merger() = default;

void Merger::start() {
    if (d->isStarted || d->store->isReadOnly()) {
        return;
    }
    d->isStarted = true;
    d->isLooking = true;
    d->wasIdle = false;
    // What is known to be in conflict need not be told again.
    d->store->loadOpenConflicts(this, [this](const Result<std::vector<ReviewConflict>>& open) { d->sweep(open); });
}

bool Merger::isIdle() const {
    return !d->isLooking && d->waiting.empty() && d->questions.empty();
}

// --- which calls

void Merger::Private::sweep(const Result<std::vector<ReviewConflict>>& open) {
    if (open) {
        for (const ReviewConflict& conflict : *open) {
            if (conflict.foundWith == "provider"_L1) {
                conflicts[conflict.key].insert(conflict.field, {conflict.sequence, conflict.theirs});
            }
        }
    }
    for (const CallKey& key : store->touchedCalls()) {
        lookAt(key);
    }
    isLooking = false;
    goOn();
}

void Merger::Private::lookAt(const CallKey& key) {
    if (isStarted && !isWaiting.contains(key) && isEdited(store->review(key))) {
        isWaiting.insert(key);
        waiting.push_back(key);
    }
}

/// An edit that was compared already and has only come further on its way needs no second look.
void Merger::Private::lookAtChanged(const CallKey& key, const Review& review) {
    const Compared now{sequenceOf(review.disposition), sequenceOf(review.notes)};
    const auto before = compared.constFind(key);
    if (before == compared.cend() || *before != now) {
        lookAt(key);
    }
}

void Merger::Private::lookAtStored(const std::vector<IndexRow>& rows) {
    for (const IndexRow& row : rows) {
        lookAt(row.call.call.key);
    }
    goOn();
}

void Merger::Private::goOn() {
    if (!isStarted || isLooking) {
        return;
    }
    if (waiting.empty()) {
        if (!std::exchange(wasIdle, true)) {
            Q_EMIT q->idle();
        }
        return;
    }
    wasIdle = false;
    isLooking = true;
    std::vector<CallKey> batch;
    while (!waiting.empty() && batch.size() < kCallsAtOnce) {
        isWaiting.remove(waiting.front());
        batch.push_back(std::move(waiting.front()));
        waiting.pop_front();
    }
    store->loadCalls(batch, q, [this, batch](const Result<std::vector<ReviewedCall>>& calls) { loaded(batch, calls); });
}

void Merger::Private::loaded(const std::vector<CallKey>& asked, const Result<std::vector<ReviewedCall>>& calls) {
    if (!calls) {
        for (const CallKey& key : asked) {
            tryLater(key);
        }
    } else {
        for (const ReviewedCall& call : *calls) {
            ask(call.call);
        }
    }
    compare();
}

// --- what comes of it

void Merger::Private::ask(const Call& call) {
    const Review review = store->review(call.key);  // as it is now, not as it was when the call was read
    Compared done;
    for (const ReviewField field : kMergedFields) {
        const std::optional<LocalEdit>& edit = editOf(review, field);
        const auto known = conflicts.find(call.key);
        if (known != conflicts.end() && known->value(field).sequence != sequenceOf(edit)) {
            known->remove(field);  // it was with an edit that no longer counts
        }
        if (!edit) {
            continue;
        }
        if (edit->state == EditState::Sending) {
            done = {-1, -1};  // no edit has that: the next news of this call is a reason to look again
            continue;
        }
        if (done.disposition >= 0) {
            (field == ReviewField::Disposition ? done.disposition : done.notes) = edit->sequence;
        }
        const std::optional<QString>& theirs = providerValueOf(call, field);
        // What never differed needs no comparison; what did may be over by now.
        if (theirs != edit->base || conflicts.value(call.key).contains(field)) {
            questions.push_back({call.key, field, edit->sequence, {edit->base, edit->value, theirs}});
        }
    }
    compared.insert(call.key, done);
}

/// Until something has to be waited for: an answer, a long comparison, or the turn of others.
void Merger::Private::compare() {
    isLooking = true;
    qsizetype looked = 0;
    while (!questions.empty() && !news) {
        const Question question = std::move(questions.front());
        questions.pop_front();
        if (question.size() > kShortTexts) {
            pool.start([this, question] {
                const ProviderMerge merge = answerTo(question, mergeField(question.field, question.texts));
                QMetaObject::invokeMethod(q, [this, merge] {
                    addIfNews(merge);
                    compare();
                });
            });
            return;
        }
        addIfNews(answerTo(question, mergeField(question.field, question.texts)));
        looked += question.size();
        if (looked > kShortTexts) {
            QTimer::singleShot(0, q, [this] { compare(); });
            return;
        }
    }
    if (news) {
        store->noteProviderMerge(*news, q, [this](const Result<std::optional<Review>>& review) {
            noted(*std::exchange(news, std::nullopt), review);
        });
        return;
    }
    isLooking = false;
    goOn();
}

void Merger::Private::addIfNews(const ProviderMerge& merge) {
    const auto known = conflicts.value(merge.key);
    const auto conflict = known.constFind(merge.field);
    const bool stands = conflict != known.cend() && conflict->sequence == merge.sequence;
    bool isNews = false;
    switch (merge.outcome) {
        case ProviderMerge::Outcome::Merged:
            isNews = true;
            break;
        case ProviderMerge::Outcome::Conflict:
            isNews = !stands || conflict->theirs != merge.theirs;
            break;
        case ProviderMerge::Outcome::Agreed:
            isNews = stands;
            break;
    }
    if (isNews) {
        news = merge;
    }
}

void Merger::Private::noted(const ProviderMerge& merge, const Result<std::optional<Review>>& review) {
    if (!review) {
        tryLater(merge.key);
    } else if (!*review) {
        // Another edit counts by now, or it is being sent: the news of that has come already, or will come.
        compared.remove(merge.key);
        if (sequenceOf(editOf(store->review(merge.key), merge.field)) != merge.sequence) {
            lookAt(merge.key);
        }
    } else if (merge.outcome == ProviderMerge::Outcome::Conflict) {
        conflicts[merge.key].insert(merge.field, {merge.sequence, merge.theirs});
    } else if (const auto known = conflicts.find(merge.key); known != conflicts.end()) {
        known->remove(merge.field);
    }
    compare();
}

/// Not at once: what stands in the way (a full disk) is still there.
void Merger::Private::tryLater(const CallKey& key) {
    compared.remove(key);
    failed.push_back(key);
    if (!retryTimer.isActive()) {
        retryTimer.start();
    }
}

}  // namespace earmark
