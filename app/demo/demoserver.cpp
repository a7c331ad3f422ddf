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
#include <limits>

#include "app/demo/atomsvoice.h"
#include "app/demo/autocallsvoice.h"
#include "app/demo/demodata.h"
#include "app/demo/vatelvoice.h"
#include "app/demo/yotelvoice.h"
#include "ui/common/desksettings.h"

namespace earmark {

using namespace Qt::StringLiterals;

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DemoServer)
};

/// Where each provider's documented paths lie on the demo's one port. The first that fits, so the longer ones first.
constexpr struct {
    Provider provider;
    const char* basePath;
    const char* key;
} kProviders[] = {{Provider::Yotel, "/api/v1", "yt_test_demo"},
                  {Provider::Atoms, "/atoms/v1", "sk_demo"},
                  {Provider::Vatel, "/v1", "vt_demo"},
                  {Provider::Autocalls, "/api", "1|demo"}};

DemoRequest plainRequest(const QHttpServerRequest& request) {
    const bool isPost = request.method() == QHttpServerRequest::Method::Post;
    const bool isHead = request.method() == QHttpServerRequest::Method::Head;
    const bool isGet = request.method() == QHttpServerRequest::Method::Get;
    DemoRequest plain;
    plain.method = isPost ? "POST" : isHead ? "HEAD" : isGet ? "GET" : "OTHER";
    plain.route = request.url().path(QUrl::FullyEncoded);
    plain.query = request.query();
    plain.authorization = request.value("Authorization");
    plain.accept = request.value("Accept");
    plain.body = request.body();
    return plain;
}

/// The whole answer, or the part of a recording that was asked for.
QHttpServerResponse response(const DemoAnswer& answer, const QByteArray& askedRange) {
    static const QRegularExpression range(u"^bytes=(\\d+)-(\\d*)$"_s);
    const bool isSound = answer.status == 200 && answer.type.startsWith("audio/");
    const auto asked = range.match(isSound ? QString::fromLatin1(askedRange) : QString());
    const qint64 size = answer.body.size();
    const qint64 first = asked.captured(1).toLongLong();
    if (!asked.hasMatch() || first >= size) {
        QHttpServerResponse whole(answer.type, answer.body, QHttpServerResponse::StatusCode(answer.status));
        if (isSound) {
            whole.addHeader("Accept-Ranges", QByteArrayLiteral("bytes"));
        }
        for (const auto& [name, value] : answer.headers) {
            whole.addHeader(name, value);
        }
        return whole;
    }
    const qint64 last =
        asked.captured(2).isEmpty() ? size - 1 : std::min<qint64>(asked.captured(2).toLongLong(), size - 1);
    QHttpServerResponse part(answer.type, answer.body.mid(first, last - first + 1),
                             QHttpServerResponse::StatusCode::PartialContent);
    part.addHeader("Content-Range", "bytes " + QByteArray::number(first) + '-' + QByteArray::number(last) + '/' +
                                        QByteArray::number(size));
    return part;
}

/// Lives in the server's thread and answers there.
class Answerer final : public QObject {
 public:
    Answerer(DemoTruth truth, DemoLinks links, std::shared_ptr<const Clock> clock)
        : m_truth(std::move(truth)), m_links(std::move(links)), m_clock(std::move(clock)) {}

    void begin(QTcpServer* listening) {
        m_server = new QHttpServer(this);
        m_server->route(u"/<arg>"_s, [this](const QUrl&, const QHttpServerRequest& request) {
            return response(answer(plainRequest(request)), request.value("Range"));
        });
        m_server->bind(listening);
    }

 private:
    [[nodiscard]] DemoAnswer answer(DemoRequest request) {
        const Moment now = m_clock->now();
        const DemoVoice* voices[] = {&m_yotel, &m_atoms, &m_vatel, &m_autocalls};
        for (const DemoVoice* voice : voices) {
            if (const auto recording = voice->recording(request, now)) {
                return *recording;
            }
        }
        for (size_t i = 0; i < std::size(kProviders); ++i) {
            const QString base = QString::fromLatin1(kProviders[i].basePath);
            if (request.route.startsWith(base + u'/')) {
                request.route = request.route.mid(base.size());
                return voices[i]->answer(request, now);
            }
        }
        return {404, "{\"detail\": \"Not Found\"}"_ba, "application/json"_ba, {}};
    }

    const DemoTruth m_truth;
    const DemoLinks m_links;
    DemoWavs m_wavs;
    const YotelVoice m_yotel{m_truth, m_links};
    const AtomsVoice m_atoms{m_truth, m_links, m_wavs};
    const VatelVoice m_vatel{m_truth, m_links, m_wavs};
    const AutocallsVoice m_autocalls{m_truth, m_links};
    std::shared_ptr<const Clock> m_clock;
    QHttpServer* m_server = nullptr;
};

QByteArray randomSecret() {
    QByteArray secret(32, '\0');
    QRandomGenerator::system()->generate(secret.begin(), secret.end());
    return secret;
}

}  // namespace

QByteArray demoKey(Provider provider) {
    for (const auto& one : kProviders) {
        if (one.provider == provider) {
            return one.key;
        }
    }
    return {};
}

class DemoServer::Private {
 public:
    std::shared_ptr<const Clock> clock;
    QThread thread;
    QString origin;
};

DemoServer::DemoServer(std::shared_ptr<const Clock> clock, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>()) {
    d->clock = std::move(clock);
    d->thread.setObjectName(u"demo providers"_s);
}

DemoServer::~DemoServer() {
    d->thread.quit();
    d->thread.wait();
}

Done DemoServer::start(quint16 port, std::optional<Moment> began) {
    auto truth = DemoTruth::load(demoFile(u"calls.json"_s), demoFile(u"dialogues.json"_s), demoFile(u"findings.json"_s),
                                 began.value_or(d->clock->now()));
    if (!truth) {
        return failure(truth.error());
    }
    auto listening = std::make_unique<QTcpServer>();
    listening->setProxy(QNetworkProxy::NoProxy);
    if (!listening->listen(QHostAddress::LocalHost, port)) {
        return failure(ErrorKind::Storage, Text::tr("The demo provider cannot listen on port %1: %2")
                                               .arg(QString::number(port), listening->errorString()));
    }
    d->origin = u"http://127.0.0.1:"_s + QString::number(listening->serverPort());
    auto* answerer = new Answerer(std::move(*truth), DemoLinks(d->origin, randomSecret()), d->clock);
    answerer->moveToThread(&d->thread);
    listening->moveToThread(&d->thread);
    QObject::connect(&d->thread, &QThread::finished, answerer, &QObject::deleteLater);
    QObject::connect(&d->thread, &QThread::started, answerer,
                     [answerer, server = listening.release()] { answerer->begin(server); });
    d->thread.start();
    return {};
}

Done DemoServer::startAgain(DeskSettings* settings, std::optional<Moment> began) {
    const QString kept = u"demo/port"_s;
    const int before = settings->value(kept, 0).toInt();
    const bool isPort = before > 0 && before <= std::numeric_limits<quint16>::max();
    if (!isPort || !start(quint16(before), began)) {
        if (const Done started = start(0, began); !started) {
            return started;
        }
    }
    settings->setValue(kept, QUrl(d->origin).port());
    return {};
}

QUrl DemoServer::baseUrl(Provider provider) const {
    for (const auto& one : kProviders) {
        if (one.provider == provider) {
            return QUrl(d->origin + QString::fromLatin1(one.basePath));
        }
    }
    return {};
}

}  // namespace earmark
