// edit and pending.
#include <QCoreApplication>
#include <QDateTime>
#include <QUuid>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/keyinput.h"
#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr qint64 kNotesCap = 1024 * 1024;

/// One field and what shall become of it.
struct Change {
    ReviewField field = ReviewField::Disposition;
    std::optional<QString> value;
    bool restore = false;
};

Error usage(const QString& sentence) {
    return Error{ErrorKind::InvalidInput, u"usage"_s, sentence, {}, std::nullopt};
}

Result<QString> notesFromFile(const QString& path) {
    const auto bytes = path == u"-"_s ? readStandardInput(kNotesCap) : readWholeFile(path, kNotesCap);
    if (!bytes) {
        return failure(bytes.error());
    }
    QString text = QString::fromUtf8(*bytes);
    if (text.toUtf8() != *bytes) {
        return failure(ErrorKind::InvalidInput, Text::tr("The file %1 is not UTF-8 text.").arg(shownText(path, 200)));
    }
    // The line end that editors put behind the last line is no part of the note.
    if (text.endsWith(u'\n')) {
        text.chop(text.endsWith(u"\r\n"_s) ? 2 : 1);
    }
    return text;
}

/// An empty text clears the field: null, and edited.
std::optional<QString> textOrCleared(const QString& text) {
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

tl::expected<std::vector<Change>, Error> changesFromArguments(const Arguments& arguments) {
    std::vector<Change> changes;
    for (const auto& [one, other] :
         {std::pair{"notes", "notes-file"}, std::pair{"reviewed", "no-reviewed"}, std::pair{"flag", "no-flag"}}) {
        if (arguments.has(one) && arguments.has(other)) {
            return tl::unexpected(usage(Text::tr("Only one of --%1 and --%2 can be given.")
                                            .arg(QLatin1StringView(one), QLatin1StringView(other))));
        }
    }
    for (const QString& name : arguments.values("restore")) {
        if (name != u"disposition"_s && name != u"notes"_s) {
            return tl::unexpected(
                usage(Text::tr("--restore takes disposition or notes, not “%1”.").arg(shownText(name, 60))));
        }
        const ReviewField field = name == u"notes"_s ? ReviewField::Notes : ReviewField::Disposition;
        const bool isSetToo = field == ReviewField::Notes ? arguments.has("notes") || arguments.has("notes-file")
                                                          : arguments.has("disposition");
        if (isSetToo) {
            return tl::unexpected(usage(Text::tr("The field %1 cannot be set and restored at once.").arg(name)));
        }
        changes.push_back({field, std::nullopt, true});
    }
    if (arguments.has("disposition")) {
        changes.push_back({ReviewField::Disposition, textOrCleared(arguments.value("disposition")), false});
    }
    if (arguments.has("notes")) {
        changes.push_back({ReviewField::Notes, textOrCleared(arguments.value("notes")), false});
    }
    if (arguments.has("notes-file")) {
        const auto text = notesFromFile(arguments.value("notes-file"));
        if (!text) {
            return tl::unexpected(text.error());
        }
        changes.push_back({ReviewField::Notes, textOrCleared(*text), false});
    }
    if (arguments.has("reviewed") || arguments.has("no-reviewed")) {
        changes.push_back(
            {ReviewField::Reviewed, arguments.has("reviewed") ? std::optional(u"1"_s) : std::nullopt, false});
    }
    if (arguments.has("flag") || arguments.has("no-flag")) {
        changes.push_back(
            {ReviewField::Flag, arguments.has("flag") ? std::optional(arguments.value("flag")) : std::nullopt, false});
    }
    if (changes.empty()) {
        return tl::unexpected(
            usage(Text::tr("Say what to change: --disposition, --notes, --restore, --reviewed or --flag.")));
    }
    return changes;
}

QString changeText(const Change& change) {
    if (change.restore) {
        return Text::tr("%1: the provider's value counts again").arg(word(change.field));
    }
    return change.value ? Text::tr("%1: %2").arg(word(change.field), change.field == ReviewField::Reviewed
                                                                         ? Text::tr("yes")
                                                                         : shownText(*change.value, 120))
                        : Text::tr("%1: cleared").arg(word(change.field));
}

std::optional<QString> providerValue(const Call& call, ReviewField field) {
    switch (field) {
        case ReviewField::Disposition:
            return call.disposition;
        case ReviewField::Notes:
            return call.notes;
        case ReviewField::Reviewed:
        case ReviewField::Flag:
            break;
    }
    return std::nullopt;
}

/// The edit that a change is; nullopt: there is nothing to do (a call that is reviewed keeps when that was).
std::optional<EditToCommit> editOf(const ReviewedCall& call, const Change& change, const QString& step, Moment now) {
    EditToCommit edit{call.call.key,
                      change.field,
                      providerValue(call.call, change.field),
                      change.value,
                      u"command_line"_s,
                      step,
                      change.restore ? EditToCommit::Kind::Restore : EditToCommit::Kind::Edit};
    if (change.field == ReviewField::Reviewed && change.value) {
        if (call.review.reviewedAt) {
            return std::nullopt;
        }
        edit.value = reviewedMarkText({now, std::nullopt});
    }
    return edit;
}

/// Where it goes from here, of a field that can travel.
QString wayOf(const Review& review, ReviewField field, const TargetSettings& target) {
    const auto& edit = field == ReviewField::Notes ? review.notes : review.disposition;
    if (!takes(target, field) || !edit || edit->state != EditState::Waiting) {
        return {};
    }
    return Text::tr(" (waits for %1: %2)").arg(targetName(target.kind), shownText(destinationText(target), 200));
}

/// All of it or nothing, one step for undo; durable when this has told of it.
int commitAll(CommandContext& context, ReviewsDatabase& reviews, const ReviewedCall& call,
              const std::vector<Change>& changes) {
    const Moment now = context.clock->now();
    const QString step = QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::vector<EditToCommit> edits;
    for (const Change& change : changes) {
        if (auto edit = editOf(call, change, step, now)) {
            edits.push_back(std::move(*edit));
        }
    }
    const auto outcome = edits.empty() ? Result<std::vector<CallReview>>() : reviews.commitEdits(edits, now);
    if (!outcome) {
        for (const Change& change : changes) {
            context.console.say(Text::tr("Not saved: %1").arg(changeText(change)));
        }
        return context.fail(outcome.error());
    }
    TargetSettings target;
    const auto accounts = reviews.accounts();
    for (const Account& account : accounts ? *accounts : std::vector<Account>()) {
        if (account.name == call.call.key.account) {
            target = account.target;
        }
    }
    const Review review = outcome->empty() ? call.review : outcome->front().review;
    for (const Change& change : changes) {
        context.console.line(Text::tr("Saved on this computer: %1").arg(changeText(change)) +
                             wayOf(review, change.field, target));
    }
    return kExitDone;
}

void writePending(JsonWriter& json, const PendingEdit& edit) {
    json.beginObject();
    json.key(u"key");
    json.text(toText(edit.key));
    json.key(u"field");
    json.text(word(edit.field));
    json.key(u"from");
    json.textOrNull(edit.from);
    json.key(u"to");
    json.textOrNull(edit.to);
    json.key(u"state");
    json.text(word(edit.state));
    json.key(u"target");
    json.text(edit.target);
    json.key(u"delivery");
    json.text(edit.delivery);
    json.key(u"attempts");
    json.number(qint64(edit.attempts));
    json.key(u"next_try");
    json.moment(edit.nextTry);
    json.key(u"reason");
    json.textOrNull(edit.reason.isEmpty() ? std::nullopt : std::optional(edit.reason));
    json.key(u"edited_at");
    json.moment(edit.editedAt);
    json.endObject();
}

QString localTime(const std::optional<Moment>& at) {
    return at ? QDateTime::fromMSecsSinceEpoch(toMs(*at)).toString(u"yyyy-MM-dd HH:mm:ss"_s) : QString();
}

QString fateText(const PendingEdit& edit) {
    switch (edit.state) {
        case EditState::Kept:
            return Text::tr("kept here");
        case EditState::Waiting:
            return Text::tr("waiting");
        case EditState::Sending:
            return Text::tr("being sent");
        case EditState::Sent:
            return edit.sentAt ? Text::tr("sent %1").arg(localTime(edit.sentAt)) : Text::tr("sent");
        case EditState::Refused:
            return Text::tr("refused");
        case EditState::Conflict:
            return Text::tr("in conflict");
    }
    return {};
}

/// A damaged database is rescued or begun anew by opening it for writing; what that found is said.
Done mend(CommandContext& context) {
    const auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadWrite);
    const auto calls = CallsDatabase::open(context.profile.callsFile(), CallsDatabase::Access::ReadWrite);
    if (!reviews || !calls) {
        return failure(reviews ? calls.error() : reviews.error());
    }
    for (const QString& notice : (*reviews)->notices() + (*calls)->notices()) {
        context.console.say(notice);
    }
    return {};
}

