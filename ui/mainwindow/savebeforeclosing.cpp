#include "ui/mainwindow/savebeforeclosing.h"

#include <QMessageBox>
#include <QPushButton>
#include <QWidget>

#include "ui/detail/detailpane.h"
#include "ui/detail/reviewblock.h"
#include "ui/mainwindow/messagestrip.h"

namespace earmark {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
const QString kMessage = u"closing"_s;
}

SaveBeforeClosing::SaveBeforeClosing(Store* store, DetailPane* pane, MessageStrip* messages, QWidget* window)
    : QObject(window), m_store(store), m_pane(pane), m_messages(messages), m_window(window) {
    m_patience.setSingleShot(true);
    m_patience.setInterval(3s);
    connect(&m_patience, &QTimer::timeout, this, &SaveBeforeClosing::tellCannotSave);
}

bool SaveBeforeClosing::hasUnsaved() const {
    return m_pane->hasUnsavedText() || (m_others && m_others());
}

bool SaveBeforeClosing::mayClose() {
    switch (m_state) {
        case State::MayClose:
            return true;
        case State::Waiting:
        case State::Asking:
            return false;
        case State::CannotSave:
            m_pane->review()->commitTyped();
            if (hasUnsaved()) {
                askToDiscard();
                return false;
            }
            break;
        case State::Open:
            m_pane->review()->commitTyped();
            break;
    }
    m_state = State::Waiting;
    m_patience.start();
    wait();
    return false;
}

void SaveBeforeClosing::wait() {
    // The lane of the reviews is first in, first out: when this is answered, every commit before it has been.
    m_store->loadDrafts(this, [this](const Result<std::vector<Draft>>&) { checked(); });
}

void SaveBeforeClosing::checked() {
    if (m_state != State::Waiting) {
        return;
    }
    if (!hasUnsaved()) {
        m_patience.stop();
        m_messages->remove(kMessage);
        m_state = State::MayClose;
        m_window->close();
        return;
    }
    // The commit failed or is being tried again, or somebody has typed on; patience ends the waiting.
    QTimer::singleShot(100ms, this, [this] {
        if (m_state == State::Waiting) {
            m_pane->review()->commitTyped();
            wait();
        }
    });
}

void SaveBeforeClosing::tellCannotSave() {
    m_state = State::CannotSave;
    m_messages->show(
        kMessage, MessageKind::Problem,
        tr("Your last edit could not be saved, so the window stays open. It is tried again all the time; free "
           "disk space or make the data folder writable, then close again."));
    m_window->raise();
}

void SaveBeforeClosing::askToDiscard() {
    m_state = State::Asking;
    auto* box = new QMessageBox(QMessageBox::Warning, tr("Not saved"), QString(), QMessageBox::NoButton, m_window);
    box->setTextFormat(Qt::PlainText);
    box->setText(tr("Your last edit is still not saved. If you close now, it is lost."));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* const stay = box->addButton(tr("Keep the window open"), QMessageBox::RejectRole);
    QPushButton* const discard = box->addButton(tr("Close and lose the edit"), QMessageBox::DestructiveRole);
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    connect(box, &QMessageBox::buttonClicked, this, [this, discard](QAbstractButton* clicked) {
        m_state = clicked == discard ? State::MayClose : State::CannotSave;
        if (m_state == State::MayClose) {
            m_window->close();
        }
    });
    box->open();
}

}  // namespace earmark
