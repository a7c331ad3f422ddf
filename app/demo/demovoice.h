// What the demo's four voices share: a voice tells the demo's truth in the HTTP and JSON of one provider. No sockets;
// any one thread.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QUrlQuery>
#include <optional>

#include "app/demo/demotruth.h"

namespace earmark {

struct DemoRequest {
    QByteArray method;
    QString route;  ///< percent-encoded, behind the base path: "/calls/7"
    QUrlQuery query;
    QByteArray authorization;
    QByteArray accept;
    QByteArray body;

    [[nodiscard]] QString item(const QString& name) const { return query.queryItemValue(name, QUrl::FullyDecoded); }
};

struct DemoAnswer {
    int status = 200;
    QByteArray body;
    QByteArray type = QByteArrayLiteral("application/json");
    std::vector<std::pair<QByteArray, QByteArray>> headers = {};
};

/// Signed addresses of recordings on the demo's own server; a link is the same for five minutes and lives for ten.
class DemoLinks final {
 public:
    DemoLinks(QString origin, QByteArray secret) : m_origin(std::move(origin)), m_secret(std::move(secret)) {}

    [[nodiscard]] const QString& origin() const { return m_origin; }
    [[nodiscard]] static qint64 issued(Moment now);  ///< ms
    [[nodiscard]] static qint64 lifeSeconds();
    [[nodiscard]] QByteArray signature(const QString& what, qint64 issued) const;
    /// Does this signature, made for this moment, still open this?
    [[nodiscard]] bool opens(const QString& what, qint64 issued, const QByteArray& signature, Moment now) const;

 private:
    QString m_origin;  ///< "http://127.0.0.1:4711"
    QByteArray m_secret;
};

class DemoVoice {
 public:
    virtual ~DemoVoice() = default;
    /// A request below the provider's base address.
    [[nodiscard]] virtual DemoAnswer answer(const DemoRequest& request, Moment now) const = 0;
    /// A request elsewhere on the server, where this provider keeps its recordings; nullopt = not there.
    [[nodiscard]] virtual std::optional<DemoAnswer> recording(const DemoRequest& request, Moment now) const;

 protected:
    DemoVoice(Provider provider, const DemoTruth& truth, const DemoLinks& links)
        : m_truth(truth), m_links(links), m_provider(provider) {}
    [[nodiscard]] std::vector<DemoCall> calls(Moment now) const { return m_truth.calls(m_provider, now); }

    const DemoTruth& m_truth;
    const DemoLinks& m_links;

 private:
    const Provider m_provider;
};

[[nodiscard]] QByteArray demoJson(const QJsonObject& object);
[[nodiscard]] QByteArray demoJson(const QJsonArray& array);
/// "" is null: offered and empty.
[[nodiscard]] QJsonValue orNull(const QString& text);
/// nullopt = not a number in the range.
[[nodiscard]] std::optional<int> demoNumber(const QString& text, int fallback, int lowest, int highest);
/// An id of another kind for the same thing: the same one at every start.
[[nodiscard]] QString demoUuid(const QString& what);
[[nodiscard]] QString demoHex(const QString& what, int digits);
/// The recording's own bytes with its own type.
[[nodiscard]] DemoAnswer demoRecording(const QString& file);
/// What storage services answer to what they do not give out.
[[nodiscard]] DemoAnswer demoStorageError(int status, const QByteArray& code);
/// Seconds with three digits behind the point.
[[nodiscard]] double secondsBetween(Moment from, Moment to);

}  // namespace earmark
