// The options of "account add" and "account edit" as settings of an account. Pure, any thread.
#pragma once

#include <array>

#include "app/commandline/arguments.h"
#include "models/domain/account.h"
#include "models/domain/result.h"

namespace earmark {

/// Everything that both commands take; "account add" has --provider and the key beside it.
inline constexpr std::array kAccountOptions{OptionSpec{"base-url", OptionSpec::Kind::Value, "URL"},
                                            OptionSpec{"assume-zone", OptionSpec::Kind::Value, "ZONE"},
                                            OptionSpec{"organization", OptionSpec::Kind::Value, "ID"},
                                            OptionSpec{"page-size", OptionSpec::Kind::Value, "N"},
                                            OptionSpec{"requests-per-minute", OptionSpec::Kind::Value, "N"},
                                            OptionSpec{"watch-every", OptionSpec::Kind::Value, "SECONDS"},
                                            OptionSpec{"agent-channel", OptionSpec::Kind::Value, "left|right"},
                                            OptionSpec{"scope-all"},
                                            OptionSpec{"scope-days", OptionSpec::Kind::Value, "N"},
                                            OptionSpec{"scope-since", OptionSpec::Kind::Value, "DATE"},
                                            OptionSpec{"scope-until", OptionSpec::Kind::Value, "DATE"},
                                            OptionSpec{"campaign", OptionSpec::Kind::Repeated, "ID"},
                                            OptionSpec{"agent", OptionSpec::Kind::Repeated, "ID"},
                                            OptionSpec{"source", OptionSpec::Kind::Repeated, "WORD"}};

/// `account` with what the options say laid over it. InvalidInput is wrong usage and says which option.
[[nodiscard]] Result<Account> accountWithOptions(Account account, const Arguments& arguments);

/// True when any of them was given.
[[nodiscard]] bool hasAccountOptions(const Arguments& arguments);

}  // namespace earmark
