// Edits without a pause until it is killed: killedwriter FILE SEED FIRST [COUNT]. A line "B ..." before each step, "A
// ..." when it has been acknowledged, "N ..." when it failed. With COUNT it ends after so many steps: 0, or 4 when one
// of them failed. Not a test by itself; tst_killed and the long tests start and kill it.
#include <unistd.h>

#include <cstdlib>

#include <QCoreApplication>
#include <QRandomGenerator>
#include <QStringList>

#include "models/store/reviewsdatabase.h"

using namespace earmark;
using namespace Qt::StringLiterals;

namespace {
void say(const QString& line) {
    const QByteArray bytes = line.toUtf8() + '\n';
    if (::write(1, bytes.constData(), size_t(bytes.size())) != bytes.size()) {
        ::_exit(3);
    }
}
}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    auto database = ReviewsDatabase::open(arguments.at(1), ReviewsDatabase::Access::ReadWrite);
    if (!database || !(*database)->notices().isEmpty()) {
        return 2;
    }
    QRandomGenerator random(arguments.at(2).toUInt());
    const qint64 first = arguments.at(3).toLongLong();
    const bool isEndless = arguments.size() <= 4;
    const qint64 given = isEndless ? 0 : arguments.at(4).toLongLong();
    const qint64 count = qAbs(given);
    bool failed = false;
    for (qint64 number = first; isEndless || number < first + count; ++number) {
        const int call = random.bounded(8);
        const ReviewField field = random.bounded(2) ? ReviewField::Notes : ReviewField::Disposition;
        const CallKey key{u"main"_s, QString::number(call)};
        const Moment now = momentFromMs(number);
        const int kind = random.bounded(10);
        const QString what = kind == 0 ? u"restore"_s : kind < 3 ? u"draft"_s : u"edit"_s;
        // Some texts are longer than a page, so that a row has pages of its own.
        const QString value = QString::number(number) + QString(random.bounded(20) == 0 ? 9'000 : 40, u'x');
        const QString line = u"%1 %2 %3 %4"_s.arg(number).arg(call).arg(word(field), what);
        say(u"B "_s + line);
        if (given < 0 && number == first + count - 1) {
            static_cast<void>((*database)->commitEdit({key, field, u"provider's"_s, value, u"desk"_s}, now));
            std::abort();  // as a failed assertion in a slot does
        }
        bool done = false;
        if (what == u"restore"_s) {
            done = (*database)->restoreField(key, field, u"restore"_s, now).has_value();
        } else if (what == u"draft"_s) {
            done = (*database)->saveDraft({key, field, std::nullopt, value, now}).has_value();
        } else {
            done = (*database)->commitEdit({key, field, u"provider's"_s, value, u"desk"_s}, now).has_value();
        }
        if (!done && isEndless) {
            return 4;
        }
        failed = failed || !done;
        say((done ? u"A "_s : u"N "_s) + line);
    }
    return failed ? 4 : 0;
}
