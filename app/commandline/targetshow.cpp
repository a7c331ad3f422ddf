// target show and target test.
#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

#include "app/commandline/callreader.h"
#include "app/commandline/commandline.h"
#include "app/commandline/jsonwriter.h"
#include "app/commandline/knownaccount.h"
#include "app/commandline/syncshapes.h"
#include "app/secrets.h"
#include "models/domain/textfold.h"
#include "models/net/httpclient.h"
#include "models/store/store.h"
#include "models/sync/pusher.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

QString word(Secrets::Origin origin) {
    switch (origin) {
        case Secrets::Origin::None:
            return u"none"_s;
        case Secrets::Origin::Session:
            return u"session"_s;
        case Secrets::Origin::Environment:
            return u"environment"_s;
        case Secrets::Origin::Keyring:
            return u"keyring"_s;
    }
    return {};
}

void printJson(CommandContext& context, const Account& account, const WaitingEdits& edits, Secrets::Origin secret) {
    const TargetSettings& target = account.target;
    const QString destination = destinationText(target);
    JsonWriter json(1);
    json.beginObject();
    json.key(u"account");
    json.text(account.name);
    json.key(u"target");
    json.text(earmark::word(target.kind));
    json.key(u"destination");
    json.textOrNull(destination.isEmpty() ? std::nullopt : std::optional(destination));
    json.key(u"format");
    json.textOrNull(target.kind == TargetKind::File ? std::optional(earmark::word(target.format)) : std::nullopt);
    json.key(u"with_notes");
    json.boolean(takes(target, ReviewField::Notes));
    json.key(u"sends_by_itself");
    json.boolean(target.sendsByItself);
    json.key(u"only_mapped");
    json.boolean(target.onlyMapped);
    json.key(u"mapping");
    json.beginObject();
    for (auto it = target.mapping.cbegin(); it != target.mapping.cend(); ++it) {
        json.key(it.key());
        json.text(it.value());
    }
    json.endObject();
    json.key(u"secret");
    json.text(word(secret));
    json.key(u"waiting");
    json.number(edits.waiting);
    json.key(u"kept");
    json.number(edits.kept);
    json.endObject();
    context.console.print(json.take());
}

void printText(CommandContext& context, const Account& account, const WaitingEdits& edits, Secrets::Origin secret) {
    const TargetSettings& target = account.target;
    const auto line = [&context](const QString& subject, const QString& text) {
        context.console.line(subject.leftJustified(12) + u"  "_s + text);
    };
    line(Text::tr("Account"), account.name);
    line(Text::tr("Target"), earmark::word(target.kind));
    if (target.kind != TargetKind::None) {
        line(Text::tr("Destination"), shownText(destinationText(target), 400));
        line(Text::tr("Sends"), target.sendsByItself ? Text::tr("by itself") : Text::tr("when asked"));
        line(Text::tr("Notes"), takes(target, ReviewField::Notes) ? Text::tr("sent") : Text::tr("stay here"));
        line(Text::tr("Secret"), word(secret));
        line(Text::tr("Codes"), target.onlyMapped ? Text::tr("only those with a word there")
                                                  : Text::tr("as they are, or by their word there"));
    }
    for (auto it = target.mapping.cbegin(); it != target.mapping.cend(); ++it) {
        line(QString(), shownText(it.key(), 60) + u" = "_s + shownText(it.value(), 60));
    }
    line(Text::tr("Waiting"), QString::number(edits.waiting));
    line(Text::tr("Kept here"), QString::number(edits.kept));
}

Result<Account> findAccount(CallReader& reader, const QString& name) {
    const auto known = reader.accounts();
    if (!known) {
        return failure(known.error());
    }
    const auto found =
        std::find_if(known->begin(), known->end(), [&name](const Account& account) { return account.name == name; });
    return found == known->end() ? Result<Account>(failure(noSuchAccount(name))) : Result<Account>(*found);
}

/// Without a profile there is no account either, so that is never asked of a missing file.
Result<WaitingEdits> waitingEditsOf(const CommandContext& context, const QString& name) {
    const auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadOnly);
    return reviews ? (*reviews)->waitingEdits(name) : failure(reviews.error());
}

void printVerdict(CommandContext& context, const Account& account, const PushVerdict& verdict) {
    const bool works = verdict.end == PushEnd::Accepted;
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        json.beginObject();
        json.key(u"account");
        json.text(account.name);
        json.key(u"target");
        json.text(earmark::word(account.target.kind));
        json.key(u"ok");
        json.boolean(works);
        json.key(u"found");
        json.textOrNull(verdict.place.isEmpty() ? std::nullopt : std::optional(verdict.place));
        json.key(u"error");
        writeError(json, works ? std::nullopt
                               : std::optional(verdict.error.value_or(makeError(ErrorKind::Refused, verdict.reason))));
        json.endObject();
        context.console.print(json.take());
    } else if (works) {
        context.console.line(verdict.place);
    }
    if (!works) {
        context.console.say(verdict.error ? errorText(*verdict.error) : verdict.reason);
    }
}

/// Everything a test needs, alive as long as the event loop runs.
class TargetTestRun final : public QObject {
 public:
    TargetTestRun(CommandContext& context, Account account, std::function<void(int)> done)
        : m_context(context),
          m_account(std::move(account)),
          m_done(std::move(done)),
          m_secrets(context.profile, keyringPatience()),
          m_store({context.profile.folder(), context.clock, {}}),
          m_http(context.clock),
          m_pusher(&m_store, &m_http, &m_secrets, context.clock) {}

    void start() {
        m_store.open(this, [this](const Done& opened) {
            if (!opened) {
                m_done(m_context.fail(opened.error()));
                return;
            }
            m_pusher.test(m_account, std::nullopt, this, [this](const PushVerdict& verdict) {
                printVerdict(m_context, m_account, verdict);
                m_done(verdict.end == PushEnd::Accepted ? kExitDone : kExitFailed);
            });
        });
    }

 private:
    CommandContext& m_context;
    Account m_account;
    std::function<void(int)> m_done;
    Secrets m_secrets;
    Store m_store;
    HttpClient m_http;
    Pusher m_pusher;
};

}  // namespace

int runTargetShow(CommandContext& context) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto account = findAccount(**reader, context.arguments.positional().first());
    if (!account) {
        return context.fail(account.error());
    }
    const auto edits = waitingEditsOf(context, account->name);
    if (!edits) {
        return context.fail(edits.error());
    }
    Secrets secrets(context.profile, keyringPatience());
    return runUntilDone([&](const std::function<void(int)>& done) {
        secrets.origin(targetSecretName(account->name), qApp, [&context, account, edits, done](Secrets::Origin origin) {
            context.arguments.has("json") ? printJson(context, *account, *edits, origin)
                                          : printText(context, *account, *edits, origin);
            done(kExitDone);
        });
    });
}

int runTargetTest(CommandContext& context) {
    auto known = openKnownAccount(context, context.arguments.positional().first());
    if (!known) {
        return context.fail(known.error());
    }
    const Account account = known->account;
    known->reviews.reset();
    if (account.target.kind == TargetKind::File && !QFileInfo(account.target.folder).isDir()) {
        context.console.say(
            Text::tr("The folder %1 was not there.").arg(isolated(shownText(account.target.folder, 300))));
    }
    std::unique_ptr<TargetTestRun> run;
    return runUntilDone([&](const std::function<void(int)>& done) {
        run = std::make_unique<TargetTestRun>(context, account, done);
        run->start();
    });
}

}  // namespace earmark
