#include "ui/mainwindow/mainwindow.h"

#include <QClipboard>
#include <QCloseEvent>
#include <QGuiApplication>
#include <QPushButton>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/puller.h"
#include "models/sync/watch.h"
#include "models/tables/calltablemodel.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/accounts/keydialog.h"
#include "ui/calltable/calltable.h"
#include "ui/common/desksettings.h"
#include "ui/common/icons.h"
#include "ui/common/plainlabel.h"
#include "ui/common/theme.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/recordingdesk.h"
#include "ui/detail/reviewblock.h"
#include "ui/filter/filterline.h"
#include "ui/filter/filtervalues.h"
#include "ui/mainwindow/aboutdialog.h"
#include "ui/mainwindow/deskcommands.h"
#include "ui/mainwindow/deskmenus.h"
#include "ui/mainwindow/desksplitter.h"
#include "ui/mainwindow/digitdispositions.h"
#include "ui/mainwindow/emptystate.h"
#include "ui/mainwindow/idlesense.h"
#include "ui/mainwindow/keptdrafts.h"
#include "ui/mainwindow/keyguard.h"
#include "ui/mainwindow/keymap.h"
#include "ui/mainwindow/listeningcommands.h"
#include "ui/mainwindow/messagestrip.h"
#include "ui/mainwindow/missingaccounts.h"
#include "ui/mainwindow/newcallschip.h"
#include "ui/mainwindow/opencalldialog.h"
#include "ui/mainwindow/outboxdesk.h"
#include "ui/mainwindow/pullview.h"
#include "ui/mainwindow/reviewcommands.h"
#include "ui/mainwindow/savebeforeclosing.h"
#include "ui/mainwindow/severalcalls.h"
#include "ui/mainwindow/undoview.h"
#include "ui/playback/listeningcontrols.h"
#include "ui/playback/player.h"
#include "ui/playback/playerbar.h"
#include "ui/queue/queuewalk.h"
#include "ui/soundstrip/soundstrip.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kGeometry = u"window/geometry"_s;
constexpr int kStatusShown = 5000;  // ms

}  // namespace

class MainWindow::Private final {
    Q_DISABLE_COPY_MOVE(Private)

 public:
    Private(MainWindow* window, const DeskServices& given) : q(window), services(given) {}

    void build();
    void connectParts();
    void connectCommands();
    void showWhatThereIs();
    AccountsDialog* showAccounts();
    void addAccount(const QString& name = {});
    void openCall();
    void copyKeys();
    void showWithoutFilter(const CallKey& key);
    void tellUsable();
    void tellStoreNotices();
    [[nodiscard]] QAction* action(DeskCommand command) const { return actions->action(command); }
    void on(DeskCommand command, const std::function<void()>& run) {
        QObject::connect(action(command), &QAction::triggered, q, run);
    }

    MainWindow* const q;
    const DeskServices services;
    DeskActions* actions = nullptr;
    DigitDispositions* digits = nullptr;
    ListeningCommands* listening = nullptr;
    FilterLine* filter = nullptr;
    FilterValues* values = nullptr;
    MessageStrip* messages = nullptr;
    PullView* pull = nullptr;
    CallTable* table = nullptr;
    NewCallsChip* news = nullptr;
    DetailPane* pane = nullptr;
    PlayerBar* bar = nullptr;
    SoundStrip* recording = nullptr;
    DeskSplitter* splitter = nullptr;
    KeptDrafts* drafts = nullptr;
    MissingAccounts* missing = nullptr;
    QStackedWidget* pages = nullptr;
    QWidget* desk = nullptr;
    EmptyState* welcome = nullptr;
    EmptyState* noRows = nullptr;
    SaveBeforeClosing* saving = nullptr;
    OutboxDesk* outbox = nullptr;
    UndoView* undo = nullptr;
    SeveralCalls* several = nullptr;
    QueueWalk* queue = nullptr;
    QTimer settled;  ///< after the first load: time for the accounts to be read before "no accounts" is said
    bool usableTold = false;
};

// --- parts

