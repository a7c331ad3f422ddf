#include "ui/playback/pulsemends.h"

#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

// As libpulse declares them, whose binary interface has not changed since its version 0.9; its headers are not needed.
// The enumerations are plain int there.
extern "C" {
struct pa_stream;
struct pa_operation;
struct pa_threaded_mainloop;
struct pa_buffer_attr;
struct pa_cvolume;
struct pa_context;
struct pa_mainloop_api;
struct pa_spawn_api;

#define EARMARK_MEND [[gnu::visibility("default"), gnu::used]]

EARMARK_MEND void pa_threaded_mainloop_lock(pa_threaded_mainloop* mainloop);
EARMARK_MEND int pa_context_connect(pa_context* context, const char* server, int flags, const pa_spawn_api* spawn);
EARMARK_MEND int pa_stream_connect_playback(pa_stream* stream, const char* device, const pa_buffer_attr* buffer,
                                            int flags, const pa_cvolume* volume, pa_stream* synchronous);
EARMARK_MEND int pa_stream_begin_write(pa_stream* stream, void** data, std::size_t* bytes);
EARMARK_MEND int pa_stream_write(pa_stream* stream, const void* data, std::size_t bytes, void (*release)(void*),
                                 std::int64_t offset, int seek);
EARMARK_MEND int pa_operation_get_state(const pa_operation* operation);
EARMARK_MEND void pa_operation_unref(pa_operation* operation);
}

namespace {

constexpr int kStreamCreating = 1;
constexpr int kStreamReady = 2;
constexpr int kOperationCancelled = 2;
constexpr std::size_t kMostLost = 16U << 20U;

/// The library's own function of that name.
template <typename Function>
Function* library(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Other users of the library in the same process are left alone.
bool isOfQt(const void* caller) {
    Dl_info info{};
    return ::dladdr(caller, &info) != 0 && info.dli_fname && std::strstr(info.dli_fname, "libQt6Multimedia");
}

/// That this thread has locked last.
thread_local pa_threaded_mainloop* t_mainloop = nullptr;
/// Sound for a stream that is gone.
thread_local std::vector<char> t_lost;

}  // namespace

void pa_threaded_mainloop_lock(pa_threaded_mainloop* mainloop) {
    static const auto real = library<decltype(pa_threaded_mainloop_lock)>("pa_threaded_mainloop_lock");
    real(mainloop);
    t_mainloop = mainloop;
}

/// Where no server is Qt gives up for good, also when one comes later; a connection that breaks it tries anew. So one
/// that cannot be begun is told as one that broke: Qt waits for a word about it, and looks at its state then.
int pa_context_connect(pa_context* context, const char* server, int flags, const pa_spawn_api* spawn) {
    static const auto real = library<decltype(pa_context_connect)>("pa_context_connect");
    static const auto interfaceOf = library<pa_mainloop_api*(pa_threaded_mainloop*)>("pa_threaded_mainloop_get_api");
    static const auto doOnce =
        library<void(pa_mainloop_api*, void (*)(pa_mainloop_api*, void*), void*)>("pa_mainloop_api_once");
    static const auto signal = library<void(pa_threaded_mainloop*, int)>("pa_threaded_mainloop_signal");
    const int result = real(context, server, flags, spawn);
    if (result >= 0 || !t_mainloop || !isOfQt(__builtin_return_address(0))) {
        return result;
    }
    const auto tell = [](pa_mainloop_api* /*api*/, void* mainloop) {
        signal(static_cast<pa_threaded_mainloop*>(mainloop), 0);
    };
    doOnce(interfaceOf(t_mainloop), tell, t_mainloop);  // in the library's thread, which cannot run before Qt waits
    return 0;
}

/// Qt waits until the stream is ready, and for ever when the device was gone by then. It is waited for here, and what
/// fails is told.
int pa_stream_connect_playback(pa_stream* stream, const char* device, const pa_buffer_attr* buffer, int flags,
                               const pa_cvolume* volume, pa_stream* synchronous) {
    static const auto real = library<decltype(pa_stream_connect_playback)>("pa_stream_connect_playback");
    static const auto stateOf = library<int(const pa_stream*)>("pa_stream_get_state");
    static const auto wait = library<void(pa_threaded_mainloop*)>("pa_threaded_mainloop_wait");
    const int result = real(stream, device, buffer, flags, volume, synchronous);
    if (result < 0 || !t_mainloop || !isOfQt(__builtin_return_address(0))) {
        return result;
    }
    while (stateOf(stream) == kStreamCreating) {
        wait(t_mainloop);
    }
    return stateOf(stream) == kStreamReady ? 0 : -1;
}

/// Qt keeps the library's lock when a write fails, and nobody ever plays again. Such a write goes nowhere instead; that
/// nothing more is asked for tells of the loss.
int pa_stream_begin_write(pa_stream* stream, void** data, std::size_t* bytes) {
    static const auto real = library<decltype(pa_stream_begin_write)>("pa_stream_begin_write");
    const int result = real(stream, data, bytes);
    if (result >= 0 || *bytes == 0 || *bytes > kMostLost || !isOfQt(__builtin_return_address(0))) {
        return result;
    }
    t_lost.resize(*bytes);
    *data = t_lost.data();
    return 0;
}

int pa_stream_write(pa_stream* stream, const void* data, std::size_t bytes, void (*release)(void*), std::int64_t offset,
                    int seek) {
    static const auto real = library<decltype(pa_stream_write)>("pa_stream_write");
    if (!t_lost.empty() && data == t_lost.data()) {
        return 0;
    }
    return real(stream, data, bytes, release, offset, seek);
}

/// Qt asks how an operation goes that a lost stream never began; the library would end the program.
int pa_operation_get_state(const pa_operation* operation) {
    static const auto real = library<decltype(pa_operation_get_state)>("pa_operation_get_state");
    return operation ? real(operation) : kOperationCancelled;
}

void pa_operation_unref(pa_operation* operation) {
    static const auto real = library<decltype(pa_operation_unref)>("pa_operation_unref");
    if (operation) {
        real(operation);
    }
}

namespace earmark {

void mendPulse() {}

bool pulseIsMended() {
    // What everybody else in the process finds under the name.
    return ::dlsym(RTLD_DEFAULT, "pa_stream_begin_write") == reinterpret_cast<void*>(&pa_stream_begin_write) &&
           ::dlsym(RTLD_DEFAULT, "pa_stream_connect_playback") == reinterpret_cast<void*>(&pa_stream_connect_playback);
}

}  // namespace earmark
