// Finds the session bus without ever holding anybody up: a bus that is absent or does not answer is simply not there.
#pragma once

#include <QObject>
#include <QString>
#include <functional>
#include <memory>

class QDBusConnection;

namespace earmark {

class SessionBus final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(SessionBus)

 public:
    explicit SessionBus(QObject* parent = nullptr);
    ~SessionBus() override;

    /// `found` comes once in the main thread, and never where there is no bus. Main thread only.
    void connectTo(const std::function<void(const QDBusConnection&)>& found);

    /// The sockets that the environment names as session buses; nothing is started for it. Any thread.
    [[nodiscard]] static QStringList sockets();
    /// Does somebody there answer as a bus, within two seconds? Blocking; any thread. `stop` may end it before.
    [[nodiscard]] static bool answers(const QString& socket, const std::function<bool()>& stop = {});

 private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

}  // namespace earmark
