#include "ui/edits/outboxdock.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "models/store/store.h"
#include "models/tables/outboxmodel.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/detail/parts.h"
#include "ui/edits/flowlayout.h"
#include "ui/edits/outboxaccounts.h"
#include "ui/edits/outboxtable.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kFilters{OutboxFilter::All, OutboxFilter::NeedsYou, OutboxFilter::Waiting, OutboxFilter::Sent,
                              OutboxFilter::Kept};

QString filterText(OutboxFilter filter, const OutboxCounts& counts) {
    const auto with = [](const QString& word, qint64 count) {
        return count == 0 ? word : word + u' ' + QLocale().toString(count);
    };
    switch (filter) {
        case OutboxFilter::All:
            return with(OutboxDock::tr("All"), counts.all());
        case OutboxFilter::NeedsYou:
            return with(OutboxDock::tr("Needs you"), counts.needPerson());
        case OutboxFilter::Waiting:
            return with(OutboxDock::tr("Waiting"), counts.waiting);
        case OutboxFilter::Sent:
            return with(OutboxDock::tr("Sent"), counts.sent);
        case OutboxFilter::Kept:
            return with(OutboxDock::tr("Kept here"), counts.kept);
    }
    return {};
}

QString emptyText(OutboxFilter filter) {
    switch (filter) {
        case OutboxFilter::All:
            return OutboxDock::tr("Nothing was edited yet. What you write is listed here with what became of it.");
        case OutboxFilter::NeedsYou:
            return OutboxDock::tr("Nothing needs you: no edit was refused, none is in conflict.");
        case OutboxFilter::Waiting:
            return OutboxDock::tr("Nothing waits.");
        case OutboxFilter::Sent:
            return OutboxDock::tr("Nothing was sent yet.");
        case OutboxFilter::Kept:
            return OutboxDock::tr("No edit is kept on this computer alone.");
    }
    return {};
}

/// As high as its lines are at its width, up to a few of them: many accounts scroll.
class LinesArea final : public QScrollArea {
 public:
    explicit LinesArea(QWidget* lines) {
        setWidget(lines);
        setWidgetResizable(true);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setFocusPolicy(Qt::NoFocus);
        setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        lines->installEventFilter(this);
    }
    [[nodiscard]] QSize sizeHint() const override {
        const int wide = viewport()->width();
        const int needed =
            widget()->hasHeightForWidth() ? widget()->heightForWidth(wide) : widget()->sizeHint().height();
        return {20 * fontMetrics().averageCharWidth(), qMin(needed, kMostLines * fontMetrics().lineSpacing())};
    }
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::LayoutRequest) {
            updateGeometry();
        }
        return QScrollArea::eventFilter(watched, event);
    }
    void resizeEvent(QResizeEvent* event) override {
        QScrollArea::resizeEvent(event);
        updateGeometry();
    }

 private:
    static constexpr int kMostLines = 6;
};

}  // namespace

class OutboxDock::Private {
 public:
    Private(OutboxDock* dock, const DeskServices& given, OutboxModel* theModel)
        : q(dock), services(given), model(theModel) {}

    void build();
    [[nodiscard]] QWidget* buildTop();
    [[nodiscard]] QWidget* buildAccounts();
    [[nodiscard]] QWidget* buildActions();
    void addAction(QPushButton*& button, const QString& iconName, const QString& text, const QString& tip,
                   void (Private::*run)(const PendingEdit&), QLayout* row);
    void connectAll();
    void tellCounts();
    void tellRows();
    void tellActions();
    void say(const Done& done);
    void withCurrent(void (Private::*run)(const PendingEdit&));

    void go(const PendingEdit& edit) { Q_EMIT q->callWanted(edit.key); }
    void editField(const PendingEdit& edit) { Q_EMIT q->fieldWanted(edit.key, edit.field); }
    void solve(const PendingEdit& edit) { Q_EMIT q->conflictWanted(edit.key, edit.field); }
    void sendAgain(const PendingEdit& edit);
    void sendAllAgain(const PendingEdit& edit);
    void keepHere(const PendingEdit& edit);
    void drop(const PendingEdit& edit);

    OutboxDock* const q;
    const DeskServices services;
    OutboxModel* const model;
    QTabBar* filters = nullptr;
    QPushButton* sync = nullptr;
    OutboxAccounts* accounts = nullptr;
    OutboxTable* table = nullptr;
    ToneLabel* none = nullptr;
    IconLine* says = nullptr;
    QPushButton* goButton = nullptr;
    QPushButton* editButton = nullptr;
    QPushButton* solveButton = nullptr;
    QPushButton* againButton = nullptr;
    QPushButton* allAgainButton = nullptr;
    QPushButton* keepButton = nullptr;
    QPushButton* dropButton = nullptr;
};

