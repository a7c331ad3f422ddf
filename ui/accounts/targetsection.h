// Where an account's edits go: nowhere, a file, a webhook or the Autocalls lead, with secret, codes and a test. Main
// thread only.
#pragma once

#include <QWidget>

#include "models/domain/account.h"
#include "models/domain/result.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;

namespace earmark {

class IconLine;
class TargetMapping;
class ToneLabel;

class TargetSection final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TargetSection)

 public:
    explicit TargetSection(QWidget* parent = nullptr);

    void show(Provider provider, const TargetSettings& target);  ///< a typed secret goes
    void offerCodes(const QStringList& codes);
    void setSecretState(const QString& iconName, const QString& sentence);
    void setOutcome(bool isGood, bool isOver, const QString& sentence);  ///< of the test; "" hides it
    void setMayTest(bool may);
    void clearSecret();
    [[nodiscard]] QWidget* focusInput();  ///< puts the focus where the target is named, or its secret

    /// The secret is only ever written here: what is kept is never shown.
    [[nodiscard]] bool hasSecret() const;
    [[nodiscard]] Result<QByteArray> typedSecret() const;
    [[nodiscard]] TargetKind kind() const;
    /// True when everything here can be used; says what cannot. `account` as all of the form tells it.
    bool judge(const Account& account);
    void apply(Account& account) const;

 Q_SIGNALS:
    void changed();
    void testWanted();

 private:
    void build();
    [[nodiscard]] QWidget* buildFile();
    [[nodiscard]] QWidget* buildWebhook();
    [[nodiscard]] QWidget* buildLead();
    [[nodiscard]] QWidget* buildCommon();
    void showKind();
    void chooseFolder();
    void tellSecret();

    Provider m_provider = Provider::Yotel;
    QComboBox* m_kind = nullptr;
    ToneLabel* m_about = nullptr;
    QWidget* m_filePart = nullptr;
    QLineEdit* m_folder = nullptr;
    IconLine* m_folderSays = nullptr;
    QComboBox* m_format = nullptr;
    QWidget* m_webhookPart = nullptr;
    QLineEdit* m_address = nullptr;
    IconLine* m_addressSays = nullptr;
    QLineEdit* m_secret = nullptr;
    IconLine* m_secretSays = nullptr;
    QString m_secretIcon;
    QString m_secretSentence;
    QWidget* m_leadPart = nullptr;
    QCheckBox* m_withNotes = nullptr;
    QWidget* m_commonPart = nullptr;
    QComboBox* m_when = nullptr;
    TargetMapping* m_mapping = nullptr;
    QPushButton* m_test = nullptr;
    IconLine* m_outcome = nullptr;
};

}  // namespace earmark
