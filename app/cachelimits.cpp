#include "app/cachelimits.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <optional>

#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

constexpr qint64 kMegabyte = 1'000'000;
constexpr qint64 kMostMegabytes = 1'000'000'000;
constexpr qint64 kMostDays = 100'000;
constexpr qint64 kMegabytes = 2048;
constexpr qint64 kDays = 30;
constexpr qint64 kLargestFile = 4 * 1024 * 1024;

struct Limit {
    QString key;
    qint64 least;
    qint64 most;
    qint64 standard;
};

Limit megabytes() {
    return {u"cache/megabytes"_s, 1, kMostMegabytes, kMegabytes};
}

Limit days() {
    return {u"cache/days"_s, 0, kMostDays, kDays};  // 0: for ever
}

/// nullopt: no whole number that makes sense.
std::optional<qint64> lawful(const Limit& limit, const QVariant& value) {
    const int type = value.typeId();
    const bool isNumber = type == QMetaType::Int || type == QMetaType::LongLong || type == QMetaType::Double;
    const double number = isNumber ? value.toDouble() : qQNaN();
    if (!(number >= double(limit.least) && number <= double(limit.most)) || number != std::floor(number)) {
        return std::nullopt;
    }
    return qint64(number);
}

template <typename ValueOf>
RecordingCacheLimits limits(const ValueOf& valueOf) {
    const auto of = [&](const Limit& limit) { return lawful(limit, valueOf(limit.key)).value_or(limit.standard); };
    return {of(megabytes()) * kMegabyte, std::chrono::days(of(days()))};
}

/// nullopt: it is there, but is no settings.
std::optional<QJsonObject> valuesIn(const QString& settingsFile) {
    QFile file(settingsFile);
    if (!file.exists()) {
        return QJsonObject();
    }
    QJsonDocument document;
    if (QFileInfo(file).isFile() && file.open(QIODevice::ReadOnly) && file.size() <= kLargestFile) {
        document = QJsonDocument::fromJson(file.read(kLargestFile));
    }
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

}  // namespace

RecordingCacheLimits cacheLimits(const DeskSettings& settings) {
    return limits([&settings](const QString& key) { return settings.value(key); });
}

RecordingCacheLimits cacheLimitsIn(const QString& settingsFile) {
    const QJsonObject values = valuesIn(settingsFile).value_or(QJsonObject());
    return limits([&values](const QString& key) { return values.value(key).toVariant(); });
}

QStringList settingsProblems(const QString& settingsFile) {
    const std::optional<QJsonObject> values = valuesIn(settingsFile);
    if (!values) {
        return {Text::tr("It is damaged or cannot be read: the defaults count.")};
    }
    QStringList problems;
    for (const Limit& limit : {megabytes(), days()}) {
        if (values->contains(limit.key) && !lawful(limit, values->value(limit.key).toVariant())) {
            problems << Text::tr("“%1” is no whole number from %2 to %3: %4 counts instead.")
                            .arg(limit.key, QString::number(limit.least), QString::number(limit.most),
                                 QString::number(limit.standard));
        }
    }
    return problems;
}

}  // namespace earmark
