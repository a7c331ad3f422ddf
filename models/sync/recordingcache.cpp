#include "models/sync/recordingcache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace earmark {

namespace {

constexpr qsizetype kStemLength = 64;  // SHA-256, as recordingStem() makes it
constexpr const char* kSoundEndings[] = {".wav", ".mp3", ".ogg", ".flac", ".mp4"};

/// The files of one call, by their full names.
struct Kept {
    QByteArrayList sounds;
    QByteArrayList maps;
    qint64 bytes = 0;
    Moment used;
};

using Contents = std::map<QByteArray, Kept>;  // by stem

struct DirectoryCloser {
    void operator()(DIR* directory) const { ::closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirectoryCloser>;

Directory listed(int descriptor) {
    Directory directory(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
    if (descriptor >= 0 && !directory) {
        ::close(descriptor);
    }
    return directory;
}

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Directory openFolder(const QString& folder) {
    return listed(::open(QFile::encodeName(QDir::cleanPath(folder)).constData(), kFolderFlags));
}

Directory openUses(DIR* folder) {
    return listed(::openat(::dirfd(folder), "used", kFolderFlags));
}

bool isStem(const QByteArray& text) {
    return text.size() == kStemLength && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Moment modified(const struct stat& info) {
    return momentFromMs(qint64(info.st_mtim.tv_sec) * 1000 + info.st_mtim.tv_nsec / 1'000'000);
}

/// `take` gets the name and what it is, of regular files alone.
template <typename Take>
void eachFile(DIR* directory, Take take) {
    while (const dirent* entry = directory != nullptr ? ::readdir(directory) : nullptr) {
        struct stat info {};
        if (::fstatat(::dirfd(directory), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode)) {
            take(QByteArray(entry->d_name), info);
        }
    }
}

void takeFile(Contents& contents, const QByteArray& name, const struct stat& info) {
    const QByteArray stem = name.left(kStemLength);
    const QByteArray ending = name.mid(kStemLength);
    for (const char* sound : kSoundEndings) {
        const bool isSound = ending == sound;
        if (!isStem(stem) || (!isSound && ending != QByteArray(sound) + ".map")) {
            continue;
        }
        Kept& kept = contents[stem];
        kept.bytes += info.st_size;
        (isSound ? kept.sounds : kept.maps).append(name);
        if (isSound) {
            kept.used = std::max(kept.used, modified(info));
        }
    }
}

Contents contentsOf(DIR* directory, DIR* uses) {
    Contents contents;
    eachFile(directory, [&](const QByteArray& name, const struct stat& info) { takeFile(contents, name, info); });
    eachFile(uses, [&](const QByteArray& name, const struct stat& info) {
        if (isStem(name)) {
            contents[name].used = std::max(contents[name].used, modified(info));
        }
    });
    return contents;
}

/// The sound first: what a kill leaves of the rest has no recording any more and goes the next time.
void remove(DIR* folder, DIR* uses, const QByteArray& stem, const Kept& kept) {
    for (const QByteArrayList& names : {kept.sounds, kept.maps}) {
        for (const QByteArray& name : names) {
            ::unlinkat(::dirfd(folder), name.constData(), 0);
        }
    }
    if (uses != nullptr) {
        ::unlinkat(::dirfd(uses), stem.constData(), 0);
    }
}

/// "12345 1790000000.000000000\n": the file as it is; "" where there is none.
QByteArray stateOf(DIR* directory, const QByteArray& name) {
    struct stat info {};
    if (directory == nullptr || ::fstatat(::dirfd(directory), name.constData(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return {};
    }
    return QByteArray::number(qint64(info.st_size)) + ' ' + QByteArray::number(qint64(info.st_mtim.tv_sec)) + '.' +
           QByteArray::number(qint64(info.st_mtim.tv_nsec)).rightJustified(9, '0') + '\n';
}

void noteUse(DIR* directory, const QByteArray& stem, const QByteArray& verified, Moment now) {
    if (directory == nullptr || !isStem(stem)) {
        return;
    }
    ::mkdirat(::dirfd(directory), "used", 0700);
    const Directory uses = openUses(directory);
    const int file = uses ? ::openat(::dirfd(uses.get()), stem.constData(),
                                     O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600)
                          : -1;
    if (file < 0) {
        return;
    }
    // Half of it, or none of it, says nothing: then the recording counts as unwatched.
    if (!verified.isEmpty()) {
        [[maybe_unused]] const bool written =
            ::ftruncate(file, 0) == 0 && ::write(file, verified.constData(), size_t(verified.size())) > 0;
    }
    const qint64 ms = toMs(now);
    const timespec time{time_t(ms / 1000), long(ms % 1000) * 1'000'000};
    const timespec times[] = {time, time};
    ::futimens(file, times);
    ::close(file);
}

}  // namespace

void noteRecordingUse(const QString& folder, const QString& stem, Moment now) {
    noteUse(openFolder(folder).get(), stem.toLatin1(), {}, now);
}

void noteRecordingVerified(const QString& folder, const QString& stem, const QString& name, Moment now) {
    const Directory directory = openFolder(folder);
    noteUse(directory.get(), stem.toLatin1(), stateOf(directory.get(), name.toLatin1()), now);
}

bool isRecordingChanged(const QString& folder, const QString& stem, const QString& name) {
    const Directory directory = openFolder(folder);
    const Directory uses = directory ? openUses(directory.get()) : nullptr;
    const int file = uses ? ::openat(::dirfd(uses.get()), stem.toLatin1().constData(),
                                     O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                          : -1;
    if (file < 0) {
        return false;
    }
    QByteArray verified(128, '\0');
    verified.truncate(std::max<ssize_t>(::read(file, verified.data(), size_t(verified.size())), 0));
    ::close(file);
    return verified.endsWith('\n') && verified != stateOf(directory.get(), name.toLatin1());
}

RecordingCacheSize recordingCacheSize(const QString& folder) {
    RecordingCacheSize size;
    if (const Directory directory = openFolder(folder)) {
        for (const auto& [stem, kept] : contentsOf(directory.get(), nullptr)) {
            size.recordings += kept.sounds.isEmpty() ? 0 : 1;
            size.bytes += kept.bytes;
        }
    }
    return size;
}

RecordingCacheSize trimRecordingCache(const QString& folder, const RecordingCacheLimits& limits,
                                      const QSet<QString>& kept, Moment now) {
    RecordingCacheSize removed;
    const Directory directory = openFolder(folder);
    if (!directory) {
        return removed;
    }
    const Directory uses = openUses(directory.get());
    const Contents contents = contentsOf(directory.get(), uses.get());
    std::vector<Contents::const_iterator> byUse;
    qint64 bytes = 0;
    for (auto it = contents.begin(); it != contents.end(); ++it) {
        bytes += it->second.bytes;
        byUse.push_back(it);
    }
    std::sort(byUse.begin(), byUse.end(), [](auto a, auto b) { return a->second.used < b->second.used; });
    for (const auto& one : byUse) {
        const Kept& files = one->second;
        // A time in the future (a clock that was set back) is no reason to keep or to go.
        const bool isOld = limits.age.count() > 0 && now - files.used > limits.age;
        const bool isTooMuch = limits.bytes > 0 && bytes > limits.bytes;
        const bool isLeftover = files.sounds.isEmpty();
        if ((isOld || isTooMuch || isLeftover) && !kept.contains(QString::fromLatin1(one->first))) {
            remove(directory.get(), uses.get(), one->first, files);
            bytes -= files.bytes;
            removed.bytes += files.bytes;
            removed.recordings += isLeftover ? 0 : 1;
        }
    }
    return removed;
}

}  // namespace earmark
