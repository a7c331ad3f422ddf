// Whether a text is lawful JSON, told without decoding it. Pure function, any thread.
#pragma once

#include <QByteArrayView>

namespace earmark {

/// True: QJsonDocument accepts this text too. False says nothing: it may be unlawful, or one of the rare lawful forms
/// that are not worth the lines (exponents, very long numbers, more than 500 levels), so QJsonDocument is to be asked.
[[nodiscard]] bool isPlainlyLawfulJson(QByteArrayView text);

}  // namespace earmark
