// The part of ReviewsDatabase that concerns undo: what was done in which step, and how a step is reverted.
#include <QUuid>
#include <algorithm>

#include "models/store/reviewsdatabaseprivate.h"
#include "models/store/reviewtables.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

using reviewtables::kSteps;

constexpr size_t kCallsNamed = 3;

}  // namespace

// --- the stack

bool StepStack::Step::isReverted() const {
    return revertedDownTo && !ranges.empty() && *revertedDownTo <= ranges.front().first;
}

qint64 StepStack::Step::left() const {
    qint64 count = 0;
    for (const Range& range : ranges) {
        const qint64 last = revertedDownTo ? std::min(range.last, *revertedDownTo - 1) : range.last;
        count += std::max<qint64>(0, last - range.first + 1);
    }
    return count;
}

std::vector<qint64> StepStack::Step::next(int most) const {
    std::vector<qint64> sequences;
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        const qint64 last = revertedDownTo ? std::min(range->last, *revertedDownTo - 1) : range->last;
        for (qint64 sequence = last; sequence >= range->first; --sequence) {
            if (static_cast<int>(sequences.size()) == most) {
                return sequences;
            }
            sequences.push_back(sequence);
        }
    }
    return sequences;
}

void StepStack::apply(const QString& tag, const QString& kind, const QString& ofStep, Range range,
                      std::optional<qint64> downTo, Moment at) {
    const bool isNew = m_steps.find(tag) == m_steps.end();
    Step& step = m_steps[tag];
    step.tag = tag;
    step.at = at;
    if (range.last >= range.first && range.first > 0) {
        step.ranges.push_back(range);
    }
    if (kind == "do"_L1) {
        if (isNew) {
            m_done.push_back(tag);
        }
        m_undone.clear();  // what was taken back before that can no longer be done again
        return;
    }
    const auto reverted = m_steps.find(ofStep);
    if (reverted == m_steps.end()) {
        return;
    }
    reverted->second.revertedDownTo = downTo;
    reverted->second.revertTag = tag;
    if (!reverted->second.isReverted()) {
        return;
    }
    auto& from = kind == "undo"_L1 ? m_done : m_undone;
    auto& to = kind == "undo"_L1 ? m_undone : m_done;
    std::erase(from, ofStep);
    if (!step.ranges.empty()) {
        to.push_back(tag);
    }
}

const StepStack::Step* StepStack::top(Revert which) const {
    const auto& tags = which == Revert::Undo ? m_done : m_undone;
    return tags.empty() ? nullptr : &m_steps.at(tags.back());
}

// --- its rows

Done ReviewsDatabase::Private::addStep(const QString& tag, const QString& kind, const QString& ofStep,
                                       StepStack::Range range, std::optional<qint64> downTo, Moment now) {
    static const std::string insert = reviewtables::insertSql(kSteps);
    const auto known = steps();
    if (!known) {
        return failure(known.error());
    }
    const auto line = connection->integer("SELECT seq FROM sqlite_sequence WHERE name = 'steps'");
    if (!line) {
        return failure(line.error());
    }
    auto done = connection->run(insert, *line + 1, tag, kind, ofStep, range.first, range.last, downTo, now);
    if (done) {
        (*known)->apply(tag, kind, ofStep, range, downTo, now);
    }
    return done;
}

Result<StepStack*> ReviewsDatabase::Private::steps() {
    static const std::string sql =
        "SELECT step, kind, of_step, first_sequence, last_sequence, down_to, at FROM steps WHERE " +
        reviewtables::isIntact(kSteps) + " ORDER BY line";
    if (!stack) {
        StepStack read;
        const auto done = connection->read(sql, [&](const Statement& row) {
            read.apply(row.text(0), row.text(1), row.text(2), {row.integer(3), row.integer(4)}, row.optionalInteger(5),
                       row.moment(6));
            return true;
        });
        if (!done) {
            return failure(done.error());
        }
        stack = std::move(read);
    }
    return &*stack;
}

// --- what is asked and done

namespace {

struct SourceEdit {
    CallKey key;
    ReviewField field = ReviewField::Disposition;
    QString origin;
};

/// nullopt: erased, or damaged beyond its twins.
Result<std::optional<SourceEdit>> sourceEdit(Connection& connection, qint64 sequence) {
    std::optional<SourceEdit> edit;
    const auto done = connection.read(
        "SELECT account, remote_id, field, origin FROM edits WHERE sequence = ?1",
        [&](const Statement& row) {
            if (const auto field = reviewFieldFromWord(row.text(2))) {
                edit = SourceEdit{{row.text(0), row.text(1)}, *field, row.text(3)};
            }
            return false;
        },
        sequence);
    return done ? Result<std::optional<SourceEdit>>(std::move(edit)) : failure(done.error());
}

Result<std::optional<UndoStep>> described(Connection& connection, const StepStack::Step* step) {
    if (!step) {
        return std::optional<UndoStep>();
    }
    UndoStep told;
    told.step = step->tag;
    told.edits = step->left();
    told.at = step->at;
    for (const qint64 sequence : step->next(static_cast<int>(kCallsNamed) * 4)) {
        const auto edit = sourceEdit(connection, sequence);
        if (!edit) {
            return failure(edit.error());
        }
        if (!*edit) {
            continue;
        }
        if (told.calls.empty()) {
            told.field = (*edit)->field;
            told.origin = (*edit)->origin;
        }
        const bool isKnown = std::find(told.calls.begin(), told.calls.end(), (*edit)->key) != told.calls.end();
        if (!isKnown && told.calls.size() < kCallsNamed) {
            told.calls.push_back((*edit)->key);
        }
    }
    return std::optional(std::move(told));
}

}  // namespace

