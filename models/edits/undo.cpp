#include "models/edits/undo.h"

#include <QLocale>

#include "models/domain/textfold.h"
#include "models/edits/editwords.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

QString counted(qint64 number) {
    return QLocale().toString(number);
}

/// "disposition of 4711", "bulk edit, 1,200 edits"
QString subject(const UndoStep& step, qint64 edits) {
    if (step.origin == "bulk"_L1) {
        return edits == 1 ? Undo::tr("bulk edit, one edit") : Undo::tr("bulk edit, %1 edits").arg(counted(edits));
    }
    const QString call = step.calls.empty() ? QString() : isolated(shownText(step.calls.front().remoteId, 60));
    if (step.calls.size() > 1) {
        return Undo::tr("%1 edits").arg(counted(edits));
    }
    const QString field = edits > 1 ? Undo::tr("%1 edits").arg(counted(edits)) : fieldTitle(step.field).toLower();
    return call.isEmpty() ? field : Undo::tr("%1 of %2").arg(field, call);
}

QString stayText(const UndoOutcome& outcome) {
    if (outcome.skipped == 0) {
        return {};
    }
    return outcome.skipped == 1 ? Undo::tr("one had been changed since and stays")
                                : Undo::tr("%1 had been changed since and stay").arg(counted(outcome.skipped));
}

QString restText(const UndoOutcome& outcome) {
    if (outcome.left == 0) {
        return {};
    }
    return outcome.which == Revert::Undo ? Undo::tr("%1 are left for the next undo").arg(counted(outcome.left))
                                         : Undo::tr("%1 are left for the next redo").arg(counted(outcome.left));
}

}  // namespace

QString undoneText(const UndoOutcome& outcome) {
    const bool isUndo = outcome.which == Revert::Undo;
    if (!outcome.step) {
        if (outcome.error) {
            return errorText(*outcome.error);
        }
        return isUndo ? Undo::tr("There is nothing to undo.") : Undo::tr("There is nothing to redo.");
    }
    QString text;
    if (outcome.reverted > 0 || outcome.skipped == 0) {
        const QString what = subject(*outcome.step, outcome.reverted);
        text = isUndo ? Undo::tr("Undone: %1").arg(what) : Undo::tr("Done again: %1").arg(what);
    } else {
        text = isUndo ? Undo::tr("Nothing undone") : Undo::tr("Nothing done again");
    }
    for (const QString& more : {stayText(outcome), restText(outcome)}) {
        text += more.isEmpty() ? QString() : u"; "_s + more;
    }
    text += u'.';
    return outcome.error ? text + u' ' + errorText(*outcome.error) : text;
}

QString undoCommandText(Revert which, const std::optional<UndoStep>& step) {
    const bool isUndo = which == Revert::Undo;
    if (!step) {
        return isUndo ? Undo::tr("Undo") : Undo::tr("Redo");
    }
    const QString what = subject(*step, step->edits);
    return isUndo ? Undo::tr("Undo %1").arg(what) : Undo::tr("Redo %1").arg(what);
}

Undo::Undo(Store* store, QObject* parent) : QObject(parent), m_store(store) {}

Undo::~Undo() = default;

void Undo::start(Revert which, const QString& onlyStep) {
    if (m_running) {
        return;
    }
    m_running = true;
    m_cancelled = false;
    m_outcome = {};
    m_outcome.which = which;
    m_store->loadUndoState(this, [this, onlyStep](const Result<UndoState>& state) {
        if (!state) {
            m_outcome.error = state.error();
            end();
            return;
        }
        begin(*state, onlyStep);
    });
}

void Undo::begin(const UndoState& state, const QString& onlyStep) {
    const std::optional<UndoStep>& newest = m_outcome.which == Revert::Undo ? state.undo : state.redo;
    if (newest && !onlyStep.isEmpty() && newest->step != onlyStep) {
        Error overtaken = makeError(ErrorKind::NotFoundHere, tr("Other edits were made since."));
        overtaken.next = tr("Ctrl+Z takes those back first.");
        m_outcome.error = overtaken;
        end();
        return;
    }
    m_outcome.step = newest;
    if (!m_outcome.step) {
        end();
        return;
    }
    m_all = m_outcome.step->edits;
    m_outcome.left = m_all;
    if (m_outcome.step->calls.size() == 1) {
        m_outcome.goTo = m_outcome.step->calls.front();
    }
    next();
}

void Undo::next() {
    if (m_all > kPortion) {
        Q_EMIT progressed(m_all - m_outcome.left, m_all);
    }
    // Only of this step: an edit that is made meanwhile must not be taken back by a portion that was meant for another.
    m_store->revert(
        m_outcome.which, kPortion, this, [this](const Result<RevertedPortion>& portion) { took(portion); },
        m_outcome.step->step);
}

void Undo::took(const Result<RevertedPortion>& portion) {
    if (!portion) {
        // Overtaken by a newer edit: what is left waits below it.
        if (portion.error().kind != ErrorKind::NotFoundHere || m_outcome.left == m_all) {
            m_outcome.error = portion.error();
        }
        end();
        return;
    }
    m_outcome.skipped += portion->skipped;
    m_outcome.left = portion->left;
    m_outcome.reverted = m_all - m_outcome.left - m_outcome.skipped;
    if (m_outcome.left == 0 || m_cancelled) {
        end();
    } else {
        next();
    }
}

void Undo::cancel() {
    m_cancelled = m_running;
}

bool Undo::isRunning() const {
    return m_running;
}

void Undo::end() {
    m_running = false;
    Q_EMIT finished(m_outcome);
}

}  // namespace earmark
