#include "models/edits/fieldeditor.h"

#include <QHash>
#include <QTimer>
#include <chrono>

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

constexpr auto kDraftAfter = std::chrono::milliseconds(1'800);  // on the disk within 2 s of the first unsaved key
constexpr auto kRetryEvery = std::chrono::seconds(2);

QString shown(const std::optional<QString>& value) {
    return value.value_or(QString());
}

std::optional<QString> valueOf(const QString& text) {
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

}  // namespace

/// What the supervisor has asked to be saved for one call and what has not been acknowledged yet. It lives until
/// COMMIT, whichever call is shown meanwhile.
struct Order {
    enum class Kind { Commit, Restore };
    Kind kind = Kind::Commit;
    std::optional<QString> base;
    QString text;
    QString step;        ///< of an edit that was committed together with others; "" = a step of its own
    quint64 number = 0;  ///< the newest order of a call decides; answers to older ones are history
    bool underWay = false;
    QString problem;
};

class FieldEditor::Private {
 public:
    Private(FieldEditor* owner, Store* backing, ReviewField edited) : q(owner), store(backing), field(edited) {}

    FieldEditor* const q;
    Store* const store;
    const ReviewField field;

    std::optional<CallKey> key;
    std::optional<QString> provider;  ///< what the provider says now
    QString text;
    SaveState state = SaveState::Untouched;
    bool isDirty = false;         ///< `text` is neither what counts nor ordered to be saved
    std::optional<QString> base;  ///< what the provider said when this typing began
    bool isFoundDraft = false;    ///< `text` was typed before the program ended and nothing in it since
    bool draftOnDisk = false;
    QString draftProblem;
    QTimer draftTimer;

    QHash<CallKey, Order> orders;
    quint64 lastOrder = 0;
    QTimer retryTimer;

    /// From the store and not from the call that was handed in: that may have been read before our last commit.
    [[nodiscard]] std::optional<LocalEdit> edit() const {
        const Review review = key ? store->review(*key) : Review();
        return field == ReviewField::Disposition ? review.disposition : review.notes;
    }
    [[nodiscard]] std::optional<QString> counts() const {
        const auto local = edit();
        return local ? local->value : provider;
    }
    [[nodiscard]] bool waitsToBeDecided() const { return isDirty && isFoundDraft; }
    [[nodiscard]] bool hasOrder() const { return key && orders.contains(*key); }

    void show(const ReviewedCall& call, const std::optional<QString>& draft);
    void refresh(const ReviewedCall& call);
    void showWhatCounts();
    void reviewed(const CallKey& of);
    void settleState();
    void beginTyping();
    void writeDraft();
    void forgetDraft();
    void order(Order order);
    void send(const CallKey& of);
    void answered(const CallKey& of, quint64 number, const Done& done);
    [[nodiscard]] EditToCommit editOf(const CallKey& of, const Order& order) const {
        return {of, field, order.base, valueOf(order.text), u"desk"_s, order.step};
    }
    [[nodiscard]] std::optional<Order> typedOrder();
    void retry();
};

void commitTogether(Store* store, QObject* context, std::vector<OrderedEdit> edits) {
    std::vector<EditToCommit> all;
    std::vector<std::function<void(const Done&)>> hear;
    for (OrderedEdit& one : edits) {
        all.push_back(std::move(one.edit));
        hear.push_back(std::move(one.answered));
    }
    if (all.empty()) {
        return;
    }
    store->commitEdits(std::move(all), context, [hear](const Result<std::vector<CallReview>>& reviews) {
        const Done done = reviews ? Done() : failure(reviews.error());
        for (const auto& answered : hear) {
            answered(done);
        }
    });
}

FieldEditor::FieldEditor(Store* store, ReviewField field, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, store, field)) {
    Q_ASSERT(field == ReviewField::Disposition || field == ReviewField::Notes);
    d->draftTimer.setSingleShot(true);
    d->draftTimer.setTimerType(Qt::PreciseTimer);
    d->draftTimer.setInterval(kDraftAfter);
    connect(&d->draftTimer, &QTimer::timeout, this, [this] { d->writeDraft(); });
    d->retryTimer.setInterval(kRetryEvery);
    connect(&d->retryTimer, &QTimer::timeout, this, [this] { d->retry(); });
    // Our own commits are told here too, before their answer; while one is under way the answer decides.
    connect(store, &Store::reviewChanged, this, [this](const CallKey& key) { d->reviewed(key); });
    connect(store, &Store::reviewsChanged, this, [this](const std::shared_ptr<const std::vector<CallReview>>& reviews) {
        for (const CallReview& one : *reviews) {
            d->reviewed(one.key);
        }
    });
}

FieldEditor::~FieldEditor() {
    // Nobody hears the answers any more; the store finishes what has been ordered.
    if (d->key && d->isDirty && !d->isFoundDraft) {
        d->orders.insert(*d->key, {Order::Kind::Commit, d->base, d->text, {}, 0, false, {}});
    }
    for (auto it = d->orders.cbegin(); it != d->orders.cend(); ++it) {
        if (it->underWay) {
            continue;
        }
        if (it->kind == Order::Kind::Commit) {
            d->store->commitEdit(d->editOf(it.key(), *it), d->store, {});
        } else {
            d->store->restoreField(it.key(), d->field, d->store, {});
        }
    }
}

