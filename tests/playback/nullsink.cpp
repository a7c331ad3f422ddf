#include "tests/playback/nullsink.h"

#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <cstring>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;

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

QString NullSink::restart() {
    return startServer();
}

QString NullSink::startServer() {
    const QString socket = m_folder.filePath(u"pulse.sock"_s);
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    // norewinds=1: without it Qt's sink skips 25 ms of every 200 on a null sink.
    m_server.start(u"pulseaudio"_s, {u"-n"_s, u"--daemonize=no"_s, u"--exit-idle-time=-1"_s, u"--disallow-exit"_s,
                                     u"--use-pid-file=no"_s, u"--log-level=error"_s, u"-L"_s,
                                     u"module-native-protocol-unix auth-anonymous=1 socket="_s + socket, u"-L"_s,
                                     u"module-null-sink sink_name=testsink rate=48000 channels=2 norewinds=1"_s});
    if (!m_server.waitForStarted(kPatienceMs)) {
        return u"pulseaudio does not start: "_s + m_server.errorString();
    }
    QElapsedTimer timer;
    for (timer.start(); timer.elapsed() < kPatienceMs;) {
        QProcess ask;
        ask.start(u"pactl"_s, {u"info"_s});
        if (ask.waitForFinished(kPatienceMs) && ask.exitCode() == 0) {
            return {};
        }
        if (m_server.waitForFinished(50)) {
            break;
        }
    }
    return u"pulseaudio does not answer: "_s + QString::fromLocal8Bit(m_server.readAll());
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

QString NullSink::startRecording() {
    stopRecording();
    m_recorded.clear();
    m_recorder = std::make_unique<QProcess>();
    QObject::connect(m_recorder.get(), &QProcess::readyReadStandardOutput, m_recorder.get(),
                     [this] { m_recorded += m_recorder->readAllStandardOutput(); });
    m_recorder->start(u"parec"_s, {u"-d"_s, u"testsink.monitor"_s, u"--format=s16le"_s, u"--rate=%1"_s.arg(kRate),
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
