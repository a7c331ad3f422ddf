#include "ui/detail/detailpane.h"

#include <QStackedLayout>
#include <QTabBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "models/domain/fields.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/calldetailsreader.h"
#include "models/sync/callrefresher.h"
#include "ui/common/theme.h"
#include "ui/detail/callpage.h"
#include "ui/detail/codesinuse.h"
#include "ui/detail/fatewords.h"
#include "ui/detail/rawview.h"
#include "ui/detail/recordingdesk.h"
#include "ui/detail/reviewblock.h"
#include "ui/detail/storedanswers.h"
#include "ui/detail/transcriptview.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Walking through rows with the arrow keys must not ask the provider for every call passed.
constexpr auto kSettle = 250ms;
/// Answers of the store take a few milliseconds; only a slow one is worth a word.
constexpr auto kSlow = 200ms;
constexpr int kLastText = 3;  ///< step of CallPage::showTexts() that fills the table of all fields

}  // namespace

class DetailPane::Private {
 public:
    Private(DetailPane* owner, const DeskServices& given)
        : q(owner), services(given), recording(given, owner), reader(given.accounts) {}

    void build();
    void connectAll();
    void ask();
    void show(const ReviewedCall& call);
    void showTexts(quint64 of, int step);
    void showGone();
    void refreshIfStale();
    void refreshed(const Result<Call>& answer);
    void loadHistory();
    void readDetails();
    void showDetails();
    void readRaw();
    [[nodiscard]] bool lacksDetails() const;
    void tellRecording();
    void callsStored(const std::vector<IndexRow>& rows);

    DetailPane* q;
    DeskServices services;
    RecordingDesk recording;
    CallDetailsReader reader;
    std::optional<CallKey> wanted;
    std::optional<ReviewedCall> shown;
    std::shared_ptr<const ReadDetails> details;  ///< of `shown`; null: being read
    std::optional<StoredAnswers> detailsFrom;
    std::optional<StoredAnswers> rawFrom;
    quint64 question = 0;  ///< of the newest question to the store; older answers are dropped
    bool askedProvider = false;
    QTimer settleTimer;
    QTimer slowTimer;

    QStackedLayout* pages = nullptr;  ///< nothing to show, or the tabs
    ToneLabel* nothing = nullptr;
    QTabBar* tabs = nullptr;
    QStackedLayout* tabPages = nullptr;
    CallPage* page = nullptr;
    CodesInUse* codes = nullptr;
    TranscriptView* transcript = nullptr;
    RawView* raw = nullptr;
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

