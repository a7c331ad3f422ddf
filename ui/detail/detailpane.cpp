#include "ui/detail/detailpane.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>

#include "models/domain/fields.h"
#include "models/domain/textfold.h"
#include "models/store/store.h"
#include "models/sync/callrefresher.h"
#include "ui/common/desksettings.h"
#include "ui/common/theme.h"
#include "ui/detail/aiblock.h"
#include "ui/detail/callheader.h"
#include "ui/detail/fieldbox.h"
#include "ui/detail/fieldtable.h"
#include "ui/detail/historylist.h"
#include "ui/detail/recordingdesk.h"
#include "ui/detail/reviewblock.h"
#include "ui/detail/timingspanel.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Walking through rows with the arrow keys must not ask the provider for every call passed.
constexpr auto kSettle = 250ms;
/// Answers of the store take a few milliseconds; only a slow one is worth a word.
constexpr auto kSlow = 200ms;
constexpr auto kStale = 60s;

/// AI fields and the link come after the end; a call that has them all changes no more.
bool lacksLateFields(const Call& call) {
    const auto missing = [&](Field field, const std::optional<QString>& text) {
        return offers(call.provider, field) && !text;
    };
    const bool link = call.hasRecording.value_or(false) && call.recordingUrl.value_or(QString()).isEmpty();
    return link || missing(Field::Summary, call.summary) || missing(Field::Sentiment, call.sentiment) ||
           missing(Field::NextAction, call.nextAction);
}

bool isStale(const ReviewedCall& call, Moment now) {
    const bool old = !call.refreshedAt || now - *call.refreshedAt > kStale;
    return old && !call.notFoundSince && (!hasEnded(call.call.status) || lacksLateFields(call.call));
}

}  // namespace

class DetailPane::Private {
 public:
    Private(DetailPane* owner, const DeskServices& given) : q(owner), services(given), recording(given) {}

    void build();
    void connectAll();
    QWidget* reviewPart();
    void ask();
    void show(const ReviewedCall& call);
    void showTexts(quint64 of, int step);
    void showGone();
    void refreshIfStale();
    void loadHistory();
    void loadCodes();
    void tellRecording();
    void reveal(QWidget* focused);
    void callsStored(const std::vector<IndexRow>& rows);

    DetailPane* q;
    DeskServices services;
    RecordingDesk recording;
    std::optional<CallKey> wanted;
    std::optional<ReviewedCall> shown;
    quint64 question = 0;  ///< of the newest question to the store; older answers are dropped
    bool askedProvider = false;
    QTimer settleTimer;
    QTimer codesTimer;  ///< pages come in bursts; the codes in use are counted once after each
    QTimer slowTimer;

    QStackedLayout* pages = nullptr;
    ToneLabel* nothing = nullptr;
    QScrollArea* scroll = nullptr;
    CallHeader* header = nullptr;
    IconLine* recordingLine = nullptr;
    QPushButton* askAgain = nullptr;
    TimingsPanel* timings = nullptr;
    AiBlock* ai = nullptr;
    ToneLabel* honest = nullptr;  ///< what becomes of edits, said once
    ReviewBlock* review = nullptr;
    HistoryList* history = nullptr;
    Disclosure* historySection = nullptr;
    FieldTable* fields = nullptr;
    Disclosure* fieldsSection = nullptr;
};

DetailPane::DetailPane(const DeskServices& services, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, services)) {
    setMinimumWidth(340);
    d->build();
    d->connectAll();
}

DetailPane::~DetailPane() = default;

