#include "ui/detail/callpage.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>

#include "models/sync/accountbook.h"
#include "ui/common/theme.h"
#include "ui/detail/aiblock.h"
#include "ui/detail/callheader.h"
#include "ui/detail/detailblocks.h"
#include "ui/detail/fatewords.h"
#include "ui/detail/fieldbox.h"
#include "ui/detail/fieldtable.h"
#include "ui/detail/figuresblock.h"
#include "ui/detail/historylist.h"
#include "ui/detail/reviewblock.h"
#include "ui/detail/timingspanel.h"
#include "ui/edits/conflictdesk.h"
#include "ui/edits/conflictlist.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

QWidget* withConflicts(ConflictList* conflicts, HistoryList* history) {
    auto* both = new QWidget;
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * theme::space());
    column->addWidget(conflicts);
    column->addWidget(history);
    return both;
}

/// Figures come only with the sound, so they bring no line of their own.
QWidget* withFigures(TimingsPanel* timings, FiguresBlock* figures) {
    auto* both = new QWidget;
    auto* column = new QVBoxLayout(both);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2 * theme::space());
    column->addWidget(timings);
    column->addWidget(figures);
    return both;
}

}  // namespace

CallPage::CallPage(Store* store, std::shared_ptr<const Clock> clock, const AccountBook* accounts,
                   const CallSound* sound, QWidget* parent)
    : QScrollArea(parent),
      m_accounts(accounts),
      m_header(new CallHeader),
      m_recordingLine(new IconLine),
      m_askAgain(new QPushButton(tr("Ask again"))),
      m_timings(new TimingsPanel),
      m_figures(new FiguresBlock),
      m_ai(new AiBlock),
      m_honest(new ToneLabel(Tone::Quiet)),
      m_review(new ReviewBlock(store, std::move(clock))),
      m_details(new DetailBlocks),
      m_history(new HistoryList),
      m_conflicts(new ConflictList),
      m_conflictDesk(new ConflictDesk(store, this)),
      m_historySection(new Disclosure(tr("History"), withConflicts(m_conflicts, m_history))),
      m_fields(new FieldTable),
      m_fieldsSection(new Disclosure(tr("All fields"), m_fields)) {
    auto* page = new QWidget;
    page->setMinimumWidth(1);  // as wide as the place there is; nothing is pushed out at the right
    auto* column = new QVBoxLayout(page);
    const int gap = theme::space();
    column->setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap);
    column->setSpacing(2 * gap);
    column->addWidget(m_header);
    auto* recording = new QHBoxLayout;
    recording->addWidget(m_recordingLine, 1);
    recording->addWidget(m_askAgain);
    column->addLayout(recording);
    for (QWidget* part : {withFigures(m_timings, m_figures), static_cast<QWidget*>(m_ai), reviewPart(),
                          static_cast<QWidget*>(m_details)}) {
        column->addWidget(new Rule);
        column->addWidget(part);
    }
    column->addWidget(new Rule);
    column->addWidget(m_historySection);
    column->addWidget(m_fieldsSection);
    column->addStretch();
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWidget(page);
    setFocusPolicy(Qt::NoFocus);

    connect(m_askAgain, &QPushButton::clicked, this, &CallPage::askAgainWanted);
    connect(m_historySection, &Disclosure::opened, this, &CallPage::historyOpened);
    connect(m_fieldsSection, &Disclosure::opened, this, &CallPage::fieldsOpened);
    connect(m_conflicts, &ConflictList::wanted, m_conflictDesk, &ConflictDesk::open);
    connect(m_conflictDesk, &ConflictDesk::found, m_conflicts, &ConflictList::setConflicts);
    connect(m_review, &ReviewBlock::solveWanted, m_conflictDesk, &ConflictDesk::solve);
    connect(m_history, &HistoryList::bringBackWanted, m_review, &ReviewBlock::bringBack);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { reveal(now); });
    if (sound != nullptr) {
        m_figures->follow(sound);
    }
    if (accounts != nullptr) {
        connect(accounts, &AccountBook::changed, this, &CallPage::tellForeword);
    }
    // A line of state that appears below the field being typed in must not be the one that is cut off.
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this] { reveal(QApplication::focusWidget()); });
}

