#include "models/edits/fieldeditor.h"

#include <QTimer>
#include <algorithm>
#include <vector>

using namespace std::chrono_literals;

namespace earmark {

namespace {

// Written early enough that the draft is on disk within 2 s after the first unsaved key.
constexpr auto kDraftDelay = 1500ms;
constexpr auto kRetryDelay = 2s;

std::optional<QString> thatCounts(const ReviewedCall& call, ReviewField field) {
    return field == ReviewField::Disposition ? dispositionThatCounts(call) : notesThatCount(call);
}

std::optional<QString> fromProvider(const ReviewedCall& call, ReviewField field) {
    return field == ReviewField::Disposition ? call.call.disposition : call.call.notes;
}

const std::optional<LocalEdit>& localEdit(const Review& review, ReviewField field) {
    return field == ReviewField::Disposition ? review.disposition : review.notes;
}

}  // namespace

class FieldEditor::Private {
 public:
    Private(FieldEditor* owner, Store* desk, ReviewField which) : q(owner), store(desk), field(which) {
        draftTimer.setSingleShot(true);
        draftTimer.setInterval(kDraftDelay);
        retryTimer.setSingleShot(true);
        retryTimer.setInterval(kRetryDelay);
    }

    /// What would be written for the text as it stands; an empty field clears.
    std::optional<QString> typedValue() const {
        const QString value = field == ReviewField::Disposition ? text.trimmed() : text;
        return value.isEmpty() ? std::nullopt : std::optional(value);
    }

    void setState(SaveState next, const QString& why = {}) {
        state = next;
        problem = why;
        Q_EMIT q->changed();
    }

    void showWhatCounts() {
        text = counts.value_or(QString());
        dirty = false;
    }

    void send(const EditToCommit& edit) {
        const quint64 mine = ++generation;
        ++inFlight;
        store->commitEdit(edit, q, [this, edit, mine](const Result<Review>& result) { answered(edit, mine, result); });
    }

    void answered(const EditToCommit& edit, quint64 mine, const Result<Review>& result) {
        --inFlight;
        const bool current = key && *key == edit.key;
        if (!result) {
            failed(edit, mine, current, result.error());
            return;
        }
        if (current) {
            counts = edit.value;
            edited = localEdit(*result, field).has_value();
            if (typedValue() == edit.value) {
                dirty = false;
                draftTimer.stop();
                if (mine == generation)
                    setState(SaveState::Saved);
            } else if (state == SaveState::Saving && mine == generation) {
                // Typed on while the former text was being saved: that part is still to come.
                setState(SaveState::Typing);
                draftTimer.start();
            } else {
                Q_EMIT q->changed();
            }
        }
        Q_EMIT q->committed(edit.key);
    }

    void failed(const EditToCommit& edit, quint64 mine, bool current, const Error& error) {
        if (!current) {
            leftBehind.push_back(edit);
            Q_EMIT q->notSavedElsewhere(edit.key, error);
        } else if (mine == generation) {
            failedCommit = true;
            setState(SaveState::NotSaved, errorText(error));
        }
        retryTimer.start();
    }

    void saveDraft() {
        if (!key || !dirty)
            return;
        const QString typed = text;
        const CallKey forKey = *key;
        Draft draft{forKey, field, base, typed, {}};
        store->saveDraft(draft, q, [this, forKey, typed](const Done& result) {
            if (!key || !(*key == forKey) || !dirty || state == SaveState::Saving)
                return;
            if (!result) {
                setState(SaveState::NotSaved, errorText(result.error()));
                retryTimer.start();
            } else if (text == typed) {
                setState(SaveState::DraftKept);
            } else {
                // Keys came while the draft was written; the next one follows in time.
                setState(SaveState::Typing);
                draftTimer.start();
            }
        });
    }

    void retry() {
        std::vector<EditToCommit> again;
        again.swap(leftBehind);
        for (const EditToCommit& edit : again)
            send(edit);
        if (state != SaveState::NotSaved || !dirty)
            return;
        if (failedCommit)
            q->commit();
        else
            saveDraft();
    }

    FieldEditor* q;
    Store* store;
    ReviewField field;
    std::optional<CallKey> key;
    std::optional<QString> provider;  ///< what the provider says now
    std::optional<QString> base;      ///< what the provider said when typing began
    std::optional<QString> counts;
    QString text;
    bool edited = false;
    bool dirty = false;
    bool failedCommit = false;
    SaveState state = SaveState::Untouched;
    QString problem;
    quint64 generation = 0;  ///< of the newest commit; older answers do not decide the state
    int inFlight = 0;
    std::vector<EditToCommit> leftBehind;  ///< edits of calls left before they could be saved
    QTimer draftTimer;
    QTimer retryTimer;
};

FieldEditor::FieldEditor(Store* store, ReviewField field, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, store, field)) {
    connect(&d->draftTimer, &QTimer::timeout, this, [this] { d->saveDraft(); });
    connect(&d->retryTimer, &QTimer::timeout, this, [this] { d->retry(); });
}

