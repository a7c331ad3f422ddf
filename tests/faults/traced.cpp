#include "tests/faults/traced.h"

#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>

namespace earmark::test {

using namespace Qt::StringLiterals;

namespace {

/// What the loader, libc, Qt, OpenSSL and SQLite read on any start. Not among them: /etc/passwd, home folders, media.
const char* const kSystemFiles[] = {
    "^/(usr/(local/)?)?lib(32|64|x32)?/",
    "^/usr/share/(zoneinfo|locale|i18n|qt6|ca-certificates|p11-kit|libthai)(/|$)",
    "^/etc/(ld\\.so\\.(cache|preload)|localtime|timezone|host\\.conf|hosts|resolv\\.conf|nsswitch\\.conf|gai\\.conf)$",
    "^/etc/(ssl|pkcs11|ca-certificates|crypto-policies)(/|$)",
    "^/etc/(services|protocols|machine-id|gcrypt/.*|xdg/.*)$",
    "^/proc/(self|\\d+|thread-self)(/|$)",
    "^/proc/(sys/(crypto|vm|kernel)/.*|meminfo|cpuinfo|stat|filesystems|mounts)$",
    "^/sys/(devices/system/cpu|devices/system/node|fs/cgroup|kernel/mm)(/|$)",
    "^/dev/(null|urandom|random)$",
    "^/var/cache/fontconfig/",
    "/app/(networkaccess|networkinformation|tls)$",  // Qt looks for plugins beside the program
};

/// Runs what it is given and writes the most memory that it and its children had. Asked of a small process in between,
/// because a fresh child of ours begins with our own size.
constexpr auto kMeasure = R"(
import os, sys
child = os.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
open(sys.argv[1], "w").write(str(usage.ru_maxrss))
code = os.waitstatus_to_exitcode(status)
os._exit(code) if code >= 0 else os.kill(os.getpid(), -code)
)";

bool isSystemFile(const QString& path) {
    static const QList<QRegularExpression> patterns = [] {
        QList<QRegularExpression> list;
        for (const char* text : kSystemFiles) {
            list.append(QRegularExpression(QString::fromLatin1(text)));
        }
        return list;
    }();
    return std::any_of(patterns.begin(), patterns.end(),
                       [&path](const QRegularExpression& pattern) { return pattern.match(path).hasMatch(); });
}

}  // namespace

QString Traced::whyNot() {
    if (QStandardPaths::findExecutable(u"strace"_s).isEmpty()) {
        return u"strace is not installed"_s;
    }
    if (QStandardPaths::findExecutable(u"python3"_s).isEmpty()) {
        return u"python3 is not installed"_s;
    }
    QProcess probe;
    probe.start(u"strace"_s, {u"-f"_s, u"-o"_s, u"/dev/null"_s, u"true"_s});
    if (!probe.waitForFinished(10'000) || probe.exitCode() != 0) {
        return u"strace does not work here: "_s + QString::fromUtf8(probe.readAllStandardError()).simplified();
    }
    return Program::exists() ? QString() : u"the program is not built here"_s;
}

Traced::Traced(Memory memory) {
    // The leak sanitizer traces, too, and cannot do so under strace.
    QStringList command{u"strace"_s,
                        u"-E"_s,
                        u"ASAN_OPTIONS=exitcode=97:detect_leaks=0"_s,
                        u"-f"_s,
                        u"-qq"_s,
                        u"-s"_s,
                        u"4096"_s,
                        u"--seccomp-bpf"_s,
                        u"-e"_s,
                        u"trace=open,openat,openat2,creat,connect,execve,execveat"_s,
                        u"-o"_s,
                        m_program.home() + u"/trace"_s};
    if (memory == Memory::Measured) {
        command =
            QStringList{u"python3"_s, u"-c"_s, QString::fromLatin1(kMeasure), m_program.home() + u"/peak"_s} + command;
    }
    m_program.runUnder(command);
}

Ran Traced::run(const QStringList& arguments, const QByteArray& input, int timeoutMs) {
    Ran ran = m_program.run(arguments, input, timeoutMs);
    read(m_program.home() + u"/trace"_s);
    QFile peak(m_program.home() + u"/peak"_s);
    if (peak.open(QIODevice::ReadOnly)) {
        m_peakKiB = std::max(m_peakKiB, peak.readAll().toLongLong());
        peak.remove();
    }
    ++m_runs;
    return ran;
}

void Traced::read(const QString& file) {
    static const QRegularExpression opened(
        u"\\b(?:open|openat|openat2|creat)\\((?:AT_FDCWD, |\\d+(?:<[^>]*>)?, )?\"((?:[^\"\\\\]|\\\\.)*)\""_s);
    static const QRegularExpression inet(u"connect\\(.*sin6?_port=htons\\((\\d+)\\).*?\"([^\"]+)\""_s);
    static const QRegularExpression local(u"connect\\(.*sun_path=@?\"([^\"]+)\""_s);
    QFile trace(file);
    if (!trace.open(QIODevice::ReadOnly)) {
        m_files.insert(u"(no trace was written)"_s);
        return;
    }
    while (!trace.atEnd()) {
        const QString line = QString::fromUtf8(trace.readLine());
        if (const auto match = opened.match(line); match.hasMatch()) {
            m_files.insert(match.captured(1));
        } else if (const auto to = inet.match(line); to.hasMatch()) {
            m_connections.insert(to.captured(2) + u':' + to.captured(1));
        } else if (const auto path = local.match(line); path.hasMatch()) {
            m_connections.insert(u"unix:"_s + path.captured(1));
        } else if (line.contains(u" execve("_s) || line.contains(u" execveat("_s)) {
            ++m_started;
        }
    }
    trace.close();
    trace.remove();
}

QStringList Traced::oddFiles() const {
    const QString home = m_program.home();
    QStringList odd;
    for (const QString& file : m_files) {
        const bool ours = file == home || file.startsWith(home + u'/') ||
                          (!file.startsWith(u'/') && !file.contains(u"../"_s));  // relative to an own folder's handle
        if (!ours && !isSystemFile(file)) {
            odd.append(file);
        }
    }
    odd.sort();
    return odd;
}

QStringList Traced::oddConnections(const QList<int>& ports) const {
    QStringList odd;
    for (const QString& target : m_connections) {
        const bool wanted = std::any_of(ports.begin(), ports.end(),
                                        [&target](int port) { return target == u"127.0.0.1:%1"_s.arg(port); });
        // glibc asks the name service cache, where there is one, Qt the keyring's bus, doctor the sound server.
        const bool systems =
            target == u"unix:/var/run/nscd/socket"_s || target == u"unix:/run/dbus/system_bus_socket"_s ||
            (target.startsWith(u"unix:"_s) && target.endsWith(u"/native"_s) && target.contains(u"pulse"_s));
        if (!wanted && !systems) {
            odd.append(target);
        }
    }
    odd.sort();
    return odd;
}

}  // namespace earmark::test
