// Brings a call's recording into the cache as a verified local file. Main thread only; file work on a pool thread.
// Rules: our own client, .part file -> fsync -> magic check -> rename -> directory fsync; names are hashes of
// provider, account and call id; a refused signed link is renewed by re-reading the call once.
#pragma once

#include <QObject>
#include <functional>
#include <memory>

#include "models/net/httpclient.h"
#include "models/sync/callrefresher.h"
#include "models/sync/recordingcache.h"

namespace earmark {

struct Patience;

struct FetchedRecording {
    QString file;       ///< local path, verified audio, mode 0600
    QString container;  ///< "wav", "mp3", "ogg", "flac", "mp4"
    qint64 bytes = 0;
    bool fromCache = false;
    bool lengthUnknown = false;  ///< just downloaded, and neither the server nor the file says how long it should be
    bool changed = false;        ///< from the cache, but of another size or time than when it was verified
    bool endMissing = false;     ///< just downloaded, as long as the server said, but the file itself tells of more
};

/// Sniffs the first bytes: RIFF/WAVE, ID3/MPEG sync, OggS, fLaC, ftyp. "" = not audio that we know.
[[nodiscard]] QString audioContainer(const QByteArray& firstBytes);

/// Does the provider give a link for the sound with the call (else it is asked for, or got with the key)?
[[nodiscard]] bool recordingComesAsLink(Provider provider);

class RecordingFetcher final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(RecordingFetcher)

 public:
    RecordingFetcher(const QString& cacheFolder, Store* store, HttpClient* http, CallRefresher* refresher,
                     QObject* parent = nullptr);
    ~RecordingFetcher() override;
    void setAccounts(std::vector<Account> accounts);

    /// NoRecording (code "recording_pending" = recorded, link not issued yet: the ladder of CallRefresher was started),
    /// NotAudio, NotFound, network kinds. Questions for the same call while one is under way share its answer.
    void fetch(const CallKey& key, QObject* context, std::function<void(Result<FetchedRecording>)> done);
    /// As fetch(), when nobody waits for it: Cancelled for an account that is off, RateLimited while its provider is to
    /// be left alone. The recording of a former fetch is found in any case.
    void fetchAhead(const CallKey& key, QObject* context, std::function<void(Result<FetchedRecording>)> done);
    void cancel(const CallKey& key);  ///< everyone who asked for it hears Cancelled
    /// The recording of a former fetch, without the network and without an account; nullopt: none. One that was
    /// changed since is found too: fetch() replaces it, or answers it where nothing better can be had.
    void lookUp(Provider provider, const CallKey& key, QObject* context,
                std::function<void(std::optional<FetchedRecording>)> done);
    /// Asked for anew each time; without them nothing is ever removed. Held to after each download and at the start.
    void setCacheLimits(std::function<RecordingCacheLimits()> limits);
    /// These files (and no others) are in use by `user` and stay, until it says otherwise or dies.
    void setInUse(QObject* user, const QStringList& files);
    /// Removes .part files left by a kill and what is over the limits; call once at start.
    void sweep();
    void setPatience(const Patience& patience);  ///< with cut downloads; accountlink.h; tests make it quick

 Q_SIGNALS:
    void progressed(const earmark::CallKey& key, qint64 received, qint64 total);  ///< total -1 = unknown

 private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace earmark