void DetailPane::Private::build() {
    pages = new QStackedLayout(q);
    auto* empty = new QWidget;
    auto* middle = new QVBoxLayout(empty);
    nothing = new ToneLabel(Tone::Quiet);
    nothing->setAlignment(Qt::AlignCenter);
    middle->addWidget(nothing);
    pages->addWidget(empty);

    header = new CallHeader;
    recordingLine = new IconLine;
    askAgain = new QPushButton(DetailPane::tr("Ask again"));
    timings = new TimingsPanel;
    ai = new AiBlock;
    history = new HistoryList;
    historySection = new Disclosure(DetailPane::tr("History"), history);
    fields = new FieldTable;
    fieldsSection = new Disclosure(DetailPane::tr("All fields"), fields);

    auto* page = new QWidget;
    page->setMinimumWidth(1);  // as wide as the place there is; nothing is pushed out at the right
    auto* column = new QVBoxLayout(page);
    const int gap = theme::space();
    column->setContentsMargins(2 * gap, 2 * gap, 2 * gap, 2 * gap);
    column->setSpacing(2 * gap);
    column->addWidget(header);
    auto* sound = new QHBoxLayout;
    sound->addWidget(recordingLine, 1);
    sound->addWidget(askAgain);
    column->addLayout(sound);
    for (QWidget* part : {static_cast<QWidget*>(timings), static_cast<QWidget*>(ai), reviewPart()}) {
        column->addWidget(new Rule);
        column->addWidget(part);
    }
    column->addWidget(new Rule);
    column->addWidget(historySection);
    column->addWidget(fieldsSection);
    column->addStretch();

    scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    scroll->setFocusPolicy(Qt::NoFocus);
    pages->addWidget(scroll);
    q->setAccessibleName(DetailPane::tr("Call"));
    showGone();
}

QWidget* DetailPane::Private::reviewPart() {
    auto* part = new QWidget;
    auto* column = new QVBoxLayout(part);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space());
    column->addWidget(makeHeading(DetailPane::tr("Review")));
    honest = new ToneLabel(Tone::Quiet);
    column->addWidget(honest);
    review = new ReviewBlock(services.store);
    column->addWidget(review);
    return part;
}

void DetailPane::Private::connectAll() {
    settleTimer.setSingleShot(true);
    settleTimer.setInterval(kSettle);
    slowTimer.setSingleShot(true);
    slowTimer.setInterval(kSlow);
    connect(&settleTimer, &QTimer::timeout, q, [this] {
        if (shown) {
            recording.settle();
            refreshIfStale();
        }
    });
    connect(&slowTimer, &QTimer::timeout, q, [this] {
        nothing->setText(DetailPane::tr("Loading the call"));
        pages->setCurrentIndex(0);
    });
    connect(&recording, &RecordingDesk::changed, q, [this] { tellRecording(); });
    connect(askAgain, &QPushButton::clicked, q, [this] { recording.play(); });
    connect(review, &ReviewBlock::saveWanted, q, &DetailPane::commitEdits);
    connect(review, &ReviewBlock::saveAndNextWanted, q, [this] {
        q->commitEdits();
        Q_EMIT q->nextWanted();
    });
    codesTimer.setSingleShot(true);
    codesTimer.setInterval(500);
    connect(&codesTimer, &QTimer::timeout, q, [this] { loadCodes(); });
    connect(review, &ReviewBlock::committed, q, [this](const CallKey& key) {
        loadCodes();
        if (wanted == key) {
            ask();
        }
        Q_EMIT q->editsCommitted();
    });
    connect(qApp, &QApplication::focusChanged, q, [this](QWidget*, QWidget* now) { reveal(now); });
    // A line of state that appears below the field being typed in must not be the one that is cut off.
    connect(scroll->verticalScrollBar(), &QScrollBar::rangeChanged, q, [this] { reveal(QApplication::focusWidget()); });
    connect(historySection, &Disclosure::opened, q, [this] { loadHistory(); });
    connect(fieldsSection, &Disclosure::opened, q, [this] {
        if (shown) {
            fields->setCall(*shown);
        }
    });
    connect(services.store, &Store::callsStored, q,
            [this](const std::shared_ptr<const std::vector<IndexRow>>& rows) { callsStored(*rows); });
    connect(services.store, &Store::reviewChanged, q, [this](const CallKey& key, const Review&) {
        if (wanted == key) {
            ask();
        }
    });
    connect(services.store, &Store::callsRemoved, q, [this](const QString& account) {
        if (wanted && wanted->account == account) {
            ask();
        }
    });
}