void MainWindow::Private::build() {
    const int gap = theme::space();
    actions = new DeskActions(new KeyMap(services.settings, q), q);
    digits = new DigitDispositions(services.store, services.settings, q);
    messages = new MessageStrip;
    filter = new FilterLine(services.calls, services.settings, services.clock);
    values = new FilterValues(q);
    pull = new PullView(services.puller, services.watch, services.accounts, services.clock, messages, q);
    if (services.pusher != nullptr) {
        pull->setPusher(services.pusher);
    }
    table = new CallTable(services.calls, services.settings);
    news = new NewCallsChip(services.calls, table);
    pane = new DetailPane(services);
    bar = new PlayerBar(services.player, services.settings);
    recording = new SoundStrip(services.sound, services.player, services.settings);
    bar->addControls(new ListeningControls(services.player, services.sound, services.settings));
    welcome = new EmptyState(nullptr);
    noRows = new EmptyState(nullptr);
    noRows->coverViewportOf(table);
    noRows->hide();

    auto* top = new QHBoxLayout;
    top->setContentsMargins(gap, gap, gap, 0);
    top->setSpacing(2 * gap);
    top->addWidget(filter, 1);
    top->addWidget(pull->button(), 0, Qt::AlignTop);

    splitter = new DeskSplitter(services.settings);
    splitter->addWidget(table);
    splitter->addWidget(pane);
    splitter->setStretchFactor(0, 1);
    table->setMinimumSize(240, 96);
    pane->setMinimumSize(280, 128);

    desk = new QWidget;
    auto* deskLayout = new QVBoxLayout(desk);
    deskLayout->setContentsMargins(0, 0, 0, 0);
    deskLayout->setSpacing(0);
    deskLayout->addLayout(top);
    deskLayout->addSpacing(gap / 2);
    deskLayout->addWidget(splitter, 1);
    deskLayout->addWidget(recording);
    deskLayout->addWidget(bar);

    pages = new QStackedWidget;
    pages->addWidget(desk);
    pages->addWidget(welcome);

    auto* central = new QWidget;
    auto* all = new QVBoxLayout(central);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    auto* strip = new QVBoxLayout;
    strip->setContentsMargins(gap, 0, gap, 0);
    strip->addWidget(messages);
    all->addLayout(strip);
    all->addWidget(pages, 1);
    q->setCentralWidget(central);

    q->statusBar()->setSizeGripEnabled(false);
    q->statusBar()->addWidget(pull->line(), 1);
    q->statusBar()->addPermanentWidget(news);
    if (services.demo) {
        auto* demo = new PlainLabel(MainWindow::tr("Demo data: invented calls, kept apart from yours"));
        demo->setContentsMargins(gap, 0, gap, 0);
        q->statusBar()->addPermanentWidget(demo);
    }
    drafts = new KeptDrafts({services.store, services.calls, table, filter, messages, pane->review()}, q);
    missing = new MissingAccounts(services.accounts, messages, q);
    saving = new SaveBeforeClosing(services.store, pane, messages, q);
    outbox = new OutboxDesk(services, {q, table, pane, filter, action(DeskCommand::Outbox), action(DeskCommand::Pull),
                                       [this] { return showAccounts(); }});
    const auto say = [this](const QString& text) { q->statusBar()->showMessage(text, kStatusShown); };
    undo = new UndoView({services.store, messages, action(DeskCommand::Undo), action(DeskCommand::Redo), say,
                         [this](const CallKey& key) { showWithoutFilter(key); }},
                        q);
    several = new SeveralCalls(services, table, messages, undo, q);
    const auto sayStopped = [this](const QString& text) {
        text.isEmpty() ? messages->remove(u"queue"_s) : messages->show(u"queue"_s, MessageKind::Warning, text);
    };
    queue = new QueueWalk(services, {table, pane, pane->findChild<RecordingDesk*>(), say, sayStopped}, q);
}