// --- what is shown

void FieldEditor::setCall(const ReviewedCall& call, const std::optional<QString>& draft) {
    if (d->key == call.call.key) {
        d->refresh(call);
        return;
    }
    leave();
    d->show(call, draft);
    Q_EMIT changed();
}

void FieldEditor::clear() {
    leave();
    d->draftTimer.stop();
    d->key.reset();
    d->provider.reset();
    d->text.clear();
    d->isDirty = false;
    d->draftProblem.clear();
    d->settleState();
    Q_EMIT changed();
}

void FieldEditor::Private::show(const ReviewedCall& call, const std::optional<QString>& draft) {
    draftTimer.stop();
    key = call.call.key;
    provider = field == ReviewField::Disposition ? call.call.disposition : call.call.notes;
    isDirty = false;
    isFoundDraft = false;
    draftOnDisk = false;
    draftProblem.clear();
    state = SaveState::Untouched;
    text = shown(counts());
    if (const auto pending = orders.constFind(*key); pending != orders.cend()) {
        text = pending->kind == Order::Kind::Commit ? pending->text : shown(provider);
    } else if (draft && *draft != text) {
        text = *draft;
        isDirty = true;
        isFoundDraft = true;
        base = provider;
        draftOnDisk = true;
    } else if (draft) {
        store->dropDraft(*key, field, store, {});  // it says what counts anyway
    }
    settleState();
}

void FieldEditor::Private::refresh(const ReviewedCall& call) {
    const std::optional<QString> before = provider;
    provider = field == ReviewField::Disposition ? call.call.disposition : call.call.notes;
    if (!isDirty && !hasOrder()) {
        showWhatCounts();
    }
    if (provider != before && (isDirty || hasOrder() || edit())) {
        Q_EMIT q->providerChanged();
    }
    Q_EMIT q->changed();
}

void FieldEditor::Private::showWhatCounts() {
    const QString now = shown(counts());
    if (text != now) {
        text = now;
        state = SaveState::Untouched;
    }
}

void FieldEditor::Private::reviewed(const CallKey& of) {
    if (key == of && !isDirty && !hasOrder()) {
        showWhatCounts();
        Q_EMIT q->changed();
    }
}

/// The state follows from what is known, so that it cannot say "saved" about something that is not.
void FieldEditor::Private::settleState() {
    const auto pending = key ? orders.constFind(*key) : orders.cend();
    if (pending != orders.cend() && !pending->problem.isEmpty()) {
        state = SaveState::NotSaved;
    } else if (isDirty) {
        state = !draftProblem.isEmpty() ? SaveState::NotSaved : draftOnDisk ? SaveState::DraftKept : SaveState::Typing;
    } else if (pending != orders.cend()) {
        state = SaveState::Saving;
    } else if (state != SaveState::Saved) {
        state = SaveState::Untouched;
    }
}

// --- typing

void FieldEditor::setText(const QString& text) {
    if (!d->key || text == d->text) {
        return;
    }
    d->text = text;
    const bool saysWhatCounts = !d->hasOrder() && text == shown(d->counts());
    if (saysWhatCounts && d->isDirty) {
        d->forgetDraft();
        d->isDirty = false;
        d->state = SaveState::Untouched;
    } else if (!saysWhatCounts) {
        d->beginTyping();
    }
    d->settleState();
    Q_EMIT changed();
}

void FieldEditor::Private::beginTyping() {
    isFoundDraft = false;
    if (!isDirty) {
        base = provider;
        isDirty = true;
    }
    draftOnDisk = false;
    // From the first unsaved key, not from the last: who types on without a pause is safe as well.
    if (!draftTimer.isActive()) {
        draftTimer.start();
    }
}

void FieldEditor::Private::writeDraft() {
    if (!key || !isDirty) {
        return;
    }
    Draft draft;
    draft.key = *key;
    draft.field = field;
    draft.base = base;
    draft.text = text;
    store->saveDraft(draft, q, [this, of = *key, written = text](const Done& done) {
        if (key != of || !isDirty) {
            return;
        }
        draftProblem = done ? QString() : errorText(done.error());
        draftOnDisk = done && text == written;
        if (!done) {
            draftTimer.start();
        }
        settleState();
        Q_EMIT q->changed();
    });
}

void FieldEditor::Private::forgetDraft() {
    draftTimer.stop();
    draftOnDisk = false;
    draftProblem.clear();
    store->dropDraft(*key, field, store, {});  // after a draft that may still be on its way to the disk
    Q_EMIT q->draftDropped();
}

