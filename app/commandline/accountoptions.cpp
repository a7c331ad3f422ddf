#include "app/commandline/accountoptions.h"

#include <QCoreApplication>
#include <QTimeZone>
#include <algorithm>

#include "app/commandline/momentinput.h"
#include "models/domain/textfold.h"
#include "models/sync/provideroffers.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr int kMostDays = 36'500;
constexpr int kMostRequests = 100'000;
constexpr int kMostSeconds = 24 * 60 * 60;

tl::unexpected<Error> wrong(const QString& sentence) {
    return failure(ErrorKind::InvalidInput, sentence);
}

/// nullopt when the option was not given.
Result<std::optional<int>> number(const Arguments& arguments, const char* option, int least, int most) {
    if (!arguments.has(option)) {
        return std::optional<int>();
    }
    bool lawful = false;
    const int value = arguments.value(option).toInt(&lawful);
    if (!lawful || value < least || value > most) {
        return wrong(Text::tr("--%1 needs a number from %2 to %3, not “%4”.")
                         .arg(QLatin1StringView(option), QString::number(least), QString::number(most),
                              shownText(arguments.value(option), 60)));
    }
    return std::optional(value);
}

Result<std::optional<Moment>> day(const Arguments& arguments, const char* option, bool closesRange) {
    if (!arguments.has(option)) {
        return std::optional<Moment>();
    }
    const auto moment = momentFromText(arguments.value(option), closesRange);
    if (!moment) {
        return wrong(Text::tr("--%1 needs a date such as 2026-04-18 or 2026-04-18T14:00, not “%2”.")
                         .arg(QLatin1StringView(option), shownText(arguments.value(option), 60)));
    }
    return moment;
}

Done readConnection(Account& account, const Arguments& arguments) {
    if (arguments.has("base-url")) {
        const auto url = checkedBaseUrl(arguments.value("base-url"));
        if (!url) {
            return failure(url.error());
        }
        account.baseUrl = *url;
    }
    if (arguments.has("assume-zone")) {
        account.assumedZone = arguments.value("assume-zone");
        if (!QTimeZone(account.assumedZone.toUtf8()).isValid()) {
            return wrong(Text::tr("There is no time zone “%1”; write it as in Asia/Kolkata or UTC.")
                             .arg(shownText(account.assumedZone, 60)));
        }
    }
    if (arguments.has("organization")) {
        if (!offersOf(account.provider).hasOrganizations) {
            return wrong(Text::tr("%1 has no organisations to choose from; --organization is for Vatel.")
                             .arg(providerName(account.provider)));
        }
        account.organizationId = arguments.value("organization").trimmed();
    }
    if (arguments.has("agent-channel")) {
        const QString side = arguments.value("agent-channel");
        if (side != "left"_L1 && side != "right"_L1) {
            return wrong(Text::tr("--agent-channel is left or right, not “%1”.").arg(shownText(side, 60)));
        }
        account.agentIsFirstChannel = side == "left"_L1;
    }
    return {};
}

Done readLimits(Account& account, const Arguments& arguments) {
    const auto page = number(arguments, "page-size", 1, offersOf(account.provider).largestPageSize);
    const auto requests = number(arguments, "requests-per-minute", 0, kMostRequests);
    const auto watch = number(arguments, "watch-every", 0, kMostSeconds);
    for (const auto* read : {&page, &requests, &watch}) {
        if (!*read) {
            return failure(read->error());
        }
    }
    account.pageSize = page->value_or(account.pageSize);
    if (*requests) {
        account.mostRequestsPerMinute = *requests;
    }
    if (*watch) {
        account.watchEvery = std::chrono::seconds(**watch);
    }
    return {};
}

Done readScope(CallScope& scope, const Arguments& arguments) {
    if (arguments.has("scope-all")) {
        scope = {};
    }
    const auto days = number(arguments, "scope-days", 1, kMostDays);
    const auto since = day(arguments, "scope-since", false);
    const auto until = day(arguments, "scope-until", true);
    if (!days || !since || !until) {
        return failure(!days ? days.error() : !since ? since.error() : until.error());
    }
    if (*days && (*since || *until)) {
        return wrong(Text::tr("Only one of --scope-days and --scope-since, --scope-until can be given."));
    }
    if (*days) {
        scope.lastDays = *days;
        scope.since.reset();
        scope.until.reset();
    }
    if (*since || *until) {
        scope.lastDays.reset();
        scope.since = *since ? *since : scope.since;
        scope.until = *until ? *until : scope.until;
    }
    for (const auto& [option, list] : {std::pair("campaign", &scope.campaigns), std::pair("agent", &scope.agents),
                                       std::pair("source", &scope.sources)}) {
        if (arguments.has(option)) {
            *list = arguments.values(option);
            list->removeDuplicates();
            list->removeAll(QString());  // --campaign "" follows all of them again
        }
    }
    const QString problem = scopeProblem(scope);
    return problem.isEmpty() ? Done() : wrong(problem);
}

}  // namespace

bool hasAccountOptions(const Arguments& arguments) {
    return std::any_of(kAccountOptions.begin(), kAccountOptions.end(),
                       [&](const OptionSpec& option) { return arguments.has(option.name); });
}

Result<Account> accountWithOptions(Account account, const Arguments& arguments) {
    for (const Done& done :
         {readConnection(account, arguments), readLimits(account, arguments), readScope(account.scope, arguments)}) {
        if (!done) {
            return failure(done.error());
        }
    }
    return account;
}

}  // namespace earmark
