// account list: the accounts with their settings and where their keys come from.
#include <QCoreApplication>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/ratelimiter.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

QString originWord(Secrets::Origin origin) {
    switch (origin) {
        case Secrets::Origin::None:
        case Secrets::Origin::Session:
            return u"none"_s;
        case Secrets::Origin::Environment:
            return u"environment"_s;
        case Secrets::Origin::Keyring:
            return u"keyring"_s;
    }
    return {};
}

struct Listed {
    Account account;
    QString key;
};

void writeList(JsonWriter& json, QStringView name, const QStringList& words) {
    json.key(name);
    json.beginArray();
    for (const QString& word : words) {
        json.text(word);
    }
    json.endArray();
}

void writeSettings(JsonWriter& json, const Account& account) {
    json.key(u"enabled");
    json.boolean(account.isEnabled);
    json.key(u"organization");
    account.organizationId.isEmpty() ? json.null() : json.text(account.organizationId);
    json.key(u"page_size");
    json.number(qint64(account.pageSize));
    json.key(u"requests_per_minute");  // what holds, also where it is the provider's own; null = no limit
    const int requests = requestsPerMinute(account);
    requests > 0 ? json.number(qint64(requests)) : json.null();
    json.key(u"watch_every");  // seconds; 0 = never
    json.number(qint64(account.watchEvery.count()));
    json.key(u"agent_channel");
    json.text(account.agentIsFirstChannel ? u"left" : u"right");
    json.key(u"scope");
    json.beginObject();
    json.key(u"days");
    account.scope.lastDays ? json.number(qint64(*account.scope.lastDays)) : json.null();
    json.key(u"since");
    json.moment(account.scope.since);
    json.key(u"until");
    json.moment(account.scope.until);
    writeList(json, u"campaigns", account.scope.campaigns);
    writeList(json, u"agents", account.scope.agents);
    writeList(json, u"sources", account.scope.sources);
    json.endObject();
}

void printList(CommandContext& context, const std::vector<Listed>& accounts) {
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        json.beginArray();
        for (const Listed& listed : accounts) {
            json.beginObject();
            json.key(u"name");
            json.text(listed.account.name);
            json.key(u"provider");
            json.text(word(listed.account.provider));
            json.key(u"base_url");
            json.text(listed.account.baseUrl.toString(QUrl::FullyEncoded));
            json.key(u"assume_zone");
            json.text(listed.account.assumedZone);
            json.key(u"key");
            json.text(listed.key);
            writeSettings(json, listed.account);
            json.endObject();
        }
        json.endArray();
        context.console.print(json.take());
        return;
    }
    if (accounts.empty()) {
        context.console.say(
            Text::tr("There is no account yet. Add one with “earmark account add NAME --provider yotel --key-stdin”."));
        return;
    }
    TextTable table({Text::tr("Name"), Text::tr("Provider"), Text::tr("Address"), Text::tr("Assumed zone"),
                     Text::tr("Key"), Text::tr("State")},
                    60);
    for (const Listed& listed : accounts) {
        table.addRow({listed.account.name, word(listed.account.provider),
                      listed.account.baseUrl.toString(QUrl::FullyEncoded), listed.account.assumedZone, listed.key,
                      listed.account.isEnabled ? Text::tr("in use") : Text::tr("disabled")});
    }
    context.console.print(table.text());
}

}  // namespace

int runAccountList(CommandContext& context) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto accounts = (*reader)->accounts();
    if (!accounts) {
        return context.fail(accounts.error());
    }
    auto listed = std::make_shared<std::vector<Listed>>();
    for (const Account& account : *accounts) {
        if (context.arguments.positional().isEmpty() || context.arguments.positional().first() == account.name) {
            listed->push_back({account, {}});
        }
    }
    if (!context.arguments.positional().isEmpty() && listed->empty()) {
        return context.fail(Text::tr("There is no account %1. “earmark account list” names them.")
                                .arg(shownText(context.arguments.positional().first(), 60)));
    }
    if (listed->empty()) {
        printList(context, *listed);
        return kExitDone;
    }
    Secrets secrets(context.profile, keyringPatience());
    const int exitCode = runUntilDone([&secrets, listed](const std::function<void(int)>& done) {
        auto open = std::make_shared<size_t>(listed->size());
        for (size_t i = 0; i < listed->size(); ++i) {
            secrets.origin((*listed)[i].account.name, qApp, [listed, open, i, done](Secrets::Origin origin) {
                (*listed)[i].key = originWord(origin);
                if (--*open == 0) {
                    done(kExitDone);
                }
            });
        }
    });
    if (exitCode == kExitDone) {
        printList(context, *listed);
    }
    return exitCode;
}

}  // namespace earmark
