// A whole desk for tests: every service over a folder that the test owns, settings in memory, keys that are known.
// Main thread only.
#pragma once

#include <QVariantMap>
#include <memory>

#include "app/demo/demoserver.h"
#include "models/domain/clock.h"
#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/callrefresher.h"
#include "models/sync/puller.h"
#include "models/sync/pusher.h"
#include "models/sync/recordingfetcher.h"
#include "models/sync/watch.h"
#include "models/tables/calltablemodel.h"
#include "ui/common/desksettings.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/playback/callsound.h"
#include "ui/playback/player.h"

namespace earmark::test {

class MemorySettings final : public DeskSettings {
 public:
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override {
        return m_values.value(key, fallback);
    }
    void setValue(const QString& key, const QVariant& value) override { m_values.insert(key, value); }
    [[nodiscard]] QStringList keys() const { return m_values.keys(); }

 private:
    QVariantMap m_values;
};

/// Knows one key for every account.
class OneKey final : public KeySource {
 public:
    explicit OneKey(QByteArray key) : m_key(std::move(key)) {}
    void key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) override;
    void keep(const QString& account, const QByteArray& key, QObject* context, std::function<void(Done)> done) override;
    void forget(const QString& account, QObject* context, std::function<void(Done)> done) override;

 private:
    QByteArray m_key;
};

class TestDesk final {
    Q_DISABLE_COPY_MOVE(TestDesk)

 public:
    /// `settings` may be shared by desks that follow each other on the same folder, as a settings file would be.
    TestDesk(const QString& folder, std::shared_ptr<MemorySettings> settings, const SqlFaultSeam& seam = {},
             std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>());
    ~TestDesk();

    /// Opens the data, reads the accounts, shows the window and loads the calls. False when something of it failed.
    [[nodiscard]] bool start();
    /// An account of this provider; calls `main`.
    [[nodiscard]] bool addAccount(const QUrl& baseUrl);
    /// Calls that lie in the store without any provider.
    [[nodiscard]] bool storeCalls(const std::vector<Call>& calls);

    /// Waits until the widget has the window's focus. Offscreen a popup takes the window's activation and does not give
    /// it back (a window system does), so that is mended here first.
    [[nodiscard]] bool hasFocus(const QWidget* widget) const;

    template <typename T>
    [[nodiscard]] T* find(const QString& name = {}) const {
        return window->findChild<T*>(name);
    }

    std::shared_ptr<const Clock> clock;
    std::shared_ptr<MemorySettings> settings;
    Store store;
    HttpClient http;
    OneKey keys;
    AccountBook accounts;
    Puller puller;
    Watch watch;    ///< not started: a test that wants news says when
    Pusher pusher;  ///< sends when asked; a test that wants more says so
    CallRefresher refresher;
    RecordingFetcher recordings;
    CallTableModel calls;
    Player player;
    CallSound sound;
    std::unique_ptr<MainWindow> window;
};

/// A made-up call; the number makes id, time and lead differ.
[[nodiscard]] Call madeUpCall(int number);

}  // namespace earmark::test
