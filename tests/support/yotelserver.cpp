#include "tests/support/yotelserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

Reply notFound(const char* what) {
    return Reply::json("{\"detail\": \""_ba + what + " not found\"}", 404);
}

}  // namespace

QJsonObject yotelCall(const QString& id, const QString& campaignId, const QJsonObject& changes) {
    const QJsonObject call{
        {u"id"_s, id},
        {u"campaign_id"_s, campaignId.isEmpty() ? QJsonValue() : QJsonValue(campaignId)},
        {u"lead_id"_s, QString(u"lead-"_s + id)},
        {u"agent_id"_s, u"agent-7"_s},
        {u"fs_uuid"_s, QString(u"fs-"_s + id)},
        {u"direction"_s, u"outbound"_s},
        {u"status"_s, u"completed"_s},
        {u"dial_time"_s, u"2026-04-18T14:37:02.419Z"_s},
        {u"ring_time"_s, u"2026-04-18T14:37:04.100Z"_s},
        {u"answer_time"_s, u"2026-04-18T14:37:11.000Z"_s},
        {u"agent_connect_time"_s, u"2026-04-18T14:37:12.000Z"_s},
        {u"end_time"_s, u"2026-04-18T14:40:15.000Z"_s},
        {u"ring_duration_s"_s, 7},
        {u"talk_duration_s"_s, 184},
        {u"total_duration_s"_s, 193},
        {u"hangup_cause"_s, u"NORMAL_CLEARING"_s},
        {u"has_recording"_s, false},
        {u"recording_url"_s, QJsonValue()},
        {u"disposition"_s, u"CALLBACK"_s},
        {u"notes"_s, u"Asked for a call on Monday."_s},
        {u"ai_summary"_s, u"The customer asked about the yearly plan and wants a call on Monday."_s},
        {u"ai_sentiment"_s, u"neutral"_s},
        {u"ai_next_action"_s, u"Call on Monday morning."_s},
    };
    return changed(call, changes);
}

YotelServer::YotelServer(const QByteArray& key) : ProviderServer(Provider::Yotel, key) {}

YotelServer::~YotelServer() {
    stop();
}

void YotelServer::addCampaign(const QString& id, const QString& name) {
    const std::scoped_lock lock(dataMutex());
    m_campaigns.push_back({id, name, {}});
}

void YotelServer::removeCampaign(const QString& id) {
    const std::scoped_lock lock(dataMutex());
    std::erase_if(m_campaigns, [&id](const CampaignData& one) { return one.id == id; });
    touched();
}

void YotelServer::addCall(const QJsonObject& call) {
    const std::scoped_lock lock(dataMutex());
    for (CampaignData& campaign : m_campaigns) {
        if (campaign.id == call[u"campaign_id"_s].toString()) {
            campaign.calls.push_back(call);
            touched();
            return;
        }
    }
    m_loose.push_back(call);
}

void YotelServer::addCallAtTop(const QJsonObject& call) {
    const std::scoped_lock lock(dataMutex());
    for (CampaignData& campaign : m_campaigns) {
        if (campaign.id == call[u"campaign_id"_s].toString())
            campaign.calls.insert(campaign.calls.begin(), call);
    }
    touched();
}

void YotelServer::addCalls(const QString& campaignId, int count) {
    for (int i = 1; i <= count; ++i)
        addCall(yotelCall(u"%1-%2"_s.arg(campaignId).arg(i, 5, 10, QLatin1Char('0')), campaignId));
}

QJsonObject* YotelServer::find(const QString& id) {
    const auto among = [&id](std::vector<QJsonObject>& calls) -> QJsonObject* {
        const auto found =
            std::find_if(calls.begin(), calls.end(), [&id](const QJsonObject& one) { return one[u"id"_s] == id; });
        return found == calls.end() ? nullptr : &*found;
    };
    for (CampaignData& campaign : m_campaigns) {
        if (QJsonObject* call = among(campaign.calls))
            return call;
    }
    return among(m_loose);
}

void YotelServer::changeCall(const QString& id, const QJsonObject& changes) {
    const std::scoped_lock lock(dataMutex());
    QJsonObject* call = find(id);
    Q_ASSERT(call != nullptr);
    *call = changed(*call, changes);
    touched();
}

