// account add, edit, enable, disable, key, remove. (list and test have files of their own.)
#include <QCoreApplication>
#include <algorithm>

#include "app/commandline/accountoptions.h"
#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/commandline/knownaccount.h"
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
    account.pageSize = defaultPageSize(*provider);
    if (arguments.has("key-stdin") && arguments.has("key-file")) {
        return failure(ErrorKind::InvalidInput, Text::tr("Only one of --key-stdin and --key-file can be given."));
    }
    return accountWithOptions(std::move(account), arguments);
}

int setEnabled(CommandContext& context, bool enabled) {
    auto known = openKnownAccount(context, context.arguments.positional().first());
    if (!known) {
        return context.fail(known.error());
    }
    known->account.isEnabled = enabled;
    if (const Done saved = known->reviews->saveAccount(known->account); !saved) {
        return context.fail(saved.error());
    }
    context.console.line(
        enabled ? Text::tr("The account %1 is in use again.").arg(known->account.name)
                : Text::tr("The account %1 is disabled: nothing is asked of it by itself; its calls stay. A pull that "
                           "names it still pulls it.")
                      .arg(known->account.name));
    return kExitDone;
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

int runAccountEdit(CommandContext& context) {
    if (!hasAccountOptions(context.arguments)) {
        return context.fail(Text::tr("Say what is to be changed."), kExitUsage);
    }
    auto known = openKnownAccount(context, context.arguments.positional().first());
    if (!known) {
        return context.fail(known.error());
    }
    const auto changed = accountWithOptions(known->account, context.arguments);
    if (!changed) {
        return context.fail(changed.error().message, kExitUsage);
    }
    if (const Done saved = known->reviews->saveAccount(*changed); !saved) {
        return context.fail(saved.error());
    }
    context.console.line(Text::tr("The account %1 was changed; the next pull goes by it.").arg(changed->name));
    return kExitDone;
}

int runAccountEnable(CommandContext& context) {
    return setEnabled(context, true);
}

int runAccountDisable(CommandContext& context) {
    return setEnabled(context, false);
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

namespace {

void writeRemoved(JsonWriter& json, const QString& name, std::optional<qint64> kept, const Error* error) {
    json.beginObject();
    json.key(u"removed");
    error != nullptr ? json.null() : json.text(name);
    json.key(u"edits_kept");
    kept ? json.number(*kept) : json.null();
    json.key(u"error");
    if (error != nullptr) {
        json.beginObject();
        json.key(u"kind");
        json.text(errorKindWord(error->kind));
        json.key(u"message");
        json.text(errorText(*error));
        json.endObject();
    } else {
        json.null();
    }
    json.endObject();
}

int failRemove(CommandContext& context, const QString& name, const Error& error) {
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        writeRemoved(json, name, std::nullopt, &error);
        context.console.print(json.take());
    }
    return context.fail(error);
}

/// How many of the account's calls have edits or marks.
qint64 countReviewed(ReviewsDatabase& reviews, const QString& name) {
    QSet<CallKey> kept;
    if (const auto all = reviews.allReviews()) {
        for (auto it = all->cbegin(); it != all->cend(); ++it) {
            if (it.key().account == name && it.value() != Review()) {
                kept.insert(it.key());
            }
        }
    }
    if (const auto marks = reviews.marks({name, {}})) {
        for (const CallMark& mark : *marks) {
            kept.insert(mark.call);
        }
    }
    return kept.size();
}

}  // namespace

int runAccountRemove(CommandContext& context) {
    const QString name = context.arguments.positional().first();
    const auto known = openKnownAccount(context, name);
    if (!known) {
        return failRemove(context, name, known.error());
    }
    // Calls first: should this be cut short, the account is still there and can be removed again.
    auto calls = CallsDatabase::open(context.profile.callsFile(), CallsDatabase::Access::ReadWrite);
    auto removed = calls ? (*calls)->removeAccount(name) : failure(calls.error());
    if (removed) {
        removed = known->reviews->removeAccount(name);
    }
    if (!removed) {
        return failRemove(context, name, removed.error());
    }
    const qint64 kept = countReviewed(*known->reviews, name);
    if (context.arguments.has("json")) {
        JsonWriter json(0);
        writeRemoved(json, name, kept, nullptr);
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
