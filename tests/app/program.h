// Runs the real program as a child process, with an environment that has no screen, no keyring and no D-Bus. Main
// thread.
#pragma once

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <functional>
#include <memory>

namespace earmark::test {

struct Ran {
    int exitCode = -1;
    bool crashed = false;
    QByteArray out;
    QByteArray err;
    [[nodiscard]] QJsonArray array() const { return QJsonDocument::fromJson(out).array(); }
    [[nodiscard]] QJsonObject object() const { return QJsonDocument::fromJson(out).object(); }
    [[nodiscard]] QString text() const { return QString::fromUtf8(out); }
};

/// A home, a profile and the program; everything is removed at the end.
class Program {
 public:
    Program();

    [[nodiscard]] static bool exists();
    [[nodiscard]] Ran run(const QStringList& arguments, const QByteArray& input = {}, int timeoutMs = 60000) const;
    /// Started, not waited for.
    [[nodiscard]] std::unique_ptr<QProcess> start(const QStringList& arguments) const;

    /// Another command that is given the program and its arguments, for example strace with its options.
    void runUnder(const QStringList& command) { m_wrapper = command; }
    void setEnvironment(const QString& name, const QString& value) { m_environment.insert(name, value); }
    /// Runs in the child before the program begins: limits, another user. Only calls that are safe after fork().
    void setBeforeStart(std::function<void()> prepare) { m_beforeStart = std::move(prepare); }
    void removeEnvironment(const QString& name) { m_environment.remove(name); }
    [[nodiscard]] QString home() const { return m_folder.path(); }
    [[nodiscard]] QString profile() const { return m_folder.filePath(QStringLiteral("profile")); }
    /// Every file below the home that holds these bytes.
    [[nodiscard]] QStringList filesWith(const QByteArray& bytes) const;
    /// Everything that was printed by run() so far.
    [[nodiscard]] const QByteArray& printed() const { return m_printed; }

 private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    QStringList m_wrapper;
    std::function<void()> m_beforeStart;
    mutable QByteArray m_printed;
};

}  // namespace earmark::test