void DetailPane::showCall(const std::optional<CallKey>& key) {
    if (key == d->wanted) {
        return;
    }
    d->wanted = key;
    d->askedProvider = false;
    d->settleTimer.stop();
    d->review->leaveCall();
    d->recording.leaveCall();
    if (!key) {
        d->shown.reset();
        d->showGone();
        return;
    }
    d->slowTimer.start();
    d->ask();
}

std::optional<CallKey> DetailPane::call() const {
    return d->wanted;
}

/// Call, drafts and history of the call that is wanted now. Several reasons to ask at once are one question.
void DetailPane::Private::ask() {
    if (!wanted) {
        return;
    }
    const quint64 mine = ++question;
    const CallKey key = *wanted;
    services.store->loadDrafts(q, [this, mine, key](const Result<std::vector<Draft>>& drafts) {
        if (mine != question) {
            return;
        }
        const std::vector<Draft> kept = drafts ? *drafts : std::vector<Draft>{};
        services.store->loadCall(key, q, [this, mine, kept](const Result<std::optional<ReviewedCall>>& call) {
            if (mine != question) {
                return;
            }
            slowTimer.stop();
            if (!call) {
                nothing->setText(errorText(call.error()));
                pages->setCurrentIndex(0);
            } else if (!*call) {
                shown.reset();
                showGone();
            } else {
                review->setCall(**call, kept);
                show(**call);
                if (historySection->isOpen()) {
                    loadHistory();
                }
            }
        });
    });
}

void DetailPane::Private::show(const ReviewedCall& call) {
    const bool other = !shown || !(shown->call.key == call.call.key);
    if (!shown) {
        loadCodes();  // the first call: the store is open now, which it may not have been before
    }
    shown = call;
    header->setCall(call);
    if (other) {
        header->setRefreshProblem({});
        scroll->verticalScrollBar()->setValue(0);
        QTimer::singleShot(0, q, [this] { reveal(QApplication::focusWidget()); });  // notes, call after call
        history->setEntries({});
        settleTimer.start();
    }
    honest->setText(
        DetailPane::tr("%1 does not accept edits; what you enter is kept on this computer and can be exported.")
            .arg(providerName(call.call.provider)));
    timings->setCall(call.call);
    recording.setCall(call);
    pages->setCurrentIndex(1);
    showTexts(question, 0);
}

/// The long texts get a turn of the event loop each: the most hostile of them take 30 ms to lay out.
void DetailPane::Private::showTexts(quint64 of, int step) {
    QTimer::singleShot(0, q, [this, of, step] {
        if (of != question || !shown) {
            return;  // another call, or a newer state of this one, is on its way
        }
        switch (step) {
            case 0:
                ai->setCall(shown->call);
                break;
            case 1:
                ai->showNextAction(shown->call);
                break;
            case 2:
                review->showLongNotes();
                break;
            default:
                if (fieldsSection->isOpen()) {
                    fields->setCall(*shown);
                }
                return;
        }
        showTexts(of, step + 1);
    });
}

void DetailPane::Private::showGone() {
    slowTimer.stop();
    review->clear();
    nothing->setText(
        wanted ? DetailPane::tr("This call is no longer on this computer. Fetch the account's calls to see it again.")
               : DetailPane::tr("Choose a call to see it here."));
    pages->setCurrentIndex(0);
}

