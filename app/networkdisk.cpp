#include "app/networkdisk.h"

#include <sys/vfs.h>

#include <QFile>
#include <algorithm>
#include <array>

namespace earmark {

namespace {

struct Kind {
    quint32 magic;
    const char* name;
};

constexpr std::array kKinds{
    Kind{0x6969, "NFS"},       Kind{0xFF534D42, "CIFS"},   Kind{0xFE534D42, "SMB"},    Kind{0x517B, "SMB"},
    Kind{0x5346414F, "AFS"},   Kind{0x6B414653, "AFS"},    Kind{0x73757245, "Coda"},   Kind{0x564C, "NCP"},
    Kind{0x01021997, "9P"},    Kind{0x00C36400, "CephFS"}, Kind{0x0BD00BD0, "Lustre"}, Kind{0x01161970, "GFS2"},
    Kind{0x7461636F, "OCFS2"},
};

}  // namespace

std::optional<QString> networkFileSystem(quint32 magic) {
    const auto* const kind =
        std::find_if(kKinds.begin(), kKinds.end(), [magic](const Kind& one) { return one.magic == magic; });
    return kind == kKinds.end() ? std::nullopt : std::optional(QString::fromLatin1(kind->name));
}

std::optional<QString> networkDiskOf(const QString& path) {
    struct statfs status = {};
    return statfs(QFile::encodeName(path).constData(), &status) == 0
               ? networkFileSystem(static_cast<quint32>(status.f_type))
               : std::nullopt;
}

}  // namespace earmark
