// The words and signs with which the pane tells a call's states. Values only, any thread (translation is thread-safe).
#pragma once

#include <QString>

#include "models/domain/fields.h"
#include "ui/detail/parts.h"

namespace earmark {

struct SignedWord {
    QString icon;
    Tone tone = Tone::Plain;
    QString text;
};

[[nodiscard]] SignedWord statusWord(const Call& call);  ///< an unknown word of the provider is shown verbatim
[[nodiscard]] SignedWord directionWord(const Call& call);
[[nodiscard]] SignedWord sentimentWord(const QString& sentiment);
[[nodiscard]] QString endReasonText(EndReason reason);  ///< "The customer hung up"; "" for Unknown
[[nodiscard]] QString editFateText(EditState state);    ///< "Kept on this computer", "Waiting to be sent", ...

/// A value as a person reads it; "" for null.
[[nodiscard]] QString valueText(const FieldValue& value, FieldKind kind);

/// The provider's own name of a field in its JSON ("talk_duration_s"), for field errors and assumed zones; "" if
/// unknown.
[[nodiscard]] QString providerNameOf(Provider provider, Field field);

}  // namespace earmark
