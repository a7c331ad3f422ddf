#include "app/settings.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThreadPool>

#include "app/durablefile.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

constexpr qint64 kLargestFile = 4 * 1024 * 1024;
constexpr std::chrono::milliseconds kWriteAfter{400};

QString bytesMark() {
    return u"$bytes"_s;
}

QJsonValue toJson(const QVariant& value) {
    switch (value.typeId()) {
        case QMetaType::QByteArray:
            return QJsonObject{{bytesMark(), QString::fromLatin1(value.toByteArray().toBase64())}};
        case QMetaType::QVariantMap: {
            QJsonObject object;
            const QVariantMap map = value.toMap();
            for (auto it = map.cbegin(); it != map.cend(); ++it) {
                object.insert(it.key(), toJson(it.value()));
            }
            return object;
        }
        case QMetaType::QVariantList:
        case QMetaType::QStringList: {
            QJsonArray array;
            const QVariantList list = value.toList();
            for (const QVariant& item : list) {
                array.append(toJson(item));
            }
            return array;
        }
        default:
            return QJsonValue::fromVariant(value);
    }
}

QVariant fromJson(const QJsonValue& value) {
    if (value.isArray()) {
        QVariantList list;
        const QJsonArray array = value.toArray();
        for (const auto& item : array) {
            list.append(fromJson(item));
        }
        return list;
    }
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        if (object.size() == 1 && object.contains(bytesMark())) {
            return QByteArray::fromBase64(object.value(bytesMark()).toString().toLatin1());
        }
        QVariantMap map;
        for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
            map.insert(it.key(), fromJson(it.value()));
        }
        return map;
    }
    return value.toVariant();
}

}  // namespace

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent), m_file(file), m_pool(std::make_unique<QThreadPool>()) {
    m_pool->setMaxThreadCount(1);  // so that an older state never overwrites a newer one
    m_writeSoon.setSingleShot(true);
    m_writeSoon.setInterval(kWriteAfter);
    connect(&m_writeSoon, &QTimer::timeout, this, &Settings::write);
    read();
}

Settings::~Settings() {
    write();
    m_pool->waitForDone();
}

void Settings::read() {
    QFile file(m_file);
    if (!file.exists()) {
        return;
    }
    QJsonParseError trouble{0, QJsonParseError::IllegalValue};
    QJsonDocument document;
    // A pipe would never be read to its end, nor a device; neither is settings.
    if (QFileInfo(file).isFile() && file.open(QIODevice::ReadOnly) && file.size() <= kLargestFile) {
        document = QJsonDocument::fromJson(file.read(kLargestFile + 1), &trouble);
    }
    file.close();
    if (trouble.error == QJsonParseError::NoError && document.isObject()) {
        m_values = fromJson(document.object()).toMap();
        return;
    }
    const QString aside = m_file + u".damaged-"_s + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss-zzz"_s);
    m_problem =
        QFile::rename(m_file, aside)
            ? Text::tr("The settings file was damaged. It was set aside as %1; the desk starts with its defaults.")
                  .arg(aside)
            : Text::tr("The settings file cannot be read; the desk starts with its defaults.");
    qWarning("%ls", qUtf16Printable(m_problem));
}

QVariant Settings::value(const QString& key, const QVariant& fallback) const {
    return m_values.value(key, fallback);
}

void Settings::setValue(const QString& key, const QVariant& value) {
    if (m_values.contains(key) && m_values.value(key) == value) {
        return;
    }
    m_values.insert(key, value);
    m_isDirty = true;
    if (!m_writeSoon.isActive()) {
        m_writeSoon.start();  // not restarted: a stream of changes must not put it off for ever
    }
}

void Settings::write() {
    m_writeSoon.stop();
    if (!m_isDirty) {
        return;
    }
    m_isDirty = false;
    m_pool->start([file = m_file, values = m_values] {
        const QByteArray json = QJsonDocument(toJson(values).toObject()).toJson(QJsonDocument::Indented);
        if (const Done written = writeDurably(file, json); !written) {
            qWarning("%ls", qUtf16Printable(written.error().message));
        }
    });
}

}  // namespace earmark