Result<UndoState> ReviewsDatabase::undoState() {
    const auto steps = d->steps();
    if (!steps) {
        return failure(steps.error());
    }
    auto undo = described(*d->connection, (*steps)->top(Revert::Undo));
    auto redo = described(*d->connection, (*steps)->top(Revert::Redo));
    if (!undo || !redo) {
        return failure(undo ? redo.error() : undo.error());
    }
    return UndoState{std::move(*undo), std::move(*redo)};
}

Result<std::optional<EditToCommit>> ReviewsDatabase::Private::reversalOf(qint64 sequence, const QString& origin,
                                                                         CallKey& key) {
    const auto source = sourceEdit(*connection, sequence);
    if (!source) {
        return failure(source.error());
    }
    if (!*source) {
        return std::optional<EditToCommit>();
    }
    key = (*source)->key;
    const auto rows = rowsOf(key, (*source)->field);
    if (!rows) {
        return failure(rows.error());
    }
    const auto own =
        std::find_if(rows->begin(), rows->end(), [&](const FieldRow& row) { return row.sequence == sequence; });
    if (own == rows->end()) {
        return std::optional<EditToCommit>();
    }
    // What was done later has been taken back before, or is a merge that goes on this edit: it goes with it.
    EditToCommit reversal;
    reversal.key = key;
    reversal.field = (*source)->field;
    reversal.origin = origin;
    const bool hadEdit = own != rows->begin() && std::prev(own)->isEdit;
    reversal.kind = hadEdit ? EditToCommit::Kind::Edit : EditToCommit::Kind::Restore;
    if (hadEdit) {
        reversal.base = std::prev(own)->base;
        reversal.value = std::prev(own)->value;
        // Where no edit counts now, the value that it would be compared with is the provider's, which is not known
        // here.
        reversal.whenEqual = EditToCommit::WhenEqual::Commit;
    }
    return std::optional(std::move(reversal));
}

Result<RevertedPortion> ReviewsDatabase::revert(Revert which, int most, Moment now, const QString& onlyStep) {
    const auto steps = d->steps();
    if (!steps) {
        return failure(steps.error());
    }
    const StepStack::Step* const top = (*steps)->top(which);
    if (!top || (!onlyStep.isEmpty() && top->tag != onlyStep)) {
        return failure(
            ErrorKind::NotFoundHere,
            QCoreApplication::translate("Database", which == Revert::Undo ? "There is nothing to take back."
                                                                          : "There is nothing to do again."));
    }
    const StepStack::Step step = *top;  // the stack changes underneath
    const QString kind = which == Revert::Undo ? u"undo"_s : u"redo"_s;
    const bool goesOn = step.revertedDownTo.has_value();
    const QString tag = goesOn ? step.revertTag : QUuid::createUuid().toString(QUuid::WithoutBraces);
    const std::vector<qint64> sequences = step.next(std::max(1, most));
    auto transaction = Transaction::begin(*d->connection);
    if (!transaction) {
        return failure(transaction.error());
    }
    RevertedPortion portion;
    std::vector<CallKey> keys;
    StepStack::Range made{0, -1};
    const auto work = [&]() -> Done {
        for (const qint64 sequence : sequences) {
            CallKey key;
            const auto reversal = d->reversalOf(sequence, kind, key);
            if (!reversal) {
                return failure(reversal.error());
            }
            if (!*reversal) {
                ++portion.skipped;
                continue;
            }
            keys.push_back(key);
            const auto account = d->accountNow(key.account);
            const auto done = account ? d->perform(**reversal, *account, now)
                                      : Result<std::optional<qint64>>(failure(account.error()));
            if (!done) {
                return failure(done.error());
            }
            if (*done) {
                made.first = made.first == 0 ? **done : made.first;
                made.last = **done;
            }
        }
        return d->addStep(tag, kind, step.tag, made, sequences.empty() ? step.ranges.front().first : sequences.back(),
                          now);
    };
    auto done = work();
    auto after = done ? d->reviewsOf(keys) : Result<std::vector<CallReview>>(failure(done.error()));
    if (after) {
        done = transaction->commit();
    }
    if (!after || !done) {
        d->forgetSteps();
        return failure(after ? done.error() : after.error());
    }
    portion.changed = std::move(*after);
    portion.left = step.left() - static_cast<qint64>(sequences.size());
    return portion;
}

}  // namespace earmark
