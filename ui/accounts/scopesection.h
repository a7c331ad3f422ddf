// What of an account is loaded: all calls, or those of some days, campaigns, agents and sources. Main thread only.
#pragma once

#include <QWidget>
#include <optional>

#include "models/domain/account.h"
#include "ui/accounts/chosennames.h"

class QComboBox;
class QDate;
class QDateEdit;
class QSpinBox;
class QVBoxLayout;

namespace earmark {

class IconLine;
class ToneLabel;

class ScopeSection final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ScopeSection)

 public:
    explicit ScopeSection(QWidget* parent = nullptr);

    void show(Provider provider, const CallScope& scope);
    void setMayFetch(bool may);
    [[nodiscard]] ChosenNames* campaigns() const { return m_campaigns; }
    [[nodiscard]] ChosenNames* agents() const { return m_agents; }

    /// True when everything here can be used; says what cannot.
    bool judge();
    [[nodiscard]] CallScope scope() const;

 Q_SIGNALS:
    void changed();

 private:
    enum class When { All, LastDays, From, FromTo };
    void build();
    void buildDays(QVBoxLayout* column);
    void showWhen();
    [[nodiscard]] When when() const;

    CallScope m_shown;  ///< as it was stored: a moment within a day stays as long as its day does
    QComboBox* m_when = nullptr;
    QSpinBox* m_days = nullptr;
    QDateEdit* m_since = nullptr;
    QDateEdit* m_until = nullptr;
    QWidget* m_daysRow = nullptr;
    QWidget* m_sinceRow = nullptr;
    QWidget* m_untilRow = nullptr;
    IconLine* m_says = nullptr;
    ToneLabel* m_whoFilters = nullptr;
    ChosenNames* m_campaigns = nullptr;
    ChosenNames* m_agents = nullptr;
    ChosenNames* m_sources = nullptr;
};

}  // namespace earmark
