#include "app/commandline/knownaccount.h"

#include <QCoreApplication>
#include <algorithm>

#include "models/domain/textfold.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};
}  // namespace

Error noSuchAccount(const QString& name) {
    Error error = makeError(ErrorKind::NotFoundHere, Text::tr("There is no account %1.").arg(shownText(name, 60)));
    error.next = Text::tr("“earmark account list” names them.");
    return error;
}

Result<KnownAccount> openKnownAccount(const CommandContext& context, const QString& name) {
    auto lock = context.lock();
    if (!lock) {
        return failure(lock.error());
    }
    auto reviews = ReviewsDatabase::open(context.profile.reviewsFile(), ReviewsDatabase::Access::ReadWrite);
    if (!reviews) {
        return failure(reviews.error());
    }
    const auto known = (*reviews)->accounts();
    if (!known) {
        return failure(known.error());
    }
    const auto found =
        std::find_if(known->begin(), known->end(), [&](const Account& account) { return account.name == name; });
    if (found == known->end()) {
        return failure(noSuchAccount(name));
    }
    return KnownAccount{std::move(*lock), std::move(*reviews), *found};
}

}  // namespace earmark
