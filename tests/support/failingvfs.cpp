#include "tests/support/failingvfs.h"

#include <sqlite3.h>

#include <cstring>
#include <mutex>
#include <new>

namespace earmark::test::failingvfs {

namespace {

std::mutex mutex;
int left = -1;  ///< calls until the failure; -1 = none is set
Failure kind = Failure::IoError;
bool lasts = false;
bool failed = false;
QByteArray failedName;

sqlite3_vfs* real = nullptr;
sqlite3_vfs ours;

/// The real file lies behind this in the same memory.
struct File {
    sqlite3_file base;
    const char* name;
    sqlite3_file* behind() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* behind(sqlite3_file* file) {
    return reinterpret_cast<File*>(file)->behind();
}

/// SQLITE_OK, or the code that this call has to fail with.
int verdict(const char* call, const char* name, bool needsSpace, int ioError) {
    const std::lock_guard lock(mutex);
    if (left < 0 || (kind == Failure::DiskFull && !needsSpace)) {
        return SQLITE_OK;
    }
    if (left > 0) {
        --left;
        return SQLITE_OK;
    }
    if (failed && !lasts) {
        return SQLITE_OK;
    }
    if (!failed) {
        const char* slash = name ? std::strrchr(name, '/') : nullptr;
        failedName = QByteArray(call).append(" ").append(slash ? slash + 1 : name ? name : "a temporary file");
        failed = true;
    }
    return kind == Failure::DiskFull ? SQLITE_FULL : ioError;
}

int judge(sqlite3_file* file, const char* call, bool needsSpace, int ioError) {
    return verdict(call, reinterpret_cast<File*>(file)->name, needsSpace, ioError);
}

int closeFile(sqlite3_file* file) {
    return behind(file)->pMethods->xClose(behind(file));
}
int readFile(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    const int code = judge(file, "read", false, SQLITE_IOERR_READ);
    return code != SQLITE_OK ? code : behind(file)->pMethods->xRead(behind(file), to, size, at);
}
int writeFile(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    const int code = judge(file, "write", true, SQLITE_IOERR_WRITE);
    return code != SQLITE_OK ? code : behind(file)->pMethods->xWrite(behind(file), from, size, at);
}
int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    const int code = judge(file, "truncate", false, SQLITE_IOERR_TRUNCATE);
    return code != SQLITE_OK ? code : behind(file)->pMethods->xTruncate(behind(file), size);
}
int syncFile(sqlite3_file* file, int flags) {
    const int code = judge(file, "sync", true, SQLITE_IOERR_FSYNC);
    return code != SQLITE_OK ? code : behind(file)->pMethods->xSync(behind(file), flags);
}
int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    return behind(file)->pMethods->xFileSize(behind(file), size);
}
int lockFile(sqlite3_file* file, int level) {
    return behind(file)->pMethods->xLock(behind(file), level);
}
int unlockFile(sqlite3_file* file, int level) {
    return behind(file)->pMethods->xUnlock(behind(file), level);
}
int checkReserved(sqlite3_file* file, int* result) {
    return behind(file)->pMethods->xCheckReservedLock(behind(file), result);
}
int fileControl(sqlite3_file* file, int operation, void* argument) {
    return behind(file)->pMethods->xFileControl(behind(file), operation, argument);
}
int sectorSize(sqlite3_file* file) {
    return behind(file)->pMethods->xSectorSize(behind(file));
}
int characteristics(sqlite3_file* file) {
    return behind(file)->pMethods->xDeviceCharacteristics(behind(file));
}
int mapShared(sqlite3_file* file, int page, int size, int extend, void volatile** at) {
    const int code = extend ? judge(file, "map", true, SQLITE_IOERR_SHMSIZE) : SQLITE_OK;
    return code != SQLITE_OK ? code : behind(file)->pMethods->xShmMap(behind(file), page, size, extend, at);
}
int lockShared(sqlite3_file* file, int offset, int count, int flags) {
    return behind(file)->pMethods->xShmLock(behind(file), offset, count, flags);
}
void barrier(sqlite3_file* file) {
    behind(file)->pMethods->xShmBarrier(behind(file));
}
int unmapShared(sqlite3_file* file, int deleteIt) {
    return behind(file)->pMethods->xShmUnmap(behind(file), deleteIt);
}

// Version 2: no memory mapped pages, so every byte comes by read and goes by write.
const sqlite3_io_methods methods = {2,           closeFile,   readFile,        writeFile,  truncateFile,
                                    syncFile,    fileSize,    lockFile,        unlockFile, checkReserved,
                                    fileControl, sectorSize,  characteristics, mapShared,  lockShared,
                                    barrier,     unmapShared, nullptr,         nullptr};

int openFile(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* outFlags) {
    auto* const own = reinterpret_cast<File*>(file);
    own->base.pMethods = nullptr;
    own->name = name;
    const bool makes = (flags & SQLITE_OPEN_CREATE) != 0;
    if (const int code = verdict("open", name, makes, SQLITE_CANTOPEN); code != SQLITE_OK) {
        return code;
    }
    const int code = real->xOpen(real, name, own->behind(), flags, outFlags);
    if (own->behind()->pMethods) {
        own->base.pMethods = &methods;
    }
    return code;
}

int deleteFile(sqlite3_vfs*, const char* name, int syncFolder) {
    const int code = verdict("delete", name, false, SQLITE_IOERR_DELETE);
    return code != SQLITE_OK ? code : real->xDelete(real, name, syncFolder);
}

}  // namespace

void install() {
    real = sqlite3_vfs_find(nullptr);
    ours = *real;
    ours.zName = "failing";
    ours.szOsFile = int(sizeof(File)) + real->szOsFile;
    ours.xOpen = openFile;
    ours.xDelete = deleteFile;
    sqlite3_vfs_register(&ours, 1);
}

void failAt(int n, Failure failure, Lasting lasting) {
    const std::lock_guard lock(mutex);
    left = n;
    kind = failure;
    lasts = lasting == Lasting::FromThenOn;
    failed = false;
    failedName.clear();
}

void heal() {
    const std::lock_guard lock(mutex);
    left = -1;
}

bool hasFailed() {
    const std::lock_guard lock(mutex);
    return failed;
}

QByteArray failedCall() {
    const std::lock_guard lock(mutex);
    return failedName;
}

}  // namespace earmark::test::failingvfs
