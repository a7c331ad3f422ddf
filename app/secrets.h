// Where API keys and the secrets of targets come from: told for this run, the environment, the system's keyring. Never
// a file. Main thread only.
#pragma once

#include <QHash>
#include <chrono>

#include "app/profile.h"
#include "models/net/keysource.h"

namespace earmark {

/// A key as it may be used: blanks around it cut off. InvalidInput for what would not be one word of a header.
[[nodiscard]] Result<QByteArray> checkedKey(const QByteArray& text);
/// The secret that signs what goes to a target, as it may be used: blanks around it cut off; it may hold some inside.
[[nodiscard]] Result<QByteArray> checkedSecret(const QByteArray& text);
/// "EARMARK_KEY_MAIN" for "main", "EARMARK_TARGET_SECRET_MAIN" for targetSecretName("main").
[[nodiscard]] QString keyVariable(const QString& account);

class Secrets final : public QObject, public KeySource {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(Secrets)

 public:
    /// A keyring that asks its user for a password may take a while; `patience` ends the waiting.
    Secrets(const Profile& profile, std::chrono::milliseconds patience, QObject* parent = nullptr);
    ~Secrets() override;

    void key(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done) override;
    void keep(const QString& account, const QByteArray& key, QObject* context, std::function<void(Done)> done) override;
    /// An account's secret for its target goes with its key.
    void forget(const QString& account, QObject* context, std::function<void(Done)> done) override;

    /// Known for this run only and before everything else (--key-stdin, the demo).
    void setForThisRun(const QString& account, const QByteArray& key);

    enum class Origin { None, Session, Environment, Keyring };
    void origin(const QString& account, QObject* context, std::function<void(Origin)> done);

    struct KeyringState {
        bool works = false;
        QString problem;  ///< why not, for people
    };
    /// Reads an entry that does not exist: says whether a keyring answers at all.
    void probe(QObject* context, std::function<void(KeyringState)> done);

 private:
    [[nodiscard]] QString entryName(const QString& account) const;
    void forgetOne(const QString& account, QObject* context, std::function<void(Done)> done);
    void readKeyring(const QString& account, QObject* context, std::function<void(Result<QByteArray>)> done);

    QString m_profileMark;
    std::chrono::milliseconds m_patience;
    QHash<QString, QByteArray> m_session;
};

/// How long a keyring may take: long where somebody may be typing its password, short where nobody can.
[[nodiscard]] std::chrono::milliseconds keyringPatience();

}  // namespace earmark
