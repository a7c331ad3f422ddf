// The filter line on top of the desk: says while typing whether the filter is valid and where not, and how many calls
// it leaves. The last valid filter stays applied while the text is not valid. Main thread only.
#pragma once

#include <QDate>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

#include "models/domain/clock.h"
#include "models/search/filter.h"
#include "ui/filter/filterhistory.h"

class QLabel;

namespace earmark {

class CallTableModel;
class DeskSettings;
class FilterEdit;
class PlainLabel;

class FilterLine final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterLine)

 public:
    FilterLine(CallTableModel* model, DeskSettings* settings, std::shared_ptr<const Clock> clock,
               QWidget* parent = nullptr);
    ~FilterLine() override;

    [[nodiscard]] QString text() const;
    void setText(const QString& text);  ///< applied at once
    void clear();
    void takeFocus();  ///< Ctrl+F: the text is selected, so that typing replaces it
    [[nodiscard]] bool hasProblem() const { return m_problem.has_value(); }
    /// Values to offer after "disposition:", "campaign:", ...
    void setValues(const QString& prefix, const QStringList& values);

 Q_SIGNALS:
    void firstRowRequested();  ///< Enter, once the rows of this filter are there
    void leaveRequested();     ///< Esc in an empty line, or Down

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void textChanged();
    void apply();
    void enter();
    void escape();
    void answered();
    void showHint();
    void showCount();
    void remember();
    void watchTheDay();

    CallTableModel* m_model;
    DeskSettings* m_settings;
    std::shared_ptr<const Clock> m_clock;
    FilterHistory m_history;
    FilterEdit* m_edit;
    PlainLabel* m_count;
    QLabel* m_hintIcon;
    PlainLabel* m_hint;
    QTimer m_applySoon;
    QTimer m_slow;
    QTimer m_midnight;
    QDate m_day;  ///< that the model's filter refers to: "today" is another one after midnight
    std::optional<FilterProblem> m_problem;
    Filter m_parsed;    ///< of the text as it is, when valid
    QString m_applied;  ///< text of the filter that the model has
    bool m_enterWaits = false;
    bool m_showingHint = false;
};

}  // namespace earmark
