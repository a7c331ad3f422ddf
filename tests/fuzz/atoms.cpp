// Answers of smallest.ai Atoms.
#include "tests/fuzz/dialects.h"
#include "tests/fuzz/targets.h"

void earmark::fuzz::atoms(const QByteArray& input) {
    answersOf(Provider::Atoms, input);
}
