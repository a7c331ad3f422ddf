// show: everything about one call.
#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>

#include "app/commandline/callreader.h"
#include "app/commandline/callshapes.h"
#include "app/commandline/commandline.h"
#include "app/commandline/detailshapes.h"
#include "models/domain/target.h"
#include "models/domain/textfold.h"
#include "models/domain/timings.h"
#include "models/edits/editwords.h"
#include "models/providers/rawobject.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

QString localTime(Moment moment) {
    return QDateTime::fromMSecsSinceEpoch(toMs(moment)).toString(u"yyyy-MM-dd HH:mm:ss"_s);
}

QString indented(const QString& text) {
    return shownParagraphs(text).replace(u'\n', u"\n                          "_s);
}

/// What stands where a value is missing: which of the two reasons it has.
QString absence(const ReviewedCall& call, Field field) {
    return provenance(call, field) == Provenance::NotOffered
               ? Text::tr("not offered by %1").arg(providerName(call.call.provider))
               : u"–"_s;
}

QString fieldLine(const ReviewedCall& call, Field field) {
    const FieldValue found = value(call, field);
    const bool isMissing = std::holds_alternative<std::monostate>(found) ||
                           (std::holds_alternative<QStringList>(found) && std::get<QStringList>(found).isEmpty());
    QString text = isMissing ? absence(call, field) : indented(shownValue(call, field));
    if (!isMissing && provenance(call, field) == Provenance::Edited) {
        text += u"  "_s + Text::tr("(edited)");
    }
    return fieldLabel(field).leftJustified(24) + u"  "_s + text + u'\n';
}

QString editLine(const QString& label, const std::optional<LocalEdit>& edit,
                 const std::optional<QString>& providerValue) {
    if (!edit) {
        return {};
    }
    QString line = label.leftJustified(24) + u"  "_s +
                   Text::tr("changed %1, %2").arg(localTime(edit->editedAt), word(edit->state));
    if (providerChangedSince(edit, providerValue)) {
        line += u"; "_s + Text::tr("the provider has changed its value since");
    }
    return line + u'\n';
}

QString historyText(const std::vector<HistoryEntry>& history) {
    QString text;
    for (const HistoryEntry& entry : history) {
        QStringList how{originText(entry.origin), fateText(entry, localTime)};
        how.removeAll(QString());
        text +=
            u"  "_s + localTime(entry.at) + u"  "_s + changeText(entry, 60) + u"  ["_s + how.join(u"; "_s) + u"]\n"_s;
    }
    return text;
}

/// What each side of a conflict says, as it stands: it is what the choice is made from.
QString conflictText(const ReviewConflict& conflict) {
    const auto line = [](const QString& label, const std::optional<QString>& value) -> QString {
        return u"  "_s + label.leftJustified(22) + u"  "_s + (value && !value->isEmpty() ? indented(*value) : u"–"_s) +
               u'\n';
    };
    const auto target = targetKindFromWord(conflict.foundWith);
    const QString with = target ? targetName(*target) : Text::tr("the provider");
    const QString head =
        u"  "_s +
        Text::tr("%1: conflict with %2 since %3").arg(fieldTitle(conflict.field), with, localTime(conflict.at)) + u'\n';
    const QString theirs = conflict.theirsKnown
                               ? line(Text::tr("Theirs"), conflict.theirs)
                               : line(Text::tr("Theirs"), Text::tr("(refused without saying what it holds)"));
    return head + line(Text::tr("Before"), conflict.base) + line(Text::tr("Yours"), conflict.mine) + theirs;
}

QString openConflictsText(const std::vector<ReviewConflict>& conflicts) {
    QString text;
    for (const ReviewConflict& conflict : conflicts) {
        text += conflict.isOpen ? conflictText(conflict) : QString();
    }
    return text.isEmpty() ? QString() : u'\n' + Text::tr("In conflict") + u'\n' + text;
}

