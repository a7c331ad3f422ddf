#include "models/containers/soundframes.h"

#include <unistd.h>

#include <QtEndian>
#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "models/containers/recordinglength.h"

namespace earmark {

namespace {

constexpr qint64 kWindowBytes = 64 * 1024;

struct MpegFrame {
    qint64 bytes = 0;
    int version = 0;  ///< 3 = MPEG 1, 2 = MPEG 2, 0 = MPEG 2.5
    int rate = 0;
    bool isMono = false;
};

/// Layer III and II; nullopt for no frame head, and for one without a bit rate, whose length nobody can tell.
std::optional<MpegFrame> mpegFrame(const QByteArray& head) {
    static constexpr std::array<std::array<int, 15>, 4> kBitRates{{
        {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},   // MPEG 1, layer III
        {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},  // MPEG 1, layer II
        {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},       // MPEG 2, both
    }};
    static constexpr std::array kRates{44100, 48000, 32000};
    if (head.size() < 4 || quint8(head[0]) != 0xff || (quint8(head[1]) & 0xe0) != 0xe0) {
        return std::nullopt;
    }
    MpegFrame frame;
    frame.version = (quint8(head[1]) >> 3) & 3;
    const int layer = (quint8(head[1]) >> 1) & 3;
    const auto bitRate = std::size_t(quint8(head[2]) >> 4);
    const auto rate = std::size_t((quint8(head[2]) >> 2) & 3);
    if (frame.version == 1 || (layer != 1 && layer != 2) || bitRate == 0 || bitRate == 15 || rate == 3) {
        return std::nullopt;
    }
    const bool isFirst = frame.version == 3;
    frame.rate = kRates[rate] / (isFirst ? 1 : frame.version == 2 ? 2 : 4);
    frame.isMono = (quint8(head[3]) >> 6) == 3;
    const int bits = kBitRates[isFirst ? (layer == 1 ? 0 : 1) : 2][bitRate] * 1000;
    const int samples = layer == 1 && !isFirst ? 576 : 1152;
    frame.bytes = samples / 8 * bits / frame.rate + ((quint8(head[2]) >> 1) & 1);
    return frame;
}

/// What the first frame claims about the whole file.
struct MpegClaim {
    qint64 frames = 0;
    qint64 bytes = 0;
    bool isHead = false;  ///< the frame holds nothing but the claim
};

MpegClaim mpegClaim(const QByteArray& frame, const MpegFrame& form) {
    const qsizetype place = form.version == 3 ? (form.isMono ? 21 : 36) : (form.isMono ? 13 : 21);
    MpegClaim claim;
    if (frame.mid(place, 4) == "Xing" || frame.mid(place, 4) == "Info") {
        claim.isHead = true;
        const quint32 flags = frame.size() >= place + 16 ? qFromBigEndian<quint32>(frame.constData() + place + 4) : 0;
        const char* value = frame.constData() + place + 8;
        if ((flags & 1) != 0) {
            claim.frames = qFromBigEndian<quint32>(value);
            value += 4;
        }
        claim.bytes = (flags & 2) != 0 ? qFromBigEndian<quint32>(value) : 0;
    } else if (frame.mid(36, 4) == "VBRI" && frame.size() >= 36 + 18) {
        claim.isHead = true;
        claim.bytes = qFromBigEndian<quint32>(frame.constData() + 36 + 10);
        claim.frames = qFromBigEndian<quint32>(frame.constData() + 36 + 14);
    }
    return claim;
}

/// Tags that stand behind the sound, and the zeros that some writers leave.
bool isBehindSound(const QByteArray& rest) {
    return rest.startsWith("TAG") || rest.startsWith("APETAGEX") || rest.startsWith("LYRICS") ||
           rest.startsWith("ID3") || std::all_of(rest.begin(), rest.end(), [](char byte) { return byte == 0; });
}

struct MpegWalk {
    qint64 frames = 0;
    bool endsWithin = false;  ///< the last frame is not complete
    bool isLost = false;      ///< what stands between the frames is not understood
};

MpegWalk walkMpeg(const FileBytes& file, qint64 at) {
    MpegWalk walk;
    while (at < file.size()) {
        const QByteArray head = file.at(at, 32);
        const auto frame = mpegFrame(head);
        if (!frame) {
            const bool isTorn = head.size() < 4 && quint8(head[0]) == 0xff;
            walk.endsWithin = isTorn;
            walk.isLost = !isTorn && !isBehindSound(head);
            return walk;
        }
        if (at + frame->bytes > file.size()) {
            walk.endsWithin = true;
            return walk;
        }
        at += frame->bytes;
        ++walk.frames;
    }
    return walk;
}

/// FLAC's checksums: CRC-8 over a frame's head, CRC-16 over the frame.
quint8 crc8(const QByteArray& bytes) {
    quint8 crc = 0;
    for (const char byte : bytes) {
        crc ^= quint8(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = quint8((crc << 1) ^ ((crc & 0x80) != 0 ? 0x07 : 0));
        }
    }
    return crc;
}

quint16 crc16(const QByteArray& bytes) {
    quint16 crc = 0;
    for (const char byte : bytes) {
        crc = quint16(crc ^ (quint16(quint8(byte)) << 8));
        for (int bit = 0; bit < 8; ++bit) {
            crc = quint16((crc << 1) ^ ((crc & 0x8000) != 0 ? 0x8005 : 0));
        }
    }
    return crc;
}

bool isFlacFrame(const QByteArray& bytes) {
    if (bytes.size() < 6 || quint8(bytes[0]) != 0xff || (quint8(bytes[1]) & 0xfe) != 0xf8) {
        return false;
    }
    const int size = quint8(bytes[2]) >> 4;
    const int rate = quint8(bytes[2]) & 15;
    const auto first = quint8(bytes[4]);
    qsizetype length = 5;  // what follows the number's first byte
    for (quint8 mark = first; first >= 0xc0 && (mark & 0x40) != 0; mark = quint8(mark << 1)) {
        ++length;
    }
    length += (size == 6 ? 1 : size == 7 ? 2 : 0) + (rate == 12 ? 1 : rate == 13 || rate == 14 ? 2 : 0);
    return size != 0 && rate != 15 && bytes.size() > length && crc8(bytes.first(length)) == quint8(bytes[length]);
}

/// Does the frame, the last one, end where STREAMINFO says that the sound ends?
LengthProof flacReaches(const QByteArray& info, const QByteArray& frame) {
    const qint64 total = (qint64(quint8(info[13]) & 15) << 32) | qFromBigEndian<quint32>(info.constData() + 14);
    if (total == 0) {
        return LengthProof::Unknown;  // written while it was recorded
    }
    qsizetype at = 4;
    qint64 number = quint8(frame[at]);
    if (number >= 0xc0) {  // coded as UTF-8 codes large letters
        quint8 mark = quint8(frame[at]);
        int more = 0;
        for (; (mark & 0x40) != 0; mark = quint8(mark << 1)) {
            ++more;
        }
        number &= 0x3f >> more;
        for (; more > 0; --more) {
            number = (number << 6) | (quint8(frame[++at]) & 0x3f);
        }
    }
    ++at;
    const int code = quint8(frame[2]) >> 4;
    qint64 samples = code == 1 ? 192 : code < 6 ? 576 << (code - 2) : 256 << (code - 8 < 0 ? 0 : code - 8);
    if (code == 6) {
        samples = quint8(frame[at]) + 1;
    } else if (code == 7) {
        samples = qFromBigEndian<quint16>(frame.constData() + at) + 1;
    }
    const bool countsSamples = (quint8(frame[1]) & 1) != 0;
    const qint64 first = countsSamples ? number : number * qFromBigEndian<quint16>(info.constData());
    return first + samples >= total ? LengthProof::Whole : LengthProof::Cut;
}

}  // namespace

QByteArray FileBytes::at(qint64 place, qint64 count) const {
    if (place < 0 || place >= m_size || count <= 0) {
        return {};
    }
    count = std::min(count, m_size - place);
    if (place < m_windowAt || place + count > m_windowAt + m_window.size()) {
        m_windowAt = place;
        m_window.resize(std::max(count, kWindowBytes));
        qsizetype got = 0;
        while (got < m_window.size()) {
            const ssize_t n = ::pread(m_descriptor, m_window.data() + got, size_t(m_window.size() - got), place + got);
            if (n < 0 && errno == EINTR) {
                continue;
            }
            if (n <= 0) {
                break;
            }
            got += n;
        }
        m_window.truncate(got);
    }
    return m_window.mid(place - m_windowAt, count);
}

qint64 afterId3(const FileBytes& file) {
    const QByteArray head = file.at(0, 10);
    if (head.size() < 10 || !head.startsWith("ID3")) {
        return 0;
    }
    qint64 size = 0;
    for (qsizetype i = 6; i < 10; ++i) {
        size = (size << 7) | (quint8(head[i]) & 0x7f);
    }
    return size + 10 + ((quint8(head[5]) & 0x10) != 0 ? 10 : 0);
}

LengthProof mp3Length(const FileBytes& file, qint64 from) {
    if (from >= file.size()) {
        return LengthProof::Cut;  // the tag alone is longer
    }
    const QByteArray first = file.at(from, 2048);
    const auto form = mpegFrame(first);
    if (!form) {
        return LengthProof::Unknown;
    }
    const MpegClaim claim = mpegClaim(first.left(form->bytes), *form);
    if (claim.bytes > 0 && from + claim.bytes <= file.size()) {
        return LengthProof::Whole;
    }
    const MpegWalk walk = walkMpeg(file, from);
    const qint64 heard = walk.frames - (claim.isHead ? 1 : 0);
    if (walk.endsWithin) {
        return LengthProof::Cut;
    }
    if (walk.isLost) {
        return LengthProof::Unknown;
    }
    if (claim.frames > 0) {
        return heard + 1 < claim.frames ? LengthProof::Cut : LengthProof::Whole;
    }
    return LengthProof::Unknown;  // ends between two frames, as a whole file does, and now and then a cut one
}

/// The last frame must be complete, and with it the number of samples that the head promises is reached.
LengthProof flacLength(const FileBytes& file, qint64 from) {
    const QByteArray info = file.at(from + 8, 34);  // STREAMINFO is always the first block
    if (info.size() < 34) {
        return LengthProof::Cut;
    }
    constexpr qint64 kTag = 128;
    const qint64 end = file.at(file.size() - kTag, 3) == "TAG" ? file.size() - kTag : file.size();
    const qint64 mostFrameBytes = (qint64(quint8(info[7])) << 16) | (quint8(info[8]) << 8) | quint8(info[9]);
    constexpr qint64 kReach = 1024 * 1024;
    const qint64 reach = std::min<qint64>(end - from, mostFrameBytes > 0 ? mostFrameBytes : kReach);
    const QByteArray tail = file.at(end - reach, reach);
    for (qsizetype at = tail.size() - 6; at >= 0; --at) {
        if (quint8(tail[at]) != 0xff || !isFlacFrame(tail.mid(at, 20))) {
            continue;
        }
        const QByteArray frame = tail.sliced(at);
        if (crc16(frame.chopped(2)) == qFromBigEndian<quint16>(frame.constData() + frame.size() - 2)) {
            return flacReaches(info, frame);
        }
    }
    return LengthProof::Cut;
}

}  // namespace earmark
