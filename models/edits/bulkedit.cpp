#include "models/edits/bulkedit.h"

#include <QHash>
#include <QLocale>
#include <QUuid>
#include <algorithm>

#include "models/domain/textfold.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using Kind = BulkChange::Kind;

QString counted(qint64 number) {
    return QLocale().toString(number);
}

/// So that a second run of the same change, after a cancel or by mistake, does not write it twice.
bool endsWithLine(const QString& notes, const QString& text) {
    return notes == text || notes.endsWith(u'\n' + text);
}

QString appended(const QString& notes, const QString& text) {
    if (notes.isEmpty()) {
        return text;
    }
    return notes.endsWith(u'\n') ? QString(notes + text) : QString(notes + u'\n' + text);
}

struct Effect {
    bool changes = false;
    bool replaces = false;
    QString present;
};

Effect effectOn(const BulkCall& call, const BulkChange& change) {
    const QString flag = call.flag ? (call.flag->isEmpty() ? BulkEdit::tr("flagged") : *call.flag) : QString();
    const QString reviewed = call.isReviewed ? BulkEdit::tr("reviewed") : QString();
    switch (change.kind) {
        case Kind::SetDisposition:
            return {call.disposition != change.text, call.dispositionIsLocal, call.disposition.value_or(QString())};
        case Kind::ClearDisposition:
            return {call.disposition.has_value(), call.dispositionIsLocal, call.disposition.value_or(QString())};
        case Kind::AppendNotes: {
            const bool saysSo = call.notesAreLocal && call.localNotes && endsWithLine(*call.localNotes, change.text);
            const QString notes = call.notesAreLocal      ? (call.localNotes ? BulkEdit::tr("own notes") : QString())
                                  : call.hasProviderNotes ? BulkEdit::tr("the provider's notes")
                                                          : QString();
            return {!saysSo, false, notes};  // nothing is replaced: the text comes on a new line
        }
        case Kind::MarkReviewed:
            return {!call.isReviewed, false, reviewed};
        case Kind::MarkNotReviewed:
            return {call.isReviewed, call.isReviewed, reviewed};
        case Kind::SetFlag:
            return {call.flag != change.text, call.flag.has_value(), flag};
        case Kind::ClearFlag:
            return {call.flag.has_value(), call.flag.has_value(), flag};
    }
    return {};
}

}  // namespace

BulkPreview previewOf(const std::vector<BulkCall>& calls, const BulkChange& change) {
    BulkPreview preview;
    QHash<QString, qint64> present;
    preview.calls = static_cast<qint64>(calls.size());
    for (const BulkCall& call : calls) {
        const Effect effect = effectOn(call, change);
        ++(effect.changes ? preview.changes : preview.same);
        preview.replaces += effect.changes && effect.replaces ? 1 : 0;
        ++present[effect.present];
    }
    preview.present.reserve(static_cast<std::size_t>(present.size()));
    for (auto it = present.cbegin(); it != present.cend(); ++it) {
        preview.present.push_back({it.key(), it.value()});
    }
    std::sort(preview.present.begin(), preview.present.end(),
              [](const BulkPreview::Present& a, const BulkPreview::Present& b) {
                  return a.calls != b.calls ? a.calls > b.calls : a.value < b.value;
              });
    return preview;
}

bool isComplete(const BulkChange& change) {
    const bool needsText = change.kind == Kind::SetDisposition || change.kind == Kind::AppendNotes;
    return !needsText || !change.text.trimmed().isEmpty();
}

QString bulkChangeText(const BulkChange& change) {
    const QString text = isolated(shownText(change.text, 60));
    switch (change.kind) {
        case Kind::SetDisposition:
            return BulkEdit::tr("Set the disposition to %1").arg(text);
        case Kind::ClearDisposition:
            return BulkEdit::tr("Clear the disposition");
        case Kind::AppendNotes:
            return BulkEdit::tr("Append to the notes: %1").arg(text);
        case Kind::MarkReviewed:
            return BulkEdit::tr("Mark as reviewed");
        case Kind::MarkNotReviewed:
            return BulkEdit::tr("Mark as not reviewed");
        case Kind::SetFlag:
            return change.text.isEmpty() ? BulkEdit::tr("Flag") : BulkEdit::tr("Flag: %1").arg(text);
        case Kind::ClearFlag:
            return BulkEdit::tr("Take the flag away");
    }
    return {};
}

QString bulkOutcomeText(const BulkOutcome& outcome) {
    QStringList parts{outcome.changed == 1 ? BulkEdit::tr("One call changed")
                                           : BulkEdit::tr("%1 calls changed").arg(counted(outcome.changed))};
    if (outcome.same > 0) {
        parts << BulkEdit::tr("%1 said so already").arg(counted(outcome.same));
    }
    if (outcome.missing > 0) {
        parts << BulkEdit::tr("%1 are no longer on this computer").arg(counted(outcome.missing));
    }
    if (outcome.left > 0) {
        parts << BulkEdit::tr("%1 were not reached").arg(counted(outcome.left));
    }
    const QString text = parts.join(u"; "_s) + u'.';
    return outcome.error ? text + u' ' + errorText(*outcome.error) : text;
}

