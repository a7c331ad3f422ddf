#include "models/net/httpclient.h"

#include <QHash>
#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QPointer>
#include <QTimer>

#include "models/net/floodguard.h"
#include "models/net/httpexchange.h"
#include "models/net/httptrouble.h"
#include "models/net/pace.h"
#include "models/net/systemproxy.h"
#include "models/net/urlguard.h"

namespace earmark {

namespace {

constexpr int kInFlightPerHost = 6;
constexpr int kMostNetworks = 16;
constexpr std::chrono::seconds kFloodWatch{1};

class Ticket final : public HttpTicket {
 public:
    explicit Ticket(HttpExchange* exchange) : m_exchange(exchange) {}
    ~Ticket() override {
        if (m_exchange) {
            m_exchange->abandon();
        }
    }
    Q_DISABLE_COPY_MOVE(Ticket)

    void cancel() override {
        if (m_exchange) {
            m_exchange->finish(failure(cancelledError()));
        }
    }
    void pause() override {
        if (m_exchange) {
            m_exchange->pause();
        }
    }
    void resume() override {
        if (m_exchange) {
            m_exchange->resume();
        }
    }
    [[nodiscard]] bool bodyMayHaveLeft() const override { return !m_exchange || m_exchange->bodyMayHaveLeft(); }

 private:
    QPointer<HttpExchange> m_exchange;
};

void askSystem(const QString& host, QObject* context, const std::function<void(QList<QHostAddress>)>& done) {
    QHostInfo::lookupHost(host, context, [done](const QHostInfo& info) { done(info.addresses()); });
}

QString originOf(const QUrl& url) {
    return url.scheme() + u"://" + shownHost(url);
}

}  // namespace

class HttpClient::Private {
 public:
    struct Lane {
        QList<QPointer<HttpExchange>> waiting;
        int inFlight = 0;
    };
    /// A server's connections have a manager, and so a thread, of their own: one that keeps it busy holds up itself.
    struct Network {
        QNetworkAccessManager* manager = nullptr;
        std::shared_ptr<quint64> pulse = std::make_shared<quint64>(0);
    };

    Network& networkOf(const QString& origin) {
        if (!networks.contains(origin) && networks.size() >= kMostNetworks) {
            forgetIdleNetworks();
        }
        Network& network = networks[origin];
        if (network.manager == nullptr) {
            network.manager = new QNetworkAccessManager(q);
            network.manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
            network.manager->setProxyFactory(new SystemProxy);
        }
        return network;
    }

    void forgetIdleNetworks() {
        for (auto it = networks.begin(); it != networks.end();) {
            if (lanes.contains(it.key())) {
                ++it;
                continue;
            }
            it->manager->deleteLater();
            it = networks.erase(it);
        }
    }

    /// Somebody gave up before a head came. Where that connection goes on receiving and nothing else of this server
    /// arrives, its thread reads a head without end.
    void watchForFlood(const QString& origin, const QUrl& url, const QHostAddress& pinned) {
        const QHostAddress literal = pinned.isNull() ? literalAddress(url) : pinned;
        if (!literal.isNull()) {
            watchForFlood(origin, url, QList<QHostAddress>{literal});
            return;
        }
        QHostInfo::lookupHost(url.host(), q, [this, origin, url](const QHostInfo& info) {
            watchForFlood(origin, url, info.addresses());
        });
    }

    void watchForFlood(const QString& origin, const QUrl& url, const QList<QHostAddress>& peers) {
        const auto port = quint16(url.port(url.scheme() == u"https" ? 443 : 80));
        const std::shared_ptr<quint64> pulse = networkOf(origin).pulse;
        QTimer::singleShot(kFloodWatch, q, [peers, port, pulse, beat = *pulse, before = receivedFrom(peers, port)] {
            if (*pulse == beat) {
                cutFloods(before, peers, port);
            }
        });
    }

    void startNext(const QString& origin) {
        Lane& lane = lanes[origin];
        while (lane.inFlight < kInFlightPerHost && !lane.waiting.isEmpty()) {
            HttpExchange* exchange = lane.waiting.takeFirst();
            if (exchange == nullptr || exchange->isOver()) {
                continue;
            }
            ++lane.inFlight;
            exchange->start();
        }
        if (lane.inFlight == 0 && lane.waiting.isEmpty()) {
            lanes.remove(origin);
        }
    }

    HttpClient* q = nullptr;
    std::shared_ptr<const Clock> clock;
    QHash<QString, Network> networks;
    Resolver resolver = askSystem;
    AddressRule acceptable = isPublicAddress;
    QHash<QString, Lane> lanes;
    QHash<QString, std::shared_ptr<Pace>> paces;  ///< "who origin"; few, and a server's wish outlives who heard it
    QHash<QString, std::shared_ptr<OutageBrake>> brakes;
};

HttpClient::HttpClient(std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>()) {
    d->clock = std::move(clock);
    d->q = this;
}

HttpClient::~HttpClient() {
    // Before d and the network go: an exchange uses both while it ends.
    qDeleteAll(findChildren<HttpExchange*>(Qt::FindDirectChildrenOnly));
}

void HttpClient::setResolver(Resolver resolver, AddressRule acceptable) {
    d->resolver = std::move(resolver);
    if (acceptable) {
        d->acceptable = std::move(acceptable);
    }
}

std::shared_ptr<const Clock> HttpClient::clock() const {
    return d->clock;
}

std::shared_ptr<Pace> HttpClient::pace(const QString& who, const QUrl& address, int perMinute) {
    const QString origin = originOf(address);
    std::shared_ptr<Pace>& pace = d->paces[who + u' ' + origin];
    if (!pace) {
        std::shared_ptr<OutageBrake>& brake = d->brakes[origin];
        if (!brake) {
            brake = std::make_shared<OutageBrake>(d->clock, RetryPolicy());
        }
        pace = std::make_shared<Pace>(d->clock, perMinute, brake);
    }
    pace->limiter.setPerMinute(perMinute);
    return pace;
}

std::unique_ptr<HttpTicket> HttpClient::send(HttpRequest request, std::function<void(Result<HttpAnswer>)> done) {
    const QString origin = originOf(request.url);
    const Private::Network& network = d->networkOf(origin);
    const HttpExchange::Means means{network.manager, &d->resolver, &d->acceptable, d->clock, network.pulse};
    const QUrl url = request.url;
    auto* exchange = new HttpExchange(std::move(request), std::move(done), means, this);
    d->lanes[origin].waiting.append(exchange);
    // Queued: an end inside start() must not recurse, and nothing is sent before the asker holds its ticket.
    const auto next = [this, origin] { d->startNext(origin); };
    connect(exchange, &HttpExchange::ended, this, [this, exchange, origin, next] {
        if (!d->lanes[origin].waiting.removeOne(exchange)) {
            --d->lanes[origin].inFlight;
        }
        QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
    });
    connect(exchange, &HttpExchange::headless, this,
            [this, origin, url](const QHostAddress& pinned) { d->watchForFlood(origin, url, pinned); });
    QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
    return std::make_unique<Ticket>(exchange);
}

}  // namespace earmark
