// Answers of Autocalls.
#include "tests/fuzz/dialects.h"
#include "tests/fuzz/targets.h"

void earmark::fuzz::autocalls(const QByteArray& input) {
    answersOf(Provider::Autocalls, input);
}
