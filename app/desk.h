// The composition root of the window: builds every service, hands them to the window, and opens the data behind it.
// Main thread only.
#pragma once

#include <QObject>
#include <QUrl>
#include <memory>
#include <vector>

#include "app/profile.h"
#include "models/domain/account.h"
#include "models/domain/clock.h"

namespace earmark {

class Settings;

class Desk final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Desk)

 public:
    struct Options {
        Profile profile;
        bool demo = false;
        /// Held as long as the desk lives. Null: the folder cannot be written, and everything is only read.
        std::unique_ptr<ProfileLock> lock;
        std::unique_ptr<Settings> settings;
        bool printsStartupFigures = false;
    };
    explicit Desk(Options options, QObject* parent = nullptr);
    ~Desk() override;

    /// Shows the window at once; the calls appear as they are read.
    void start();
    /// Commits what is typed and ends the program, at the latest after two seconds.
    void quit();

 private:
    void joinDesktop();
    void openData();
    void loadAccounts();
    [[nodiscard]] Moment demoBegan();
    void startDemo();
    void saveDemoAccounts();
    [[nodiscard]] std::vector<Account> enabledAccounts() const;
    void pullOnce(const std::vector<Account>& accounts);
    void sweepLeftovers();
    void tell(const QString& sentence);

    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
