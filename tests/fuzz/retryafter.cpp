// Retry-After in its forms: never negative, never more than an hour, and the wait that follows is a lawful one.
#include "models/net/httpclient.h"
#include "models/net/retrypolicy.h"
#include "tests/fuzz/targets.h"

namespace earmark::fuzz {

void retryAfter(const QByteArray& input) {
    if (input.size() > 400) {
        return;
    }
    HttpAnswer answer;
    answer.status = 429;
    answer.headers.append({QByteArrayLiteral("retry-after"), input});
    const Moment now = momentFromMs(1'774'900'000'000);
    const auto asked = answer.retryAfter(now);
    EARMARK_LAW(!asked || (asked->count() >= 0 && *asked <= std::chrono::hours(1)), input);
    Error error = makeError(ErrorKind::RateLimited);
    error.retryAfter = asked;
    for (int attempt = 1; attempt < 70; attempt += 7) {
        const auto wait = RetryPolicy().waitAfter(attempt, error, 0.5);
        EARMARK_LAW(!wait || (wait->count() >= 0 && *wait <= std::chrono::hours(1)), input);
        EARMARK_LAW(!wait || !asked || *wait >= *asked, input);
    }
}

}  // namespace earmark::fuzz