// --- doing it

BulkEdit::BulkEdit(Store* store, std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), m_store(store), m_clock(std::move(clock)) {}

BulkEdit::~BulkEdit() = default;

void BulkEdit::run(std::vector<CallKey> calls, const BulkChange& change, const QString& step) {
    if (m_running) {
        return;
    }
    m_running = true;
    m_cancelled = false;
    m_calls = std::move(calls);
    m_next = 0;
    m_change = change;
    if (m_change.kind == Kind::SetDisposition) {
        m_change.text = m_change.text.trimmed();  // as in the field of one call
    }
    m_outcome = {};
    m_outcome.step = step.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces) : step;
    m_outcome.calls = static_cast<qint64>(m_calls.size());
    m_outcome.left = m_outcome.calls;
    next();
}

void BulkEdit::next() {
    Q_EMIT progressed(m_outcome.calls - m_outcome.left, m_outcome.calls);
    const std::size_t until = std::min(m_calls.size(), m_next + std::size_t(kPortion));
    std::vector<CallKey> portion(m_calls.begin() + std::ptrdiff_t(m_next), m_calls.begin() + std::ptrdiff_t(until));
    m_next = until;
    // Read anew and not taken from the preview: what counts, and what the provider says, may have changed since.
    const auto asked = static_cast<qint64>(portion.size());
    m_store->loadCalls(std::move(portion), this, [this, asked](const Result<std::vector<ReviewedCall>>& calls) {
        if (!calls) {
            m_outcome.error = calls.error();
            end();
            return;
        }
        commit(asked, *calls);
    });
}

void BulkEdit::commit(qint64 asked, const std::vector<ReviewedCall>& calls) {
    std::vector<EditToCommit> edits;
    edits.reserve(calls.size());
    for (const ReviewedCall& call : calls) {
        if (std::optional<EditToCommit> edit = editOf(call)) {
            edits.push_back(std::move(*edit));
        }
    }
    const auto changed = static_cast<qint64>(edits.size());
    const qint64 same = static_cast<qint64>(calls.size()) - changed;
    const qint64 missing = asked - static_cast<qint64>(calls.size());
    const auto done = [this, asked, changed, same, missing](const Result<std::vector<CallReview>>& reviews) {
        if (!reviews) {
            m_outcome.error = reviews.error();
            end();
            return;
        }
        m_outcome.changed += changed;
        m_outcome.same += same;
        m_outcome.missing += missing;
        m_outcome.left -= asked;
        m_outcome.left > 0 && !m_cancelled ? next() : end();
    };
    edits.empty() ? done(std::vector<CallReview>()) : m_store->commitEdits(std::move(edits), this, done);
}

std::optional<EditToCommit> BulkEdit::editOf(const ReviewedCall& call) const {
    EditToCommit edit;
    edit.key = call.call.key;
    edit.origin = u"bulk"_s;
    edit.step = m_outcome.step;
    const auto make = [&edit](ReviewField field, const std::optional<QString>& now,
                              const std::optional<QString>& wanted) -> std::optional<EditToCommit> {
        if (now == wanted) {
            return std::nullopt;
        }
        edit.field = field;
        edit.value = wanted;
        return edit;
    };
    // What counts is asked of the store's memory: the call may have been read before an edit that came since.
    const Review review = m_store->review(call.call.key);
    const auto counts = [](const std::optional<LocalEdit>& local, const std::optional<QString>& provider) {
        return local ? local->value : provider;
    };
    const std::optional<QString> reviewed = review.reviewedAt ? std::optional(QString()) : std::nullopt;
    switch (m_change.kind) {
        case Kind::SetDisposition:
        case Kind::ClearDisposition:
            edit.base = call.call.disposition;
            return make(ReviewField::Disposition, counts(review.disposition, call.call.disposition),
                        m_change.kind == Kind::SetDisposition ? std::optional(m_change.text) : std::nullopt);
        case Kind::AppendNotes: {
            const std::optional<QString> notes = counts(review.notes, call.call.notes);
            edit.base = call.call.notes;
            return make(ReviewField::Notes, notes,
                        endsWithLine(notes.value_or(QString()), m_change.text)
                            ? notes
                            : appended(notes.value_or(QString()), m_change.text));
        }
        case Kind::MarkReviewed:
            return reviewed
                       ? std::nullopt
                       : make(ReviewField::Reviewed, std::nullopt, reviewedMarkText({m_clock->now(), std::nullopt}));
        case Kind::MarkNotReviewed:
            return make(ReviewField::Reviewed, reviewed, std::nullopt);
        case Kind::SetFlag:
            return make(ReviewField::Flag, review.flag, m_change.text);
        case Kind::ClearFlag:
            return make(ReviewField::Flag, review.flag, std::nullopt);
    }
    return std::nullopt;
}

void BulkEdit::cancel() {
    m_cancelled = m_running;
}

void BulkEdit::end() {
    m_running = false;
    m_calls.clear();
    m_calls.shrink_to_fit();
    Q_EMIT finished(m_outcome);
}

}  // namespace earmark