void DetailPane::Private::refreshIfStale() {
    if (askedProvider || !shown || !isStale(*shown, services.clock->now())) {
        return;
    }
    askedProvider = true;
    const CallKey key = shown->call.key;
    services.refresher->refresh(key, q, [this, key](const Result<Call>& answer) {
        if (wanted != key) {
            return;
        }
        if (answer || answer.error().kind == ErrorKind::Cancelled) {
            header->setRefreshProblem({});
        } else if (answer.error().kind == ErrorKind::NotFoundHere) {
            header->setRefreshProblem(DetailPane::tr("Shown as stored. %1").arg(errorText(answer.error())));
        } else {
            header->setRefreshProblem(
                DetailPane::tr("Shown as stored; asking the provider again failed. %1").arg(errorText(answer.error())));
        }
        ask();
    });
}

void DetailPane::Private::loadHistory() {
    if (!wanted) {
        return;
    }
    const CallKey key = *wanted;
    services.store->loadHistory(key, q, [this, key](Result<std::vector<HistoryEntry>> entries) {
        if (wanted == key && entries) {
            history->setEntries(std::move(*entries));
        }
    });
}

void DetailPane::Private::loadCodes() {
    services.store->loadDispositionCodes(q, [this](const Result<std::vector<DispositionCount>>& counts) {
        QStringList codes;
        if (counts) {
            for (const DispositionCount& count : *counts) {
                codes << count.code;
            }
        }
        if (services.settings != nullptr) {
            codes << services.settings->value(u"dispositions/list"_s).toStringList();
        }
        codes.removeDuplicates();
        review->setCodes(codes);
    });
}

void DetailPane::Private::callsStored(const std::vector<IndexRow>& rows) {
    if (!codesTimer.isActive()) {
        codesTimer.start();
    }
    if (!wanted) {
        return;
    }
    for (const IndexRow& row : rows) {
        if (row.call.call.key == *wanted) {
            ask();
            return;
        }
    }
}

void DetailPane::Private::tellRecording() {
    const QString message = recording.message();
    switch (recording.state()) {
        case RecordingState::NoCall:
            recordingLine->clear();
            break;
        case RecordingState::None:
            recordingLine->show(u"recording-none"_s, Tone::Quiet, message);
            break;
        case RecordingState::Unknown:
            recordingLine->show(u"recording-unknown"_s, Tone::Quiet, message);
            break;
        case RecordingState::NoLink:
        case RecordingState::NoLinkGivenUp:
            recordingLine->show(u"recording-unknown"_s, Tone::Warning, message);
            break;
        case RecordingState::Available:
        case RecordingState::Fetching:
            recordingLine->show(u"recording"_s, Tone::Quiet, message);
            break;
        case RecordingState::Open:
            recordingLine->show(u"recording"_s, Tone::Plain, DetailPane::tr("Recording is ready to play."));
            break;
        case RecordingState::Failed:
            recordingLine->show(u"warning"_s, Tone::Bad, message);
            break;
    }
    askAgain->setVisible(recording.canAskAgain());
    askAgain->setText(recording.state() == RecordingState::Unknown ? DetailPane::tr("Ask now")
                                                                   : DetailPane::tr("Ask again"));
    Q_EMIT q->recordingMessageChanged(message);
}

void DetailPane::focusDisposition() {
    d->review->focusDisposition();
}

void DetailPane::focusNotes() {
    d->review->focusNotes();
}

/// Whatever gets the focus is brought into view with what is said about it below.
void DetailPane::Private::reveal(QWidget* focused) {
    if (focused == nullptr || !scroll->widget()->isAncestorOf(focused)) {
        return;
    }
    for (QWidget* box : {static_cast<QWidget*>(review->dispositionBox()), static_cast<QWidget*>(review->notesBox())}) {
        if (box->isAncestorOf(focused)) {
            scroll->ensureWidgetVisible(box, 0, theme::space());
        }
    }
    scroll->ensureWidgetVisible(focused, 0, theme::space());
}

void DetailPane::commitEdits() {
    d->review->commit();
}

bool DetailPane::hasUnsavedText() const {
    return d->review->hasUnsavedText();
}

void DetailPane::playRecording() {
    if (d->wanted) {
        d->recording.play();
    }
}

}  // namespace earmark
