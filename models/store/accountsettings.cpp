#include "models/store/accountsettings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <tuple>

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostDays = 36'500;
constexpr int kMostRequests = 100'000;
constexpr int kMostSeconds = 24 * 60 * 60;

const QString kOrganization = u"organization"_s;
const QString kRequests = u"requests_per_minute"_s;
const QString kEnabled = u"enabled"_s;
const QString kWatch = u"watch_every_seconds"_s;
const QString kLastDays = u"last_days"_s;
const QString kSince = u"since"_s;
const QString kUntil = u"until"_s;
const QString kCampaigns = u"campaigns"_s;
const QString kAgents = u"agents"_s;
const QString kSources = u"sources"_s;
const QString kTarget = u"target"_s;
const QString kKind = u"kind"_s;
const QString kFolder = u"folder"_s;
const QString kFormat = u"format"_s;
const QString kUrl = u"url"_s;
const QString kWithNotes = u"with_notes"_s;
const QString kByItself = u"sends_by_itself"_s;
const QString kOnlyMapped = u"only_mapped"_s;
const QString kMapping = u"mapping"_s;

std::optional<int> numberIn(const QJsonObject& object, const QString& name, int least, int most) {
    const QJsonValue value = object.value(name);
    const qint64 number = value.toInteger(qint64(least) - 1);
    return value.isDouble() && number >= least && number <= most ? std::optional(int(number)) : std::nullopt;
}

std::optional<Moment> momentIn(const QJsonObject& object, const QString& name) {
    const QJsonValue value = object.value(name);
    return value.isDouble() ? std::optional(momentFromMs(value.toInteger())) : std::nullopt;
}

QStringList wordsIn(const QJsonObject& object, const QString& name) {
    QStringList words;
    const QJsonArray array = object.value(name).toArray();
    for (const auto& value : array) {
        if (const QString word = value.toString(); !word.isEmpty() && !words.contains(word)) {
            words += word;
        }
    }
    return words;
}

void put(QJsonObject& object, const QString& name, const QStringList& words) {
    if (!words.isEmpty()) {
        object.insert(name, QJsonArray::fromStringList(words));
    }
}

QJsonObject targetObject(const TargetSettings& target) {
    QJsonObject object{{kKind, word(target.kind)}};
    if (!target.folder.isEmpty()) {
        object.insert(kFolder, target.folder);
        object.insert(kFormat, word(target.format));
    }
    if (!target.url.isEmpty()) {
        object.insert(kUrl, target.url.toString(QUrl::FullyEncoded));
    }
    const TargetSettings usual;
    for (const auto& [name, value, unset] : {std::tuple{kWithNotes, target.withNotes, usual.withNotes},
                                             std::tuple{kByItself, target.sendsByItself, usual.sendsByItself},
                                             std::tuple{kOnlyMapped, target.onlyMapped, usual.onlyMapped}}) {
        if (value != unset) {
            object.insert(name, value);
        }
    }
    QJsonObject mapping;
    for (auto it = target.mapping.cbegin(); it != target.mapping.cend(); ++it) {
        mapping.insert(it.key(), it.value());
    }
    if (!mapping.isEmpty()) {
        object.insert(kMapping, mapping);
    }
    return object;
}

TargetSettings targetIn(const QJsonObject& object) {
    TargetSettings target;
    target.kind = targetKindFromWord(object.value(kKind).toString()).value_or(TargetKind::None);
    target.folder = object.value(kFolder).toString();
    target.format = exportFormatFromWord(object.value(kFormat).toString()).value_or(target.format);
    target.url = QUrl(object.value(kUrl).toString(), QUrl::StrictMode);
    target.withNotes = object.value(kWithNotes).toBool(target.withNotes);
    target.sendsByItself = object.value(kByItself).toBool(target.sendsByItself);
    target.onlyMapped = object.value(kOnlyMapped).toBool(target.onlyMapped);
    const QJsonObject mapping = object.value(kMapping).toObject();
    for (auto it = mapping.begin(); it != mapping.end(); ++it) {
        if (it.value().isString()) {
            target.mapping.insert(it.key(), it.value().toString());
        }
    }
    return target;
}

}  // namespace

QString accountSettingsText(const Account& account) {
    const Account usual;
    QJsonObject object;
    if (!account.organizationId.isEmpty()) {
        object.insert(kOrganization, account.organizationId);
    }
    if (account.mostRequestsPerMinute) {
        object.insert(kRequests, *account.mostRequestsPerMinute);
    }
    if (!account.isEnabled) {
        object.insert(kEnabled, false);
    }
    if (account.watchEvery != usual.watchEvery) {
        object.insert(kWatch, qint64(account.watchEvery.count()));
    }
    const CallScope& scope = account.scope;
    if (scope.lastDays) {
        object.insert(kLastDays, *scope.lastDays);
    }
    if (scope.since) {
        object.insert(kSince, toMs(*scope.since));
    }
    if (scope.until) {
        object.insert(kUntil, toMs(*scope.until));
    }
    put(object, kCampaigns, scope.campaigns);
    put(object, kAgents, scope.agents);
    put(object, kSources, scope.sources);
    if (account.target != usual.target) {
        object.insert(kTarget, targetObject(account.target));
    }
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void readAccountSettings(const QString& text, Account& account) {
    const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
    account.organizationId = object.value(kOrganization).toString(account.organizationId);
    if (const auto requests = numberIn(object, kRequests, 0, kMostRequests)) {
        account.mostRequestsPerMinute = requests;
    }
    account.isEnabled = object.value(kEnabled).toBool(account.isEnabled);
    if (const auto seconds = numberIn(object, kWatch, 0, kMostSeconds)) {
        account.watchEvery = std::chrono::seconds(*seconds);
    }
    CallScope& scope = account.scope;
    scope.lastDays = numberIn(object, kLastDays, 1, kMostDays);
    scope.since = momentIn(object, kSince);
    scope.until = momentIn(object, kUntil);
    scope.campaigns = wordsIn(object, kCampaigns);
    scope.agents = wordsIn(object, kAgents);
    scope.sources = wordsIn(object, kSources);
    account.target = targetIn(object.value(kTarget).toObject());
}

}  // namespace earmark
