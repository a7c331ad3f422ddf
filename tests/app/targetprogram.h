// The real program with one Yotel account of three calls and a receiver for its edits. Main thread.
#pragma once

#include "tests/app/program.h"
#include "tests/support/targetserver.h"
#include "tests/support/yotelserver.h"

namespace earmark::test {

class TargetProgram {
 public:
    TargetProgram() : receiver(QByteArrayLiteral("SECRETCANARY with blanks")) {
        provider.addCampaign(QStringLiteral("north"), QStringLiteral("North"));
        provider.addCalls(QStringLiteral("north"), 3);
        program.setEnvironment(QStringLiteral("EARMARK_KEY_MAIN"), QString::fromLatin1(provider.key()));
        giveSecret();
        run("account add main --provider yotel --base-url " + provider.account().baseUrl.toEncoded());
        run("pull main");
    }

    /// Words without blanks in them.
    Ran run(const QByteArray& words, const QByteArray& input = {}) {
        return program.run(QString::fromUtf8(words).split(QLatin1Char(' ')), input);
    }
    void giveSecret() {
        program.setEnvironment(QStringLiteral("EARMARK_TARGET_SECRET_MAIN"), QString::fromLatin1(receiver.secret()));
    }
    Ran setWebhook(const QByteArray& more = {}) {
        return run("target set main webhook --url " + receiver.address().toEncoded() + more);
    }
    [[nodiscard]] QJsonObject show() { return run("target show main --json").object(); }
    [[nodiscard]] QJsonArray pending() { return run("pending --json").array(); }
    /// The account of `sync --json`, which is the only one.
    [[nodiscard]] static QJsonObject accountOf(const Ran& ran) {
        return ran.object().value(QStringLiteral("accounts")).toArray().first().toObject();
    }
    [[nodiscard]] static QJsonObject pushOf(const Ran& ran) {
        return accountOf(ran).value(QStringLiteral("push")).toObject();
    }

    YotelServer provider;
    TargetServer receiver;
    Program program;
};

}  // namespace earmark::test
