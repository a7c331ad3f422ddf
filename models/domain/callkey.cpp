#include "models/domain/callkey.h"

#include <QByteArray>
#include <QCoreApplication>

namespace earmark {

namespace {

bool mustEncode(char32_t codePoint) {
    return codePoint == U'/' || codePoint == U'%' || QChar::category(codePoint) == QChar::Other_Control ||
           codePoint == 0x2028 || codePoint == 0x2029 || QChar::isSurrogate(codePoint);
}

/// UTF-8 of one code point. Lone surrogates are written like any other number of their size, so that every id survives.
QByteArray bytesOf(char32_t codePoint) {
    const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
    QByteArray bytes;
    if (codePoint < 0x80) {
        bytes += byte(codePoint);
    } else if (codePoint < 0x800) {
        bytes += byte(0xc0 | (codePoint >> 6));
        bytes += byte(0x80 | (codePoint & 0x3f));
    } else {
        bytes += byte(0xe0 | (codePoint >> 12));
        bytes += byte(0x80 | ((codePoint >> 6) & 0x3f));
        bytes += byte(0x80 | (codePoint & 0x3f));
    }
    return bytes;
}

void appendEncoded(QString& text, char32_t codePoint) {
    for (const char byte : bytesOf(codePoint)) {
        text += QString::asprintf("%%%02X", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    }
}

int hexValue(QChar digit) {
    const char16_t c = digit.unicode();
    if (c >= u'0' && c <= u'9') {
        return c - u'0';
    }
    if (c >= u'a' && c <= u'f') {
        return c - u'a' + 10;
    }
    if (c >= u'A' && c <= u'F') {
        return c - u'A' + 10;
    }
    return -1;
}

/// The reverse of bytesOf for a whole run; false when the bytes are no UTF-8 (surrogate forms are accepted).
bool appendDecoded(QString& text, const QByteArray& bytes) {
    qsizetype i = 0;
    while (i < bytes.size()) {
        const auto lead = static_cast<unsigned char>(bytes[i]);
        const int length = lead < 0x80           ? 1
                           : (lead >> 5) == 0x6  ? 2
                           : (lead >> 4) == 0xe  ? 3
                           : (lead >> 3) == 0x1e ? 4
                                                 : 0;
        if (length == 0 || i + length > bytes.size()) {
            return false;
        }
        char32_t value = length == 1 ? lead : lead & (0xffU >> (length + 1));
        for (int k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(bytes[i + k]);
            if ((next & 0xc0) != 0x80) {
                return false;
            }
            value = (value << 6) | (next & 0x3fU);
        }
        constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
        if (value < kSmallest[length] || value > 0x10ffff) {
            return false;
        }
        if (value > 0xffff) {
            text += QChar(QChar::highSurrogate(value));
            text += QChar(QChar::lowSurrogate(value));
        } else {
            text += QChar(static_cast<char16_t>(value));
        }
        i += length;
    }
    return true;
}

std::optional<QString> decoded(QStringView text) {
    QString result;
    qsizetype i = 0;
    while (i < text.size()) {
        if (text[i] != u'%') {
            result += text[i++];
            continue;
        }
        QByteArray bytes;
        for (; i < text.size() && text[i] == u'%'; i += 3) {
            const int high = i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hexValue(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return std::nullopt;
            }
            bytes += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
        }
        if (!appendDecoded(result, bytes)) {
            return std::nullopt;
        }
    }
    return result;
}

}  // namespace

bool isAccountName(const QString& name) {
    if (name.isEmpty() || name.size() > 31 || name.front() == u'-') {
        return false;
    }
    for (const QChar c : name) {
        const bool lawful = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
        if (!lawful) {
            return false;
        }
    }
    return true;
}

QString toText(const CallKey& key) {
    QString text = key.account + u'/';
    const QString& id = key.remoteId;
    for (qsizetype i = 0; i < id.size(); ++i) {
        char32_t codePoint = id[i].unicode();
        const bool isPair = id[i].isHighSurrogate() && i + 1 < id.size() && id[i + 1].isLowSurrogate();
        if (isPair) {
            text += id[i];
            text += id[++i];
        } else if (mustEncode(codePoint)) {
            appendEncoded(text, codePoint);
        } else {
            text += id[i];
        }
    }
    return text;
}

Result<CallKey> callKeyFromText(const QString& text) {
    const auto refuse = [](const char* reason) {
        return failure(ErrorKind::InvalidInput, QCoreApplication::translate("CallKey", reason));
    };
    const qsizetype slash = text.indexOf(u'/');
    if (slash < 0) {
        return refuse(QT_TRANSLATE_NOOP("CallKey", "The call's key has no '/': the form ACCOUNT/ID is expected."));
    }
    const QString account = text.left(slash);
    if (!isAccountName(account)) {
        return refuse(QT_TRANSLATE_NOOP(
            "CallKey",
            "The part before '/' is no account name: small letters, digits and '-', at most 31, are expected."));
    }
    const auto remoteId = decoded(QStringView(text).mid(slash + 1));
    if (!remoteId) {
        return refuse(QT_TRANSLATE_NOOP("CallKey",
                                        "A '%' in the call's key is not followed by two hexadecimal digits of a "
                                        "character: write %25 for the sign itself."));
    }
    if (remoteId->isEmpty()) {
        return refuse(
            QT_TRANSLATE_NOOP("CallKey", "The call's key has no id after '/': the form ACCOUNT/ID is expected."));
    }
    return CallKey{account, *remoteId};
}

}  // namespace earmark