void MainWindow::Private::connectParts() {
    QObject::connect(table, &CallTable::currentCallChanged, q,
                     [this](const std::optional<CallKey>& key) { pane->showCall(key); });
    QObject::connect(pane, &DetailPane::nextWanted, q, [this] { queue->step(1); });
    QObject::connect(drafts, &KeptDrafts::goingTo, q, [this](const CallKey& key, ReviewField field) {
        pane->showCall(key);  // at once, so that the field that gets the focus is that call's
        field == ReviewField::Notes ? pane->focusNotes() : pane->focusDisposition();
    });
    QObject::connect(table, &QTableView::activated, action(DeskCommand::PlayPause), &QAction::trigger);
    QObject::connect(table, &CallTable::rowsPainted, q, [this] { tellUsable(); });
    QObject::connect(filter, &FilterLine::firstRowRequested, q, [this] {
        table->selectFirst();
        table->setFocus(Qt::ShortcutFocusReason);
    });
    QObject::connect(filter, &FilterLine::leaveRequested, q, [this] { table->setFocus(Qt::ShortcutFocusReason); });
    QObject::connect(values, &FilterValues::found, filter, &FilterLine::setValues);
    QObject::connect(values, &FilterValues::accountsCounted, missing, &MissingAccounts::setCounts);
    QObject::connect(missing, &MissingAccounts::addWanted, q, [this](const QString& name) { addAccount(name); });
    QObject::connect(pull, &PullView::accountWanted, q, [this] { addAccount(); });
    QObject::connect(pane, &DetailPane::recordingMessageChanged, bar, &PlayerBar::setMessage);
    QObject::connect(pane, &DetailPane::recordingMessageChanged, recording, &SoundStrip::setRecordingMessage);
    QObject::connect(pane, &DetailPane::noRecordingChanged, bar, &PlayerBar::setNothingToPlay);
    QObject::connect(bar, &PlayerBar::playRequested, pane, &DetailPane::playRecording);
    QObject::connect(welcome, &EmptyState::buttonClicked, q, [this] { addAccount(); });
    QObject::connect(noRows, &EmptyState::buttonClicked, q, [this] {
        if (filter->text().isEmpty()) {
            pull->start();
        } else {
            filter->clear();
            table->setFocus();
        }
    });
    QObject::connect(pull, &PullView::finished, q, [this] {
        values->refresh(services.calls->index());
        digits->fillFreePlaces();
    });
    QObject::connect(pull, &PullView::keyWanted, q, [this](const QString& account, const QString& why) {
        QObject::connect(KeyDialog::ask(services.keys, account, why, q), &KeyDialog::keyGiven, pull, &PullView::start,
                         Qt::UniqueConnection);
    });
    QObject::connect(pull, &PullView::runningChanged, q, [this](bool running) {
        action(DeskCommand::Pull)->setEnabled(!running);
        action(DeskCommand::CancelPull)->setEnabled(running);
        table->setStaysAtTop(running);
        showWhatThereIs();
    });
    if (services.watch != nullptr) {
        QObject::connect(services.watch, &Watch::newCalls, news, &NewCallsChip::add);
        new IdleSense(services.watch, services.player, q);
    }
    table->setStaysAtTop(services.puller->isRunning());
    action(DeskCommand::CancelPull)->setEnabled(services.puller->isRunning());
    action(DeskCommand::Pull)->setEnabled(!services.puller->isRunning());

    settled.setSingleShot(true);
    settled.setInterval(400ms);
    QObject::connect(&settled, &QTimer::timeout, q, [this] { showWhatThereIs(); });
    const CallTableModel* calls = services.calls;
    QObject::connect(calls, &CallTableModel::loaded, q, [this] {
        settled.start();
        values->refresh(services.calls->index());
        digits->fillFreePlaces();
        tellStoreNotices();
        drafts->announce();
        showWhatThereIs();
    });
    QObject::connect(calls, &CallTableModel::queryFinished, q, [this] {
        messages->remove(u"query"_s);  // what failed before has worked now
        showWhatThereIs();
    });
    QObject::connect(calls, &CallTableModel::loadFailed, q, [this](const Error& error) {
        messages->show(u"load"_s, MessageKind::Problem, errorText(error));
        showWhatThereIs();
    });
    QObject::connect(calls, &CallTableModel::queryFailed, q, [this](const Error& error) {
        messages->show(u"query"_s, MessageKind::Problem,
                       MainWindow::tr("The filter could not be applied; the rows are those of the filter before. %1")
                           .arg(errorText(error)));
    });
    QObject::connect(services.accounts, &AccountBook::changed, q, [this] {
        table->setSeveralAccounts(services.accounts->accounts().size() > 1);
        showWhatThereIs();
    });
}

