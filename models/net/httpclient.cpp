#include "models/net/httpclient.h"

#include <QHash>
#include <QHostInfo>
#include <QNetworkAccessManager>
#include <QPointer>

#include "models/net/httpexchange.h"
#include "models/net/httptrouble.h"
#include "models/net/pace.h"
#include "models/net/systemproxy.h"
#include "models/net/urlguard.h"

namespace earmark {

namespace {

constexpr int kInFlightPerHost = 6;

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

    std::shared_ptr<const Clock> clock;
    QNetworkAccessManager* network = nullptr;
    Resolver resolver = askSystem;
    AddressRule acceptable = isPublicAddress;
    QHash<QString, Lane> lanes;
    QHash<QString, std::shared_ptr<Pace>> paces;  ///< "who origin"; few, and a server's wish outlives who heard it
    QHash<QString, std::shared_ptr<OutageBrake>> brakes;
};

HttpClient::HttpClient(std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>()) {
    d->clock = std::move(clock);
    d->network = new QNetworkAccessManager(this);
    d->network->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    d->network->setProxyFactory(new SystemProxy);
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
    return pace;
}

std::unique_ptr<HttpTicket> HttpClient::send(HttpRequest request, std::function<void(Result<HttpAnswer>)> done) {
    const HttpExchange::Means means{d->network, &d->resolver, &d->acceptable, d->clock};
    const QString origin = originOf(request.url);
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
    QMetaObject::invokeMethod(this, next, Qt::QueuedConnection);
    return std::make_unique<Ticket>(exchange);
}

}  // namespace earmark
