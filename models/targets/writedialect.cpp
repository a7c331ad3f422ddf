#include "models/targets/writedialect.h"

#include <QCoreApplication>

#include "models/domain/textfold.h"

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

}  // namespace

Result<std::optional<QString>> mappedDisposition(const TargetSettings& target, const TargetCapabilities& capabilities,
                                                 const std::optional<QString>& code) {
    if (!code) {
        return code;
    }
    if (const auto mapped = target.mapping.constFind(*code); mapped != target.mapping.cend()) {
        return std::optional(*mapped);
    }
    if (capabilities.vocabulary.kind == Vocabulary::Kind::FixedList || target.onlyMapped) {
        return failure(refusedHere(
            Text::tr("The code %1 has no word at the target.").arg(isolated(*code)),
            Text::tr("Say which of the target's words it means, or choose another code.")));
    }
    return code;
}

}  // namespace earmark
