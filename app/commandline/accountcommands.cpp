// account add, list, remove. (account test has a file of its own.)
#include <QCoreApplication>
#include <QTimeZone>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

/// The account that the words describe; the error is wrong usage.
Result<Account> accountFromArguments(const Arguments& arguments) {
    Account account;
    account.name = arguments.positional().first();
    if (!isAccountName(account.name)) {
        return failure(
            ErrorKind::InvalidInput,
            Text::tr("“%1” cannot be an account's name: it has 1 to 31 of a-z, 0-9 and -, and does not begin with -.")
                .arg(shownText(account.name, 60)));
    }
    if (!arguments.has("provider")) {
        return failure(ErrorKind::InvalidInput, Text::tr("The option --%1 is missing.").arg(u"provider"_s));
    }
    const auto provider = providerFromWord(arguments.value("provider"));
    if (!provider) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("There is no provider “%1”; there are yotel, atoms, vatel and autocalls.")
                           .arg(shownText(arguments.value("provider"), 60)));
    }
    account.provider = *provider;
    account.baseUrl = defaultBaseUrl(*provider);
    if (arguments.has("base-url")) {
        const auto url = checkedBaseUrl(arguments.value("base-url"));
        if (!url) {
            return failure(url.error());
        }
        account.baseUrl = *url;
    }
    if (arguments.has("assume-zone")) {
        account.assumedZone = arguments.value("assume-zone");
        if (!QTimeZone(account.assumedZone.toUtf8()).isValid()) {
            return failure(ErrorKind::InvalidInput,
                           Text::tr("There is no time zone “%1”; write it as in Asia/Kolkata or UTC.")
                               .arg(shownText(account.assumedZone, 60)));
        }
    }
    if (arguments.has("key-stdin") && arguments.has("key-file")) {
        return failure(ErrorKind::InvalidInput, Text::tr("Only one of --key-stdin and --key-file can be given."));
    }
    return account;
}

int keepKey(CommandContext& context, const QString& account, const QByteArray& key) {
    Secrets secrets(context.profile, keyringPatience());
    return runUntilDone([&context, &secrets, account, key](const std::function<void(int)>& done) {
        secrets.keep(account, key, qApp, [&context, done](const Done& kept) {
            if (!kept) {
                context.console.say(kept.error().message);
            }
            done(kExitDone);  // the account is there either way
        });
    });
}

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
    TextTable table(
        {Text::tr("Name"), Text::tr("Provider"), Text::tr("Address"), Text::tr("Assumed zone"), Text::tr("Key")}, 60);
    for (const Listed& listed : accounts) {
        table.addRow({listed.account.name, word(listed.account.provider),
                      listed.account.baseUrl.toString(QUrl::FullyEncoded), listed.account.assumedZone, listed.key});
    }
    context.console.print(table.text());
}

}  // namespace

int runAccountAdd(CommandContext& context) {
    const auto account = accountFromArguments(context.arguments);
    if (!account) {
        return context.fail(account.error().message, kExitUsage);
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return context.fail(key.error().message);
    }
    const auto lock = context.lock();
    if (!lock) {
        return context.fail(lock.error());
    }
    auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadWrite);
    if (!reviews) {
        return context.fail(reviews.error());
    }
    const auto known = (*reviews)->accounts();
    if (!known) {
        return context.fail(known.error());
    }
    for (const Account& other : *known) {
        if (other.name == account->name) {
            return context.fail(
                Text::tr("There is an account %1 already. Choose another name, or remove that one first.")
                    .arg(other.name));
        }
    }
    if (const Done saved = (*reviews)->saveAccount(*account); !saved) {
        return context.fail(saved.error());
    }
    context.console.line(
        Text::tr("The account %1 (%2, %3) was added.")
            .arg(account->name, providerName(account->provider), account->baseUrl.toString(QUrl::FullyEncoded)));
    if (!*key) {
        if (qEnvironmentVariableIsEmpty(keyVariable(account->name).toLatin1().constData())) {
            context.console.say(
                Text::tr("It has no key yet: give it with --key-stdin, or set %1.").arg(keyVariable(account->name)));
        }
        return kExitDone;
    }
    return keepKey(context, account->name, **key);
}

