// The demo provider's calls as Yotel's documented answers, at any moment after its start. No sockets; any one thread.
#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <optional>
#include <vector>

#include "models/domain/clock.h"
#include "models/domain/result.h"

namespace earmark {

struct DemoAnswer {
    int status = 200;
    QByteArray json;
};

struct DemoPageQuestion {
    QString campaignId;
    QString page;  ///< as it stands in the query; "" = not given
    QString pageSize;
    QString status;
    QString disposition;
};

class DemoProvider final {
 public:
    /// `start` is what "minutes ago" counts from; `secret` signs the recordings' links.
    [[nodiscard]] static Result<DemoProvider> load(const QByteArray& callsJson, const QByteArray& dialoguesJson,
                                                   Moment start, const QByteArray& secret);

    /// "http://127.0.0.1:4711": where the links to recordings lead.
    void setOrigin(const QString& origin) { m_origin = origin; }

    [[nodiscard]] DemoAnswer campaigns() const;
    [[nodiscard]] DemoAnswer page(const DemoPageQuestion& question, Moment now) const;
    [[nodiscard]] DemoAnswer call(const QString& id, Moment now) const;
    /// 401 for what is not a demo key, else nothing.
    [[nodiscard]] static std::optional<DemoAnswer> refusal(const QByteArray& authorization);
    [[nodiscard]] static DemoAnswer notFound(const QString& what);

    /// Does this signature, made for this moment, still open this recording?
    [[nodiscard]] bool opensRecording(const QString& file, qint64 issued, const QByteArray& signature,
                                      Moment now) const;

 private:
    struct Spoken {
        QString summary;
        QString sentiment;
        QString nextAction;
        QString disposition;
        QString agent;
        QString file;
        double seconds = 0;
    };
    DemoProvider() = default;
    [[nodiscard]] QJsonObject callObject(const QJsonObject& line, Moment now) const;
    void addTimes(QJsonObject& call, const QJsonObject& line) const;
    void addLiveTimes(QJsonObject& call, const QJsonObject& line, double elapsed) const;
    void addOddity(QJsonObject& call, const QString& oddity) const;
    void addWords(QJsonObject& call, const QJsonObject& line, double elapsed) const;
    [[nodiscard]] QString recordingLink(const QString& file, Moment now) const;
    [[nodiscard]] QByteArray signature(const QString& file, qint64 issued) const;
    [[nodiscard]] QString timeText(double secondsAfterStart) const;

    Moment m_start{};
    QByteArray m_secret;
    QString m_origin;
    std::vector<QJsonObject> m_campaigns;
    std::vector<QJsonObject> m_lines;
    QHash<QString, QString> m_campaignIds;  ///< by name
    QHash<QString, Spoken> m_spoken;
};

}  // namespace earmark
