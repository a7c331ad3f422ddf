#include "ui/mainwindow/newcallschip.h"

#include <QLocale>

#include "models/tables/calltablemodel.h"
#include "ui/calltable/calltable.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype kMostKept = 100'000;
}

NewCallsChip::NewCallsChip(CallTableModel* calls, CallTable* table, QWidget* parent)
    : QPushButton(parent), m_calls(calls), m_table(table) {
    setObjectName(u"newCalls"_s);
    setFocusPolicy(Qt::NoFocus);  // it comes and goes by itself: the focus must not be where it was
    setAutoDefault(false);
    setToolTip(tr("Calls that came since: click to see them (Ctrl+Shift+N)"));
    hide();
    connect(this, &QPushButton::clicked, this, &NewCallsChip::go);
    connect(calls, &CallTableModel::queryFinished, this, &NewCallsChip::recount);
    connect(table, &CallTable::currentCallChanged, this, [this](const std::optional<CallKey>& key) {
        if (key && m_keys.remove(*key)) {
            recount();
        }
    });
}

void NewCallsChip::add(const std::vector<CallKey>& keys) {
    for (const CallKey& key : keys) {
        if (m_keys.size() < kMostKept) {
            m_keys.insert(key);
        }
    }
    recount();
}

void NewCallsChip::recount() {
    int count = 0;
    m_firstRow = -1;
    for (const CallKey& key : m_keys) {
        if (const int row = m_calls->rowOf(key); row >= 0) {
            ++count;
            m_firstRow = m_firstRow < 0 ? row : std::min(m_firstRow, row);
        }
    }
    setText(tr("%1 new").arg(QLocale().toString(count)));
    setAccessibleName(count == 1 ? tr("One new call") : tr("%1 new calls").arg(QLocale().toString(count)));
    setVisible(count > 0);
}

void NewCallsChip::go() {
    if (m_firstRow >= 0) {
        m_table->scrollTo(m_calls->index(m_firstRow, 0), QAbstractItemView::PositionAtTop);
    }
    m_keys.clear();
    recount();
}

}  // namespace earmark
