// JSON text for people. It stays text: digits and order are those that came. Pure, any thread; above 64 kB
// never on the window's thread.
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace earmark {

/// One member or element a line, two blanks deeper than what it is in (no deeper below level 32); escaped letters
/// beyond ASCII as themselves. Of a text that is no JSON only blanks between its parts are lost.
[[nodiscard]] QByteArray formattedJson(QByteArrayView json);

}  // namespace earmark
