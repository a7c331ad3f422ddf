// Writes a file durably without a pause until it is killed: durablewriter FILE. "B n" before, "A n" after each time;
// the file is n, a blank and many x. Not a test by itself; the power cuts need it.
#include <unistd.h>

#include <QCoreApplication>
#include <QStringList>

#include "app/durablefile.h"

using namespace earmark;

namespace {
void say(const QByteArray& line) {
    if (::write(1, line.constData(), size_t(line.size())) != line.size()) {
        ::_exit(3);
    }
}
}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    const QString file = QCoreApplication::arguments().at(1);
    for (int n = 1;; ++n) {
        const QByteArray number = QByteArray::number(n);
        say("B " + number + '\n');
        if (!writeDurably(file, number + ' ' + QByteArray(1'000 * (n % 40 + 1), 'x'))) {
            return 4;
        }
        say("A " + number + '\n');
    }
}
