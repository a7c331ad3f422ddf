#include "tests/support/filecalls.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <mutex>

namespace earmark::test::filecalls {

namespace {

std::atomic<bool> armed{false};
std::mutex mutex;
int left = 0;
int errorNumber = 0;
bool lasts = false;
bool kills = false;
bool tears = false;
bool failed = false;
QByteArray failedName;
QList<QByteArray> counted;

[[noreturn]] void die() {
    ::kill(::getpid(), SIGKILL);
    ::_exit(1);
}

/// errno is set when this is true. A torn write is left to the caller.
bool fails(const char* name, bool isReading = false) {
    if (!armed.load(std::memory_order_relaxed)) {
        return false;
    }
    const std::lock_guard lock(mutex);
    const bool counts = counted.isEmpty() ? !isReading : counted.contains(QByteArray(name));
    if (!counts) {
        return false;
    }
    if (left > 0) {
        --left;
        return false;
    }
    if (failed && !lasts) {
        return false;
    }
    if (!failed) {
        failedName = name;
    }
    failed = true;
    if (kills && !(tears && qstrcmp(name, "write") == 0)) {
        die();
    }
    errno = errorNumber;
    return true;
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

void failAt(int n, int error, Lasting lasting, const QList<QByteArray>& only) {
    const std::lock_guard lock(mutex);
    left = n;
    errorNumber = error;
    lasts = lasting == Lasting::FromThenOn;
    kills = false;
    failed = false;
    failedName.clear();
    counted = only;
    armed = true;
}

void killAt(int n, Death how) {
    failAt(n, EIO, Lasting::Once, {});
    const std::lock_guard lock(mutex);
    kills = true;
    tears = how == Death::Torn;
}

void heal() {
    armed = false;
}

bool hasFailed() {
    const std::lock_guard lock(mutex);
    return failed;
}

QByteArray failedCall() {
    const std::lock_guard lock(mutex);
    return failedName;
}

}  // namespace earmark::test::filecalls

using earmark::test::filecalls::die;
using earmark::test::filecalls::fails;
using earmark::test::filecalls::kills;
using earmark::test::filecalls::next;

// Opening counts where something may be made or written; the mode is handed on whether it was given or not.
#define EARMARK_OPEN(name)                                                              \
    extern "C" int name(const char* path, int flags, ...) {                             \
        va_list rest;                                                                   \
        va_start(rest, flags);                                                          \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                                   \
        if ((flags & O_ACCMODE) != O_RDONLY && fails("open"))                           \
            return -1;                                                                  \
        static auto* const real = next<int(const char*, int, ...)>(#name);              \
        return real(path, flags, mode);                                                 \
    }
#define EARMARK_OPENAT(name)                                                            \
    extern "C" int name(int folder, const char* path, int flags, ...) {                 \
        va_list rest;                                                                   \
        va_start(rest, flags);                                                          \
        const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest);                                                                   \
        if ((flags & O_ACCMODE) != O_RDONLY && fails("open"))                           \
            return -1;                                                                  \
        static auto* const real = next<int(int, const char*, int, ...)>(#name);         \
        return real(folder, path, flags, mode);                                         \
    }
#define EARMARK_CALL(result, name, parameters, arguments)         \
    extern "C" result name parameters {                           \
        if (fails(#name))                                         \
            return -1;                                            \
        static auto* const real = next<result parameters>(#name); \
        return real arguments;                                    \
    }

EARMARK_OPEN(open)
EARMARK_OPEN(open64)
EARMARK_OPENAT(openat)
EARMARK_OPENAT(openat64)
EARMARK_CALL(int, mkdir, (const char* path, mode_t mode), (path, mode))
EARMARK_CALL(int, fsync, (int file), (file))
EARMARK_CALL(int, fdatasync, (int file), (file))
EARMARK_CALL(int, fchmod, (int file, mode_t mode), (file, mode))
EARMARK_CALL(int, ftruncate, (int file, off_t size), (file, size))
EARMARK_CALL(int, ftruncate64, (int file, off64_t size), (file, size))
EARMARK_CALL(int, rename, (const char* from, const char* to), (from, to))
EARMARK_CALL(int, renameat, (int fromFolder, const char* from, int toFolder, const char* to),
             (fromFolder, from, toFolder, to))
EARMARK_CALL(int, unlink, (const char* path), (path))
EARMARK_CALL(int, unlinkat, (int folder, const char* path, int flags), (folder, path, flags))
EARMARK_CALL(ssize_t, pwrite64, (int file, const void* bytes, size_t size, off64_t at), (file, bytes, size, at))

/// The standard streams are the test's own voice.
extern "C" ssize_t write(int file, const void* bytes, size_t size) {
    static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
    if (file > 2 && fails("write")) {
        if (kills) {
            [[maybe_unused]] const ssize_t half = real(file, bytes, size / 2);
            die();
        }
        return -1;
    }
    return real(file, bytes, size);
}

extern "C" ssize_t pread(int file, void* bytes, size_t size, off_t at) {
    if (fails("pread64", true))
        return -1;
    static auto* const real = next<ssize_t(int, void*, size_t, off_t)>("pread");
    return real(file, bytes, size, at);
}

extern "C" ssize_t pread64(int file, void* bytes, size_t size, off64_t at) {
    if (fails("pread64", true))
        return -1;
    static auto* const real = next<ssize_t(int, void*, size_t, off64_t)>("pread64");
    return real(file, bytes, size, at);
}
