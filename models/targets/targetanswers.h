// What all write dialects make of answers: verdicts, kinds of errors, the other side's own words. Pure, any thread.
#pragma once

#include "models/targets/writedialect.h"

namespace earmark::target {

[[nodiscard]] PushVerdict accepted(const QString& place);
[[nodiscard]] PushVerdict refused(ErrorKind kind, const QString& reason, const QString& next);
[[nodiscard]] PushVerdict refused(const Error& error);
[[nodiscard]] PushVerdict waiting(const Error& error);
[[nodiscard]] PushVerdict unclear(const Error& error);

/// No HTTP answer, or a cut one: Waiting when nothing can have arrived or nothing was to be written, else Unclear.
[[nodiscard]] PushVerdict unanswered(const StepAnswer& answer, bool writes);

/// Kind, code "http_404", Retry-After. `who` answered; `said` are its words (wordsOf), "" for none.
[[nodiscard]] Error errorOf(const StepAnswer& answer, const QString& who, const QString& said);
/// With advice that fits a target, where it has none of its own: the kinds' own advice speaks of pulling calls.
[[nodiscard]] Error advised(Error error, const TargetCapabilities& target);
[[nodiscard]] bool isRedirect(int status);
/// 408, 425, 429: the request was not looked at, a later one may be taken.
[[nodiscard]] bool saysLater(int status);

/// The answer's own words in one plain line of at most 200 characters, without `secret`: "message", "error" or "detail"
/// of JSON (the first problem of a list), any short text; "" for a page of HTML and for nothing.
[[nodiscard]] QString wordsOf(const QByteArray& body, const QByteArray& secret = {});

}  // namespace earmark::target