OutboxDock::OutboxDock(const DeskServices& services, OutboxModel* model, QWidget* parent)
    : QDockWidget(tr("Outbox"), parent), d(std::make_unique<Private>(this, services, model)) {
    setObjectName(u"outbox"_s);
    setAllowedAreas(Qt::BottomDockWidgetArea | Qt::TopDockWidgetArea | Qt::RightDockWidgetArea);
    d->build();
    d->connectAll();
    d->tellCounts();
    d->tellRows();
}

OutboxDock::~OutboxDock() = default;

// --- parts

void OutboxDock::Private::build() {
    const int gap = theme::space();
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(gap, gap / 2, gap, gap / 2);
    column->setSpacing(gap / 2);
    table = new OutboxTable(model);
    none = new ToneLabel(Tone::Quiet);
    none->setWordWrap(true);
    none->setAlignment(Qt::AlignCenter);
    says = new IconLine;
    column->addWidget(buildTop());
    column->addWidget(buildAccounts());
    column->addWidget(table, 1);
    column->addWidget(none, 1);
    column->addWidget(says);
    column->addWidget(buildActions());
    table->setMinimumHeight(3 * table->verticalHeader()->defaultSectionSize());
    table->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored);  // it takes what is left, not what it wishes
    // On a low screen it scrolls; the window must not become higher than the screen for it.
    auto* area = new QScrollArea;
    area->setWidget(inside);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumHeight(4 * table->verticalHeader()->defaultSectionSize());
    q->setWidget(area);
    QWidget::setTabOrder(filters, sync);
    QWidget::setTabOrder(sync, table);
}

QWidget* OutboxDock::Private::buildTop() {
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    filters = new QTabBar;
    filters->setAccessibleName(OutboxDock::tr("Which edits are listed"));
    filters->setDrawBase(false);
    filters->setExpanding(false);
    filters->setUsesScrollButtons(true);
    filters->setFocusPolicy(Qt::StrongFocus);
    for (size_t i = 0; i < kFilters.size(); ++i) {
        filters->addTab(QString());
    }
    sync = new QPushButton(icon(u"refresh"_s), OutboxDock::tr("Send and pull"));
    sync->setToolTip(OutboxDock::tr("Send what waits, then pull calls from all accounts (F5)"));
    sync->setAutoDefault(false);
    row->addWidget(filters, 1);
    row->addWidget(sync);
    return top;
}

QWidget* OutboxDock::Private::buildAccounts() {
    accounts = new OutboxAccounts(services.accounts, services.pusher, services.clock);
    return new LinesArea(accounts);
}

void OutboxDock::Private::addAction(QPushButton*& button, const QString& iconName, const QString& text,
                                    const QString& tip, void (Private::*run)(const PendingEdit&), QLayout* row) {
    button = new QPushButton(icon(iconName), text);
    button->setToolTip(tip);
    button->setAutoDefault(false);
    row->addWidget(button);
    auto* action = new QAction(icon(iconName), text, table);
    QObject::connect(button, &QPushButton::clicked, q, [this, run] { withCurrent(run); });
    QObject::connect(action, &QAction::triggered, q, [this, run] { withCurrent(run); });
    table->addAction(action);
    action->setProperty("button", QVariant::fromValue(static_cast<QObject*>(button)));
}

QWidget* OutboxDock::Private::buildActions() {
    auto* bottom = new QWidget;
    auto* row = new FlowLayout(bottom);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::space());
    addAction(goButton, u"search"_s, OutboxDock::tr("&Go to the call"), OutboxDock::tr("Go to the call (Enter)"),
              &Private::go, row);
    addAction(editButton, u"edited"_s, OutboxDock::tr("&Edit"), OutboxDock::tr("Go to the field of the call"),
              &Private::editField, row);
    addAction(solveButton, u"warning"_s, OutboxDock::tr("Solve con&flict"),
              OutboxDock::tr("The texts side by side, to choose or combine"), &Private::solve, row);
    addAction(againButton, u"refresh"_s, OutboxDock::tr("Send &again"),
              OutboxDock::tr("It was refused: send it once more as it is"), &Private::sendAgain, row);
    addAction(allAgainButton, u"refresh"_s, OutboxDock::tr("Send all refused again"),
              OutboxDock::tr("All refused edits of this account once more"), &Private::sendAllAgain, row);
    addAction(keepButton, u"note"_s, OutboxDock::tr("&Keep here"),
              OutboxDock::tr("The edit counts on this computer and is not sent any more"), &Private::keepHere, row);
    addAction(dropButton, u"restore"_s, OutboxDock::tr("&Drop the edit"),
              OutboxDock::tr("The provider's value counts again (Del); Undo brings the edit back"), &Private::drop,
              row);
    table->setContextMenuPolicy(Qt::ActionsContextMenu);
    return bottom;
}