Result<std::optional<ReviewedCall>> callToEdit(CommandContext& context, const CallKey& key) {
    auto reader = CallReader::open(context.profile);
    if (!reader && reader.error().kind == ErrorKind::Damaged) {
        if (auto mended = mend(context); !mended) {
            return failure(mended.error());
        }
        reader = CallReader::open(context.profile);
    }
    return reader ? (*reader)->call(key) : failure(reader.error());
}

}  // namespace

int runEdit(CommandContext& context) {
    const auto key = callKeyFromText(context.arguments.positional().first());
    if (!key) {
        return context.fail(key.error().message, kExitUsage);
    }
    const auto changes = changesFromArguments(context.arguments);
    if (!changes) {
        return context.fail(changes.error().message, changes.error().code == u"usage"_s ? kExitUsage : kExitFailed);
    }
    const auto lock = context.lock();
    if (!lock) {
        return context.fail(lock.error());
    }
    const auto call = callToEdit(context, *key);
    if (!call) {
        return context.fail(call.error());
    }
    if (!*call) {
        return context.fail(unknownCallText(*key));
    }
    const auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadWrite);
    if (!reviews) {
        return context.fail(reviews.error());
    }
    for (const QString& notice : (*reviews)->notices()) {
        context.console.say(notice);
    }
    return commitAll(context, **reviews, **call, *changes);
}

