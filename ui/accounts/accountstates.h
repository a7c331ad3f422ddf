// How each account is, in a few words: works, key needed, disabled, when it was last pulled. Main thread only.
#pragma once

#include <QHash>
#include <QObject>
#include <optional>

#include "models/domain/account.h"
#include "ui/common/deskservices.h"

namespace earmark {

class AccountStates final : public QObject {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(AccountStates)

 public:
    explicit AccountStates(const DeskServices& services, QObject* parent = nullptr);

    void look();  ///< asks for keys and last pulls anew; changed() follows
    void noteTest(const QString& account, bool works);
    [[nodiscard]] QString words(const Account& account) const;
    [[nodiscard]] QString iconName(const Account& account) const;  ///< never the only way it is told

 Q_SIGNALS:
    void changed();

 private:
    struct State {
        bool keyMissing = false;
        std::optional<bool> works;  ///< of the last test or pull in this session
        std::optional<Moment> pulledAt;
    };
    void lookAt(const QString& account);

    DeskServices m_services;
    QHash<QString, State> m_states;
};

}  // namespace earmark
