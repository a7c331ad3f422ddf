// Answers of Yotel.
#include "tests/fuzz/dialects.h"
#include "tests/fuzz/targets.h"

void earmark::fuzz::yotel(const QByteArray& input) {
    answersOf(Provider::Yotel, input);
}
