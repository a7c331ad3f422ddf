#include "app/commandline/syncshapes.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

/// What the target did not take, field by field, in the words of pending.
void writeNotTaken(JsonWriter& json, const SyncReport& report, const QString& account) {
    json.beginArray();
    for (const PendingEdit& edit : report.notTaken) {
        if (edit.key.account != account) {
            continue;
        }
        json.beginObject();
        json.key(u"key");
        json.text(toText(edit.key));
        json.key(u"field");
        json.text(word(edit.field));
        json.key(u"state");
        json.text(word(edit.state));
        json.key(u"reason");
        json.textOrNull(edit.reason.isEmpty() ? std::nullopt : std::optional(edit.reason));
        json.endObject();
    }
    json.endArray();
}

void writePush(JsonWriter& json, const SyncReport& report, const QString& account) {
    const PushReport* push = report.pushOf(account);
    json.key(u"push");
    if (push == nullptr) {
        json.null();
        return;
    }
    json.beginObject();
    json.key(u"target");
    json.text(word(push->target));
    const std::pair<QStringView, int> numbers[] = {{u"sent", push->sent},
                                                   {u"waiting", push->waiting},
                                                   {u"refused", push->refused},
                                                   {u"conflicts", push->conflicts},
                                                   {u"requests", push->requests}};
    for (const auto& [name, number] : numbers) {
        json.key(name);
        json.number(qint64(number));
    }
    json.key(u"edits");
    writeNotTaken(json, report, account);
    json.key(u"error");
    writeError(json, push->error);
    json.endObject();
}

void writeReport(JsonWriter& json, const SyncReport& report) {
    json.beginObject();
    json.key(u"accounts");
    json.beginArray();
    for (const AccountReport& account : report.pull.accounts) {
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
        json.number(std::round(report.secondsOf(account) * 1000) / 1000);
        json.key(u"error");
        writeError(json, account.error);
        if (report.sends) {
            writePush(json, report, account.account);
        }
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

QString notTakenText(EditState state) {
    return state == EditState::Conflict ? Text::tr("in conflict") : Text::tr("refused");
}

QString pushLine(const PushReport& push) {
    QStringList parts{Text::tr("%1 sent to %2").arg(QString::number(push.sent), targetName(push.target))};
    for (const auto& [number, sentence] :
         {std::pair{push.waiting, Text::tr("%1 waiting")}, std::pair{push.refused, Text::tr("%1 refused")},
          std::pair{push.conflicts, Text::tr("%1 in conflict")}}) {
        if (number > 0) {
            parts.append(sentence.arg(number));
        }
    }
    return push.account + u": "_s + parts.join(u", "_s);
}

int exitCodeOf(const SyncReport& report) {
    const PullOutcome pull = report.pull.outcome();
    const auto any = [&report](auto&& holds) { return std::any_of(report.pushes.begin(), report.pushes.end(), holds); };
    if (pull == PullOutcome::Failed) {
        return any([](const PushReport& push) { return push.sent > 0; }) ? kExitPartly : kExitFailed;
    }
    const bool allPushed = !any([](const PushReport& push) { return outcomeOf(push) != PushOutcome::Complete; });
    return pull == PullOutcome::Complete && allPushed ? kExitDone : kExitPartly;
}

}  // namespace

void writeError(JsonWriter& json, const std::optional<Error>& error) {
    if (!error) {
        json.null();
        return;
    }
    json.beginObject();
    json.key(u"kind");
    json.text(errorKindWord(error->kind));
    json.key(u"message");
    json.text(errorText(*error));
    json.endObject();
}

void SyncReport::add(const std::vector<PushReport>& more) {
    for (const PushReport& push : more) {
        const auto known = std::find_if(pushes.begin(), pushes.end(),
                                        [&push](const PushReport& one) { return one.account == push.account; });
        if (known == pushes.end()) {
            pushes.push_back(push);
            continue;
        }
        known->sent += push.sent;
        known->refused += push.refused;
        known->conflicts += push.conflicts;
        known->requests += push.requests;
        known->seconds += push.seconds;
        known->waiting = push.waiting;
        known->error = push.error;
    }
}

const PushReport* SyncReport::pushOf(const QString& account) const {
    const auto found = std::find_if(pushes.begin(), pushes.end(),
                                    [&account](const PushReport& one) { return one.account == account; });
    return found == pushes.end() ? nullptr : &*found;
}

double SyncReport::secondsOf(const AccountReport& account) const {
    const PushReport* push = pushOf(account.account);
    return account.seconds + (push != nullptr ? push->seconds : 0);
}

int printSyncReport(CommandContext& context, const SyncReport& report) {
    for (const PushReport& push : report.pushes) {
        if (push.error) {
            context.console.say(push.account + u": "_s + errorText(*push.error));
        }
    }
    for (const AccountReport& account : report.pull.accounts) {
        for (const QString& notice : account.notices) {
            context.console.say(account.account + u": "_s + notice);
        }
        if (account.error && !account.notices.contains(account.error->message)) {
            context.console.say(account.account + u": "_s + errorText(*account.error));
        }
    }
    if (context.arguments.has("json")) {
        JsonWriter json(report.sends ? 4 : 3);
        writeReport(json, report);
        context.console.print(json.take());
        return exitCodeOf(report);
    }
    for (const PendingEdit& edit : report.notTaken) {
        context.console.say(
            Text::tr("%1, %2: %3. %4")
                .arg(toText(edit.key), word(edit.field), notTakenText(edit.state), shownText(edit.reason, 300)));
    }
    for (const PushReport& push : report.pushes) {
        if (push.target != TargetKind::None) {
            context.console.line(pushLine(push));
        }
    }
    for (const AccountReport& account : report.pull.accounts) {
        context.console.line(Text::tr("%1: %2 calls received, %3 new, %4 changed, in %5 s")
                                 .arg(account.account, QString::number(account.received),
                                      QString::number(account.added), QString::number(account.changed),
                                      QString::number(report.secondsOf(account), 'f', 1)));
    }
    return exitCodeOf(report);
}

}  // namespace earmark
