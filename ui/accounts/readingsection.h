// How an account is read: zone of times without one, page size, pace, watch, channel of the agent. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/account.h"

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace earmark {

class IconLine;

class ReadingSection final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ReadingSection)

 public:
    explicit ReadingSection(QWidget* parent = nullptr);

    void show(const Account& account);
    void setProvider(Provider provider);  ///< of a new account: its limits and its page size
    /// True when everything here can be used; says what cannot.
    bool judge();
    void apply(Account& account) const;

 Q_SIGNALS:
    void changed();

 private:
    void build();
    void showLimits(const Account& account);

    QComboBox* m_zone = nullptr;
    IconLine* m_zoneSays = nullptr;
    QSpinBox* m_pageSize = nullptr;
    QCheckBox* m_asDocumented = nullptr;
    QSpinBox* m_requests = nullptr;
    QSpinBox* m_watch = nullptr;
    QComboBox* m_agentChannel = nullptr;
};

}  // namespace earmark
