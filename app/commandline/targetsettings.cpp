#include "app/commandline/targetsettings.h"

#include <QCoreApplication>
#include <QDir>

#include "models/domain/textfold.h"
#include "models/targets/writedialect.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

/// Options that belong to one kind of target only.
constexpr std::pair<const char*, TargetKind> kOwnOptions[] = {{"folder", TargetKind::File},
                                                              {"format", TargetKind::File},
                                                              {"url", TargetKind::Webhook},
                                                              {"secret-stdin", TargetKind::Webhook},
                                                              {"with-notes", TargetKind::AutocallsLead}};
constexpr std::pair<const char*, const char*> kEitherOr[] = {{"sends-by-itself", "manual"},
                                                             {"only-mapped", "any-code"}};

Done checkOptions(TargetKind kind, const Arguments& arguments) {
    for (const auto& [option, owner] : kOwnOptions) {
        if (arguments.has(option) && owner != kind) {
            return failure(
                ErrorKind::InvalidInput,
                Text::tr("The option --%1 belongs to the target %2.").arg(QLatin1StringView(option), word(owner)));
        }
    }
    for (const auto& [one, other] : kEitherOr) {
        if (arguments.has(one) && arguments.has(other)) {
            return failure(ErrorKind::InvalidInput, Text::tr("Only one of --%1 and --%2 can be given.")
                                                        .arg(QLatin1StringView(one), QLatin1StringView(other)));
        }
    }
    const QString earlier = arguments.value("earlier", u"send"_s);
    if (earlier != u"send"_s && earlier != u"keep"_s) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("--earlier takes send or keep, not “%1”.").arg(shownText(earlier, 60)));
    }
    return {};
}

Done takeAddress(TargetSettings& target, const Arguments& arguments) {
    if (arguments.has("folder")) {
        const QString folder = arguments.value("folder");
        target.folder = folder.isEmpty() ? folder : QDir::cleanPath(QDir::current().absoluteFilePath(folder));
    }
    if (arguments.has("format")) {
        const auto format = exportFormatFromWord(arguments.value("format"));
        if (!format) {
            return failure(
                ErrorKind::InvalidInput,
                Text::tr("--format takes csv or jsonl, not “%1”.").arg(shownText(arguments.value("format"), 60)));
        }
        target.format = *format;
    }
    if (arguments.has("url")) {
        target.url = QUrl(arguments.value("url"), QUrl::StrictMode);
    }
    if (target.kind == TargetKind::File && target.folder.isEmpty()) {
        return failure(ErrorKind::InvalidInput, Text::tr("The option --%1 is missing.").arg(u"folder"_s));
    }
    if (target.kind == TargetKind::Webhook && !arguments.has("url") && target.url.isEmpty()) {
        return failure(ErrorKind::InvalidInput, Text::tr("The option --%1 is missing.").arg(u"url"_s));
    }
    return {};
}

}  // namespace

Result<TargetSettings> targetFromArguments(const Account& account, const Arguments& arguments) {
    const QString text = arguments.positional().at(1);
    const auto kind = targetKindFromWord(text);
    if (!kind) {
        return failure(ErrorKind::InvalidInput,
                       Text::tr("There is no target “%1”; there are none, file, webhook and autocalls-lead.")
                           .arg(shownText(text, 60)));
    }
    if (const Done lawful = checkOptions(*kind, arguments); !lawful) {
        return failure(lawful.error());
    }
    TargetSettings target = account.target.kind == *kind ? account.target : TargetSettings();
    target.kind = *kind;
    if (const Done taken = takeAddress(target, arguments); !taken) {
        return failure(taken.error());
    }
    target.withNotes = target.withNotes || arguments.has("with-notes");
    target.sendsByItself = arguments.has("sends-by-itself") || (target.sendsByItself && !arguments.has("manual"));
    target.onlyMapped = arguments.has("only-mapped") || (target.onlyMapped && !arguments.has("any-code"));
    if (const Done usable = checkTarget(account, target); !usable) {
        return failure(usable.error());
    }
    return target;
}

}  // namespace earmark