QWidget* CallPage::reviewPart() {
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(makeHeading(tr("Review")));
    column->addWidget(m_honest);
    column->addWidget(m_review);
    return part;
}

void CallPage::tellForeword() {
    if (m_from) {
        const Account* const account = m_accounts == nullptr ? nullptr : m_accounts->find(m_from->first);
        m_honest->setText(fateForeword(m_from->second, account));
    }
}

void CallPage::show(const ReviewedCall& call, bool isOther) {
    m_header->setCall(call);
    m_conflictDesk->setCall(call.call);
    if (isOther) {
        m_header->setRefreshProblem({});
        verticalScrollBar()->setValue(0);
        QTimer::singleShot(0, this, [this] { reveal(QApplication::focusWidget()); });  // notes, call after call
        m_history->setEntries({});
        m_conflicts->setConflicts({}, {});
    }
    m_from = {call.call.key.account, call.call.provider};
    tellForeword();
    m_timings->setCall(call.call);
    m_history->setLocked(m_review->isLocked());
}

bool CallPage::showTexts(const ReviewedCall& call, int step) {
    switch (step) {
        case 0:
            m_ai->setCall(call.call);
            return true;
        case 1:
            m_ai->showNextAction(call.call);
            return true;
        case 2:
            m_review->showLongNotes();
            return true;
        default:
            if (m_fieldsSection->isOpen()) {
                m_fields->setCall(call);
            }
            return false;
    }
}

void CallPage::showDetails(const Call& call, const std::shared_ptr<const CallDetails>& details, bool areMissing) {
    m_details->setCall(call, details, areMissing);
}

void CallPage::showHistory(std::vector<HistoryEntry> entries) {
    m_history->setEntries(std::move(entries));
    m_conflictDesk->load();
}

bool CallPage::solveConflict() {
    return m_conflictDesk->solveAny();
}

void CallPage::setRefreshProblem(const QString& problem) {
    m_header->setRefreshProblem(problem);
}

bool CallPage::wantsHistory() const {
    return m_historySection->isOpen();
}

void CallPage::showRecording(const RecordingDesk& recording) {
    const QString message = recording.message();
    switch (recording.state()) {
        case RecordingState::NoCall:
            m_recordingLine->clear();
            break;
        case RecordingState::None:
        case RecordingState::Absent:
            m_recordingLine->show(u"recording-none"_s, Tone::Quiet, message);
            break;
        case RecordingState::Unknown:
            m_recordingLine->show(u"recording-unknown"_s, Tone::Quiet, message);
            break;
        case RecordingState::NoLink:
        case RecordingState::NoLinkGivenUp:
            m_recordingLine->show(u"recording-unknown"_s, Tone::Warning, message);
            break;
        case RecordingState::Available:
        case RecordingState::Fetching:
            m_recordingLine->show(u"recording"_s, Tone::Quiet, message);
            break;
        case RecordingState::Open:
            m_recordingLine->show(u"recording"_s, Tone::Plain, tr("Recording is ready to play."));
            break;
        case RecordingState::Failed:
            m_recordingLine->show(u"warning"_s, Tone::Bad, message);
            break;
    }
    m_askAgain->setVisible(recording.canAskAgain());
    m_askAgain->setText(recording.state() == RecordingState::Unknown ? tr("Ask now") : tr("Ask again"));
}

void CallPage::reveal(QWidget* focused) {
    if (focused == nullptr || !widget()->isAncestorOf(focused)) {
        return;
    }
    for (QWidget* box :
         {static_cast<QWidget*>(m_review->dispositionBox()), static_cast<QWidget*>(m_review->notesBox())}) {
        if (box->isAncestorOf(focused)) {
            ensureWidgetVisible(box, 0, theme::space());
        }
    }
    ensureWidgetVisible(focused, 0, theme::space());
}

}  // namespace earmark