void FieldEditor::revertTyping() {
    if (!d->key) {
        return;
    }
    const auto pending = d->orders.constFind(*d->key);
    const bool failed = pending != d->orders.cend() && !pending->underWay;
    if (!d->isDirty && !failed) {
        return;
    }
    if (failed) {
        d->orders.remove(*d->key);
    }
    d->forgetDraft();
    d->isDirty = false;
    d->text = d->hasOrder() ? d->orders.value(*d->key).text : shown(d->counts());
    d->state = SaveState::Untouched;
    d->settleState();
    Q_EMIT changed();
}

// --- saving

void FieldEditor::commit() {
    if (auto order = d->typedOrder()) {
        d->order(std::move(*order));
    }
}

void FieldEditor::leave() {
    if (!d->waitsToBeDecided()) {
        commit();
    }
}

std::optional<OrderedEdit> FieldEditor::takeLeft(const QString& step) {
    return d->waitsToBeDecided() ? std::nullopt : takeCommit(step);
}

std::optional<OrderedEdit> FieldEditor::takeCommit(const QString& step) {
    auto order = d->typedOrder();
    if (!order) {
        return std::nullopt;
    }
    order->step = step;
    order->number = ++d->lastOrder;
    order->underWay = true;
    d->draftProblem.clear();
    const CallKey of = *d->key;
    OrderedEdit ordered{d->editOf(of, *order),
                        [this, of, number = order->number](const Done& done) { d->answered(of, number, done); }};
    d->orders.insert(of, std::move(*order));
    d->settleState();
    Q_EMIT changed();
    return ordered;
}

/// What has been typed, to be saved; nullopt when nothing was typed or it says what counts anyway.
std::optional<Order> FieldEditor::Private::typedOrder() {
    if (!key || !isDirty) {
        return std::nullopt;
    }
    if (field == ReviewField::Disposition) {
        text = text.trimmed();
    }
    draftTimer.stop();
    isDirty = false;
    if (!hasOrder() && text == shown(counts())) {
        forgetDraft();
        state = SaveState::Untouched;
        settleState();
        Q_EMIT q->changed();
        return std::nullopt;
    }
    Order order;
    order.base = base;
    order.text = text;
    return order;
}

void FieldEditor::restoreProviderValue() {
    if (!d->key) {
        return;
    }
    if (!d->edit() && !d->hasOrder()) {
        revertTyping();
        return;
    }
    d->draftTimer.stop();
    d->draftProblem.clear();
    d->isDirty = false;
    d->text = shown(d->provider);
    Order order;
    order.kind = Order::Kind::Restore;
    d->order(std::move(order));
}

void FieldEditor::Private::order(Order order) {
    order.number = ++lastOrder;
    orders.insert(*key, std::move(order));
    draftProblem.clear();
    send(*key);
    settleState();
    Q_EMIT q->changed();
}

void FieldEditor::Private::send(const CallKey& of) {
    Order& order = orders[of];
    order.underWay = true;
    const auto done = [this, of, number = order.number](const Result<Review>& review) {
        answered(of, number, review ? Done() : failure(review.error()));
    };
    // The lane keeps the order of questions: a newer order overtakes no older one.
    if (order.kind == Order::Kind::Restore) {
        store->restoreField(of, field, q, done);
    } else {
        store->commitEdit(editOf(of, order), q, done);
    }
}

void FieldEditor::Private::answered(const CallKey& of, quint64 number, const Done& done) {
    const auto pending = orders.find(of);
    const bool isNewest = pending != orders.end() && pending->number == number;
    const bool isShown = key == of;
    if (isNewest && done) {
        orders.erase(pending);
        if (isShown && !isDirty) {
            state = SaveState::Saved;
            text = shown(counts());
            draftOnDisk = false;
        }
    } else if (isNewest) {
        pending->underWay = false;
        pending->problem = errorText(done.error());
        if (!retryTimer.isActive()) {
            retryTimer.start();
        }
    }
    settleState();
    Q_EMIT q->changed();
    if (done) {
        Q_EMIT q->committed(of);
    } else if (isNewest && !isShown) {
        Q_EMIT q->notSavedElsewhere(of, done.error());
    }
}

void FieldEditor::Private::retry() {
    bool waits = false;
    const auto keys = orders.keys();
    for (const CallKey& of : keys) {
        waits = true;
        if (!orders.value(of).underWay) {
            send(of);
        }
    }
    if (!waits) {
        retryTimer.stop();
    }
}

// --- asked

QString FieldEditor::text() const {
    return d->text;
}

std::optional<QString> FieldEditor::providerValue() const {
    return d->provider;
}

bool FieldEditor::isEdited() const {
    return d->edit().has_value();
}

bool FieldEditor::hasUnsavedText() const {
    return (d->isDirty && !d->isFoundDraft) || !d->orders.isEmpty();
}

SaveState FieldEditor::state() const {
    return d->state;
}

QString FieldEditor::problem() const {
    if (d->state != SaveState::NotSaved) {
        return {};
    }
    const auto pending = d->key ? d->orders.constFind(*d->key) : d->orders.cend();
    return pending != d->orders.cend() && !pending->problem.isEmpty() ? pending->problem : d->draftProblem;
}

}  // namespace earmark
