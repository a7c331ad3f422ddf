// The hooks: definitions of C library and SQLite functions in the test program, which go before those of the libraries
// for every library of the process. Each looks at two thread-local flags and calls the real one.
#include "tests/support/blockingcalls.h"

#include <arpa/inet.h>
#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

namespace earmark::test::hooks {

thread_local bool inHandler = false;
thread_local bool isWatched = false;
std::atomic<void (*)()> betweenTurns = nullptr;

namespace {

thread_local bool t_writingDown = false;  // writing down may open files and lock, too

struct Found {
    std::mutex mutex;
    std::string profile;
    std::string interesting;
    std::vector<std::string> blocking;
    std::vector<std::string> opened;
    std::vector<std::string> connected;
};
Found& found() {
    static auto* const all = new Found;  // outlives every thread
    return *all;
}

void noteBlocking(const char* call, const std::string& detail) {
    if (!inHandler || t_writingDown) {
        return;
    }
    t_writingDown = true;
    void* frames[24];
    const int count = backtrace(frames, 24);
    const std::string text = std::string(call) + (detail.empty() ? "" : " " + detail) + " in an event handler, from\n" +
                             callers(frames, count);
    {
        const std::lock_guard lock(found().mutex);
        found().blocking.push_back(text);
    }
    t_writingDown = false;
}

void noteOpen(const char* call, const char* path) {
    if (path == nullptr || t_writingDown) {
        return;
    }
    bool ofProfile = false;
    t_writingDown = true;
    {
        const std::lock_guard lock(found().mutex);
        if (!found().interesting.empty() && std::strstr(path, found().interesting.c_str()) != nullptr) {
            found().opened.emplace_back(path);
        }
        ofProfile =
            !found().profile.empty() && std::strncmp(path, found().profile.c_str(), found().profile.size()) == 0;
    }
    t_writingDown = false;
    if (ofProfile) {
        noteBlocking(call, path);
    }
}

void noteConnect(const sockaddr* address) {
    if (address == nullptr || address->sa_family != AF_INET || t_writingDown) {
        return;
    }
    const auto* inet = reinterpret_cast<const sockaddr_in*>(address);
    char host[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &inet->sin_addr, host, sizeof host);
    const std::lock_guard lock(found().mutex);
    found().connected.push_back(std::string(host) + ":" + std::to_string(ntohs(inet->sin_port)));
}

/// A wait of the dispatcher between two events, or one that a handler makes.
void noteWait(const char* call, bool waits) {
    if (!isWatched) {
        return;
    }
    if (inHandler) {
        if (waits) {
            noteBlocking(call, {});
        }
    } else if (auto* const tell = betweenTurns.load()) {
        tell();
    }
}

template <typename Function>
Function* real(const char* name, const char* version = nullptr) {
    void* const symbol = version != nullptr ? dlvsym(RTLD_NEXT, name, version) : nullptr;
    return reinterpret_cast<Function*>(symbol != nullptr ? symbol : dlsym(RTLD_NEXT, name));
}

}  // namespace

std::string callers(void* const* frames, int count) {
    std::string text;
    int told = 0;
    for (int i = 0; i < count && told < 12; ++i) {
        Dl_info info = {};
        if (dladdr(frames[i], &info) == 0) {
            continue;
        }
        std::string name = info.dli_sname != nullptr ? info.dli_sname : "?";
        int status = -1;
        if (char* const readable = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status); readable != nullptr) {
            name = readable;
            std::free(readable);
        }
        if (name.find("test::hooks::") != std::string::npos || (told == 0 && name == "?")) {
            continue;
        }
        text += "      " + name.substr(0, 140) + "\n";
        ++told;
    }
    return text;
}

void setProfile(const std::string& folder) {
    const std::lock_guard lock(found().mutex);
    found().profile = folder;
}
void setInteresting(const std::string& partOfPath) {
    const std::lock_guard lock(found().mutex);
    found().interesting = partOfPath;
}
std::vector<std::string> takeBlocking() {
    const std::lock_guard lock(found().mutex);
    return std::exchange(found().blocking, {});
}
std::vector<std::string> opened() {
    const std::lock_guard lock(found().mutex);
    return found().opened;
}
std::vector<std::string> connected() {
    const std::lock_guard lock(found().mutex);
    return found().connected;
}
void forgetOutside() {
    const std::lock_guard lock(found().mutex);
    found().opened.clear();
    found().connected.clear();
}

}  // namespace earmark::test::hooks

using namespace earmark::test::hooks;

#define EARMARK_REAL(name, ...) static auto* const next = real<decltype(name)>(#name __VA_OPT__(, ) __VA_ARGS__)

