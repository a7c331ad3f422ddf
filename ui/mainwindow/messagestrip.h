// Problems and notices under the filter line: one row each, dismissable, never a box in the way. Main thread only.
#pragma once

#include <QHash>
#include <QWidget>
#include <functional>

class QVBoxLayout;

namespace earmark {

enum class MessageKind { Notice, Warning, Problem };

class MessageStrip final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(MessageStrip)

 public:
    explicit MessageStrip(QWidget* parent = nullptr);

    /// Shows or replaces the message of that id. `action` "" = no button besides dismissing.
    void show(const QString& id, MessageKind kind, const QString& text, const QString& action = {},
              const std::function<void()>& whenClicked = {});
    void remove(const QString& id);
    void removeAllOf(const QString& idPrefix);
    [[nodiscard]] int count() const { return int(m_rows.size()); }

 private:
    QVBoxLayout* m_layout;
    QHash<QString, QWidget*> m_rows;
};

}  // namespace earmark
