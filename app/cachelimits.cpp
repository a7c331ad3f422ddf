#include "app/cachelimits.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMegabyte = 1'000'000;
constexpr qint64 kMostMegabytes = 1'000'000'000;
constexpr int kMostDays = 100'000;
constexpr int kMegabytes = 2048;
constexpr int kDays = 30;
constexpr qint64 kLargestFile = 4 * 1024 * 1024;

RecordingCacheLimits limits(const QVariant& megabytes, const QVariant& days) {
    return {std::clamp<qint64>(megabytes.toLongLong(), 0, kMostMegabytes) * kMegabyte,
            std::chrono::days(std::clamp(days.toInt(), 0, kMostDays))};
}

}  // namespace

RecordingCacheLimits cacheLimits(const DeskSettings& settings) {
    return limits(settings.value(u"cache/megabytes"_s, kMegabytes), settings.value(u"cache/days"_s, kDays));
}

RecordingCacheLimits cacheLimitsIn(const QString& settingsFile) {
    QFile file(settingsFile);
    QJsonObject values;
    if (QFileInfo(file).isFile() && file.open(QIODevice::ReadOnly) && file.size() <= kLargestFile) {
        values = QJsonDocument::fromJson(file.read(kLargestFile)).object();
    }
    const auto value = [&values](const QString& key, int fallback) {
        return values.contains(key) ? values.value(key).toVariant() : QVariant(fallback);
    };
    return limits(value(u"cache/megabytes"_s, kMegabytes), value(u"cache/days"_s, kDays));
}

}  // namespace earmark
