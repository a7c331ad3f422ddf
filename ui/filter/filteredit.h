// The text box of the filter line: marks the place of a problem, completes, walks the history. Main thread only.
#pragma once

#include <QLineEdit>
#include <optional>

#include "ui/filter/completion.h"

class QAction;
class QCompleter;

namespace earmark {

class CompletionModel;
class FilterHistory;

class FilterEdit final : public QLineEdit {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FilterEdit)

 public:
    explicit FilterEdit(FilterHistory* history, QWidget* parent = nullptr);

    void markProblem(const std::optional<FilterProblem>& problem);
    void setValues(const QString& prefix, const QStringList& values) { m_sources.values.insert(prefix, values); }
    [[nodiscard]] const std::vector<FilterTerm>& terms() const { return m_sources.terms; }

 Q_SIGNALS:
    void entered();
    void escaped();
    void leftDownwards();  ///< Down where there is no newer filter

 protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

 private:
    void offer(CompletionAsked asked);
    void complete(const QModelIndex& index);
    [[nodiscard]] bool listIsOpen() const;

    FilterHistory* m_history;
    QCompleter* m_completer;
    CompletionModel* m_list;
    CompletionSources m_sources;
    std::optional<FilterProblem> m_problem;
    QAction* m_clear;
    QAction* m_state;
};

}  // namespace earmark
