// A profile in a temporary folder with everything that sync stands on: store, client, keys. Main thread.
#pragma once

#include <QHash>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <memory>
#include <optional>

#include "models/net/httpclient.h"
#include "models/net/keysource.h"
#include "models/store/store.h"
#include "models/sync/accountlink.h"
#include "models/sync/puller.h"
#include "tests/support/yotelserver.h"

namespace earmark::test {

class FakeKeys final : public KeySource {
 public:
    void key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) override {
        const Result<QByteArray> answer =
            m_keys.contains(account) ? Result<QByteArray>(m_keys.value(account)) : failure(ErrorKind::NoKey, QString());
        QMetaObject::invokeMethod(
            context, [done, answer] { done(answer); }, Qt::QueuedConnection);
    }
    void keep(const QString& account, const QByteArray& key, QObject* context,
              std::function<void(Done)> done) override {
        m_keys.insert(account, key);
        QMetaObject::invokeMethod(
            context, [done] { done({}); }, Qt::QueuedConnection);
    }
    void forget(const QString& account, QObject* context, std::function<void(Done)> done) override {
        m_keys.remove(account);
        QMetaObject::invokeMethod(
            context, [done] { done({}); }, Qt::QueuedConnection);
    }
    void set(const QString& account, const QByteArray& key) { m_keys.insert(account, key); }

 private:
    QHash<QString, QByteArray> m_keys;
};

/// Asks and waits: `ask` is given the callback.
template <typename T>
[[nodiscard]] Result<T> awaited(const std::function<void(std::function<void(Result<T>)>)>& ask) {
    auto got = std::make_shared<std::optional<Result<T>>>();
    ask([got](Result<T> result) { *got = std::move(result); });
    if (!QTest::qWaitFor([&] { return got->has_value(); }, 20'000)) {
        return failure(ErrorKind::Timeout, QStringLiteral("the test waited in vain"));
    }
    return std::move(**got);
}

/// Failures are waited out within milliseconds.
[[nodiscard]] inline Patience quickPatience() {
    return Patience{{std::chrono::milliseconds(5), std::chrono::milliseconds(40)}, [] { return 0.5; }};
}

class SyncRig {
 public:
    explicit SyncRig(const YotelServer& server, const QString& account = QStringLiteral("main"))
        : SyncRig(server.key(), account) {}
    explicit SyncRig(const QByteArray& key, const QString& account = QStringLiteral("main")) {
        keys.set(account, key);
        open();
    }

    SyncRig(const QByteArray& key, std::shared_ptr<const Clock> theClock) : clock(std::move(theClock)) {
        keys.set(QStringLiteral("main"), key);
        open();
    }

    void open() {
        store = std::make_unique<Store>(Store::Options{folder.path(), clock, {}, false});
        const Done opened = awaited<void>([this](auto done) { store->open(&context, done); });
        if (!opened) {
            qFatal("The test store cannot be opened: %s", qPrintable(opened.error().message));
        }
    }

    [[nodiscard]] std::unique_ptr<Puller> puller() {
        auto made = std::make_unique<Puller>(store.get(), &http, &keys, clock);
        made->setPatience(quickPatience());
        return made;
    }

    [[nodiscard]] PullReport pull(const std::vector<Account>& accounts, const PullOptions& options = {}) {
        const auto one = puller();
        return finished(*one, accounts, options);
    }

    [[nodiscard]] static PullReport finished(Puller& puller, const std::vector<Account>& accounts,
                                             const PullOptions& options = {}) {
        QSignalSpy spy(&puller, &Puller::finished);
        const Done started = puller.start(accounts, options);
        if (!started || (spy.isEmpty() && !spy.wait(30'000)) || spy.size() != 1) {
            return {};
        }
        return spy.first().first().value<PullReport>();
    }

    /// Remote id -> row, of everything stored.
    [[nodiscard]] std::map<QString, IndexRow> rows() {
        std::map<QString, IndexRow> all;
        const Done done = awaited<void>([&](auto end) {
            store->loadIndex(
                &context,
                [&all](std::vector<IndexRow> rows) {
                    for (IndexRow& row : rows) {
                        const QString id = row.call.call.key.remoteId;
                        all.insert_or_assign(id, std::move(row));
                    }
                },
                end);
        });
        return done ? all : std::map<QString, IndexRow>{};
    }

    [[nodiscard]] std::vector<PullCursor> cursors(const QString& account = QStringLiteral("main")) {
        auto got = awaited<std::vector<PullCursor>>([&](auto done) { store->loadCursors(account, &context, done); });
        return got ? *got : std::vector<PullCursor>{};
    }

    [[nodiscard]] std::optional<ReviewedCall> call(const QString& id, const QString& account = QStringLiteral("main")) {
        auto got = awaited<std::optional<ReviewedCall>>([&](auto done) {
            store->loadCall({account, id}, &context, done);
        });
        return got ? *got : std::nullopt;
    }

    QTemporaryDir folder;
    std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>();
    QObject context;
    FakeKeys keys;
    HttpClient http{clock};
    std::unique_ptr<Store> store;
};

}  // namespace earmark::test
