// The settings of an account beyond its address, as the text that reviews.db keeps. Pure functions, any thread.
#pragma once

#include <QString>

#include "models/domain/account.h"

namespace earmark {

/// A compact JSON object, never empty; what has its default is left out.
[[nodiscard]] QString accountSettingsText(const Account& account);

/// Lays the settings over `account`. What is missing, unknown or out of its range leaves what is there: "" changes
/// nothing.
void readAccountSettings(const QString& text, Account& account);

}  // namespace earmark
