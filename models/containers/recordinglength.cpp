#include "models/containers/recordinglength.h"

#include <sys/stat.h>
#include <unistd.h>

#include <QByteArray>
#include <QtEndian>
#include <optional>

#include "models/containers/soundframes.h"

namespace earmark {

namespace {

/// Recorders that do not know the length yet write 0 or about 2 or 4 GiB; that is no claim.
constexpr qint64 kNoClaimFrom = 0x7fff0000;
constexpr int kMostChunks = 4096;

bool isClaim(qint64 size) {
    return size > 0 && size < kNoClaimFrom;
}

LengthProof wavLength(const FileBytes& file) {
    const QByteArray head = file.at(0, 12);
    if (head.size() < 12) {
        return LengthProof::Cut;
    }
    qint64 riff = qFromLittleEndian<quint32>(head.constData() + 4);
    qint64 longData = 0;
    bool dataIsThere = false;
    qint64 at = 12;
    for (int i = 0; i < kMostChunks && at + 8 <= file.size(); ++i) {
        const QByteArray chunk = file.at(at, 32);
        qint64 size = qFromLittleEndian<quint32>(chunk.constData() + 4);
        if (chunk.startsWith("ds64") && chunk.size() >= 24) {  // RF64: the true lengths in 64 bits
            riff = std::max<qint64>(0, qFromLittleEndian<qint64>(chunk.constData() + 8));
            longData = std::max<qint64>(0, qFromLittleEndian<qint64>(chunk.constData() + 16));
        } else if (chunk.startsWith("data")) {
            size = size == 0xffffffff && longData > 0 ? longData : size;
            if ((isClaim(size) || size == longData) && at + 8 + size > file.size()) {
                return LengthProof::Cut;
            }
            dataIsThere = isClaim(size);
            break;
        }
        at += 8 + size + size % 2;
    }
    constexpr qint64 kMissingPad = 1;  // after data of an odd length; some writers leave it out
    if (isClaim(riff) && file.size() + (dataIsThere ? kMissingPad : 0) < riff + 8) {
        return LengthProof::Cut;
    }
    return dataIsThere || isClaim(riff) ? LengthProof::Whole : LengthProof::Unknown;
}

/// The last page must be complete; whether the stream ends with it is told by a flag that some recorders never set.
LengthProof oggLength(const FileBytes& file) {
    constexpr qsizetype kHeader = 27;
    constexpr qint64 kLongestPage = 66 * 1024;
    const QByteArray tail = file.at(std::max<qint64>(0, file.size() - kLongestPage), kLongestPage);
    const QByteArray page = tail.mid(std::max<qsizetype>(0, tail.lastIndexOf("OggS")));
    const qsizetype segments = page.size() >= kHeader ? quint8(page[kHeader - 1]) : 0;
    if (!page.startsWith("OggS") || page.size() < kHeader + segments) {
        return LengthProof::Cut;
    }
    qsizetype length = kHeader + segments;
    for (qsizetype i = 0; i < segments; ++i) {
        length += quint8(page[kHeader + i]);
    }
    if (page.size() < length) {
        return LengthProof::Cut;
    }
    const bool isLastOfStream = (quint8(page[5]) & 4) != 0;
    return isLastOfStream ? LengthProof::Whole : LengthProof::Unknown;
}

LengthProof mp4Length(const FileBytes& file) {
    bool hasHead = false;
    bool hasSound = false;
    bool isInPieces = false;
    qint64 at = 0;
    for (int i = 0; i < kMostChunks && at < file.size(); ++i) {
        const QByteArray box = file.at(at, 16);
        if (box.size() < 8) {
            return LengthProof::Cut;
        }
        qint64 size = qFromBigEndian<quint32>(box.constData());
        if (size == 1 && box.size() == 16) {
            size = qFromBigEndian<qint64>(box.constData() + 8);
        } else if (size == 0) {
            return LengthProof::Unknown;  // reaches to the end, wherever that is
        }
        if (size < 8) {
            return LengthProof::Unknown;
        }
        if (size > file.size() - at) {
            return LengthProof::Cut;
        }
        hasHead = hasHead || box.mid(4, 4) == "moov";
        hasSound = hasSound || box.mid(4, 4) == "mdat";
        isInPieces = isInPieces || box.mid(4, 4) == "moof";
        at += size;
    }
    if (!hasHead || !hasSound) {
        return LengthProof::Cut;
    }
    return isInPieces ? LengthProof::Unknown : LengthProof::Whole;
}

}  // namespace

LengthProof provenLength(int descriptor, const QString& container) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) {
        return LengthProof::Unknown;
    }
    const FileBytes file(descriptor, info.st_size);
    if (container == QLatin1StringView("wav")) {
        return wavLength(file);
    }
    if (container == QLatin1StringView("ogg")) {
        return oggLength(file);
    }
    if (container == QLatin1StringView("mp4")) {
        return mp4Length(file);
    }
    const qint64 behindTag = afterId3(file);
    if (file.at(behindTag, 4) == "fLaC") {
        return flacLength(file, behindTag);
    }
    return container == QLatin1StringView("mp3") ? mp3Length(file, behindTag) : LengthProof::Unknown;
}

}  // namespace earmark
