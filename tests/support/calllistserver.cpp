#include "tests/support/calllistserver.h"

#include <QDateTime>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace earmark::test {

namespace {

constexpr int kInsertedFrom = 900'000;
constexpr int kStrangersFrom = 800'000;

}  // namespace

CallListServer::CallListServer(Provider provider, const QByteArray& key, const QByteArray& listRoute,
                               const QString& idName)
    : ProviderServer(provider, key), m_listRoute(listRoute), m_idName(idName) {}

void CallListServer::addCall(const QJsonObject& call) {
    const std::scoped_lock lock(dataMutex());
    m_calls.push_back(call);
    touched();
}

void CallListServer::addCallAtTop(const QJsonObject& call) {
    const std::scoped_lock lock(dataMutex());
    m_calls.insert(m_calls.begin(), call);
    touched();
}

void CallListServer::addCalls(int count) {
    for (int number = 1; number <= count; ++number) {
        addCall(lawfulCall(idOfNumber(number)));
    }
}

void CallListServer::changeCall(const QString& id, const QJsonObject& changes) {
    const std::scoped_lock lock(dataMutex());
    QJsonObject* call = find(id);
    Q_ASSERT(call != nullptr);
    *call = changed(*call, changes);
    touched();
}

void CallListServer::removeCall(const QString& id) {
    const std::scoped_lock lock(dataMutex());
    std::erase_if(m_calls, [&](const QJsonObject& call) { return idOf(call) == id; });
    touched();
}

void CallListServer::removeCalls() {
    const std::scoped_lock lock(dataMutex());
    m_calls.clear();
    touched();
}

void CallListServer::addRecording(const QString& id, const QByteArray& bytes) {
    const std::scoped_lock lock(dataMutex());
    m_recordings[id] = {bytes};
    writeRecordingFields(id, true);
}

void CallListServer::removeRecording(const QString& id) {
    const std::scoped_lock lock(dataMutex());
    m_recordings.erase(id);
    writeRecordingFields(id, false);
}

void CallListServer::writeRecordingFields(const QString& id, bool has) {
    if (QJsonObject* call = find(id)) {
        *call = changed(*call, recordingFields(id, has));
    }
    touched();
}

QByteArray CallListServer::callPath(const QString& id) const {
    return listPath() + '/' + QUrl::toPercentEncoding(id);
}

QJsonObject* CallListServer::find(const QString& id) {
    const auto found =
        std::find_if(m_calls.begin(), m_calls.end(), [&](const QJsonObject& call) { return idOf(call) == id; });
    return found == m_calls.end() ? nullptr : &*found;
}

const CallListServer::Recording* CallListServer::recording(const QString& id) const {
    const auto found = m_recordings.find(id);
    return found == m_recordings.end() ? nullptr : &found->second;
}

QString CallListServer::idIn(const QByteArray& path) const {
    const QByteArray before = listPath() + '/';
    if (!path.startsWith(before)) {
        return {};
    }
    return QString::fromUtf8(QByteArray::fromPercentEncoding(path.mid(before.size()).split('/').first()));
}

QByteArray CallListServer::behindIdIn(const QByteArray& path) const {
    const qsizetype slash = path.indexOf('/', listPath().size() + 1);
    return slash < 0 ? QByteArray() : path.mid(slash);
}

class CallListServer::List final : public PagedList {
 public:
    List(CallListServer& server, const Request& request) : m_server(server) {
        for (const QueryFilter& filter : server.filters()) {
            if (const QByteArray asked = request.queryItem(filter.name); !asked.isEmpty()) {
                m_asked.emplace_back(filter, QString::fromUtf8(asked));
            }
        }
        choose();
    }
    [[nodiscard]] int count() const override { return int(m_rows.size()); }
    [[nodiscard]] QByteArray row(int index) const override {
        return compactJson(m_server.m_calls[m_rows[size_t(index)]]);
    }
    void insertAtTop(const QString&) override {
        const QString id = m_server.idOfNumber(kInsertedFrom + ++m_server.m_inserted);
        m_server.m_calls.insert(m_server.m_calls.begin(), m_server.lawfulCall(id));
        choose();
    }
    void removeAt(int index) override {
        m_server.m_calls.erase(m_server.m_calls.begin() + qsizetype(m_rows[size_t(index)]));
        choose();
    }
    [[nodiscard]] QByteArray strangersRow(int index) const override {
        return compactJson(m_server.lawfulCall(m_server.idOfNumber(kStrangersFrom + index)));
    }

 private:
    void choose() {
        m_rows.clear();
        for (size_t i = 0; i < m_server.m_calls.size(); ++i) {
            const QJsonObject& call = m_server.m_calls[i];
            if (std::all_of(m_asked.begin(), m_asked.end(),
                            [&](const auto& one) { return one.first.lets(call, one.second); })) {
                m_rows.push_back(i);
            }
        }
    }
    CallListServer& m_server;
    std::vector<std::pair<QueryFilter, QString>> m_asked;
    std::vector<size_t> m_rows;
};

Reply CallListServer::pageOfCalls(const Request& request, const PageAsk& ask,
                                  const std::function<QByteArray(const PageAnswer&)>& envelope) {
    List list(*this, request);
    return page(request, list, ask, envelope);
}

bool isAmong(const QString& text, const QString& commaSeparated) {
    return commaSeparated.split(u',').contains(text);
}

std::optional<int> numberAsked(const Request& request, const QByteArray& name, int fallback) {
    const QByteArray text = request.queryItem(name);
    if (text.isEmpty()) {
        return fallback;
    }
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

bool isAtOrAfter(const QString& isoTime, const QString& isoBound) {
    const auto parsed = [](const QString& text) {
        QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
        if (time.timeSpec() == Qt::LocalTime) {
            time.setTimeSpec(Qt::UTC);
        }
        return time;
    };
    const QDateTime time = parsed(isoTime);
    const QDateTime bound = parsed(isoBound);
    return time.isValid() && bound.isValid() && time >= bound;
}

}  // namespace earmark::test
