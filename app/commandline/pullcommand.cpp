// pull: fetches calls into the profile.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>

#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/commandline/momentinput.h"
#include "app/redaction.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/puller.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

Result<PullOptions> optionsFromArguments(const Arguments& arguments) {
    PullOptions options;
    options.campaignIds = arguments.values("campaign");
    options.callIds = arguments.values("call");
    options.full = arguments.has("full");
    options.details = arguments.has("details");
    for (const char* name : {"since", "until"}) {
        if (!arguments.has(name)) {
            continue;
        }
        const bool isUntil = qstrcmp(name, "until") == 0;
        const auto moment = momentFromText(arguments.value(name), isUntil);
        if (!moment) {
            return failure(ErrorKind::InvalidInput,
                           Text::tr("--%1 needs a date such as 2026-04-18 or 2026-04-18T14:00, not “%2”.")
                               .arg(QLatin1StringView(name), shownText(arguments.value(name), 60)));
        }
        (isUntil ? options.until : options.since) = moment;
    }
    if (options.since && options.until && *options.since > *options.until) {
        return failure(ErrorKind::InvalidInput, Text::tr("--since lies after --until."));
    }
    return options;
}

void writeReport(JsonWriter& json, const PullReport& report) {
    json.beginObject();
    json.key(u"accounts");
    json.beginArray();
    for (const AccountReport& account : report.accounts) {
        json.beginObject();
        json.key(u"account");
        json.text(account.account);
        json.key(u"ok");
        json.boolean(account.ok);
        const std::pair<QStringView, qint64> numbers[] = {
            {u"pages", account.pages},      {u"received", account.received}, {u"new", account.added},
            {u"changed", account.changed},  {u"unlisted", account.unlisted}, {u"rejected", account.rejected},
            {u"requests", account.requests}};
        for (const auto& [name, number] : numbers) {
            json.key(name);
            json.number(number);
        }
        json.key(u"seconds");
        json.number(std::round(account.seconds * 1000) / 1000);
        json.key(u"error");
        if (account.error) {
            json.beginObject();
            json.key(u"kind");
            json.text(errorKindWord(account.error->kind));
            json.key(u"message");
            json.text(errorText(*account.error));
            json.endObject();
        } else {
            json.null();
        }
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

int exitCodeOf(PullOutcome outcome) {
    switch (outcome) {
        case PullOutcome::Complete:
            return kExitDone;
        case PullOutcome::Partly:
            return kExitPartly;
        case PullOutcome::Failed:
            break;
    }
    return kExitFailed;
}

int printReport(CommandContext& context, const PullReport& report) {
    for (const AccountReport& account : report.accounts) {
        for (const QString& notice : account.notices) {
            context.console.say(account.account + u": "_s + notice);
        }
        if (account.error && !account.notices.contains(account.error->message)) {
            context.console.say(account.account + u": "_s + errorText(*account.error));
        }
    }
    if (context.arguments.has("json")) {
        JsonWriter json(3);
        writeReport(json, report);
        context.console.print(json.take());
    } else {
        for (const AccountReport& account : report.accounts) {
            context.console.line(Text::tr("%1: %2 calls received, %3 new, %4 changed, in %5 s")
                                     .arg(account.account, QString::number(account.received),
                                          QString::number(account.added), QString::number(account.changed),
                                          QString::number(account.seconds, 'f', 1)));
        }
    }
    return exitCodeOf(report.outcome());
}

/// A failure before anything was asked, as the report of every account that was to be pulled.
int failAll(CommandContext& context, const QStringList& names, const Error& error) {
    PullReport report;
    for (const QString& name : names) {
        AccountReport account;
        account.account = name;
        account.error = error;
        report.accounts.push_back(account);
    }
    if (names.isEmpty()) {
        context.console.say(errorText(error));
    }
    return printReport(context, report);
}

QString standOf(const PullProgress& progress) {
    const QString received = QString::number(progress.received);
    const bool isNamed = !progress.campaign.isEmpty();  // a list of the whole account is not
    if (!progress.total || (!isNamed && progress.campaigns > 1)) {
        return Text::tr("%1 calls so far").arg(received);
    }
    const QString total = QString::number(*progress.total);
    return isNamed ? Text::tr("%1 calls so far; “%2” has %3").arg(received, shownText(progress.campaign, 60), total)
                   : Text::tr("%1 calls so far; there are %2").arg(received, total);
}

/// Everything a pull needs, alive as long as the event loop runs.
class PullRun final : public QObject {
 public:
    PullRun(CommandContext& context, PullOptions options, std::optional<QByteArray> key, std::function<void(int)> done)
        : m_context(context),
          m_options(std::move(options)),
          m_key(std::move(key)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({context.profile.folder(), context.clock, {}}),
          m_http(context.clock),
          m_puller(&m_store, &m_http, &m_secrets, context.clock) {
        connect(&m_puller, &Puller::progressed, this, &PullRun::showProgress);
        connect(&m_puller, &Puller::finished, this, &PullRun::finish);
        m_shown.start();
    }

    void start() {
        m_store.open(this, [this](const Done& opened) {
            if (!opened) {
                m_done(failAll(m_context, m_context.arguments.positional(), opened.error()));
                return;
            }
            m_store.loadAccounts(this, [this](const Result<std::vector<Account>>& accounts) {
                accounts ? pull(*accounts)
                         : m_done(failAll(m_context, m_context.arguments.positional(), accounts.error()));
            });
        });
    }

    void cancel() {
        if (m_puller.isRunning()) {
            m_puller.cancel();
        } else {
            m_done(kExitFailed);
        }
    }

 private:
    void pull(const std::vector<Account>& known) {
        const QStringList names = m_context.arguments.positional();
        std::vector<Account> wanted;
        for (const Account& account : known) {
            // A disabled account is pulled when it is named, which is no accident.
            if (names.isEmpty() ? account.isEnabled : names.contains(account.name)) {
                wanted.push_back(account);
            }
        }
        for (const QString& name : names) {
            if (std::none_of(known.begin(), known.end(),
                             [&](const Account& account) { return account.name == name; })) {
                AccountReport missing;
                missing.account = name;
                missing.error = makeError(
                    ErrorKind::NotFoundHere,
                    Text::tr("There is no account %1; “earmark account list” names them.").arg(shownText(name, 60)));
                m_missing.push_back(missing);
            }
        }
        if (known.empty() && names.isEmpty()) {
            m_context.console.say(Text::tr(
                "There is no account yet. Add one with “earmark account add NAME --provider yotel --key-stdin”."));
        }
        if (wanted.empty() && names.isEmpty() && !known.empty()) {
            m_context.console.say(Text::tr("Every account is disabled; name one to pull it all the same."));
        }
        if (wanted.empty()) {
            finish({});
            return;
        }
        if (m_key) {
            if (wanted.size() > 1) {
                m_done(m_context.fail(Text::tr("--key-stdin gives one key; name the account that it is for."),
                                      kExitUsage));
                return;
            }
            m_secrets.setForThisRun(wanted.front().name, *m_key);
        }
        if (const Done started = m_puller.start(wanted, m_options); !started) {
            m_done(failAll(m_context, names, started.error()));
        }
    }

    void showProgress(const PullProgress& progress) {
        if (!progress.waitingFor.isEmpty()) {
            if (progress.waitingFor != m_waiting) {
                m_context.console.say(progress.account + u": "_s + progress.waitingFor +
                                      Text::tr(" (Ctrl+C ends the pull; what came is kept)"));
            }
        } else if (m_shown.elapsed() > 500) {
            m_shown.restart();
            m_context.console.say(progress.account + u": "_s + standOf(progress));
        }
        m_waiting = progress.waitingFor;
    }

    void finish(PullReport report) {
        report.accounts.insert(report.accounts.end(), m_missing.begin(), m_missing.end());
        m_done(printReport(m_context, report));
    }

    CommandContext& m_context;
    PullOptions m_options;
    std::optional<QByteArray> m_key;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    Puller m_puller;
    std::vector<AccountReport> m_missing;
    QElapsedTimer m_shown;
    QString m_waiting;
};

}  // namespace

int runPull(CommandContext& context) {
    const auto options = optionsFromArguments(context.arguments);
    if (!options) {
        return context.fail(options.error().message, kExitUsage);
    }
    for (const QString& name : context.arguments.positional()) {
        if (!isAccountName(name)) {
            return context.fail(Text::tr("“%1” cannot be an account's name.").arg(shownText(name, 60)), kExitUsage);
        }
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return failAll(context, context.arguments.positional(), key.error());
    }
    const auto lock = context.lock();
    if (!lock) {
        return failAll(context, context.arguments.positional(), lock.error());
    }
    std::unique_ptr<PullRun> run;
    const int exitCode = runUntilDone(
        [&](const std::function<void(int)>& done) {
            run = std::make_unique<PullRun>(context, *options, *key, done);
            run->start();
        },
        [&run] {
            if (run) {
                run->cancel();
            }
        });
    return exitCode;
}

}  // namespace earmark