    page = new CallPage(services.store, services.clock, services.accounts, services.sound);
    codes = new CodesInUse(services, page->review(), q);
    transcript = new TranscriptView;
    raw = new RawView;
    tabs = new QTabBar;
    tabs->setDocumentMode(true);
    tabs->setDrawBase(false);
    tabs->setExpanding(false);
    tabs->setUsesScrollButtons(false);
    tabs->setAccessibleName(DetailPane::tr("Parts of the call"));
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(tabs);
    column->addWidget(new Rule);
    tabPages = new QStackedLayout;
    column->addLayout(tabPages, 1);
    const std::array<std::pair<QString, QWidget*>, 3> parts{
        {{DetailPane::tr("Call"), page}, {DetailPane::tr("Transcript"), transcript}, {DetailPane::tr("Raw"), raw}}};
    for (size_t i = 0; i < parts.size(); ++i) {
        tabPages->addWidget(parts[i].second);
        tabs->addTab(parts[i].first);
        tabs->setTabToolTip(int(i), DetailPane::tr("%1 (Alt+%2)").arg(parts[i].first).arg(i + 1));
    }
    pages->addWidget(whole);
    q->setAccessibleName(DetailPane::tr("Call"));
    showGone();
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
    connect(tabs, &QTabBar::currentChanged, q, [this](int tab) {
        tabPages->setCurrentIndex(tab);
        readRaw();
    });
    connect(&recording, &RecordingDesk::changed, q, [this] { tellRecording(); });
    connect(page, &CallPage::askAgainWanted, q, [this] { recording.play(); });
    connect(page, &CallPage::historyOpened, q, [this] { loadHistory(); });
    connect(page, &CallPage::fieldsOpened, q, [this] { showTexts(question, kLastText); });
    connect(page->review(), &ReviewBlock::saveWanted, q, &DetailPane::commitEdits);
    connect(page->review(), &ReviewBlock::saveAndNextWanted, q, [this] {
        q->review()->commitReviewed();
        Q_EMIT q->nextWanted();
    });
    tellFatesIn(page->review(), services, [this] { return wanted ? wanted->account : QString(); });
    page->review()->setHeard([player = services.player](const CallKey& key) {
        const auto heard = player != nullptr ? player->heard(key) : std::nullopt;
        return heard ? std::optional(double(heard->count()) / 1000) : std::nullopt;
    });
    connect(page->review(), &ReviewBlock::committed, q, [this](const CallKey& key) {
        codes->load();
        if (wanted == key) {
            ask();
        }
        Q_EMIT q->editsCommitted();
    });
    connect(services.store, &Store::callsStored, q,
            [this](const std::shared_ptr<const std::vector<IndexRow>>& rows) { callsStored(*rows); });
    connect(services.store, &Store::reviewChanged, q, [this](const CallKey& key, const Review&) {
        if (wanted == key) {
            ask();
        }
    });
    connect(services.store, &Store::reviewsChanged, q,
            [this](const std::shared_ptr<const std::vector<CallReview>>& reviews) {
                const auto isShown = [this](const CallReview& one) { return wanted == one.key; };
                if (std::any_of(reviews->begin(), reviews->end(), isShown)) {
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
    d->page->review()->leaveCall();
    d->recording.leaveCall();
    if (d->services.sound != nullptr) {
        d->services.sound->clear();
    }
    d->reader.forget();
    d->details.reset();
    d->detailsFrom.reset();
    d->rawFrom.reset();
    if (!key) {
        ++d->question;  // an answer under way is of no call that is wanted
        d->shown.reset();
        d->showGone();
        return;
    }
    const AccountBook* accounts = d->services.accounts;
    if (const Account* account = accounts != nullptr ? accounts->find(key->account) : nullptr) {
        d->recording.expectCall(*key, account->provider);
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
            const bool isGone = call ? !*call : !(shown && shown->call.key == *wanted);
            if (isGone) {
                recording.leaveCall();  // it did not wait for the record; nothing sounds of what cannot be shown
            }
            if (!call) {
                nothing->setText(errorText(call.error()));
                pages->setCurrentIndex(0);
            } else if (!*call) {
                shown.reset();
                showGone();
            } else {
                page->review()->setCall(**call, kept);
                show(**call);
                if (page->wantsHistory()) {
                    loadHistory();
                }
            }
        });
    });
}

void DetailPane::Private::show(const ReviewedCall& call) {
    const bool other = !shown || !(shown->call.key == call.call.key);
    if (!shown) {
        codes->load();  // the first call: the store is open now, which it may not have been before
    }
    shown = call;
    page->show(call, other);
    if (other) {
        raw->clear();
        transcript->setFetchProblem({});
        settleTimer.start();
    }
    recording.setCall(call);
    pages->setCurrentIndex(1);
    readDetails();
    readRaw();
    showTexts(question, 0);
}

/// The long texts get a turn of the event loop each.
void DetailPane::Private::showTexts(quint64 of, int step) {
    QTimer::singleShot(0, q, [this, of, step] {
        // Otherwise another call, or a newer state of this one, is on its way.
        if (of == question && shown && page->showTexts(*shown, step)) {
            showTexts(of, step + 1);
        }
    });
}

// --- beyond the row

void DetailPane::Private::readDetails() {
    StoredAnswers from{shown->call.key, shown->call.raw, shown->call.rawDetail};
    if (detailsFrom == from) {
        showDetails();  // nothing new; what does not come from there may have changed
        return;
    }
    detailsFrom = std::move(from);
    showDetails();
    reader.read(shown->call, [this, key = shown->call.key](const std::shared_ptr<const ReadDetails>& read) {
        if (!shown || !(shown->call.key == key)) {
            return;
        }
        details = read;
        showDetails();
        if (lacksDetails() && !settleTimer.isActive()) {
            refreshIfStale();
        }
    });
}

void DetailPane::Private::showDetails() {
    const std::shared_ptr<const CallDetails> told(details, details ? &details->details : nullptr);
    const bool areMissing = details && details->areMissing;
    page->showDetails(shown->call, told, areMissing);
    transcript->setCall(shown->call, told, areMissing);
    if (services.sound != nullptr) {
        services.sound->setCall(shown->call, told);
    }
}

/// The object as text is made when somebody looks at it.
void DetailPane::Private::readRaw() {
    if (!shown || q->tab() != DetailTab::Raw) {
        return;
    }
    StoredAnswers from{shown->call.key, shown->call.raw, shown->call.rawDetail};
    if (rawFrom == from) {
        return;
    }
    rawFrom = std::move(from);
    const bool isMerged = !shown->call.rawDetail.isEmpty();
    reader.readRaw(shown->call, [this, isMerged, provider = shown->call.provider](const QString& text) {
        raw->setText(text, provider, isMerged);
    });
}

