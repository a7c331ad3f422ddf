// How one provider's API is read: requests out, bytes in, domain values back. Pure functions without sockets, any
// thread.
#pragma once

#include <QByteArray>
#include <QUrl>
#include <memory>
#include <optional>
#include <vector>

#include "models/domain/account.h"
#include "models/domain/calldetails.h"
#include "models/domain/result.h"

namespace earmark {

/// A campaign or an agent as an API lists them.
struct NamedEntry {
    QString id;
    QString name;                   ///< "" where the API gives none
    std::optional<QString> status;  ///< campaigns: the provider's word
    QByteArray raw;                 ///< compact JSON
};

/// Rows that have no id (or are no object) are counted as rejected; a list of nothing but such rows is BadAnswer.
struct NameList {
    std::vector<NamedEntry> entries;
    int rejectedRows = 0;
    QStringList rejections;  ///< "row 3: no id", at most 20
    bool hasMore = false;    ///< another page exists
};

/// A page is accepted whole or not at all. Rows that are no calls (no object, no id) are counted as rejected.
struct CallPage {
    std::vector<Call> calls;
    int rejectedRows = 0;
    QStringList rejections;       ///< "row 3: no id", at most 20
    std::optional<qint64> total;  ///< nullopt when missing or unlawful
    std::optional<int> page;
    std::optional<int> pageSize;  ///< what the server used
    std::optional<bool> hasMore;  ///< nullopt: the API does not say (Yotel), or said nothing lawful
};

/// One list that is walked page by page: what the server is asked for. Whatever it cannot filter is cut here.
struct CallList {
    QString id;     ///< names its cursor: Yotel's campaign id, "" = the account's whole list, else what it is cut to
    QString label;  ///< for people; "" where there is nothing to say
    QString campaignId;  ///< Yotel: the campaign whose list it is
    QStringList campaigns;
    QStringList agents;
    QStringList sources;
    std::optional<Moment> since;  ///< of the start time, both ends included
    std::optional<Moment> until;
};

/// What the server filters by itself; everything else is cut here after reading.
struct ServerFilters {
    bool dates = false;
    bool campaigns = false;
    bool agents = false;
    bool sources = false;
};

/// A request that the dialect wrote: GET, or POST where there is a body (a search, which changes nothing).
struct DialectRequest {
    QUrl url;  ///< empty: there is nothing that could be asked
    QByteArray body;
};

/// How the sound of a call is got.
enum class RecordingRoute {
    Link,         ///< the call carries a link, which never gets the key
    LinkOnAsk,    ///< the call may carry a link; a fresh one is asked for at recordingUrl()
    BehindTheKey  ///< recordingUrl() answers the sound itself and needs the key
};

class ReadDialect {
 public:
    virtual ~ReadDialect() = default;

    // --- what is asked. Addresses are empty for an id that cannot be one path segment ("", ".", ".."), and where the
    // API has no such route.
    /// The lists to walk for this scope. `campaigns`: what the API lists (Yotel has a list per campaign, the others one
    /// for the account). `now`: what "last days" counts from.
    [[nodiscard]] virtual std::vector<CallList> lists(const Account& account, const CallScope& scope,
                                                      const std::vector<NamedEntry>& campaigns, Moment now) const = 0;
    [[nodiscard]] virtual QUrl callsPageUrl(const Account& account, const CallList& list, int page) const = 0;
    [[nodiscard]] virtual QUrl callUrl(const Account& account, const QString& remoteId) const = 0;
    [[nodiscard]] virtual QUrl campaignsUrl(const Account& account, int page) const = 0;
    [[nodiscard]] virtual QUrl agentsUrl(const Account& account, int page) const = 0;
    /// Several calls by their ids in one request; an empty address where the API has no such thing.
    [[nodiscard]] virtual DialectRequest searchRequest(const Account& account, const QStringList& remoteIds) const;
    /// A harmless question that only a right key may ask.
    [[nodiscard]] virtual QUrl testUrl(const Account& account) const = 0;
    [[nodiscard]] virtual QUrl recordingUrl(const Account& account, const QString& remoteId) const;

    // --- what is answered
    [[nodiscard]] virtual Result<CallPage> parsePage(const Account& account, const QByteArray& body) const = 0;
    [[nodiscard]] virtual Result<Call> parseCall(const Account& account, const QByteArray& body) const = 0;
    [[nodiscard]] virtual Result<NameList> parseCampaigns(const Account& account, const QByteArray& body) const = 0;
    [[nodiscard]] virtual Result<NameList> parseAgents(const Account& account, const QByteArray& body) const;
    [[nodiscard]] virtual Result<CallPage> parseSearch(const Account& account, const QByteArray& body) const;
    /// Who the key belongs to, for people ("Acme Ltd, ops@acme.example"); "" where the API does not say.
    [[nodiscard]] virtual Result<QString> parseTest(const Account& account, const QByteArray& body) const = 0;
    /// LinkOnAsk only. NoRecording where the answer says that there is none.
    [[nodiscard]] virtual Result<QString> parseRecordingLink(const QByteArray& body) const;
    /// An Error for a non-2xx status, with the provider's own text (plain, cut to 200 characters) in message.
    [[nodiscard]] virtual Error parseError(int status, const QByteArray& body) const = 0;
    /// From raw and rawDetail of a stored call; what cannot be read is left out, never invented.
    [[nodiscard]] virtual CallDetails details(const Account& account, const Call& call) const = 0;

    // --- what the API is like
    [[nodiscard]] virtual int largestPageSize() const = 0;
    [[nodiscard]] virtual ServerFilters serverFilters() const = 0;
    [[nodiscard]] virtual RecordingRoute recordingRoute() const { return RecordingRoute::Link; }
    [[nodiscard]] virtual int mostIdsPerSearch() const { return 0; }
    /// Rows move between pages although none was added or removed (a list ordered by the last change).
    [[nodiscard]] virtual bool rowsMoveByThemselves() const { return false; }
    /// A single read knows more than a list does (transcripts): it is made once for every call that has ended.
    [[nodiscard]] virtual bool detailsAreApart() const { return false; }
};

/// The account's page size within what the provider gives.
[[nodiscard]] int pageSizeFor(const Account& account, const ReadDialect& dialect);

/// nullptr for providers that this version cannot read yet.
[[nodiscard]] std::shared_ptr<const ReadDialect> readDialectFor(Provider provider);

}  // namespace earmark