int runPending(CommandContext& context) {
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto pending = (*reader)->pending();
    if (!pending) {
        return context.fail(pending.error());
    }
    if (context.arguments.has("json")) {
        JsonWriter json(1);
        json.beginArray();
        for (const PendingEdit& edit : *pending) {
            writePending(json, edit);
        }
        json.endArray();
        context.console.print(json.take());
        return kExitDone;
    }
    if (pending->empty()) {
        context.console.say(Text::tr("There are no edits on this computer."));
        return kExitDone;
    }
    TextTable table({Text::tr("Call"), Text::tr("Field"), Text::tr("From"), Text::tr("To"), Text::tr("Fate"),
                     Text::tr("Next try"), Text::tr("Destination"), Text::tr("Why"), Text::tr("Edited")});
    table.setNeverCut(0);
    table.setNeverCut(7);
    for (const PendingEdit& edit : *pending) {
        table.addRow({toText(edit.key), word(edit.field), edit.from.value_or(u"–"_s), edit.to.value_or(u"–"_s),
                      fateText(edit), edit.state == EditState::Waiting ? localTime(edit.nextTry) : QString(),
                      edit.destination, shownText(edit.reason, 200), localTime(edit.editedAt)});
    }
    context.console.print(table.text());
    return kExitDone;
}

}  // namespace earmark
