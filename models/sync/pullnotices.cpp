#include "models/sync/pullnotices.h"

#include <QCoreApplication>

#include "models/domain/textfold.h"

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(PullNotices)
};

}  // namespace

QString callNotFound(const QString& callId, Provider provider) {
    return Text::tr("Call %1 was not found at %2: deleted there, or another organisation's. What is here stays.")
        .arg(isolated(callId), providerName(provider));
}

QString noCallsFound(const QStringList& campaignIds, Provider provider) {
    QStringList names;
    for (const QString& id : campaignIds) {
        names += isolated(id);
    }
    return Text::tr("No call of campaign %1 was found at %2.").arg(names.join(u", "), providerName(provider));
}

QString campaignNotFound(const QString& campaign, Provider provider, bool hasOthers) {
    return (hasOthers ? Text::tr("Campaign %1 was not found at %2; the others went on, and its calls here stay.")
                      : Text::tr("Campaign %1 was not found at %2; its calls here stay."))
        .arg(isolated(campaign), providerName(provider));
}

QString campaignUnfinished(const QString& campaign, const Error& error, bool hasOthers) {
    return (hasOthers ? Text::tr("Campaign %1 could not be read to its end; the others went on. %2")
                      : Text::tr("Campaign %1 could not be read to its end. %2"))
        .arg(isolated(campaign), errorText(error));
}

bool concernsEveryRequest(ErrorKind kind) {
    return kind == ErrorKind::Unauthorized || kind == ErrorKind::Offline || kind == ErrorKind::Tls ||
           kind == ErrorKind::RateLimited || kind == ErrorKind::Cancelled;
}

}  // namespace earmark