FieldEditor::~FieldEditor() = default;

void FieldEditor::setCall(const ReviewedCall& call, const std::optional<QString>& draft) {
    const std::optional<QString> providerNow = fromProvider(call, d->field);
    if (d->key && *d->key == call.call.key) {
        const bool moved = d->provider != providerNow;
        d->provider = providerNow;
        const bool busy = d->dirty || d->state == SaveState::Saving;
        if (!busy) {
            d->base = providerNow;
            d->counts = thatCounts(call, d->field);
            d->edited = localEdit(call.review, d->field).has_value();
            const QString before = d->text;
            d->showWhatCounts();
            if (d->text != before)
                d->state = SaveState::Untouched;
        }
        Q_EMIT changed();
        if (moved && busy)
            Q_EMIT providerChanged();
        return;
    }

    commit();
    d->draftTimer.stop();
    d->key = call.call.key;
    d->provider = providerNow;
    d->base = providerNow;
    d->counts = thatCounts(call, d->field);
    d->edited = localEdit(call.review, d->field).has_value();
    d->failedCommit = false;
    d->showWhatCounts();
    const auto left = std::find_if(d->leftBehind.begin(), d->leftBehind.end(),
                                   [this](const EditToCommit& edit) { return edit.key == *d->key; });
    if (left != d->leftBehind.end()) {
        // This call was left while its edit could not be saved: the text comes back with it.
        d->base = left->base;
        d->text = left->value.value_or(QString());
        d->dirty = true;
        d->failedCommit = true;
        d->leftBehind.erase(left);
        d->retryTimer.start();
        d->setState(SaveState::NotSaved, tr("The last try to save this failed. It is tried again by itself."));
    } else if (draft && *draft != d->text) {
        d->text = *draft;
        d->dirty = true;
        d->setState(SaveState::DraftKept);
    } else {
        d->setState(SaveState::Untouched);
    }
}

void FieldEditor::clear() {
    commit();
    d->draftTimer.stop();
    d->key.reset();
    d->provider.reset();
    d->base.reset();
    d->counts.reset();
    d->edited = false;
    d->showWhatCounts();
    d->setState(SaveState::Untouched);
}

void FieldEditor::setText(const QString& text) {
    if (!d->key || text == d->text)
        return;
    if (!d->dirty && d->state != SaveState::Saving)
        d->base = d->provider;
    d->text = text;
    d->dirty = true;
    if (d->state == SaveState::Saving)
        return;  // the answer to the running commit starts the next draft
    if (d->state != SaveState::NotSaved)
        d->setState(SaveState::Typing);
    // Not restarted by each key: a fast typist's text must reach the disk too.
    if (!d->draftTimer.isActive())
        d->draftTimer.start();
}

void FieldEditor::commit() {
    if (!d->key || !d->dirty)
        return;
    d->draftTimer.stop();
    const std::optional<QString> value = d->typedValue();
    if (value == d->counts && d->inFlight == 0) {
        revertTyping();
        return;
    }
    d->failedCommit = true;
    d->setState(SaveState::Saving);
    d->send(EditToCommit{*d->key, d->field, d->base, value, QStringLiteral("desk")});
}

void FieldEditor::restoreProviderValue() {
    if (!d->key)
        return;
    d->draftTimer.stop();
    d->dirty = false;
    const quint64 mine = ++d->generation;
    ++d->inFlight;
    const CallKey forKey = *d->key;
    d->setState(SaveState::Saving);
    d->store->dropDraft(forKey, d->field, this, [](const Done&) {});
    d->store->restoreField(forKey, d->field, this, [this, forKey, mine](const Result<Review>& result) {
        --d->inFlight;
        if (d->key && *d->key == forKey && mine == d->generation) {
            if (result) {
                d->counts = d->provider;
                d->base = d->provider;
                d->edited = false;
                if (!d->dirty)
                    d->showWhatCounts();
                d->setState(d->dirty ? SaveState::Typing : SaveState::Saved);
                if (d->dirty)
                    d->draftTimer.start();
            } else {
                d->showWhatCounts();
                d->setState(SaveState::NotSaved, errorText(result.error()));
            }
        }
        if (result)
            Q_EMIT committed(forKey);
    });
}

void FieldEditor::revertTyping() {
    if (!d->key || !d->dirty)
        return;
    d->draftTimer.stop();
    d->store->dropDraft(*d->key, d->field, this, [](const Done&) {});
    d->base = d->provider;
    d->showWhatCounts();
    d->setState(SaveState::Untouched);
}

QString FieldEditor::text() const {
    return d->text;
}
std::optional<QString> FieldEditor::providerValue() const {
    return d->provider;
}
bool FieldEditor::isEdited() const {
    return d->edited;
}
bool FieldEditor::hasUnsavedText() const {
    return d->dirty || d->inFlight > 0 || !d->leftBehind.empty();
}
SaveState FieldEditor::state() const {
    return d->state;
}
QString FieldEditor::problem() const {
    return d->problem;
}

}  // namespace earmark
