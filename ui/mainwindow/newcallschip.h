// "12 new": how many calls that came by themselves the table shows since somebody last went to them. Main thread only.
#pragma once

#include <QPushButton>
#include <QSet>

#include "models/domain/callkey.h"

namespace earmark {

class CallTable;
class CallTableModel;

class NewCallsChip final : public QPushButton {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(NewCallsChip)

 public:
    NewCallsChip(CallTableModel* calls, CallTable* table, QWidget* parent = nullptr);

    void add(const std::vector<CallKey>& keys);
    /// Brings the first of them in the table's order into view and forgets them all. Selection and focus stay.
    void go();

 private:
    void recount();

    CallTableModel* m_calls;
    CallTable* m_table;
    QSet<CallKey> m_keys;  ///< also those that the filter does not let in
    int m_firstRow = -1;
};

}  // namespace earmark
