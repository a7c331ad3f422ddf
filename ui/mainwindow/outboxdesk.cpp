#include "ui/mainwindow/outboxdesk.h"

#include <QAction>
#include <QMainWindow>
#include <QStatusBar>
#include <utility>

#include "models/store/store.h"
#include "models/sync/pusher.h"
#include "models/tables/calltablemodel.h"
#include "models/tables/outboxmodel.h"
#include "ui/accounts/accountsdialog.h"
#include "ui/accounts/keydialog.h"
#include "ui/calltable/calltable.h"
#include "ui/common/desksettings.h"
#include "ui/detail/detailpane.h"
#include "ui/detail/reviewblock.h"
#include "ui/edits/conflictdesk.h"
#include "ui/edits/outboxchip.h"
#include "ui/edits/outboxdock.h"
#include "ui/filter/filterline.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
const QString kDocks = u"window/docks"_s;
constexpr int kStatusShown = 5000;  // ms
}  // namespace

OutboxDesk::OutboxDesk(const DeskServices& services, const Places& places)
    : QObject(places.window),
      m_services(services),
      m_at(places),
      m_model(new OutboxModel(services.store, services.calls, this)),
      m_dock(new OutboxDock(services, m_model, places.window)),
      m_chip(new OutboxChip(m_model)),
      m_conflicts(new ConflictDesk(services.store, places.window)) {
    m_at.window->addDockWidget(Qt::BottomDockWidgetArea, m_dock);
    m_dock->hide();
    m_at.window->statusBar()->addPermanentWidget(m_chip);
    m_at.open->setCheckable(true);
    connect(m_at.open, &QAction::triggered, this, &OutboxDesk::toggle);
    connect(m_dock->toggleViewAction(), &QAction::toggled, m_at.open, &QAction::setChecked);
    connect(m_chip, &QPushButton::clicked, this, [this] {
        if (m_model->counts().needPerson() > 0 && m_dock->isHidden()) {
            m_dock->setFilter(OutboxFilter::NeedsYou);
        }
        toggle();
    });
    connect(m_dock, &OutboxDock::callWanted, this, [this](const CallKey& key) {
        if (goTo(key)) {
            m_at.window->activateWindow();  // the dock may float
            m_at.table->setFocus(Qt::OtherFocusReason);
        }
    });
    connect(m_dock, &OutboxDock::fieldWanted, this, &OutboxDesk::goToField);
    connect(m_dock, &OutboxDock::conflictWanted, this, &OutboxDesk::solveConflict);
    connect(m_dock, &OutboxDock::syncWanted, m_at.sync, &QAction::trigger);
    connect(m_dock, &OutboxDock::targetWanted, this,
            [this](const QString& account) { m_at.showAccounts()->showTarget(account); });
    connect(m_dock, &OutboxDock::keyWanted, this, &OutboxDesk::askForKey);
    connect(m_at.sync, &QAction::changed, m_dock, [this] { m_dock->setMaySync(m_at.sync->isEnabled()); });
    connect(services.calls, &CallTableModel::loaded, m_model, &OutboxModel::refresh);
}

void OutboxDesk::restore() {
    m_isNew = !m_at.window->restoreState(m_services.settings->value(kDocks).toByteArray());
}

void OutboxDesk::save() {
    m_services.settings->setValue(kDocks, m_at.window->saveState());
}

void OutboxDesk::toggle() {
    const bool opens = m_dock->isHidden();
    m_dock->setVisible(opens);
    if (opens) {
        if (std::exchange(m_isNew, false)) {  // nobody has given it a height yet
            m_at.window->resizeDocks({m_dock}, {m_at.window->height() / 3}, Qt::Vertical);
        }
        m_dock->raise();
        m_dock->takeFocus();
    } else {
        m_at.table->setFocus(Qt::OtherFocusReason);
    }
}

bool OutboxDesk::goTo(const CallKey& key) {
    if (!m_services.calls->index()->find(key)) {
        m_at.window->statusBar()->showMessage(
            tr("This call is not on this computer (any more). A pull may bring it back."), kStatusShown);
        return false;
    }
    if (m_services.calls->rowOf(key) < 0) {
        m_at.filter->clear();  // the one that is wanted now counts, not what was filtered for before
        m_at.window->statusBar()->showMessage(tr("The filter is cleared: it did not let this call through."),
                                              kStatusShown);
    }
    m_at.table->goTo(key);
    return true;
}

void OutboxDesk::goToField(const CallKey& key, ReviewField field) {
    if (!goTo(key)) {
        return;
    }
    m_at.window->activateWindow();
    m_at.pane->showCall(key);  // at once, so that the field that gets the focus is that call's
    field == ReviewField::Notes ? m_at.pane->focusNotes() : m_at.pane->focusDisposition();
}

void OutboxDesk::solveConflict(const CallKey& key, ReviewField field) {
    if (!goTo(key)) {
        return;
    }
    m_at.pane->review()->commitTyped();  // what is typed counts in it
    m_services.store->loadCall(key, this, [this, field](const Result<std::optional<ReviewedCall>>& call) {
        if (call && *call) {
            m_conflicts->setCall((*call)->call);
            m_conflicts->solve(field);
        }
    });
}

void OutboxDesk::askForKey(const QString& account, const QString& why) {
    connect(KeyDialog::ask(m_services.keys, account, why, m_at.window), &KeyDialog::keyGiven, this,
            &OutboxDesk::noteKey, Qt::UniqueConnection);
}

void OutboxDesk::noteKey(const QString& account) {
    if (m_services.pusher != nullptr) {
        m_services.pusher->noteSecretGiven(account);
    }
}

}  // namespace earmark
