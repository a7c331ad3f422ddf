#include "models/targets/writedialect.h"

#include <QCoreApplication>

#include <QDir>

#include "models/domain/textfold.h"
#include "models/targets/autocallsleaddialect.h"
#include "models/targets/filedialect.h"
#include "models/targets/webhookdialect.h"

using namespace Qt::StringLiterals;

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Target)
};

Error refusedHere(const QString& message, const QString& next) {
    Error error = makeError(ErrorKind::InvalidInput, message);
    error.next = next;
    return error;
}

Done checkFolder(const QString& folder) {
    if (folder.contains(QChar(u'\0')) || !QDir::isAbsolutePath(folder) || folder.startsWith(u':')) {
        return failure(refusedHere(Text::tr("%1 is not the whole path of a folder.").arg(isolated(folder)),
                                   Text::tr("Give a path such as /home/me/reviews.")));
    }
    return {};
}

/// The address may hold a password; it is never repeated in a message.
Done checkAddress(const QUrl& url) {
    const auto refuse = [](const QString& message) {
        return failure(refusedHere(message, Text::tr("Give an address such as https://hooks.example.com/reviews.")));
    };
    if (!url.isValid() || url.isRelative() || url.host().isEmpty()) {
        return refuse(Text::tr("The address of the webhook is not a full one."));
    }
    if (!url.userInfo().isEmpty() || url.authority().contains(u'@')) {
        return refuse(Text::tr("The address of the webhook holds a user name or password."));
    }
    if (url.hasFragment()) {
        return refuse(Text::tr("The address of the webhook has a part behind #, which is never sent."));
    }
    const QString scheme = url.scheme().toLower();
    if (scheme != u"https" && !(scheme == u"http" && isLoopback(url))) {
        return refuse(Text::tr("Only https is accepted for a webhook, except on this computer."));
    }
    return {};
}

}  // namespace

std::shared_ptr<const WriteDialect> writeDialectFor(TargetKind kind) {
    switch (kind) {
        case TargetKind::None:
            return nullptr;
        case TargetKind::File:
            return std::make_shared<const FileDialect>();
        case TargetKind::Webhook:
            return std::make_shared<const WebhookDialect>();
        case TargetKind::AutocallsLead:
            return std::make_shared<const AutocallsLeadDialect>();
    }
    return nullptr;
}

Done checkTarget(const Account& account, const TargetSettings& target) {
    switch (target.kind) {
        case TargetKind::None:
            return {};
        case TargetKind::File:
            return checkFolder(target.folder);
        case TargetKind::Webhook:
            return checkAddress(target.url);
        case TargetKind::AutocallsLead:
            if (account.provider != Provider::Autocalls) {
                return failure(refusedHere(Text::tr("%1 is an account of %2, which has no Autocalls leads.")
                                               .arg(isolated(account.name), providerName(account.provider)),
                                           Text::tr("Choose another target for it.")));
            }
            return {};
    }
    return {};
}

Result<std::optional<QString>> mappedDisposition(const TargetSettings& target, const TargetCapabilities& capabilities,
                                                 const std::optional<QString>& code) {
    if (!code) {
        return code;
    }
    if (const auto mapped = target.mapping.constFind(*code); mapped != target.mapping.cend()) {
        return std::optional(*mapped);
    }
    if (capabilities.vocabulary.kind == Vocabulary::Kind::FixedList || target.onlyMapped) {
        return failure(refusedHere(Text::tr("The code %1 has no word at the target.").arg(isolated(*code)),
                                   Text::tr("Say which of the target's words it means, or choose another code.")));
    }
    return code;
}

}  // namespace earmark
