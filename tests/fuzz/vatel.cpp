// Answers of Vatel.
#include "tests/fuzz/dialects.h"
#include "tests/fuzz/targets.h"

void earmark::fuzz::vatel(const QByteArray& input) {
    answersOf(Provider::Vatel, input);
}
