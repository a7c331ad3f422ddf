// A profile with one account whose edits go to a webhook receiver of the test, and a sender in a hurry. Main thread.
#pragma once

#include "models/sync/pusher.h"
#include "tests/support/targetserver.h"
#include "tests/sync/syncrig.h"

namespace earmark::test {

[[nodiscard]] inline PushMeans quickPush() {
    PushMeans means;
    means.restAfterEdit = std::chrono::milliseconds(0);
    means.attemptDeadline = std::chrono::milliseconds(400);
    means.afterOwnTrouble = std::chrono::milliseconds(30);
    means.longestWaitWhenAsked = std::chrono::milliseconds(400);
    means.patience = quickPatience();
    return means;
}

class PushRig final : public SyncRig {
 public:
    explicit PushRig(const TargetServer& server) : SyncRig(QByteArrayLiteral("a-key-for-the-provider")) {
        account.name = QStringLiteral("main");
        account.baseUrl = QUrl(QStringLiteral("http://127.0.0.1:1"));  // nobody is asked there
        account.target.kind = TargetKind::Webhook;
        account.target.url = server.address();
        keys.set(targetSecretName(account.name), server.secret());
        save();
    }

    void save() {
        QVERIFY(awaited<void>([this](auto done) { store->saveAccount(account, &context, done); }));
    }

    void edit(const QString& id, ReviewField field, const std::optional<QString>& value) {
        const EditToCommit one{{account.name, id}, field, std::nullopt, value, QStringLiteral("desk")};
        QVERIFY(awaited<Review>([&](auto done) { store->commitEdit(one, &context, done); }));
    }
    void dispose(const QString& id, const QString& code = QStringLiteral("CALLBACK")) {
        edit(id, ReviewField::Disposition, code);
    }
    void disposeMany(int calls) {
        for (int i = 0; i < calls; ++i) {
            dispose(QStringLiteral("call-%1").arg(i));
        }
    }

    [[nodiscard]] std::unique_ptr<Pusher> pusher(PushMeans means = quickPush()) {
        auto made = std::make_unique<Pusher>(store.get(), &http, &keys, clock, std::move(means));
        made->begin();
        made->setAccounts({account});
        return made;
    }
    /// Sends by itself from now on.
    [[nodiscard]] std::unique_ptr<Pusher> lively(PushMeans means = quickPush()) {
        auto made = pusher(std::move(means));
        made->startSendingByItself();
        return made;
    }
    [[nodiscard]] PushReport send(Pusher& pusher) {
        std::optional<PushReport> report;
        const auto told =
            QObject::connect(&pusher, &Pusher::finished, &context, [&report](const std::vector<PushReport>& reports) {
                report = reports.empty() ? PushReport() : reports[0];
            });
        pusher.sendNow({account.name});
        const bool came = QTest::qWaitFor([&report] { return report.has_value(); }, 20'000);
        QObject::disconnect(told);
        return came ? *report : PushReport();
    }
    [[nodiscard]] PushReport send() {
        const auto one = pusher();
        return send(*one);
    }

    [[nodiscard]] std::vector<PendingEdit> pending() {
        auto got = awaited<std::vector<PendingEdit>>([this](auto done) { store->loadPending(&context, done); });
        return got ? *got : std::vector<PendingEdit>{};
    }
    [[nodiscard]] PendingEdit pendingOf(const QString& id, ReviewField field = ReviewField::Disposition) {
        for (const PendingEdit& edit : pending()) {
            if (edit.key.remoteId == id && edit.field == field) {
                return edit;
            }
        }
        return {};
    }
    [[nodiscard]] int count(EditState state) {
        const auto all = pending();
        return int(std::count_if(all.begin(), all.end(), [&](const PendingEdit& edit) { return edit.state == state; }));
    }

    Account account;
};

}  // namespace earmark::test
