#include "tests/support/privatekeyring.h"

#include <signal.h>

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

constexpr const char* kBusRules = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=%1/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
)";

void end(QProcess& process) {
    if (process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished(5000);
    }
}

}  // namespace

PrivateKeyring::~PrivateKeyring() {
    killKeyring();
    end(m_bus);
}

QString PrivateKeyring::startBus() {
    const QString program = QStandardPaths::findExecutable(u"dbus-daemon"_s);
    if (program.isEmpty()) {
        return u"dbus-daemon is not installed"_s;
    }
    QFile rules(m_folder.filePath(u"bus.conf"_s));
    if (!rules.open(QIODevice::WriteOnly) ||
        rules.write(QString::fromLatin1(kBusRules).arg(m_folder.path()).toUtf8()) <= 0) {
        return u"the bus has no place for its rules"_s;
    }
    rules.close();
    m_bus.start(program, {u"--config-file="_s + rules.fileName(), u"--nofork"_s, u"--print-address"_s});
    if (!m_bus.waitForReadyRead(10000)) {
        return u"dbus-daemon did not start: "_s + QString::fromLocal8Bit(m_bus.readAllStandardError());
    }
    m_address = QString::fromLatin1(m_bus.readLine().trimmed());
    return {};
}

QString PrivateKeyring::runKeyring(const QStringList& arguments, const QByteArray& password) {
    const QString program = QStandardPaths::findExecutable(u"gnome-keyring-daemon"_s);
    if (program.isEmpty()) {
        return u"gnome-keyring-daemon is not installed"_s;
    }
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto& [name, folder] :
         {std::pair(u"HOME"_s, u"home"_s), std::pair(u"XDG_DATA_HOME"_s, u"data"_s),
          std::pair(u"XDG_CONFIG_HOME"_s, u"config"_s), std::pair(u"XDG_CACHE_HOME"_s, u"cache"_s),
          std::pair(u"XDG_RUNTIME_DIR"_s, u"run"_s)}) {
        QDir().mkpath(m_folder.filePath(folder));
        QFile::setPermissions(m_folder.filePath(folder), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        environment.insert(name, m_folder.filePath(folder));
    }
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, m_address);
    environment.remove(u"DISPLAY"_s);
    environment.remove(u"GNOME_KEYRING_CONTROL"_s);
    m_keyring.setProcessEnvironment(environment);
    m_keyring.start(program, QStringList{u"--foreground"_s, u"--components=secrets"_s} + arguments);
    if (!m_keyring.waitForStarted(5000)) {
        return u"gnome-keyring-daemon did not start"_s;
    }
    m_keyring.write(password);
    m_keyring.closeWriteChannel();
    // It is there when its name is on the bus.
    QProcess ask;
    ask.setProcessEnvironment(environment);
    QDeadlineTimer patience(10000);
    while (!patience.hasExpired() && m_keyring.state() == QProcess::Running) {
        ask.start(u"dbus-send"_s, {u"--session"_s, u"--print-reply=literal"_s, u"--dest=org.freedesktop.DBus"_s, u"/"_s,
                                   u"org.freedesktop.DBus.NameHasOwner"_s, u"string:org.freedesktop.secrets"_s});
        if (!ask.waitForFinished(5000)) {
            return u"dbus-send does not answer"_s;
        }
        if (ask.readAllStandardOutput().contains("true")) {
            return {};
        }
        m_keyring.waitForFinished(50);
    }
    return u"the keyring did not come to the bus: "_s + QString::fromLocal8Bit(m_keyring.readAllStandardError());
}

QString PrivateKeyring::startKeyring(State state) {
    QString problem = runKeyring({u"--unlock"_s}, "a password of the test");
    if (problem.isEmpty() && state == State::Locked) {
        // Ended in order, so that the keyring lies on disk; the next daemon finds it and has no password for it.
        m_keyring.terminate();
        m_keyring.waitForFinished(5000);
        problem = runKeyring({}, {});
    }
    return problem;
}

void PrivateKeyring::killKeyring() {
    resume();
    end(m_keyring);
}

void PrivateKeyring::hang() {
    m_isStopped = ::kill(pid_t(m_keyring.processId()), SIGSTOP) == 0;
}

void PrivateKeyring::resume() {
    if (m_isStopped && m_keyring.processId() > 0) {
        ::kill(pid_t(m_keyring.processId()), SIGCONT);
    }
    m_isStopped = false;
}

}  // namespace earmark::test
