// account test: asks each provider whose the key is, and says what works, or what is wrong and where.
#include <QCoreApplication>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/sync/accountcheck.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

struct Tested {
    Account account;
    AccountFindings findings;
    std::chrono::milliseconds serverWishLeft{0};
};

/// Tests one account after the other and calls `done` at the end.
class AccountTest final : public QObject {
 public:
    AccountTest(std::shared_ptr<std::vector<Tested>> accounts, Secrets* secrets, std::shared_ptr<const Clock> clock,
                std::function<void()> done)
        : m_accounts(std::move(accounts)),
          m_secrets(secrets),
          m_http(clock),
          m_check(&m_http, clock, nullptr),
          m_done(std::move(done)) {
        connect(&m_check, &AccountCheck::finished, this, &AccountTest::end, Qt::QueuedConnection);
    }

    void next() {
        if (m_at == m_accounts->size()) {
            m_done();
            return;
        }
        const Account& account = current().account;
        if (const auto left = current().serverWishLeft; left.count() > 0) {
            Error error =
                makeError(ErrorKind::RateLimited,
                          Text::tr("%1 asked to wait before the next request.").arg(providerName(account.provider)));
            error.retryAfter = left;
            end({error, {}, {}, false});
            return;
        }
        m_secrets->key(account.name, this, [this](const Result<QByteArray>& key) {
            if (key) {
                m_check.start(current().account, *key);
            } else {
                end({key.error(), {}, {}, false});
            }
        });
    }

 private:
    Tested& current() { return (*m_accounts)[m_at]; }

    void end(const AccountFindings& findings) {
        current().findings = findings;
        ++m_at;
        next();
    }

    std::shared_ptr<std::vector<Tested>> m_accounts;
    Secrets* m_secrets;
    HttpClient m_http;
    AccountCheck m_check;
    std::function<void()> m_done;
    size_t m_at = 0;
};

void writeTested(JsonWriter& json, const QString& name, const Account* account, const AccountFindings& findings) {
    json.beginObject();
    json.key(u"account");
    json.textOrNull(name.isEmpty() ? std::nullopt : std::optional(name));
    json.key(u"ok");
    json.boolean(!findings.error);
    json.key(u"who");
    json.textOrNull(findings.who.isEmpty() ? std::nullopt : std::optional(findings.who));
    json.key(u"campaigns");
    findings.campaigns ? json.number(*findings.campaigns) : json.null();
    json.key(u"trouble");
    json.textOrNull(findings.error && account != nullptr ? std::optional(word(troubleOf(*findings.error)))
                                                         : std::nullopt);
    json.key(u"error");
    if (findings.error) {
        json.beginObject();
        json.key(u"kind");
        json.text(errorKindWord(findings.error->kind));
        json.key(u"message");
        json.text(account != nullptr ? findingsText(*account, findings) : errorText(*findings.error));
        json.endObject();
    } else {
        json.null();
    }
    json.endObject();
}

void printTested(CommandContext& context, const std::vector<Tested>& accounts) {
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        json.beginArray();
        for (const Tested& tested : accounts) {
            writeTested(json, tested.account.name, &tested.account, tested.findings);
        }
        json.endArray();
        context.console.print(json.take());
        return;
    }
    for (const Tested& tested : accounts) {
        const QString text = findingsText(tested.account, tested.findings);
        if (tested.findings.error) {
            context.console.say(tested.account.name + u": "_s + text);
        } else {
            context.console.line(tested.account.name + u": "_s + text);
        }
    }
}

/// Nothing could be tested: with --json the answer says so too.
int failTest(CommandContext& context, const Error& error) {
    if (context.arguments.has("json")) {
        const QStringList names = context.arguments.positional();
        JsonWriter json(1);
        json.beginArray();
        writeTested(json, names.isEmpty() ? QString() : names.first(), nullptr, {error, {}, {}, false});
        json.endArray();
        context.console.print(json.take());
    }
    return context.fail(error);
}

Error noAccount(const QStringList& names) {
    Error error = makeError(ErrorKind::NotFoundHere,
                            names.isEmpty() ? Text::tr("There is no account yet.")
                                            : Text::tr("There is no account %1.").arg(shownText(names.first(), 60)));
    error.next = names.isEmpty() ? Text::tr("Add one with “earmark account add NAME --provider yotel --key-stdin”.")
                                 : Text::tr("“earmark account list” names them.");
    return error;
}

}  // namespace

int runAccountTest(CommandContext& context) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return failTest(context, reader.error());
    }
    const auto known = (*reader)->accounts();
    if (!known) {
        return failTest(context, known.error());
    }
    const QStringList names = context.arguments.positional();
    const auto accounts = std::make_shared<std::vector<Tested>>();
    for (const Account& account : *known) {
        if (names.isEmpty() || names.first() == account.name) {
            accounts->push_back({account, {}, (*reader)->serverWishLeft(account, context.clock->now())});
        }
    }
    if (accounts->empty()) {
        return failTest(context, noAccount(names));
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return failTest(context, key.error());
    }
    if (*key && accounts->size() > 1) {
        return context.fail(Text::tr("--key-stdin gives one key; name the account that it is for."), kExitUsage);
    }
    Secrets secrets(context.profile, keyringPatience());
    if (*key) {
        secrets.setForThisRun(accounts->front().account.name, **key);
    }
    std::unique_ptr<AccountTest> test;
    const int ended = runUntilDone([&](const std::function<void(int)>& done) {
        test = std::make_unique<AccountTest>(accounts, &secrets, context.clock, [done] { done(kExitDone); });
        test->next();
    });
    if (ended != kExitDone) {
        return ended;
    }
    printTested(context, *accounts);
    const auto failed = std::count_if(accounts->begin(), accounts->end(),
                                      [](const Tested& tested) { return tested.findings.error.has_value(); });
    return failed == 0 ? kExitDone : size_t(failed) == accounts->size() ? kExitFailed : kExitPartly;
}

}  // namespace earmark
