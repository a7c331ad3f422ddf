// Gives an account another key, where it has none or the provider does not take the one it has. Main thread only. Show
// it with ask(); it never blocks and deletes itself when it is closed.
#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace earmark {

class IconLine;
class KeySource;

class KeyDialog final : public QDialog {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(KeyDialog)

 public:
    KeyDialog(KeySource* keys, const QString& account, const QString& why, QWidget* parent = nullptr);

    /// One at a time for an account: a second question brings the first to the front. `why` says what became of the
    /// key that there was, "" for nothing.
    static KeyDialog* ask(KeySource* keys, const QString& account, const QString& why, QWidget* parent);
    void reject() override;

 Q_SIGNALS:
    void keyGiven(const QString& account);  ///< works for this session at least

 private:
    void tellWhy(const QString& why);
    void judge();
    void keep();

    KeySource* m_keys;
    const QString m_account;
    IconLine* m_why;
    QLineEdit* m_key;
    IconLine* m_says;
    QPushButton* m_save;
    QPushButton* m_close;
    bool m_isGiven = false;
};

}  // namespace earmark
