// Vatel's read interface on the loopback test server, from calls in memory: calls with their transcripts, the
// recording's route that needs the key, organisation and agents. Methods may be called from any thread.
#pragma once

#include "tests/support/calllistserver.h"

namespace earmark::test {

[[nodiscard]] QString vatelId(int number);  ///< a UUID, another one for each number
/// An ended outbound call with every member that Vatel documents, some changed by `changes`. Vatel leaves out what it
/// does not have: without() takes members away.
[[nodiscard]] QJsonObject vatelCall(const QString& id, const QJsonObject& changes = {});
[[nodiscard]] QJsonObject without(QJsonObject object, const QStringList& members);
/// {"error": text}
[[nodiscard]] Reply vatelError(int status, const QByteArray& text);

class VatelServer final : public CallListServer {
 public:
    explicit VatelServer(const QByteArray& key = QByteArrayLiteral("vt_0123456789"));
    ~VatelServer() override;

    void addAgent(const QString& id, const QString& name);  ///< the agent of vatelCall() is there from the start
    [[nodiscard]] QByteArray recordingPath(const QString& id) const { return callPath(id) + "/recording"; }

 private:
    [[nodiscard]] Reply answerWithKey(const Request& request) override;
    [[nodiscard]] Reply unauthorized(const Request& request) const override;
    [[nodiscard]] Reply noSuchPage(int status) const override;
    [[nodiscard]] QString idOfNumber(int number) const override { return vatelId(number); }
    [[nodiscard]] QJsonObject lawfulCall(const QString& id) const override { return vatelCall(id); }
    [[nodiscard]] std::vector<QueryFilter> filters() const override;
    /// A call never says whether it has one.
    [[nodiscard]] QJsonObject recordingFields(const QString&, bool) const override { return {}; }

    [[nodiscard]] Reply calls(const Request& request);
    [[nodiscard]] Reply call(const Request& request);

    std::vector<std::pair<QString, QString>> m_agents;  ///< id, name
};

}  // namespace earmark::test
