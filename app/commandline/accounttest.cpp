// account test: asks each provider for its campaigns and says who and what works, or what is wrong and where.
#include <QCoreApplication>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/providers/readdialect.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

struct Tested {
    Account account;
    std::optional<qint64> campaigns;
    std::optional<Error> error;
    std::chrono::milliseconds serverWishLeft{0};
};

/// Tests one account after the other and calls `done` at the end. Deletes itself.
class AccountTest final : public QObject {
 public:
    AccountTest(std::shared_ptr<std::vector<Tested>> accounts, Secrets* secrets, std::shared_ptr<const Clock> clock,
                std::function<void()> done)
        : m_accounts(std::move(accounts)), m_secrets(secrets), m_http(std::move(clock)), m_done(std::move(done)) {}

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
            end(error);
            return;
        }
        m_dialect = readDialectFor(account.provider);
        if (!m_dialect) {
            end(makeError(
                ErrorKind::NotSupported,
                Text::tr("Reading from %1 is not available yet in this version.").arg(providerName(account.provider))));
            return;
        }
        m_secrets->key(account.name, this,
                       [this](const Result<QByteArray>& key) { key ? ask(*key) : end(key.error()); });
    }

 private:
    Tested& current() { return (*m_accounts)[m_at]; }

    void ask(const QByteArray& key) {
        HttpRequest request;
        request.url = m_dialect->campaignsUrl(current().account, 1);
        request.bearer = key;
        request.allowLoopback = isLoopback(current().account.baseUrl);
        request.headers.append({QByteArrayLiteral("Accept"), QByteArrayLiteral("application/json")});
        m_ticket = m_http.send(std::move(request), [this](const Result<HttpAnswer>& answer) {
            answer ? take(*answer) : end(answer.error());
        });
    }

    void take(const HttpAnswer& answer) {
        if (answer.status < 200 || answer.status > 299) {
            Error error = m_dialect->parseError(answer.status, answer.body);
            if (answer.status == 429 || answer.status == 503) {
                error.retryAfter = answer.retryAfter(m_http.clock()->now());
            }
            end(error);
            return;
        }
        const auto campaigns = m_dialect->parseCampaigns(current().account, answer.body);
        if (!campaigns) {
            end(campaigns.error());
            return;
        }
        current().campaigns = qint64(campaigns->entries.size());
        end(std::nullopt);
    }

    void end(const std::optional<Error>& error) {
        current().error = error;
        ++m_at;
        // Not from within the answer of the request that ends here.
        QMetaObject::invokeMethod(
            this,
            [this] {
                m_ticket.reset();
                next();
            },
            Qt::QueuedConnection);
    }

    std::shared_ptr<std::vector<Tested>> m_accounts;
    Secrets* m_secrets;
    HttpClient m_http;
    std::function<void()> m_done;
    std::shared_ptr<const ReadDialect> m_dialect;
    std::unique_ptr<HttpTicket> m_ticket;
    size_t m_at = 0;
};

/// What exactly is wrong: the name, the secure connection, the key or the address.
QString troubleText(const Tested& tested) {
    const QString host = tested.account.baseUrl.host();
    const Error& error = *tested.error;
    QString where;
    if (error.kind == ErrorKind::Offline) {
        where = Text::tr("Host %1: ").arg(host);
    } else if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::NotTheApi) {
        where = Text::tr("Address %1: ").arg(tested.account.baseUrl.toString(QUrl::FullyEncoded));
    }
    return where + errorText(error);
}

void printTested(CommandContext& context, const std::vector<Tested>& accounts) {
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        json.beginArray();
        for (const Tested& tested : accounts) {
            json.beginObject();
            json.key(u"account");
            json.text(tested.account.name);
            json.key(u"ok");
            json.boolean(!tested.error);
            json.key(u"campaigns");
            tested.campaigns ? json.number(*tested.campaigns) : json.null();
            json.key(u"error");
            if (tested.error) {
                json.beginObject();
                json.key(u"kind");
                json.text(errorKindWord(tested.error->kind));
                json.key(u"message");
                json.text(troubleText(tested));
                json.endObject();
            } else {
                json.null();
            }
            json.endObject();
        }
        json.endArray();
        context.console.print(json.take());
        return;
    }
    for (const Tested& tested : accounts) {
        if (tested.error) {
            context.console.say(tested.account.name + u": "_s + troubleText(tested));
        } else {
            context.console.line(Text::tr("%1: %2 answers and accepts the key; %3 campaigns.")
                                     .arg(tested.account.name, providerName(tested.account.provider),
                                          QString::number(*tested.campaigns)));
        }
    }
}

}  // namespace

int runAccountTest(CommandContext& context) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto known = (*reader)->accounts();
    if (!known) {
        return context.fail(known.error());
    }
    const QStringList names = context.arguments.positional();
    const auto accounts = std::make_shared<std::vector<Tested>>();
    for (const Account& account : *known) {
        if (names.isEmpty() || names.first() == account.name) {
            accounts->push_back({account, {}, {}, (*reader)->serverWishLeft(account, context.clock->now())});
        }
    }
    if (accounts->empty()) {
        return context.fail(
            names.isEmpty()
                ? Text::tr(
                      "There is no account yet. Add one with “earmark account add NAME --provider yotel --key-stdin”.")
                : Text::tr("There is no account %1. “earmark account list” names them.")
                      .arg(shownText(names.first(), 60)));
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return context.fail(key.error().message);
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
                                      [](const Tested& tested) { return tested.error.has_value(); });
    return failed == 0 ? kExitDone : size_t(failed) == accounts->size() ? kExitFailed : kExitPartly;
}

}  // namespace earmark
