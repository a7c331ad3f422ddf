#include "app/demo/demovoice.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QUuid>
#include <cmath>

#include "app/demo/demodata.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLinkPeriodMs = 5 * 60 * 1000;  // a link is the same for so long, so that a re-read changes nothing
constexpr qint64 kLinkLifeMs = 2 * kLinkPeriodMs;

QByteArray mimeType(const QString& file) {
    const QString suffix = file.section(u'.', -1);
    return suffix == u"ogg"_s    ? "audio/ogg"
           : suffix == u"mp3"_s  ? "audio/mpeg"
           : suffix == u"m4a"_s  ? "audio/mp4"
           : suffix == u"flac"_s ? "audio/flac"
                                 : "audio/wav";
}

}  // namespace

qint64 DemoLinks::issued(Moment now) {
    return toMs(now) / kLinkPeriodMs * kLinkPeriodMs;
}

qint64 DemoLinks::lifeSeconds() {
    return kLinkLifeMs / 1000;
}

QByteArray DemoLinks::signature(const QString& what, qint64 issued) const {
    return QMessageAuthenticationCode::hash(what.toUtf8() + '\n' + QByteArray::number(issued), m_secret,
                                            QCryptographicHash::Sha256)
        .toHex();
}

bool DemoLinks::opens(const QString& what, qint64 issued, const QByteArray& given, Moment now) const {
    return given == signature(what, issued) && toMs(now) < issued + kLinkLifeMs;
}

std::optional<DemoAnswer> DemoVoice::recording(const DemoRequest&, Moment) const {
    return std::nullopt;
}

QByteArray demoJson(const QJsonObject& object) {
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray demoJson(const QJsonArray& array) {
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QJsonValue orNull(const QString& text) {
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

std::optional<int> demoNumber(const QString& text, int fallback, int lowest, int highest) {
    if (text.isEmpty()) {
        return fallback;
    }
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber && number >= lowest && number <= highest ? std::optional(number) : std::nullopt;
}

QString demoUuid(const QString& what) {
    return QUuid::createUuidV5(QUuid(), what).toString(QUuid::WithoutBraces);
}

QString demoHex(const QString& what, int digits) {
    return QString::fromLatin1(QCryptographicHash::hash(what.toUtf8(), QCryptographicHash::Sha1).toHex()).left(digits);
}

DemoAnswer demoRecording(const QString& file) {
    const QByteArray bytes = demoFile(u"recordings/"_s + file);
    return bytes.isEmpty() ? demoStorageError(404, "NoSuchKey"_ba) : DemoAnswer{200, bytes, mimeType(file), {}};
}

DemoAnswer demoStorageError(int status, const QByteArray& code) {
    return {status,
            "<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + code + "</Code></Error>",
            "application/xml"_ba,
            {}};
}

double secondsBetween(Moment from, Moment to) {
    return double(toMs(to) - toMs(from)) / 1000;
}

}  // namespace earmark
