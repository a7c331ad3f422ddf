// One recording on its way into the cache: cache look-up, call, then by the provider's route its link (renewed once
// when it is refused), a link asked for, or the sound itself behind the key; download (a cut one goes on by its rest
// where the server offers that, else from its beginning), check. Main thread only; file work on a worker.
#pragma once

#include <QObject>
#include <QPointer>
#include <atomic>
#include <memory>

#include "models/domain/account.h"
#include "models/net/httpclient.h"
#include "models/providers/readdialect.h"
#include "models/store/store.h"
#include "models/sync/accountlink.h"
#include "models/sync/callrefresher.h"
#include "models/sync/rangerules.h"
#include "models/sync/recordingfetcher.h"
#include "models/sync/workers.h"

namespace earmark {

class PartFile;

class RecordingDownload final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordingDownload)

 public:
    struct Means {
        QString folder;
        Store* store = nullptr;
        HttpClient* http = nullptr;
        CallRefresher* refresher = nullptr;
        Workers* files = nullptr;  ///< one thread: pieces are written in their order
        Workers* cache = nullptr;  ///< one thread: looking up and making room never cross each other
        Patience patience;         ///< with a download that was cut
    };

    RecordingDownload(const CallKey& key, const Account& account, const Means& means, QObject* parent);
    ~RecordingDownload() override;  ///< ends the request; a .part file goes
    void start();
    void stop();  ///< ended() does not come
    [[nodiscard]] const Result<FetchedRecording>& result() const { return m_result; }

 Q_SIGNALS:
    void progressed(qint64 received, qint64 total);
    void ended();  ///< once; result() tells how

 private:
    static constexpr int kMostRedirects = 3;
    static constexpr int kMostTries = 5;
    static constexpr int kMostTriesInTrouble = 3;  ///< of a storage that answers, but with no sound
    struct Writing;
    void lookAtCall();
    void haveCall(const Call& call);
    void renew(const Error& reason);
    void askForLink(const Error& reason);
    void haveLink(const Error& reason, const Result<HttpAnswer>& answer);
    void useLink(const QString& link);
    void openSoundBehindTheKey();
    void haveKeyedAnswer(const QUrl& url, const Result<HttpAnswer>& answer);
    void noSoundThere(const Error& error);
    void send(HttpRequest request, const std::function<void(Result<HttpAnswer>)>& done);
    void newFile();
    void startFile();
    void download(const QUrl& url);
    void sendToTheKey();
    void request(const QUrl& url, int redirectsLeft);
    [[nodiscard]] bool takePiece(const QByteArray& piece);
    void haveAnswer(const QUrl& url, int redirectsLeft, const Result<HttpAnswer>& answer);
    void haveTrouble(const QUrl& url, const HttpAnswer& answer);
    void follow(const QUrl& from, int redirectsLeft, const HttpAnswer& answer);
    void finishFile(const HttpAnswer& answer);
    void haveFile(const Result<FetchedRecording>& recording);
    void dropFile();
    void linkRefused(const Error& error);
    // A cut download and its rest: recordingresume.cpp.
    void haveHead(const QUrl& url, const HttpAnswer& head);
    void cut(const Error& error);
    [[nodiscard]] static bool mayPassSoon(const Error& error);
    void tryAgain(std::chrono::milliseconds atLeast);
    void goOn();
    void beginAgain();
    void finish(const Result<FetchedRecording>& result);
    [[nodiscard]] Error noRecording(const Call& call);
    [[nodiscard]] Error refusedError(int status) const;
    [[nodiscard]] Error worded(Error error) const;
    [[nodiscard]] RecordingRoute route() const;
    [[nodiscard]] QString provider() const { return providerName(m_account.provider); }

    CallKey m_key;
    Account m_account;
    Means m_means;
    std::shared_ptr<Writing> m_writing;
    std::unique_ptr<HttpTicket> m_ticket;
    Result<FetchedRecording> m_result;
    CallRefresher::Line m_line;  ///< to the provider, where the key is needed
    std::optional<Call> m_call;
    std::optional<FetchedRecording> m_kept;    ///< a former one that was changed here: where no better one is to be had
    QUrl m_link;                               ///< what is being downloaded; empty: the sound behind the key
    std::optional<PartialDownload> m_partial;  ///< since the first head of a 2xx
    bool m_wantsRest = false;                  ///< the request under way asks for what is missing
    bool m_isRest = false;                     ///< and gets it
    bool m_restIsWrong = false;
    int m_tries = 1;
    bool m_renewed = false;
    bool m_over = false;
};

}  // namespace earmark
