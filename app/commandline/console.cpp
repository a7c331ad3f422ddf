#include "app/commandline/console.h"

#include <unistd.h>

#include <QCoreApplication>
#include <cerrno>
#include <cstring>

namespace earmark {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

constexpr qsizetype kBufferSize = 64 * 1024;

bool writeAll(int fd, const char* bytes, qsizetype size) {
    while (size > 0) {
        const ssize_t written = write(fd, bytes, size_t(size));
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes += written;
        size -= written;
    }
    return true;
}

}  // namespace

void Console::print(const QByteArray& utf8) {
    m_buffer += utf8;
    if (m_buffer.size() >= kBufferSize) {
        flush();
    }
}

void Console::print(const QString& text) {
    print(text.toUtf8());
}

void Console::line(const QString& text) {
    print(text.toUtf8() + '\n');
}

void Console::say(const QString& text) const {
    const QByteArray bytes = text.toUtf8() + '\n';
    writeAll(STDERR_FILENO, bytes.constData(), bytes.size());
}

void Console::flush() {
    if (m_failed == 0 && !writeAll(STDOUT_FILENO, m_buffer.constData(), m_buffer.size())) {
        m_failed = errno;
    }
    m_buffer.clear();
}

int Console::finish(int exitCode) {
    flush();
    if (m_failed == 0) {
        return exitCode;
    }
    if (m_failed != EPIPE) {  // the reader has seen enough, as in "list | head"
        say(Text::tr("The output could not be written: %1. What the command has done stays done.")
                .arg(QString::fromLocal8Bit(std::strerror(m_failed))));
    }
    return exitCode == kExitDone ? kExitFailed : exitCode;
}

}  // namespace earmark