int runAccountKey(CommandContext& context) {
    const QString name = context.arguments.positional().first();
    if (context.arguments.has("key-stdin") == context.arguments.has("key-file")) {
        return context.fail(Text::tr("Say where the key is: --key-stdin or --key-file F."), kExitUsage);
    }
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto known = (*reader)->accounts();
    if (!known) {
        return context.fail(known.error());
    }
    if (std::none_of(known->begin(), known->end(), [&](const Account& account) { return account.name == name; })) {
        return context.fail(
            Text::tr("There is no account %1. “earmark account list” names them.").arg(shownText(name, 60)));
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return context.fail(key.error().message);
    }
    // Unlike at "add" there is nothing else to be done here: a key that cannot be kept is a failure.
    Secrets secrets(context.profile, keyringPatience());
    return runUntilDone([&context, &secrets, name, secret = **key](const std::function<void(int)>& done) {
        secrets.keep(name, secret, qApp, [&context, name, done](const Done& kept) {
            if (!kept) {
                context.console.say(kept.error().message);
                done(kExitFailed);
                return;
            }
            context.console.line(Text::tr("The keyring keeps the new key of %1.").arg(name));
            if (!qEnvironmentVariableIsEmpty(keyVariable(name).toLatin1().constData())) {
                context.console.say(
                    Text::tr("The variable %1 is set, too, and comes before the keyring.").arg(keyVariable(name)));
            }
            done(kExitDone);
        });
    });
}

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

int runAccountRemove(CommandContext& context) {
    const QString name = context.arguments.positional().first();
    const auto lock = context.lock();
    if (!lock) {
        return context.fail(lock.error());
    }
    auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadWrite);
    if (!reviews) {
        return context.fail(reviews.error());
    }
    const auto known = (*reviews)->accounts();
    if (!known) {
        return context.fail(known.error());
    }
    if (std::none_of(known->begin(), known->end(), [&](const Account& account) { return account.name == name; })) {
        return context.fail(
            Text::tr("There is no account %1. “earmark account list” names them.").arg(shownText(name, 60)));
    }
    // Calls first: should this be cut short, the account is still there and can be removed again.
    auto calls = CallsDatabase::open(context.profile.callsFile(), CallsDatabase::Access::ReadWrite);
    if (!calls) {
        return context.fail(calls.error());
    }
    if (const Done removed = (*calls)->removeAccount(name); !removed) {
        return context.fail(removed.error());
    }
    if (const Done removed = (*reviews)->removeAccount(name); !removed) {
        return context.fail(removed.error());
    }
    const auto all = (*reviews)->allReviews();
    qint64 kept = 0;
    if (all) {
        for (auto it = all->cbegin(); it != all->cend(); ++it) {
            kept += it.key().account == name && it.value() != Review() ? 1 : 0;
        }
    }
    if (context.arguments.has("json")) {
        JsonWriter json(0);
        json.beginObject();
        json.key(u"removed");
        json.text(name);
        json.key(u"edits_kept");
        json.number(kept);
        json.endObject();
        context.console.print(json.take());
    } else {
        context.console.line(Text::tr("The account %1 and its calls were removed.").arg(name));
        context.console.line(
            kept == 0   ? Text::tr("There were no edits of its calls.")
            : kept == 1 ? Text::tr("Your edits of one of its calls stay on this computer.")
                        : Text::tr("Your edits of %n of its calls stay on this computer.", nullptr, int(kept)));
    }
    Secrets secrets(context.profile, keyringPatience());
    return runUntilDone([&context, &secrets, name](const std::function<void(int)>& done) {
        secrets.forget(name, qApp, [&context, name, done](const Done& forgotten) {
            if (!forgotten) {
                context.console.say(forgotten.error().message);
            }
            if (!qEnvironmentVariableIsEmpty(keyVariable(name).toLatin1().constData())) {
                context.console.say(Text::tr("The variable %1 is still set.").arg(keyVariable(name)));
            }
            done(kExitDone);
        });
    });
}

}  // namespace earmark