/// What the provider tells of a call only when it is asked for that call alone.
bool DetailPane::Private::lacksDetails() const {
    return details && details->areMissing && shown && hasEnded(shown->call.status) && !shown->notFoundSince;
}

void DetailPane::Private::showGone() {
    slowTimer.stop();
    settleTimer.stop();
    page->review()->clear();
    nothing->setText(
        wanted ? DetailPane::tr("This call is no longer on this computer. Fetch the account's calls to see it again.")
               : DetailPane::tr("Choose a call to see it here."));
    pages->setCurrentIndex(0);
}

void DetailPane::Private::refreshIfStale() {
    if (askedProvider || !shown || (!isStale(*shown, services.clock->now()) && !lacksDetails())) {
        return;
    }
    askedProvider = true;
    transcript->setFetching(true);
    const CallKey key = shown->call.key;
    services.refresher->refresh(key, q, [this, key](const Result<Call>& answer) {
        if (wanted == key) {
            refreshed(answer);
        }
    });
}

void DetailPane::Private::refreshed(const Result<Call>& answer) {
    transcript->setFetching(false);
    if (answer || answer.error().kind == ErrorKind::Cancelled) {
        page->setRefreshProblem({});
        transcript->setFetchProblem({});
    } else {
        const QString why = errorText(answer.error());
        page->setRefreshProblem(answer.error().kind == ErrorKind::NotFoundHere
                                    ? DetailPane::tr("Shown as stored. %1").arg(why)
                                    : DetailPane::tr("Shown as stored; asking the provider again failed. %1").arg(why));
        transcript->setFetchProblem(why);
    }
    ask();
}

void DetailPane::Private::loadHistory() {
    if (!wanted) {
        return;
    }
    const CallKey key = *wanted;
    services.store->loadHistory(key, q, [this, key](Result<std::vector<HistoryEntry>> entries) {
        if (wanted == key && entries) {
            page->showHistory(std::move(*entries));
        }
    });
}

void DetailPane::Private::callsStored(const std::vector<IndexRow>& rows) {
    codes->loadSoon();
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
    page->showRecording(recording);
    Q_EMIT q->recordingMessageChanged(recording.message());
    Q_EMIT q->noRecordingChanged(recording.state() == RecordingState::None ? recording.message() : QString());
}

void DetailPane::showTab(DetailTab tab) {
    d->tabs->setCurrentIndex(int(tab));
    if (d->pages->currentIndex() == 0) {
        return;  // no call is shown: keys stay where they work
    }
    switch (tab) {
        case DetailTab::Call:
            d->tabs->setFocus(Qt::ShortcutFocusReason);
            break;
        case DetailTab::Transcript:
            d->transcript->focusTurns();
            break;
        case DetailTab::Raw:
            d->raw->focusLines();
            break;
    }
}

DetailTab DetailPane::tab() const {
    return DetailTab(d->tabs->currentIndex());
}

void DetailPane::focusDisposition() {
    d->tabs->setCurrentIndex(int(DetailTab::Call));
    d->page->review()->focusDisposition();
}

void DetailPane::focusNotes() {
    d->tabs->setCurrentIndex(int(DetailTab::Call));
    d->page->review()->focusNotes();
}

/// What is typed in the fields is an edit before the choice, never after it; the view goes on to the conflict that such
/// an edit makes.
bool DetailPane::solveConflict() {
    review()->commitTyped();
    return d->shown && d->wanted == d->shown->call.key && d->page->solveConflict();
}

void DetailPane::commitEdits() {
    d->page->review()->commit();
}

TranscriptView* DetailPane::transcript() const {
    return d->transcript;
}

void DetailPane::addBelow(QWidget* widget) {
    static_cast<QVBoxLayout*>(d->tabPages->parentWidget()->layout())->addWidget(widget);
}

ReviewBlock* DetailPane::review() const {
    return d->page->review();
}

void DetailPane::focusFlag() {
    d->tabs->setCurrentIndex(int(DetailTab::Call));
    d->page->review()->focusFlag();
}

bool DetailPane::hasUnsavedText() const {
    return d->page->review()->hasUnsavedText();
}

void DetailPane::playRecording() {
    if (d->wanted) {
        d->recording.play();
    }
}

}  // namespace earmark
