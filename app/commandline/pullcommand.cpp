// pull: fetches calls into the profile. sync: sends what waits, then pulls, then sends what that made.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <algorithm>

#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "app/commandline/momentinput.h"
#include "app/commandline/syncshapes.h"
#include "app/redaction.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/edits/merger.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/puller.h"
#include "models/sync/pusher.h"

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

/// A failure before anything was asked, as the report of every account that was to be pulled.
int failAll(CommandContext& context, bool sends, const Error& error) {
    const QStringList names = context.arguments.positional();
    SyncReport report;
    report.sends = sends;
    for (const QString& name : names) {
        AccountReport account;
        account.account = name;
        account.error = error;
        report.pull.accounts.push_back(account);
    }
    if (names.isEmpty()) {
        context.console.say(errorText(error));
    }
    return printSyncReport(context, report);
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

/// Everything a pull or a sync needs, alive as long as the event loop runs.
class SyncRun final : public QObject {
 public:
    SyncRun(CommandContext& context, PullOptions options, bool sends, std::optional<QByteArray> key,
            std::function<void(int)> done)
        : m_context(context),
          m_options(std::move(options)),
          m_key(std::move(key)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({context.profile.folder(), context.clock, {}}),
          m_http(context.clock),
          m_merger(&m_store),
          m_puller(&m_store, &m_http, &m_secrets, context.clock),
          m_pusher(&m_store, &m_http, &m_secrets, context.clock) {
        m_report.sends = sends;
        connect(&m_puller, &Puller::progressed, this, &SyncRun::showProgress);
        connect(&m_puller, &Puller::finished, this, &SyncRun::takePull);
        connect(&m_pusher, &Pusher::finished, this, &SyncRun::takePush);
        connect(&m_pusher, &Pusher::changed, this, &SyncRun::showPush);
        m_shown.start();
    }

    void start() {
        m_store.open(this, [this](const Done& opened) {
            if (!opened) {
                m_done(failAll(m_context, m_report.sends, opened.error()));
                return;
            }
            m_merger.start();
            m_store.loadAccounts(this, [this](const Result<std::vector<Account>>& accounts) {
                accounts ? begin(*accounts) : m_done(failAll(m_context, m_report.sends, accounts.error()));
            });
        });
    }

    void cancel() {
        m_isCancelled = true;
        if (m_pusher.isSendingNow()) {
            m_pusher.cancel();
        } else if (m_puller.isRunning()) {
            m_puller.cancel();
        } else if (m_hasPulled) {
            m_done(printSyncReport(m_context, m_report));  // only the merge was waited for
        } else {
            m_done(kExitFailed);
        }
    }

 private:
    void begin(const std::vector<Account>& known) {
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
            finish();
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
        m_wanted = wanted;
        if (m_report.sends) {
            m_pusher.setAccounts(known);
            m_pusher.begin();
            send();
        } else {
            pull();
        }
    }

    void send() {
        QStringList names;
        for (const Account& account : m_wanted) {
            const PushReport* before = m_report.pushOf(account.name);
            if (before == nullptr || !before->error) {  // a target that is down is not waited for twice
                names.append(account.name);
            }
        }
        m_pusher.sendNow(names);
    }

    void takePush(const std::vector<PushReport>& reports) {
        m_report.add(reports);
        m_isCancelled || m_hasPulled ? finish() : pull();
    }

    void pull() {
        if (const Done started = m_puller.start(m_wanted, m_options); !started) {
            m_done(failAll(m_context, m_report.sends, started.error()));
        }
    }

    void takePull(const PullReport& report) {
        m_report.pull = report;
        m_hasPulled = true;
        if (m_report.sends && !m_isCancelled) {
            onceMerged([this] { send(); });  // a merge can have made something to send
        } else {
            finish();
        }
    }

    void showPush() {
        for (const PushState& state : m_pusher.states()) {
            const bool waits = state.what == PushState::What::Waiting || state.what == PushState::What::Offline;
            if (waits && m_pusher.isSendingNow() && state.reason != m_waiting) {
                m_waiting = state.reason;
                m_context.console.say(state.account + u": "_s + state.reason +
                                      Text::tr(" (Ctrl+C ends the sync; nothing is lost)"));
            }
        }
    }

    void showProgress(const PullProgress& progress) {
        if (!progress.waitingFor.isEmpty()) {
            if (progress.waitingFor != m_waiting) {
                m_context.console.say(progress.account + u": "_s + progress.waitingFor +
                                      Text::tr(" (Ctrl+C ends the pull; what came is kept)"));
            }
        } else if (progress.received > 0 && m_shown.elapsed() > 500) {
            m_shown.restart();
            m_context.console.say(progress.account + u": "_s + standOf(progress));
        }
        m_waiting = progress.waitingFor;
    }

    void finish() {
        if (m_isCancelled && !m_hasPulled) {
            for (const Account& account : m_wanted) {
                AccountReport stopped;
                stopped.account = account.name;
                stopped.error = makeError(ErrorKind::Cancelled);
                m_report.pull.accounts.push_back(stopped);
            }
        }
        std::vector<AccountReport>& accounts = m_report.pull.accounts;
        accounts.insert(accounts.end(), m_missing.begin(), m_missing.end());
        onceMerged([this] { m_report.sends ? findNotTaken() : m_done(printSyncReport(m_context, m_report)); });
    }

    void findNotTaken() {
        m_store.loadPending(this, [this](const Result<std::vector<PendingEdit>>& pending) {
            for (const PendingEdit& edit : pending.value_or(std::vector<PendingEdit>())) {
                const bool isNotTaken = edit.state == EditState::Refused || edit.state == EditState::Conflict;
                if (isNotTaken && m_report.pushOf(edit.key.account) != nullptr) {
                    m_report.notTaken.push_back(edit);
                }
            }
            m_done(printSyncReport(m_context, m_report));
        });
    }

    /// What came is put together with the edits first; Ctrl+C leaves that to the next start.
    void onceMerged(const std::function<void()>& then) {
        if (m_merger.isIdle()) {
            then();
        } else {
            connect(&m_merger, &Merger::idle, this, then, Qt::SingleShotConnection);
        }
    }

    CommandContext& m_context;
    PullOptions m_options;
    std::optional<QByteArray> m_key;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    Merger m_merger;
    Puller m_puller;
    Pusher m_pusher;
    SyncReport m_report;
    std::vector<Account> m_wanted;
    std::vector<AccountReport> m_missing;
    bool m_hasPulled = false;
    bool m_isCancelled = false;
    QElapsedTimer m_shown;
    QString m_waiting;
};

int run(CommandContext& context, const PullOptions& options, bool sends) {
    for (const QString& name : context.arguments.positional()) {
        if (!isAccountName(name)) {
            return context.fail(Text::tr("“%1” cannot be an account's name.").arg(shownText(name, 60)), kExitUsage);
        }
    }
    const auto key = keyFromArguments(context.arguments);
    if (!key) {
        return failAll(context, sends, key.error());
    }
    const auto lock = context.lock();
    if (!lock) {
        return failAll(context, sends, lock.error());
    }
    std::unique_ptr<SyncRun> run;
    return runUntilDone(
        [&](const std::function<void(int)>& done) {
            run = std::make_unique<SyncRun>(context, options, sends, *key, done);
            run->start();
        },
        [&run] {
            if (run) {
                run->cancel();
            }
        });
}

}  // namespace

int runPull(CommandContext& context) {
    const auto options = optionsFromArguments(context.arguments);
    if (!options) {
        return context.fail(options.error().message, kExitUsage);
    }
    return run(context, *options, false);
}

int runSync(CommandContext& context) {
    return run(context, {}, true);
}

}  // namespace earmark