extern "C" {

// --- waits

int poll(pollfd* files, nfds_t count, int timeout) {
    EARMARK_REAL(poll);
    noteWait("poll()", timeout != 0);
    return next(files, count, timeout);
}
int ppoll(pollfd* files, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    EARMARK_REAL(ppoll);
    noteWait("ppoll()", timeout == nullptr || timeout->tv_sec != 0 || timeout->tv_nsec != 0);
    return next(files, count, timeout, mask);
}
int select(int count, fd_set* in, fd_set* out, fd_set* trouble, timeval* timeout) {
    EARMARK_REAL(select);
    noteWait("select()", timeout == nullptr || timeout->tv_sec != 0 || timeout->tv_usec != 0);
    return next(count, in, out, trouble, timeout);
}
int epoll_wait(int file, epoll_event* events, int most, int timeout) {
    EARMARK_REAL(epoll_wait);
    noteWait("epoll_wait()", timeout != 0);
    return next(file, events, most, timeout);
}
int nanosleep(const timespec* time, timespec* left) {
    EARMARK_REAL(nanosleep);
    noteBlocking("nanosleep()", {});
    return next(time, left);
}
int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    EARMARK_REAL(clock_nanosleep);
    noteBlocking("clock_nanosleep()", {});
    return next(clock, flags, time, left);
}
int usleep(useconds_t time) {
    EARMARK_REAL(usleep);
    noteBlocking("usleep()", {});
    return next(time);
}
unsigned sleep(unsigned time) {
    EARMARK_REAL(sleep);
    noteBlocking("sleep()", {});
    return next(time);
}
int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    EARMARK_REAL(pthread_cond_wait, "GLIBC_2.3.2");
    noteBlocking("pthread_cond_wait()", {});
    return next(condition, mutex);
}
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
    EARMARK_REAL(pthread_cond_timedwait, "GLIBC_2.3.2");
    noteBlocking("pthread_cond_timedwait()", {});
    return next(condition, mutex, until);
}
int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until) {
    EARMARK_REAL(pthread_cond_clockwait);
    noteBlocking("pthread_cond_clockwait()", {});
    return next(condition, mutex, clock, until);
}
int pthread_join(pthread_t thread, void** result) {
    EARMARK_REAL(pthread_join);
    noteBlocking("pthread_join()", {});
    return next(thread, result);
}
int sem_wait(sem_t* semaphore) {
    EARMARK_REAL(sem_wait);
    noteBlocking("sem_wait()", {});
    return next(semaphore);
}

// --- files

int fsync(int file) {
    EARMARK_REAL(fsync);
    noteBlocking("fsync()", {});
    return next(file);
}
int fdatasync(int file) {
    EARMARK_REAL(fdatasync);
    noteBlocking("fdatasync()", {});
    return next(file);
}
void sync() {
    EARMARK_REAL(sync);
    noteBlocking("sync()", {});
    next();
}
int open(const char* path, int flags, ...) {
    using Open = int(const char*, int, mode_t);
    static auto* const next = real<Open>("open");
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    noteOpen("open()", path);
    return next(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    using Open = int(const char*, int, mode_t);
    static auto* const next = real<Open>("open64");
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    noteOpen("open64()", path);
    return next(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
    using Open = int(int, const char*, int, mode_t);
    static auto* const next = real<Open>("openat");
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    noteOpen("openat()", path);
    return next(folder, path, flags, mode);
}
FILE* fopen(const char* path, const char* mode) {
    EARMARK_REAL(fopen);
    noteOpen("fopen()", path);
    return next(path, mode);
}
FILE* fopen64(const char* path, const char* mode) {
    EARMARK_REAL(fopen64);
    noteOpen("fopen64()", path);
    return next(path, mode);
}
int rename(const char* from, const char* to) {
    EARMARK_REAL(rename);
    noteOpen("rename()", to);
    return next(from, to);
}
int connect(int socket, const sockaddr* address, socklen_t length) {
    EARMARK_REAL(connect);
    noteConnect(address);
    return next(socket, address, length);
}

// --- SQL

struct sqlite3;
struct sqlite3_stmt;
int sqlite3_step(sqlite3_stmt* statement) {
    EARMARK_REAL(sqlite3_step);
    noteBlocking("sqlite3_step()", {});
    return next(statement);
}
int sqlite3_open_v2(const char* path, sqlite3** database, int flags, const char* vfs) {
    EARMARK_REAL(sqlite3_open_v2);
    noteBlocking("sqlite3_open_v2()", {});
    return next(path, database, flags, vfs);
}
int sqlite3_close_v2(sqlite3* database) {
    EARMARK_REAL(sqlite3_close_v2);
    noteBlocking("sqlite3_close_v2()", {});
    return next(database);
}
int sqlite3_exec(sqlite3* database, const char* sql, int (*each)(void*, int, char**, char**), void* with, char** said) {
    EARMARK_REAL(sqlite3_exec);
    noteBlocking("sqlite3_exec()", {});
    return next(database, sql, each, with, said);
}

}  // extern "C"