QString wholeText(const ReviewedCall& call, const CallDetails& details, const std::vector<HistoryEntry>& history,
                  const std::vector<ReviewConflict>& conflicts) {
    QString text;
    for (const FieldInfo& field : allFields()) {
        text += fieldLine(call, field.field);
    }
    text += detailsText(call.call, details);
    const CallTimings timings = timingsOf(call.call);
    if (call.notFoundSince || !timings.problems.isEmpty() || !call.call.fieldErrors.empty() ||
        !call.call.zoneAssumed.isEmpty()) {
        text += u'\n' + Text::tr("Worth knowing") + u'\n';
        if (call.notFoundSince) {
            text += u"  "_s +
                    Text::tr("Not found at %1 since %2 (deleted, or another tenant's).")
                        .arg(providerName(call.call.provider), localTime(*call.notFoundSince)) +
                    u'\n';
        }
        for (const QString& problem : timings.problems) {
            text += u"  "_s + problem + u'\n';
        }
        for (const FieldError& error : call.call.fieldErrors) {
            text += u"  "_s + shownText(error.path, 80) + u": "_s + shownText(error.problem, 200) + u'\n';
        }
        if (!call.call.zoneAssumed.isEmpty()) {
            text += u"  "_s +
                    Text::tr("These times came without a zone: %1")
                        .arg(shownText(call.call.zoneAssumed.join(u", "_s), 200)) +
                    u'\n';
        }
    }
    if (isEdited(call.review)) {
        text += u'\n' + Text::tr("Your edits") + u'\n';
        text += editLine(u"  "_s + fieldLabel(Field::Disposition), call.review.disposition, call.call.disposition);
        text += editLine(u"  "_s + fieldLabel(Field::Notes), call.review.notes, call.call.notes);
    }
    text += openConflictsText(conflicts);
    if (!history.empty()) {
        text += u'\n' + Text::tr("History") + u'\n' + historyText(history);
    }
    if (const QString transcript = transcriptText(details); !transcript.isEmpty()) {
        text += u'\n' + Text::tr("Transcript") + u'\n' + transcript;
    }
    return text;
}

Account accountOf(const Call& call, const std::vector<Account>& accounts) {
    const auto known = std::find_if(accounts.begin(), accounts.end(), [&call](const Account& one) {
        return one.name == call.key.account && one.provider == call.provider;
    });
    return known == accounts.end() ? accountStandingIn(call) : *known;
}

}  // namespace

int runShow(CommandContext& context) {
    const QString format = context.arguments.value("format", u"text"_s);
    if (format != u"text"_s && format != u"json"_s) {
        return context.fail(Text::tr("There is no format “%1”; there are text and json.").arg(shownText(format, 60)),
                            kExitUsage);
    }
    const auto key = callKeyFromText(context.arguments.positional().first());
    if (!key) {
        return context.fail(key.error().message, kExitUsage);
    }
    const auto reader = CallReader::open(context.profile);
    if (!reader) {
        return context.fail(reader.error());
    }
    const auto call = (*reader)->call(*key);
    if (!call) {
        return context.fail(call.error());
    }
    if (!*call) {
        return context.fail(unknownCallText(*key));
    }
    const auto history = (*reader)->history(*key);
    if (!history) {
        return context.fail(history.error());
    }
    const auto conflicts = (*reader)->conflicts(*key);
    if (!conflicts) {
        return context.fail(conflicts.error());
    }
    const auto accounts = (*reader)->accounts();
    if (!accounts) {
        return context.fail(accounts.error());
    }
    const CallDetails details = shownDetails(accountOf((*call)->call, *accounts), (*call)->call);
    if (format == u"json"_s) {
        JsonWriter json(2);
        writeWholeCall(json, **call, details, *history);
        context.console.print(json.take());
    } else {
        context.console.print(wholeText(**call, details, *history, *conflicts));
    }
    return kExitDone;
}

}  // namespace earmark
