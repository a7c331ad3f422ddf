#include "app/demo/demoserver.h"

#include <QCoreApplication>
#include <QHttpServer>
#include <QHttpServerRequest>
#include <QHttpServerResponse>
#include <QNetworkProxy>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTcpServer>
#include <QThread>
#include <QUrlQuery>

#include "app/demo/demodata.h"
#include "app/demo/demoprovider.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DemoServer)
};

constexpr int kRateLimit = 600;

QByteArray mimeType(const QString& file) {
    const QString suffix = file.section(u'.', -1);
    return suffix == u"ogg"_s    ? "audio/ogg"
           : suffix == u"mp3"_s  ? "audio/mpeg"
           : suffix == u"m4a"_s  ? "audio/mp4"
           : suffix == u"flac"_s ? "audio/flac"
                                 : "audio/wav";
}

QHttpServerResponse jsonResponse(const DemoAnswer& answer) {
    return QHttpServerResponse("application/json", answer.json, QHttpServerResponse::StatusCode(answer.status));
}

/// Lives in the server's thread and answers there.
class Answerer final : public QObject {
 public:
    Answerer(DemoProvider provider, std::shared_ptr<const Clock> clock)
        : m_provider(std::move(provider)), m_clock(std::move(clock)) {}

    void begin(QTcpServer* listening) {
        m_server = new QHttpServer(this);
        m_server->route(u"/api/v1/campaigns"_s, [this](const QHttpServerRequest& request) {
            return guarded(request, [this] { return m_provider.campaigns(); });
        });
        m_server->route(
            u"/api/v1/campaigns/<arg>/calls"_s, [this](const QString& campaign, const QHttpServerRequest& request) {
                return guarded(request, [&] {
                    const QUrlQuery query = request.query();
                    const auto item = [&query](const QString& name) {
                        return query.queryItemValue(name, QUrl::FullyDecoded);
                    };
                    return m_provider.page(
                        {campaign, item(u"page"_s), item(u"page_size"_s), item(u"status"_s), item(u"disposition"_s)},
                        m_clock->now());
                });
            });
        m_server->route(u"/api/v1/calls/<arg>"_s, [this](const QString& id, const QHttpServerRequest& request) {
            return guarded(request, [&] { return m_provider.call(id, m_clock->now()); });
        });
        m_server->route(u"/recordings/<arg>"_s, [this](const QString& file, const QHttpServerRequest& request) {
            return recording(file, request);
        });
        m_server->setMissingHandler([](const QHttpServerRequest&, QHttpServerResponder&& responder) {
            responder.write("{\"detail\": \"Not Found\"}", "application/json",
                            QHttpServerResponder::StatusCode::NotFound);
        });
        m_server->bind(listening);
    }

 private:
    template <typename Answer>
    QHttpServerResponse guarded(const QHttpServerRequest& request, Answer answer) {
        if (const auto refusal = DemoProvider::refusal(request.value("Authorization"))) {
            return jsonResponse(*refusal);
        }
        QHttpServerResponse response = jsonResponse(answer());
        response.addHeader("X-RateLimit-Limit", QByteArray::number(kRateLimit));
        response.addHeader("X-RateLimit-Remaining", QByteArray::number(kRateLimit - 1));
        return response;
    }

    QHttpServerResponse recording(const QString& file, const QHttpServerRequest& request) {
        static const QRegularExpression name(u"^[a-z0-9-]+\\.[a-z0-9]+$"_s);
        const QUrlQuery query = request.query();
        const bool opens =
            name.match(file).hasMatch() &&
            m_provider.opensRecording(file, query.queryItemValue(u"X-Goog-Date"_s).toLongLong(),
                                      query.queryItemValue(u"X-Goog-Signature"_s).toLatin1(), m_clock->now());
        if (!opens) {
            return QHttpServerResponse("application/xml",
                                       "<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code></Error>",
                                       QHttpServerResponse::StatusCode::Forbidden);
        }
        const QByteArray bytes = demoFile(u"recordings/"_s + file);
        if (bytes.isEmpty()) {
            return QHttpServerResponse("application/xml",
                                       "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code></Error>",
                                       QHttpServerResponse::StatusCode::NotFound);
        }
        static const QRegularExpression range(u"^bytes=(\\d+)-(\\d*)$"_s);
        const auto asked = range.match(QString::fromLatin1(request.value("Range")));
        const qint64 first = asked.captured(1).toLongLong();
        if (!asked.hasMatch() || first >= bytes.size()) {
            QHttpServerResponse response(mimeType(file), bytes);
            response.addHeader("Accept-Ranges", QByteArrayLiteral("bytes"));
            return response;
        }
        const qint64 last = asked.captured(2).isEmpty()
                                ? bytes.size() - 1
                                : std::min<qint64>(asked.captured(2).toLongLong(), bytes.size() - 1);
        QHttpServerResponse response(mimeType(file), bytes.mid(first, last - first + 1),
                                     QHttpServerResponse::StatusCode::PartialContent);
        response.addHeader("Content-Range", "bytes " + QByteArray::number(first) + '-' + QByteArray::number(last) +
                                                '/' + QByteArray::number(bytes.size()));
        return response;
    }

    DemoProvider m_provider;
    std::shared_ptr<const Clock> m_clock;
    QHttpServer* m_server = nullptr;
};

QByteArray randomSecret() {
    QByteArray secret(32, '\0');
    QRandomGenerator::system()->generate(secret.begin(), secret.end());
    return secret;
}

}  // namespace

QByteArray demoKey() {
    return QByteArrayLiteral("yt_test_demo");
}

class DemoServer::Private {
 public:
    std::shared_ptr<const Clock> clock;
    QThread thread;
    QUrl base;
};

DemoServer::DemoServer(std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>()) {
    d->clock = std::move(clock);
    d->thread.setObjectName(u"demo provider"_s);
}

DemoServer::~DemoServer() {
    d->thread.quit();
    d->thread.wait();
}

Done DemoServer::start(quint16 port, std::optional<Moment> began) {
    auto provider = DemoProvider::load(demoFile(u"calls.json"_s), demoFile(u"dialogues.json"_s),
                                       began.value_or(d->clock->now()), randomSecret());
    if (!provider) {
        return failure(provider.error());
    }
    auto listening = std::make_unique<QTcpServer>();
    listening->setProxy(QNetworkProxy::NoProxy);
    if (!listening->listen(QHostAddress::LocalHost, port)) {
        return failure(ErrorKind::Storage, Text::tr("The demo provider cannot listen on port %1: %2")
                                               .arg(QString::number(port), listening->errorString()));
    }
    const QString origin = u"http://127.0.0.1:"_s + QString::number(listening->serverPort());
    d->base = QUrl(origin + u"/api/v1"_s);
    provider->setOrigin(origin);
    auto* answerer = new Answerer(std::move(*provider), d->clock);
    answerer->moveToThread(&d->thread);
    listening->moveToThread(&d->thread);
    QObject::connect(&d->thread, &QThread::finished, answerer, &QObject::deleteLater);
    QObject::connect(&d->thread, &QThread::started, answerer,
                     [answerer, server = listening.release()] { answerer->begin(server); });
    d->thread.start();
    return {};
}

QUrl DemoServer::yotelBaseUrl() const {
    return d->base;
}

}  // namespace earmark
