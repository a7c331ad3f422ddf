#include "tests/app/program.h"

#include <QDirIterator>
#include <QFile>

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

QString programFile() {
    return qEnvironmentVariable("EARMARK_PROGRAM");
}

}  // namespace

Program::Program() : m_environment(QProcessEnvironment::systemEnvironment()) {
    const QStringList names = m_environment.keys();
    for (const QString& name : names) {
        if (name.startsWith(u"EARMARK_"_s) || name.startsWith(u"XDG_"_s) || name.startsWith(u"DBUS_"_s) ||
            name.startsWith(u"QT_QPA_"_s)) {
            m_environment.remove(name);
        }
    }
    m_environment.remove(u"DISPLAY"_s);
    m_environment.remove(u"WAYLAND_DISPLAY"_s);
    m_environment.insert(u"HOME"_s, m_folder.path());
    m_environment.insert(u"TMPDIR"_s, m_folder.path());
    m_environment.insert(u"EARMARK_PROFILE"_s, profile());
    m_environment.insert(u"TZ"_s, u"UTC"_s);
}

bool Program::exists() {
    return QFile::exists(programFile());
}

std::unique_ptr<QProcess> Program::start(const QStringList& arguments) const {
    auto process = std::make_unique<QProcess>();
    process->setProcessEnvironment(m_environment);
    process->setWorkingDirectory(m_folder.path());
    if (m_beforeStart) {
        process->setChildProcessModifier(m_beforeStart);
    }
    const QStringList command = m_wrapper + QStringList{programFile()} + arguments;
    process->start(command.first(), command.mid(1));
    return process;
}

Ran Program::run(const QStringList& arguments, const QByteArray& input, int timeoutMs) const {
    const auto process = start(arguments);
    Ran ran;
    if (!process->waitForStarted(timeoutMs)) {
        return ran;
    }
    process->write(input);
    process->closeWriteChannel();
    if (!process->waitForFinished(timeoutMs)) {
        process->kill();
        process->waitForFinished();
        ran.err = "timed out: " + process->readAllStandardError();
        return ran;
    }
    ran.crashed = process->exitStatus() != QProcess::NormalExit;
    ran.exitCode = ran.crashed ? -1 : process->exitCode();
    ran.out = process->readAllStandardOutput();
    ran.err = process->readAllStandardError();
    m_printed += ran.out + ran.err;
    if (ran.err.contains("Sanitizer:") || ran.err.contains("runtime error: ")) {
        qWarning("%s", ran.err.constData());
        QTest::qFail("a sanitizer ended the program", __FILE__, __LINE__);
    }
    return ran;
}

QStringList Program::filesWith(const QByteArray& bytes) const {
    QStringList found;
    QDirIterator files(m_folder.path(), QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(bytes)) {
            found.append(file.fileName());
        }
    }
    return found;
}

}  // namespace earmark::test