void OutboxDock::Private::connectAll() {
    connect(model, &OutboxModel::countsChanged, q, [this] { tellCounts(); });
    connect(model, &OutboxModel::rowsChanged, q, [this] { tellRows(); });
    connect(model, &OutboxModel::failed, q, [this](const Error& error) { say(failure(error)); });
    connect(filters, &QTabBar::currentChanged, q, [this](int tab) {
        model->setFilter(kFilters[size_t(tab)]);
        tellRows();
    });
    connect(table, &OutboxTable::currentEditChanged, q, [this] { tellActions(); });
    connect(table, &OutboxTable::goWanted, q, [this] { withCurrent(&Private::go); });
    connect(table, &OutboxTable::dropWanted, q, [this] { withCurrent(&Private::drop); });
    connect(sync, &QPushButton::clicked, q, &OutboxDock::syncWanted);
    connect(accounts, &OutboxAccounts::targetWanted, q, &OutboxDock::targetWanted);
    connect(accounts, &OutboxAccounts::keyWanted, q, &OutboxDock::keyWanted);
    connect(q, &QDockWidget::visibilityChanged, q, [this](bool visible) { model->setWatched(visible); });
}

// --- what is told

void OutboxDock::Private::tellCounts() {
    for (size_t i = 0; i < kFilters.size(); ++i) {
        filters->setTabText(int(i), filterText(kFilters[i], model->counts()));
    }
}

void OutboxDock::Private::tellRows() {
    const bool isEmpty = model->rowCount() == 0;
    none->setText(model->isLoaded() ? emptyText(model->filter()) : OutboxDock::tr("Reading\u2026"));
    if (isEmpty && table->hasFocus()) {
        filters->setFocus();  // where another list is chosen
    }
    table->setVisible(!isEmpty);
    none->setVisible(isEmpty);
    tellActions();
}

void OutboxDock::Private::tellActions() {
    const std::optional<PendingEdit> edit = table->currentEdit();
    const auto isIn = [&edit](std::initializer_list<EditState> states) {
        return edit && std::find(states.begin(), states.end(), edit->state) != states.end();
    };
    const bool isRefused = isIn({EditState::Refused});
    // The focus of a button that has done its work must not go on to the next one, which does something else.
    const auto let = [this](QPushButton* button, bool may) {
        if (!may && button->hasFocus()) {
            q->takeFocus();
        }
        button->setEnabled(may);
    };
    let(goButton, edit.has_value());
    let(editButton, edit.has_value());
    let(solveButton, isIn({EditState::Conflict}));
    let(againButton, isRefused);
    let(allAgainButton, isRefused);
    let(keepButton, isIn({EditState::Waiting, EditState::Refused, EditState::Conflict}));
    let(dropButton, edit.has_value());
    for (QAction* action : table->actions()) {
        const auto* button = qobject_cast<QPushButton*>(action->property("button").value<QObject*>());
        action->setEnabled(button != nullptr && button->isEnabled());
    }
}

void OutboxDock::Private::say(const Done& done) {
    if (done) {
        says->clear();
    } else {
        says->show(u"warning"_s, Tone::Bad, errorText(done.error()));
    }
}

// --- what can be done

void OutboxDock::Private::withCurrent(void (Private::*run)(const PendingEdit&)) {
    if (const std::optional<PendingEdit> edit = table->currentEdit()) {
        (this->*run)(*edit);
    }
}

void OutboxDock::Private::sendAgain(const PendingEdit& edit) {
    services.store->sendAgain(edit.key.account, edit.delivery, q, [this](const Done& done) { say(done); });
}

void OutboxDock::Private::sendAllAgain(const PendingEdit& edit) {
    services.store->sendAgain(edit.key.account, {}, q, [this](const Done& done) { say(done); });
}

void OutboxDock::Private::keepHere(const PendingEdit& edit) {
    services.store->keepHere(edit.key, edit.field, q,
                             [this](const Result<Review>& kept) { say(kept ? Done() : failure(kept.error())); });
}

void OutboxDock::Private::drop(const PendingEdit& edit) {
    services.store->restoreField(edit.key, edit.field, q, [this](const Result<Review>& restored) {
        say(restored ? Done() : failure(restored.error()));
    });
}

void OutboxDock::takeFocus() {
    d->table->isHidden() ? d->filters->setFocus(Qt::ShortcutFocusReason) : d->table->setFocus(Qt::ShortcutFocusReason);
}

void OutboxDock::setMaySync(bool may) {
    d->sync->setEnabled(may);
}

void OutboxDock::setFilter(OutboxFilter filter) {
    for (size_t i = 0; i < kFilters.size(); ++i) {
        if (kFilters[i] == filter) {
            d->filters->setCurrentIndex(int(i));
        }
    }
}

}  // namespace earmark
