#include "models/providers/readdialect.h"

#include <algorithm>

#include "models/providers/atomsdialect.h"
#include "models/providers/autocallsdialect.h"
#include "models/providers/vateldialect.h"
#include "models/providers/yoteldialect.h"

namespace earmark {

namespace {

/// Reached only by a caller that did not ask the dialect whether there is such a route.
tl::unexpected<Error> noSuchRoute() {
    return failure(ErrorKind::NotSupported, {}, QStringLiteral("the dialect has no such route"));
}

}  // namespace

DialectRequest ReadDialect::searchRequest(const Account&, const QStringList&) const {
    return {};
}

QUrl ReadDialect::recordingUrl(const Account&, const QString&) const {
    return {};
}

Result<NameList> ReadDialect::parseAgents(const Account&, const QByteArray&) const {
    return noSuchRoute();
}

Result<CallPage> ReadDialect::parseSearch(const Account&, const QByteArray&) const {
    return noSuchRoute();
}

Result<QString> ReadDialect::parseRecordingLink(const QByteArray&) const {
    return noSuchRoute();
}

int pageSizeFor(const Account& account, const ReadDialect& dialect) {
    return std::clamp(account.pageSize, 1, dialect.largestPageSize());
}

std::shared_ptr<const ReadDialect> readDialectFor(Provider provider) {
    switch (provider) {
        case Provider::Yotel:
            return std::make_shared<const YotelDialect>();
        case Provider::Atoms:
            return std::make_shared<const AtomsDialect>();
        case Provider::Vatel:
            return std::make_shared<const VatelDialect>();
        case Provider::Autocalls:
            return std::make_shared<const AutocallsDialect>();
    }
    return nullptr;
}

}  // namespace earmark
