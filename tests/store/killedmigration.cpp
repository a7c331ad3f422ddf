// Opens a database for writing with the schema steps of a folder: killedmigration FILE STEPS. "begun" before, "done"
// after. Not a test by itself; the kill tests start and kill it.
#include <unistd.h>

#include <QCoreApplication>
#include <QStringList>

#include "models/store/databasefile.h"

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
    const QStringList arguments = QCoreApplication::arguments();
    say("begun\n");
    const auto opened = openDatabase(arguments.at(1), Connection::Access::ReadWrite,
                                     {arguments.at(2), Connection::Durability::Full, true});
    if (!opened) {
        return 4;
    }
    say("done\n");
    return 0;
}
