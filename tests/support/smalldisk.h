// A small file system in memory, mounted for a test and unmounted at its end. mounted() is false where that may not be
// done; then the test skips and says so.
#pragma once

#include <sys/mount.h>

#include <QFile>
#include <QString>

namespace earmark::test {

class SmallDisk final {
 public:
    SmallDisk(const QString& at, const char* options) : m_at(QFile::encodeName(at)) {
        m_mounted = ::mount("tmpfs", m_at.constData(), "tmpfs", 0, options) == 0;
    }
    ~SmallDisk() {
        if (m_mounted) {
            ::umount2(m_at.constData(), MNT_DETACH);
        }
    }
    Q_DISABLE_COPY_MOVE(SmallDisk)
    [[nodiscard]] bool mounted() const { return m_mounted; }
    [[nodiscard]] bool remount(unsigned long flags, const char* options) const {
        return ::mount("tmpfs", m_at.constData(), "tmpfs", MS_REMOUNT | flags, options) == 0;
    }

 private:
    QByteArray m_at;
    bool m_mounted = false;
};

}  // namespace earmark::test
