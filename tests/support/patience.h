// Patience for what decodes sound, asks servers or starts processes: on a busy machine it takes long, and that is no
// fault. How long QTRY_VERIFY and QTRY_COMPARE wait is only for what never comes; what must be quick is measured.
// Include it after <QTest>. Any thread that runs a test.
#pragma once

#include <QTest>

namespace earmark::test {

inline constexpr int kLivenessMs = 30'000;

}  // namespace earmark::test

#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), earmark::test::kLivenessMs)
#define QTRY_VERIFY2(expression, text) QTRY_VERIFY2_WITH_TIMEOUT((expression), (text), earmark::test::kLivenessMs)
#define QTRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT((actual), (expected), earmark::test::kLivenessMs)
