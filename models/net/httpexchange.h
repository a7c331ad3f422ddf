// One request on its way: checks, name lookup, deadlines, byte cap, body. Main thread; made and owned by HttpClient.
#pragma once

#include <QElapsedTimer>
#include <QHostAddress>
#include <QNetworkReply>
#include <QPointer>
#include <QSslError>
#include <QTimer>

#include "models/net/httpclient.h"

class QNetworkAccessManager;

namespace earmark {

class OnceUpload;

class HttpExchange final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(HttpExchange)

 public:
    using Answered = std::function<void(Result<HttpAnswer>)>;
    struct Means {
        QNetworkAccessManager* network = nullptr;
        const HttpClient::Resolver* resolver = nullptr;
        const HttpClient::AddressRule* acceptable = nullptr;
        std::shared_ptr<const Clock> clock;
        std::shared_ptr<quint64> pulse;  ///< counts what arrives from this server, by any exchange
    };

    HttpExchange(HttpRequest request, Answered done, const Means& means, QObject* parent);
    ~HttpExchange() override;

    [[nodiscard]] const HttpRequest& request() const { return m_request; }
    [[nodiscard]] bool isOver() const { return m_over; }
    [[nodiscard]] bool bodyMayHaveLeft() const;

    void start();                            ///< from here on the deadlines run
    void finish(Result<HttpAnswer> result);  ///< ends it; the asker hears of it in a later turn
    void abandon();                          ///< ends it; nobody hears of it
    void pause();
    void resume();

 Q_SIGNALS:
    void ended();  ///< its place is free; emitted once, also when it never started
    /// It was given up before a head came: its connection may be one that never will have one. Empty = not pinned.
    void headless(const QHostAddress& pinned);

 private:
    void resolve();
    void connectTo(const QHostAddress& pinned);
    void watchReply();
    void onHead();
    void onReplyFinished();
    void drain();
    void drainSoon();
    void take(const QByteArray& piece);
    void conclude();
    [[nodiscard]] HttpAnswer headAnswer() const;
    void deliverHead();  ///< and the body read so far: a whole answer
    void fail(const Error& error);
    void dropReply();
    void deliver();
    void stayAlive();  ///< something arrived or left: the inactivity deadline starts anew
    [[nodiscard]] bool bodyGoesToSink() const;
    [[nodiscard]] QString where() const;
    [[nodiscard]] QString host() const;

    HttpRequest m_request;
    Answered m_done;
    Means m_means;
    QTimer m_totalTimer;
    QTimer m_inactivityTimer;
    QPointer<QNetworkReply> m_reply;
    QHostAddress m_pinned;
    QList<QHostAddress> m_addresses;  ///< checked, not tried yet
    QPointer<OnceUpload> m_upload;
    bool m_bodyTaken = false;
    QList<QSslError> m_tlsErrors;
    std::chrono::steady_clock::time_point m_started{};
    std::optional<Result<HttpAnswer>> m_result;
    QByteArray m_body;
    qint64 m_received = 0;
    qint64 m_announced = -1;
    int m_status = 0;
    bool m_requestSent = false;
    bool m_headSeen = false;
    bool m_headTold = false;
    bool m_replyFinished = false;
    bool m_drainPosted = false;
    bool m_paused = false;
    bool m_over = false;
};

}  // namespace earmark
