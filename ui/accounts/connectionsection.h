// Where an account is and the key for it: provider, name, address, key, organisation, and the test. Main thread only.
#pragma once

#include <QWidget>

#include "models/domain/account.h"
#include "models/domain/result.h"
#include "ui/common/deskservices.h"

class QComboBox;
class QLineEdit;
class QPushButton;

namespace earmark {

class IconLine;

class ConnectionSection final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ConnectionSection)

 public:
    explicit ConnectionSection(QWidget* parent = nullptr);

    void beginNew(const QStringList& usedNames, const QString& name);  ///< `name` "" = one is suggested
    void show(const Account& account);
    void setKeyState(const QString& iconName, const QString& sentence);  ///< "The keyring keeps a key."
    void setOutcome(bool isGood, bool isOver, const QString& sentence);  ///< of the test; "" hides it
    void setMayTest(bool may);
    void clearKey();
    void focusKey();

    [[nodiscard]] Provider provider() const;
    [[nodiscard]] bool hasKey() const;                  ///< one is being typed
    [[nodiscard]] Result<QByteArray> typedKey() const;  ///< as it would be sent
    /// True when everything here can be used; says what cannot.
    bool judge();
    void apply(Account& account) const;

 Q_SIGNALS:
    void changed();
    void providerChosen(Provider provider);
    void testWanted();

 private:
    void build();
    void chooseProvider();
    void tellKey();

    bool m_isNew = true;
    bool m_nameTyped = false;
    QStringList m_usedNames;
    QComboBox* m_provider = nullptr;
    QLineEdit* m_name = nullptr;
    IconLine* m_nameSays = nullptr;
    QLineEdit* m_address = nullptr;
    IconLine* m_addressSays = nullptr;
    QLineEdit* m_key = nullptr;
    IconLine* m_keySays = nullptr;
    QString m_keyIcon;
    QString m_keySentence;
    QLineEdit* m_organization = nullptr;
    QWidget* m_organizationRow = nullptr;
    QPushButton* m_test = nullptr;
    IconLine* m_outcome = nullptr;
};

}  // namespace earmark