void MainWindow::Private::showWhatThereIs() {
    const CallTableModel* calls = services.calls;
    const bool waiting = !calls->isLoaded() || settled.isActive();
    const bool nothing = calls->totalCalls() == 0 && services.accounts->accounts().empty();
    if (nothing && !waiting && !services.demo) {
        welcome->set(
            u"account"_s, MainWindow::tr("No account yet"),
            MainWindow::tr(
                "Add an account of your voice or dialer platform to pull its calls. To look around first, start "
                "the program as \"earmark --demo\": it brings invented calls with recordings."),
            MainWindow::tr("Add an account"));
        pages->setCurrentWidget(welcome);
        tellUsable();
        return;
    }
    pages->setCurrentWidget(desk);
    if (calls->rowCount() > 0) {
        noRows->hide();
        return;
    }
    if (waiting || calls->isQueryRunning()) {
        noRows->set(u"clock"_s, MainWindow::tr("Reading the calls\u2026"), {}, {});
    } else if (calls->totalCalls() > 0) {
        noRows->set(u"filter"_s, MainWindow::tr("No call matches this filter"),
                    MainWindow::tr("All calls are still there; only this filter leaves none of them."),
                    MainWindow::tr("Clear filter"));
    } else if (services.puller->isRunning()) {
        noRows->set(u"refresh"_s, MainWindow::tr("Pulling calls\u2026"),
                    MainWindow::tr("They appear here page by page."), {});
    } else {
        const bool anew = services.store->callsWereBegunAnew();
        noRows->set(u"refresh"_s, anew ? MainWindow::tr("No calls at the moment") : MainWindow::tr("No calls yet"),
                    anew ? MainWindow::tr("The list of calls was damaged and has been begun anew. A pull fills it.")
                         : MainWindow::tr("Nothing has been pulled from your accounts so far."),
                    MainWindow::tr("Pull calls"));
    }
    noRows->show();
    noRows->raise();
    if (!waiting) {
        tellUsable();  // there is nothing to paint, and the filter line takes keys
    }
}

void MainWindow::Private::tellUsable() {
    if (!usableTold && q->isVisible()) {
        usableTold = true;
        Q_EMIT q->usable();
    }
}

/// What opening the data brought up: a damaged file set aside, a disk that cannot be written.
void MainWindow::Private::tellStoreNotices() {
    int number = 0;
    for (const QString& notice : services.store->notices()) {
        messages->show(u"store/%1"_s.arg(++number), MessageKind::Warning, notice);
    }
    if (services.store->isReadOnly()) {
        messages->show(u"store/read_only"_s, MessageKind::Problem,
                       MainWindow::tr("The data folder cannot be written, so edits cannot be saved. Make it writable, "
                                      "then start Earmark again."));
    }
}

// --- commands

void MainWindow::Private::connectCommands() {
    on(DeskCommand::Accounts, [this] { showAccounts(); });
    on(DeskCommand::AddAccount, [this] { addAccount(); });
    on(DeskCommand::OpenCall, [this] { openCall(); });
    on(DeskCommand::Quit, [this] { q->close(); });
    on(DeskCommand::Pull, [this] { pull->start(); });
    on(DeskCommand::CancelPull, [this] { pull->cancel(); });
    on(DeskCommand::ShowNewCalls, [this] { news->go(); });
    on(DeskCommand::NextCall, [this] { queue->step(1); });
    on(DeskCommand::PreviousCall, [this] { queue->step(-1); });
    on(DeskCommand::FindCalls, [this] { filter->takeFocus(); });
    on(DeskCommand::BackToCalls, [this] { table->setFocus(Qt::ShortcutFocusReason); });
    on(DeskCommand::CopyCallKey, [this] { copyKeys(); });
    on(DeskCommand::ShowCallTab, [this] { pane->showTab(DetailTab::Call); });
    on(DeskCommand::ShowTranscriptTab, [this] { pane->showTab(DetailTab::Transcript); });
    on(DeskCommand::ShowRawTab, [this] { pane->showTab(DetailTab::Raw); });
    on(DeskCommand::SaveAndNext, [this] { queue->saveAndNext(); });
    queue->setAutoPlayAction(action(DeskCommand::AutoPlayNext));
    on(DeskCommand::PlayPause, [this] { queue->playOrPauseAsked(); });
    on(DeskCommand::Undo, [this] { undo->undo(); });
    on(DeskCommand::Redo, [this] { undo->redo(); });
    on(DeskCommand::About, [this] { (new AboutDialog(q))->open(); });
}

