#include "app/demo/demodata.h"

#include <QFile>

// The linker drops the registration object of a static library that nobody names.
static void registerDemoFiles() {
    static const bool once = [] {
        Q_INIT_RESOURCE(demo);
        return true;
    }();
    Q_UNUSED(once)
}

namespace earmark {

QByteArray demoFile(const QString& name) {
    registerDemoFiles();
    QFile file(QStringLiteral(":/demo/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace earmark
