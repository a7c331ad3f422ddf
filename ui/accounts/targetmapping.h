// Which word of a target one of our disposition codes becomes: a small table that is filled by keys. Main thread only.
#pragma once

#include <QMap>
#include <QStringList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPushButton;
class QTableWidget;

namespace earmark {

class TargetMapping final : public QWidget {
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(TargetMapping)

 public:
    explicit TargetMapping(QWidget* parent = nullptr);

    void show(const QMap<QString, QString>& mapping, bool onlyMapped);
    void offerCodes(const QStringList& codes);  ///< those in use; others can be typed
    [[nodiscard]] QMap<QString, QString> mapping() const;
    [[nodiscard]] bool onlyMapped() const;

 Q_SIGNALS:
    void changed();

 protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

 private:
    void build();
    void add();
    void put(const QString& code, const QString& word);
    void removeCurrent();
    void tell();

    QTableWidget* m_table;
    QComboBox* m_code;
    QLineEdit* m_word;
    QPushButton* m_add;
    QPushButton* m_remove;
    QCheckBox* m_onlyMapped;
};

}  // namespace earmark
