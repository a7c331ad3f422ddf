// The pull as the window shows it: the button that becomes Cancel, progress in words, the last result. Main thread
// only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "models/sync/puller.h"

class QProgressBar;
class QPushButton;

namespace earmark {

class AccountBook;
class MessageStrip;
class PlainLabel;
class Pusher;
class Watch;

class PullView final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PullView)

 public:
    /// `watch` may be null.
    PullView(Puller* puller, Watch* watch, AccountBook* accounts, std::shared_ptr<const Clock> clock,
             MessageStrip* messages, QWidget* parent);

    /// From now on what waits for a target is sent first, when somebody asks for a pull.
    void setPusher(Pusher* pusher);
    [[nodiscard]] QPushButton* button() const { return m_button; }  ///< for the top row
    [[nodiscard]] QWidget* line() const { return m_line; }          ///< for the status bar
    void start();
    void cancel();

 Q_SIGNALS:
    void runningChanged(bool running);
    void finished();
    void accountWanted();  ///< there is none to pull from, and one may be added now
    /// The person at the desk wants to give this account a key: it has none, or the provider does not take it, as
    /// `why` says.
    void keyWanted(const QString& account, const QString& why);

 private:
    [[nodiscard]] bool beginSending(const std::vector<Account>& accounts);
    void pullNow();
    void showProgress(const PullProgress& progress);
    void showReport(const PullReport& report);
    void showProblem(const QString& account, const Error& error);
    void setRunning(bool running);
    void showWatch();

    Puller* m_puller;
    Pusher* m_pusher = nullptr;
    QTimer m_sendingPatience;  ///< runs while a pull waits for the sending that goes before it
    Watch* m_watch;
    AccountBook* m_accounts;
    std::shared_ptr<const Clock> m_clock;
    MessageStrip* m_messages;
    QPushButton* m_button;
    QWidget* m_line;
    QProgressBar* m_bar;
    PlainLabel* m_words;
    bool m_running = false;
    Moment m_reportedAt{};
};

/// "Campaign 2 of 3: Q4 outreach, 400 of 1,200 calls": for tests and the status bar.
[[nodiscard]] QString progressText(const PullProgress& progress);
[[nodiscard]] QString reportText(const PullReport& report, Moment at);

}  // namespace earmark
