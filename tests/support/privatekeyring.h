// A message bus and a keyring of our own for tests: in a folder of their own, away from those of whoever runs the test.
// One thread.
#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace earmark::test {

class PrivateKeyring final {
 public:
    PrivateKeyring() = default;
    ~PrivateKeyring();
    Q_DISABLE_COPY_MOVE(PrivateKeyring)

    /// A bus on which nobody is and nothing is started; "" or why it cannot be.
    [[nodiscard]] QString startBus();
    /// A keyring that is open, or one that was made before and is locked now (and nobody can type its password).
    enum class State { Unlocked, Locked };
    [[nodiscard]] QString startKeyring(State state);
    void killKeyring();
    /// It keeps its name on the bus and answers nothing any more, until resume().
    void hang();
    void resume();

    [[nodiscard]] const QString& address() const { return m_address; }

 private:
    [[nodiscard]] QString runKeyring(const QStringList& arguments, const QByteArray& password);

    QTemporaryDir m_folder;
    QString m_address;
    QProcess m_bus;
    QProcess m_keyring;
    bool m_isStopped = false;
};

}  // namespace earmark::test
