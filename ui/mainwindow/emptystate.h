// What stands where rows would be when there are none: a sign, what is the matter, and what to do. Main thread only.
#pragma once

#include <QWidget>

class QAbstractScrollArea;
class QPushButton;

namespace earmark {

class PlainLabel;

class EmptyState final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(EmptyState)

 public:
    explicit EmptyState(QWidget* parent);

    /// "" as button text = no button.
    void set(const QString& iconName, const QString& heading, const QString& sentence, const QString& button);
    /// Lies over the view (below its header) and follows its size; it is never in the view's way while hidden.
    void coverViewportOf(QAbstractScrollArea* view);

 Q_SIGNALS:
    void buttonClicked();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void drawSign();

    QString m_iconName;
    PlainLabel* m_sign;
    PlainLabel* m_heading;
    PlainLabel* m_sentence;
    QPushButton* m_button;
    QWidget* m_covered = nullptr;
};

}  // namespace earmark
