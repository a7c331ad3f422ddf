// Yotel's interface on the loopback test server with bodies that tests write themselves: one campaign per body.
#pragma once

#include "tests/faults/hostilecorpus.h"
#include "tests/support/loopbackserver.h"

namespace earmark::test {

class HostileServer final : public LoopbackServer {
 public:
    HostileServer() {
        onAnythingElse([this](const Request& request) { return answer(request); });
    }
    ~HostileServer() override { stop(); }

    /// Before the first request.
    void addPage(const QByteArray& campaign, std::function<QByteArray()> body) {
        m_pages.push_back({campaign, [body = std::move(body)] { return Reply::json(body()); }});
    }
    void addReply(const QByteArray& campaign, const Reply& reply) {
        m_pages.push_back({campaign, [reply] { return reply; }});
    }
    void addCall(const QByteArray& id, const QByteArray& body) { m_calls[id] = body; }
    [[nodiscard]] QString base() const { return url(QStringLiteral("/api/v1")).toString(); }

 private:
    struct Page {
        QByteArray campaign;
        std::function<Reply()> reply;
    };
    [[nodiscard]] Reply answer(const Request& request) const {
        const QByteArray campaigns = "/api/v1/campaigns";
        if (request.path == campaigns) {
            QByteArrayList list;
            for (const Page& page : m_pages) {
                list.append("{\"id\":\"" + page.campaign + "\",\"name\":\"<b>" + page.campaign + "</b>\"}");
            }
            return Reply::json('[' + list.join(',') + ']');
        }
        for (const Page& page : m_pages) {
            if (request.path == campaigns + '/' + page.campaign + "/calls") {
                const bool first = request.queryItem("page") == "1";
                return first ? page.reply() : Reply::json(QByteArrayLiteral("{\"items\":[],\"total\":0}"));
            }
        }
        const QByteArray call = QByteArray::fromPercentEncoding(request.path.mid(14));
        return m_calls.count(call) > 0 ? Reply::json(m_calls.at(call))
                                       : Reply::json(QByteArrayLiteral("{\"detail\":\"Not Found\"}"), 404);
    }

    std::vector<Page> m_pages;
    std::map<QByteArray, QByteArray> m_calls;
};

}  // namespace earmark::test