void YotelServer::removeCall(const QString& id) {
    const std::scoped_lock lock(dataMutex());
    const auto isIt = [&id](const QJsonObject& one) { return one[u"id"_s] == id; };
    for (CampaignData& campaign : m_campaigns)
        std::erase_if(campaign.calls, isIt);
    std::erase_if(m_loose, isIt);
    touched();
}

void YotelServer::removeCalls(const QString& campaignId) {
    const std::scoped_lock lock(dataMutex());
    for (CampaignData& campaign : m_campaigns) {
        if (campaign.id == campaignId)
            campaign.calls.clear();
    }
    touched();
}

QByteArray YotelServer::pagePath(const QString& campaignId) const {
    return path("/campaigns/"_ba) + QUrl::toPercentEncoding(campaignId) + "/calls";
}

QByteArray YotelServer::callPath(const QString& id) const {
    return path("/calls/"_ba) + QUrl::toPercentEncoding(id);
}

QList<int> YotelServer::pagesAsked(const QString& campaignId) const {
    return pagesAskedAt(pagePath(campaignId));
}

Reply YotelServer::campaigns() const {
    QJsonArray list;
    for (const CampaignData& campaign : m_campaigns) {
        list.append(QJsonObject{{u"id"_s, campaign.id},
                                {u"name"_s, campaign.name},
                                {u"status"_s, u"running"_s},
                                {u"dial_mode"_s, u"progressive"_s}});
    }
    return Reply::json(QJsonDocument(list).toJson(QJsonDocument::Compact));
}

class YotelServer::List final : public PagedList {
 public:
    explicit List(CampaignData& campaign) : m_campaign(campaign) {}
    [[nodiscard]] int count() const override { return int(m_campaign.calls.size()); }
    [[nodiscard]] QByteArray row(int index) const override { return compactJson(m_campaign.calls[size_t(index)]); }
    void insertAtTop(const QString& id) override {
        m_campaign.calls.insert(m_campaign.calls.begin(), yotelCall(m_campaign.id + u'-' + id, m_campaign.id));
    }
    void removeAt(int index) override { m_campaign.calls.erase(m_campaign.calls.begin() + index); }
    [[nodiscard]] QByteArray strangersRow(int index) const override {
        return compactJson(yotelCall(u"stranger-%1"_s.arg(index), u"strangers"_s));
    }

 private:
    CampaignData& m_campaign;
};

Reply YotelServer::noSuchPage(int status) const {
    return Reply::json("{\"detail\": \"no such page\"}"_ba, status);
}

Reply YotelServer::pageOf(CampaignData& campaign, const Request& request) {
    const QByteArray asked = request.queryItem("page_size"_ba);
    const PageAsk ask{std::max(request.queryItem("page"_ba).toInt(), 1),
                      asked.isEmpty() ? 25 : std::clamp(asked.toInt(), 1, 200)};
    List list(campaign);
    return page(request, list, ask,
                [](const PageAnswer& given) -> QByteArray {
                    return "{\"items\":["_ba + given.rows.join(',') + "],\"total\":" + given.total +
                           ",\"page\":" + QByteArray::number(given.page) +
                           ",\"page_size\":" + QByteArray::number(given.size) + '}';
                })
        .with("X-RateLimit-Limit"_ba, "600"_ba);
}

Reply YotelServer::unauthorized(const Request&) const {
    return Reply::json("{\"detail\": \"Invalid API key\"}"_ba, 401);
}

Reply YotelServer::answerWithKey(const Request& request) {
    if (request.path == path("/campaigns"_ba)) {
        return campaigns();
    }
    for (CampaignData& campaign : m_campaigns) {
        if (request.path == pagePath(campaign.id)) {
            return pageOf(campaign, request);
        }
    }
    const QByteArray calls = path("/calls/"_ba);
    if (request.path.startsWith(calls)) {
        const QJsonObject* call =
            find(QString::fromUtf8(QByteArray::fromPercentEncoding(request.path.mid(calls.size()))));
        return call != nullptr ? Reply::json(compactJson(*call)) : notFound("Call");
    }
    return notFound("Campaign");
}

}  // namespace earmark::test
