#include "app/processguard.h"

#include <QSocketNotifier>

#include <fcntl.h>
#include <langinfo.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace earmark {

namespace {

std::atomic<int> quitPipe{-1};

extern "C" void onQuitSignal(int) {
    const int saved = errno;
    const int fd = quitPipe.load(std::memory_order_relaxed);
    const char byte = 'q';
    if (fd >= 0) {
        [[maybe_unused]] const auto written = write(fd, &byte, 1);
    }
    errno = saved;
}

/// Qt 6 needs a UTF-8 locale and complains on standard error where there is none; choose the neutral one before it
/// looks.
void ensureUtf8Locale() {
    if (setlocale(LC_ALL, "") != nullptr && std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0) {
        return;
    }
    const char* all = std::getenv("LC_ALL");
    setenv(all != nullptr && *all != '\0' ? "LC_ALL" : "LC_CTYPE", "C.UTF-8", 1);
}

constexpr int kQuitSignals[] = {SIGTERM, SIGINT, SIGHUP};

}  // namespace

void guardProcess() {
    umask(077);
    // A file size limit must come back as an error of write(), not as the end of the program.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    ensureUtf8Locale();
#ifdef NDEBUG
    closeMemory();  // developers want their debuggers and cores
#endif
}

void closeMemory() {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
}

class QuitSignals::Private {
 public:
    int readEnd = -1;
    int writeEnd = -1;
    std::unique_ptr<QSocketNotifier> notifier;
};

QuitSignals::QuitSignals(QObject* parent) : QObject(parent), d(std::make_unique<Private>()) {
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return;
    }
    d->readEnd = ends[0];
    d->writeEnd = ends[1];
    quitPipe.store(d->writeEnd);
    d->notifier = std::make_unique<QSocketNotifier>(d->readEnd, QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
        char bytes[16];
        while (read(d->readEnd, bytes, sizeof bytes) > 0) {
        }
        Q_EMIT quitRequested();
    });
    struct sigaction action = {};
    action.sa_handler = onQuitSignal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (const int signal : kQuitSignals) {
        struct sigaction former = {};
        sigaction(signal, nullptr, &former);
        // nohup and shells that start jobs in the background ignore signals on purpose.
        if (former.sa_handler != SIG_IGN) {
            sigaction(signal, &action, nullptr);
        }
    }
}

QuitSignals::~QuitSignals() {
    for (const int signal : kQuitSignals) {
        struct sigaction former = {};
        sigaction(signal, nullptr, &former);
        if (former.sa_handler == onQuitSignal) {
            std::signal(signal, SIG_DFL);
        }
    }
    quitPipe.store(-1);
    d->notifier.reset();
    if (d->readEnd >= 0) {
        close(d->readEnd);
        close(d->writeEnd);
    }
}

}  // namespace earmark