AccountsDialog* MainWindow::Private::showAccounts() {
    auto* dialog = q->findChild<AccountsDialog*>();
    if (dialog == nullptr) {
        dialog = new AccountsDialog(services, q);
        QObject::connect(dialog, &AccountsDialog::pullWanted, q, [this] { pull->start(); });
        dialog->open();
    }
    return dialog;
}

void MainWindow::Private::addAccount(const QString& name) {
    showAccounts()->addAccount(name);
}

void MainWindow::Private::openCall() {
    const std::optional<CallKey> current = table->currentCall();
    auto* dialog = new OpenCallDialog(services, current ? current->account : QString(), q);
    QObject::connect(dialog, &OpenCallDialog::callFound, q, [this](const CallKey& key) {
        if (services.calls->rowOf(key) < 0) {
            filter->clear();  // the one that is wanted now counts, not what was filtered for before
            q->statusBar()->showMessage(MainWindow::tr("The filter is cleared: it did not let this call through."),
                                        kStatusShown);
        }
        table->goTo(key);
        table->setFocus(Qt::OtherFocusReason);
    });
    dialog->open();
}

void MainWindow::Private::copyKeys() {
    const QStringList keys = table->selectedKeys();
    if (keys.isEmpty()) {
        return;
    }
    QGuiApplication::clipboard()->setText(keys.join(u'\n'));
    q->statusBar()->showMessage(keys.size() == 1
                                    ? MainWindow::tr("Call key copied")
                                    : MainWindow::tr("%1 call keys copied").arg(q->locale().toString(keys.size())),
                                kStatusShown);
}

/// What was taken back is shown; the filter stays, also where it keeps the call out of the table.
void MainWindow::Private::showWithoutFilter(const CallKey& key) {
    services.calls->rowOf(key) >= 0 ? table->goTo(key) : pane->showCall(key);
}

// --- the window

MainWindow::MainWindow(const DeskServices& services, QWidget* parent)
    : QMainWindow(parent), d(std::make_unique<Private>(this, services)) {
    applyChosenTheme(*services.settings);
    setObjectName(u"mainWindow"_s);
    setWindowTitle(services.demo ? tr("Demo \u2014 Earmark") : tr("Earmark"));
    setWindowIcon(icon(u"earmark"_s));
    d->build();
    fillDeskMenus({this, d->actions, d->table, d->splitter, services.settings});
    d->connectCommands();
    new ReviewCommands({this, d->actions, d->pane, d->several}, this);
    d->listening =
        new ListeningCommands(services, {this, d->actions, d->table, d->pane, d->bar, d->recording, d->digits}, this);
    d->undo->setMarks(d->listening->marks());
    d->saving->alsoAsk([marks = d->listening] { return marks->hasUnsavedMarks(); });
    d->connectParts();
    new KeyGuard(this);
    const QSize room = screen()->availableSize();
    resize(qMin(1440, room.width() * 19 / 20), qMin(900, room.height() * 9 / 10));
    restoreGeometry(services.settings->value(kGeometry).toByteArray());
    d->outbox->restore();
    QWidget::setTabOrder(d->filter, d->pull->button());
    QWidget::setTabOrder(d->pull->button(), d->table);
    QWidget::setTabOrder(d->table, d->pane);
    QWidget::setTabOrder(d->pane, d->recording);
    QWidget::setTabOrder(d->recording, d->bar);
    d->table->setFocus();
    d->showWhatThereIs();
}

MainWindow::~MainWindow() = default;

void MainWindow::raiseAndActivate() {
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    d->splitter->saveSizes();
    d->services.settings->setValue(kGeometry, saveGeometry());
    d->outbox->save();
    if (!d->saving->mayClose()) {
        event->ignore();
        return;
    }
    d->services.player->pause();
    event->accept();
}

void MainWindow::resizeEvent(QResizeEvent* event) {
    QMainWindow::resizeEvent(event);
    d->splitter->placeFor(size());
}

bool MainWindow::event(QEvent* event) {
    if (event->type() == QEvent::ThemeChange && theme::scheme() == ColorScheme::FollowSystem) {
        theme::apply(ColorScheme::FollowSystem);
    }
    return QMainWindow::event(event);
}

}  // namespace earmark
