#include "ui/mainwindow/undoview.h"

#include <QAction>
#include <QLocale>

#include "models/domain/timings.h"
#include "ui/common/plainlabel.h"
#include "ui/detail/marksdesk.h"
#include "ui/mainwindow/messagestrip.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kMessage = u"undo"_s;

/// Data in a menu: an ampersand is a letter there and not the mark of a key.
QString menuText(QString text) {
    return text.replace(u'&', u"&&"_s);
}

/// An action without a tip of its own shows its text as one, which Qt takes for markup where it looks like it.
void showIn(QAction* action, const QString& text) {
    action->setText(menuText(text));
    action->setToolTip(plainToolTip(text));
}

}  // namespace

UndoView::UndoView(Parts parts, QObject* parent) : QObject(parent), m_parts(std::move(parts)), m_undo(m_parts.store) {
    connect(&m_undo, &Undo::progressed, this, &UndoView::tellProgress);
    connect(&m_undo, &Undo::finished, this, &UndoView::tellEnd);
    m_soon.setSingleShot(true);
    m_soon.setInterval(300ms);  // edits come in bursts, and nobody reads the menu meanwhile
    connect(&m_soon, &QTimer::timeout, this, &UndoView::askWhatIsNext);
    connect(m_parts.store, &Store::outboxChanged, &m_soon, qOverload<>(&QTimer::start));
}

void UndoView::setMarks(MarksDesk* marks) {
    m_marks = marks;
    connect(marks, &MarksDesk::stepsChanged, &m_soon, qOverload<>(&QTimer::start));
}

bool UndoView::isMarksTurn(Revert which, const std::optional<UndoStep>& stored) const {
    const MarkStep* step = m_marks ? m_marks->nextStep(which) : nullptr;
    return step != nullptr && (!stored || step->at >= stored->at);
}

void UndoView::revert(Revert which) {
    if (m_undo.isRunning()) {
        return;
    }
    m_parts.store->loadUndoState(this, [this, which](const Result<UndoState>& state) {
        if (!state || m_undo.isRunning()) {
            m_undo.start(which);  // says what is wrong
        } else if (!isMarksTurn(which, which == Revert::Undo ? state->undo : state->redo)) {
            m_undo.start(which);
        } else if (const auto call = m_marks->revert(which)) {
            m_parts.showCall(*call);
        }
    });
}

QString UndoView::commandText(Revert which, const std::optional<UndoStep>& stored) const {
    if (!isMarksTurn(which, stored)) {
        return undoCommandText(which, stored);
    }
    const QString place = durationText(double(m_marks->nextStep(which)->mark().at.count() / 1000));
    return which == Revert::Undo ? tr("Undo mark at %1").arg(place) : tr("Redo mark at %1").arg(place);
}

void UndoView::askWhatIsNext() {
    m_parts.store->loadUndoState(this, [this](const Result<UndoState>& state) {
        if (state) {
            showIn(m_parts.undo, commandText(Revert::Undo, state->undo));
            showIn(m_parts.redo, commandText(Revert::Redo, state->redo));
        }
    });
}

void UndoView::tellProgress(qint64 done, qint64 all) {
    const QLocale locale;
    m_parts.messages->show(kMessage, MessageKind::Notice,
                           tr("Taking back: %1 of %2 edits").arg(locale.toString(done), locale.toString(all)),
                           tr("Cancel"), [this] { m_undo.cancel(); });
}

void UndoView::tellEnd(const UndoOutcome& outcome) {
    m_parts.messages->remove(kMessage);
    const QString text = undoneText(outcome);
    outcome.error ? m_parts.messages->show(kMessage, MessageKind::Problem, text) : m_parts.say(text);
    if (outcome.which == Revert::Undo && outcome.step && outcome.left == 0) {
        Q_EMIT undone(outcome.step->step);
    }
    if (outcome.goTo) {
        m_parts.showCall(*outcome.goTo);
    }
}

}  // namespace earmark
