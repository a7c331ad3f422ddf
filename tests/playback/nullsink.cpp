#include "tests/playback/nullsink.h"

#include <sys/resource.h>

#include <QElapsedTimer>
#include <QEventLoop>
#include <QFile>
#include <QStandardPaths>
#include <QTimer>
#include <cstring>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;
constexpr int kBeforeOthers = -10;

/// norewinds=1: without it Qt's sink skips 25 ms of every 200 on a null sink.
QString sinkArguments(const QString& name) {
    return u"sink_name=%1 rate=48000 channels=2 norewinds=1"_s.arg(name);
}

}  // namespace

NullSink::~NullSink() {
    stopRecording();
    stop();
}

QString NullSink::start() {
    for (const QString& program : {u"pulseaudio"_s, u"pactl"_s, u"parec"_s}) {
        if (QStandardPaths::findExecutable(program).isEmpty()) {
            return u"%1 is not installed (packages pulseaudio, pulseaudio-utils)"_s.arg(program);
        }
    }
    const QByteArray folder = QFile::encodeName(m_folder.path());
    QFile::setPermissions(m_folder.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("XDG_RUNTIME_DIR", folder);
    qputenv("PULSE_RUNTIME_PATH", folder + "/pulse");
    qputenv("PULSE_SERVER", "unix:" + folder + "/pulse.sock");
    qputenv("PULSE_COOKIE", folder + "/pulse.cookie");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    return startServer();
}

QString NullSink::startWithoutSink() {
    m_startsWithSink = false;
    return start();
}

QString NullSink::restart() {
    return startServer();
}

QString NullSink::startServer() {
    // Sound is due at its time, the tests beside it are not. Threads and programs begun from here on inherit it;
    // without the right to it all stays as it is.
    ::setpriority(PRIO_PROCESS, 0, kBeforeOthers);
    const QString socket = m_folder.filePath(u"pulse.sock"_s);
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    QStringList arguments{u"-n"_s,
                          u"--daemonize=no"_s,
                          u"--exit-idle-time=-1"_s,
                          u"--disallow-exit"_s,
                          u"--use-pid-file=no"_s,
                          u"--log-level=error"_s,
                          u"-L"_s,
                          u"module-native-protocol-unix auth-anonymous=1 socket="_s + socket};
    if (m_startsWithSink) {
        arguments << u"-L"_s << u"module-null-sink "_s + sinkArguments(u"testsink"_s);
    }
    m_server.start(u"pulseaudio"_s, arguments);
    if (!m_server.waitForStarted(kPatienceMs)) {
        return u"pulseaudio does not start: "_s + m_server.errorString();
    }
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < kPatienceMs;) {
        if (pactl({u"info"_s})) {
            return {};
        }
        if (m_server.waitForFinished(50)) {
            break;
        }
    }
    return u"pulseaudio does not answer: "_s + QString::fromLocal8Bit(m_server.readAll());
}

bool NullSink::pactl(const QStringList& arguments, QByteArray* answer) {
    // With a running event loop: the thread that asks may be the one whose liveness is watched.
    QProcess ask;
    QEventLoop loop;
    QObject::connect(&ask, &QProcess::finished, &loop, &QEventLoop::quit);
    QObject::connect(&ask, &QProcess::errorOccurred, &loop, &QEventLoop::quit);
    QTimer::singleShot(kPatienceMs, &loop, &QEventLoop::quit);
    ask.start(u"pactl"_s, arguments);
    if (ask.state() != QProcess::NotRunning) {
        loop.exec();
    }
    const bool good = ask.state() == QProcess::NotRunning && ask.error() == QProcess::UnknownError &&
                      ask.exitStatus() == QProcess::NormalExit && ask.exitCode() == 0;
    if (answer) {
        *answer = ask.readAllStandardOutput().trimmed();
    }
    return good;
}

bool NullSink::addSink(const QString& name) {
    QByteArray module;
    if (!pactl(QStringList{u"load-module"_s, u"module-null-sink"_s} + sinkArguments(name).split(u' '), &module)) {
        return false;
    }
    m_modules[name] = QString::fromLatin1(module);
    return true;
}

bool NullSink::removeSink(const QString& name) {
    // The sink that the server began with has no number that we know, so all null sinks of that kind go.
    return pactl({u"unload-module"_s, m_modules.contains(name) ? m_modules.take(name) : u"module-null-sink"_s});
}

bool NullSink::setDefaultSink(const QString& name) {
    return pactl({u"set-default-sink"_s, name});
}

bool NullSink::suspendSink(const QString& name, bool suspended) {
    return pactl({u"suspend-sink"_s, name, suspended ? u"1"_s : u"0"_s});
}

void NullSink::stop() {
    if (m_server.state() != QProcess::NotRunning) {
        m_server.terminate();
        if (!m_server.waitForFinished(kPatienceMs)) {
            m_server.kill();
            m_server.waitForFinished();
        }
    }
}

void NullSink::kill() {
    m_server.kill();
    m_server.waitForFinished();
    m_modules.clear();
}

QString NullSink::startRecording(const QString& sink) {
    stopRecording();
    m_recorded.clear();
    m_recorder = std::make_unique<QProcess>();
    QObject::connect(m_recorder.get(), &QProcess::readyReadStandardOutput, m_recorder.get(),
                     [this] { m_recorded += m_recorder->readAllStandardOutput(); });
    m_recorder->start(u"parec"_s, {u"-d"_s, sink + u".monitor"_s, u"--format=s16le"_s, u"--rate=%1"_s.arg(m_rate),
                                   u"--channels=2"_s, u"--raw"_s, u"--latency-msec=10"_s});
    if (!m_recorder->waitForReadyRead(kPatienceMs)) {
        return u"parec records nothing: "_s + QString::fromLocal8Bit(m_recorder->readAllStandardError());
    }
    return {};
}

std::vector<std::int16_t> NullSink::recorded() const {
    std::vector<std::int16_t> samples(static_cast<std::size_t>(recordedFrames()) * 2);
    std::memcpy(samples.data(), m_recorded.constData(), samples.size() * 2);
    return samples;
}

void NullSink::stopRecording() {
    if (m_recorder) {
        m_recorder->kill();
        m_recorder->waitForFinished();
        m_recorder.reset();
    }
}

}  // namespace earmark
