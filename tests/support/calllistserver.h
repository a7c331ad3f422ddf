// A test server of a provider that has one list of calls for the whole account: its rows, the filters of its query,
// its recordings. Methods may be called from any thread.
#pragma once

#include "tests/support/providerserver.h"

namespace earmark::test {

class CallListServer : public ProviderServer {
 public:
    void addCall(const QJsonObject& call);  ///< to the end of the list
    void addCallAtTop(const QJsonObject& call);
    void addCalls(int count);  ///< lawful ones, with the dialect's ids number 1, 2 and so on
    void changeCall(const QString& id, const QJsonObject& changes);  ///< it stays where it is in the list
    void removeCall(const QString& id);
    void removeCalls();

    /// The recording is at the provider from now on, and the call says so where the dialect's calls do.
    void addRecording(const QString& id, const QByteArray& bytes);
    void removeRecording(const QString& id);

    [[nodiscard]] QByteArray listPath() const { return path(m_listRoute); }
    [[nodiscard]] QByteArray callPath(const QString& id) const;
    [[nodiscard]] QList<int> pagesAsked() const { return pagesAskedAt(listPath()); }

 protected:
    struct Recording {
        QByteArray bytes;
    };
    /// Does the filter let this call through, asked with this text (never empty)?
    struct QueryFilter {
        const char* name;
        std::function<bool(const QJsonObject& call, const QString& asked)> lets;
    };
    CallListServer(Provider provider, const QByteArray& key, const QByteArray& listRoute, const QString& idName);

    [[nodiscard]] virtual QString idOfNumber(int number) const = 0;
    [[nodiscard]] virtual QJsonObject lawfulCall(const QString& id) const = 0;
    [[nodiscard]] virtual std::vector<QueryFilter> filters() const = 0;
    /// What a call says of its recording; `has` = false takes it back.
    [[nodiscard]] virtual QJsonObject recordingFields(const QString& id, bool has) const = 0;

    [[nodiscard]] Reply pageOfCalls(const Request& request, const PageAsk& ask,
                                    const std::function<QByteArray(const PageAnswer&)>& envelope);
    [[nodiscard]] QJsonObject* find(const QString& id);
    [[nodiscard]] const Recording* recording(const QString& id) const;
    /// The part of the path behind the list's, up to the next slash: "" where there is none.
    [[nodiscard]] QString idIn(const QByteArray& path) const;
    [[nodiscard]] QByteArray behindIdIn(const QByteArray& path) const;  ///< "/recording", or ""

 private:
    class List;
    [[nodiscard]] QString idOf(const QJsonObject& call) const { return call[m_idName].toVariant().toString(); }
    void writeRecordingFields(const QString& id, bool has);

    const QByteArray m_listRoute;
    const QString m_idName;
    std::vector<QJsonObject> m_calls;
    std::map<QString, Recording> m_recordings;
    int m_inserted = 0;
};

/// Is `text` one of the words of a comma-separated list?
[[nodiscard]] bool isAmong(const QString& text, const QString& commaSeparated);
/// `page` and `size` as a number from the query; `fallback` where the query has none, nullopt where it is not a number.
[[nodiscard]] std::optional<int> numberAsked(const Request& request, const QByteArray& name, int fallback);
/// The same instant or a later one; text that is no time is never reached.
[[nodiscard]] bool isAtOrAfter(const QString& isoTime, const QString& isoBound);

}  // namespace earmark::test
