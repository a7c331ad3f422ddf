// A desk for tests: a real store in a temporary folder, the real HTTP client against a loopback server, no keyring.
#pragma once

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountbook.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingfetcher.h"
#include "tests/support/asking.h"
#include "tests/support/loopbackserver.h"
#include "ui/common/deskservices.h"
#include "ui/common/desksettings.h"
#include "ui/playback/player.h"

namespace earmark::test {

class FakeKeys final : public KeySource {
 public:
    bool hasKeyring = true;
    QString noKeyring = QStringLiteral("No keyring; set EARMARK_KEY_%1.");
    std::map<QString, QByteArray> kept;

    void key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) override {
        const auto found = kept.find(account);
        const Result<QByteArray> answer =
            found != kept.end() ? Result<QByteArray>(found->second) : failure(ErrorKind::NoKey, QString());
        QMetaObject::invokeMethod(
            context, [answer, done] { done(answer); }, Qt::QueuedConnection);
    }
    void keep(const QString& account, const QByteArray& key, QObject* context,
              std::function<void(Done)> done) override {
        kept[account] = key;
        const Done answer = hasKeyring ? Done{} : Done(failure(ErrorKind::Storage, noKeyring.arg(account.toUpper())));
        QMetaObject::invokeMethod(
            context, [answer, done] { done(answer); }, Qt::QueuedConnection);
    }
    void forget(const QString& account, QObject* context, std::function<void(Done)> done) override {
        kept.erase(account);
        QMetaObject::invokeMethod(
            context, [done] { done({}); }, Qt::QueuedConnection);
    }
};

class MapSettings final : public DeskSettings {
 public:
    std::map<QString, QVariant> values;
    [[nodiscard]] QVariant value(const QString& key, const QVariant& fallback = {}) const override {
        const auto found = values.find(key);
        return found == values.end() ? fallback : found->second;
    }
    void setValue(const QString& key, const QVariant& value) override { values[key] = value; }
};

/// Stops or breaks SQL in the lanes from the outside. Used as the store's fault seam.
class Gate final {
 public:
    std::atomic<int> failWith{0};    ///< SQLite result code for every write to reviews.db's tables
    std::atomic<int> failPlaces{0};  ///< SQLite result code for every read of how far recordings were heard

    void close() {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    void open() {
        const std::lock_guard lock(m_mutex);
        m_closed = false;
        m_change.notify_all();
    }
    [[nodiscard]] int pass(const char* sql) {
        const QByteArray text = QByteArray(sql).toUpper();
        const bool commits = text.startsWith("COMMIT");
        if (commits) {
            std::unique_lock lock(m_mutex);
            m_change.wait(lock, [this] { return !m_closed; });
        }
        const bool writes = text.startsWith("INSERT") || text.startsWith("UPDATE") || text.startsWith("DELETE");
        return writes ? failWith.load() : text.contains("FROM POSITIONS") ? failPlaces.load() : 0;
    }

 private:
    std::mutex m_mutex;
    std::condition_variable m_change;
    bool m_closed = false;
};

class Desk final : public QObject {
 public:
    Desk() {
        Store::Options options;
        options.folder = folder.path();
        options.clock = clock;
        options.faultSeam = [gate = gate](const char* sql) { return gate->pass(sql); };
        store = std::make_unique<Store>(options);
        http = std::make_unique<HttpClient>(clock);
        keys.kept[QStringLiteral("main")] = "yt_test_key";
        refresher = std::make_unique<CallRefresher>(store.get(), http.get(), &keys, clock);
        recordings = std::make_unique<RecordingFetcher>(folder.path() + QStringLiteral("/recordings"), store.get(),
                                                        http.get(), refresher.get());
        player = std::make_unique<Player>();
        accounts = std::make_unique<AccountBook>(store.get());
        Account account;
        account.name = QStringLiteral("main");
        account.baseUrl = server.url(QStringLiteral("/api/v1"));
        refresher->setAccounts({account});
        recordings->setAccounts({account});
    }
    ~Desk() override { gate->open(); }

    [[nodiscard]] bool open() {
        bool ok = false;
        bool answered = false;
        store->open(this, [&](const Done& done) {
            ok = done.has_value();
            answered = true;
        });
        return QTest::qWaitFor([&] { return answered; }, 20'000) && ok;
    }
    [[nodiscard]] DeskServices services() {
        DeskServices all;
        all.store = store.get();
        all.accounts = accounts.get();
        all.refresher = refresher.get();
        all.recordings = recordings.get();
        all.player = player.get();
        all.keys = &keys;
        all.http = http.get();
        all.settings = &settings;
        all.clock = clock;
        return all;
    }
    [[nodiscard]] bool put(const Call& call) {
        bool ok = false;
        bool answered = false;
        store->storeCall(call, this, [&](const Result<PageOutcome>& outcome) {
            ok = outcome.has_value();
            answered = true;
        });
        return QTest::qWaitFor([&] { return answered; }, 20'000) && ok;
    }
    /// What the store holds now, by its own word.
    [[nodiscard]] ReviewedCall stored(const CallKey& key) {
        std::optional<ReviewedCall> found;
        bool answered = false;
        store->loadCall(key, this, [&](const Result<std::optional<ReviewedCall>>& call) {
            found = call ? *call : std::nullopt;
            answered = true;
        });
        (void)QTest::qWaitFor([&] { return answered; }, 20'000);
        return found.value_or(ReviewedCall{});
    }

    [[nodiscard]] static Call call(const QString& id) {
        Call made;
        made.key = {QStringLiteral("main"), id};
        made.statusRaw = QStringLiteral("completed");
        made.status = CallStatus::Completed;
        made.typeRaw = QStringLiteral("outbound");
        made.direction = Direction::Outbound;
        made.campaignId = QStringLiteral("camp-1");
        made.dialTime = momentFromMs(1'775'000'000'000);
        made.ringTime = momentFromMs(1'775'000'003'000);
        made.answerTime = momentFromMs(1'775'000'010'000);
        made.agentConnectTime = momentFromMs(1'775'000'012'000);
        made.endTime = momentFromMs(1'775'000'100'000);
        made.hasRecording = false;
        made.disposition = QStringLiteral("CALLBACK");
        made.notes = QStringLiteral("the provider's notes of %1").arg(id);
        made.summary = QStringLiteral("Summary of %1.").arg(id);
        made.sentiment = QStringLiteral("positive");
        made.nextAction = QStringLiteral("Call back");
        made.raw = "{\"id\":\"" + id.toUtf8() + "\"}";
        return made;
    }

    QTemporaryDir folder;
    LoopbackServer server;
    std::shared_ptr<FakeClock> clock = std::make_shared<FakeClock>();
    std::shared_ptr<Gate> gate = std::make_shared<Gate>();
    FakeKeys keys;
    MapSettings settings;
    std::unique_ptr<Store> store;
    std::unique_ptr<HttpClient> http;
    std::unique_ptr<CallRefresher> refresher;
    std::unique_ptr<RecordingFetcher> recordings;
    std::unique_ptr<Player> player;
    std::unique_ptr<AccountBook> accounts;
};

}  // namespace earmark::test
